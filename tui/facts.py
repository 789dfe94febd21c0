"""The short facts about an article and about an answer, in the words the app shows."""

from __future__ import annotations

from index.article import Article, DateOrigin
from search.results import Fold, Results
from tui.contracts import Question, Sort

SORT_NAMES: dict[Sort, str] = {"relevance": "best first", "newest": "newest first", "oldest": "oldest first"}

_ORIGINS = {
    DateOrigin.FIELD: "as given",
    DateOrigin.LINE: "from its first lines",
    DateOrigin.DATELINE: "from its dateline",
    DateOrigin.TEXT: "from its text",
    DateOrigin.FILE: "time of the file",
    DateOrigin.NONE: "unsure",
}


def day(article: Article) -> str:
    """Return the article's date as YYYY-MM-DD, `~` before one that is its file's time; "" without."""
    if article.date is None:
        return ""
    sign = "" if article.date_is_true else "~"
    return f"{sign}{article.date.date().isoformat()}"


def origin(article: Article) -> str:
    """Return where the article came from: its source, else the folder part of its id."""
    return article.source or article.id.rpartition("/")[0] or article.id


def facts(article: Article) -> list[str]:
    """Return the lines below the title: date and where it was found, author, source, words; then the id."""
    known = (_dated(article), article.author, article.source, count(len(article.text.split()), "word"))
    return [" · ".join(part for part in known if part), article.id]


def _dated(article: Article) -> str:
    return f"{day(article)} ({_ORIGINS[article.date_origin]})" if article.date is not None else ""


def count(number: int, thing: str) -> str:
    """Return `1,204 articles`, `1 article`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def rows(results: Results) -> int:
    """Return how many hits there are to list: stories where copies are folded, else articles."""
    return results.total if results.stories is None else results.stories


def fold_text(fold: Fold) -> str:
    """Return what stands under a hit with copies: `+4 copies, first 10:32, last 14:05`.

    Times are left out where none is known, days where all are of the same one.
    """
    copies = f"+{fold.copies:,} {'copy' if fold.copies == 1 else 'copies'}"
    first, last = fold.first, fold.last
    if first is None or last is None or first == last:
        return copies
    if first.date() == last.date() and not (first.hour or first.minute):
        return f"{copies}, last {last:%H:%M}"  # that it was midnight is unlikely
    form = "%H:%M" if first.date() == last.date() else "%Y-%m-%d"
    return f"{copies}, first {first:{form}}, last {last:{form}}"


def understood(results: Results, question: Question, new: int = 0) -> str:
    """Return what the line below the query says: `1,204 articles · 3 ms · coaltion → coalition`.

    `new` are the articles that a saved search has brought since the last look.
    """
    found = count(results.total, "article")
    if rows(results) != results.total:
        found += f", {rows(results):,} {'story' if rows(results) == 1 else 'stories'}"
    if question.like:
        found += " like this one"
    if new:
        found += f", {new:,} new"
    parts = [found, f"{max(1, round(results.seconds * 1000)):,} ms"]
    parts += map(str, results.corrections)
    if results.suggestion is not None and results.total:
        parts.append(f"did you mean {results.suggestion.query}? F5")
    if question.sort != "relevance" and not question.like:
        parts.append(SORT_NAMES[question.sort])
    if not question.typos:
        parts.append("typos off")
    if not question.fold:
        parts.append("copies apart")
    parts += (note.text for note in results.notes)
    return " · ".join(parts)
