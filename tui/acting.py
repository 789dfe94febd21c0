"""What can be done with articles, as text: paths, citations, a command line, files. Pure functions."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.article import Article
from search.results import Hit, Results
from search.terminal import one_line, visible
from tui.contracts import Question
from tui.facts import day

if TYPE_CHECKING:
    from tui.periods import Bars

FORMATS = (("j", "json"), ("c", "csv"), ("m", "markdown"))
"""The formats of an export, each with its key; the name of one is the ending of its file, but for `md`."""

_NAMELESS = re.compile(r"[^\w]+")


def paths(articles: Iterable[Article]) -> str:
    """Return the files of the articles, each once, one a line."""
    return "\n".join(dict.fromkeys(article.path for article in articles))


def citation(article: Article) -> str:
    """Return `Author, "Title", Source, 1987-06-15, id`, as far as it is known."""
    title = f'"{one_line(article.title).strip()}"' if article.title else ""
    known = (one_line(article.author), title, one_line(article.source), day(article), one_line(article.id))
    return ", ".join(part for part in known if part)


def passage(hit: Hit) -> str:
    """Return the best passage of a hit as a quotation with its citation."""
    text = one_line(hit.passages[0].text).strip() if hit.passages else one_line(hit.article.title)
    return f"“{text}” ({citation(hit.article)})"


def full_text(article: Article) -> str:
    """Return the article as plain text: title, facts, body; nothing in it is obeyed by a terminal."""
    title = "" if article.title_derived else one_line(article.title)
    head = "\n".join(part for part in (title, citation_line(article)) if part)
    return f"{head}\n\n{visible(article.text)}\n"


def citation_line(article: Article) -> str:
    """Return date, author, source and id in one line."""
    known = (day(article), one_line(article.author), one_line(article.source), one_line(article.id))
    return " · ".join(part for part in known if part)


def command(library: Path, *words: str) -> str:
    """Return a command over a library, to be pasted into a shell."""
    return shlex.join(["byline", "-L", str(library), *words])


def command_line(library: Path, question: Question) -> str:
    """Return the command that prints what the screen lists."""
    how = [] if question.fold else ["--no-fold"]
    if question.like:
        return command(library, "similar", *how, "-n", "0", *_last(question.like))
    if question.sort != "relevance":
        how += ["--sort", question.sort]
    return command(library, "search", *how, *_asked(question))


def timeline_command(library: Path, question: Question, shown: Bars) -> str:
    """Return the command that counts by the periods that the timeline shows, within what it shows."""
    first, last = shown.name(0), shown.name(len(shown.counts) - 1)
    within = ["--since", first, "--until", last] if shown.coarser is not None else []
    how = ["--by", shown.step.value, *within]
    return command(library, "timeline", *how, *_asked(question.without("date")))


def kwic_command(library: Path, question: Question, order: str, articles: int) -> str:
    """Return the command that prints the concordance in an order; `articles` is how many are read, 0 all."""
    how = ["--sort", order, "-n", "0", "--articles", str(articles), *(["--fold"] if question.fold else [])]
    return command(library, "kwic", *how, *_asked(question))


def _asked(question: Question) -> list[str]:
    """Return the options and the query that say what is searched for."""
    typos = [] if question.typos else ["--typos", "off"]
    mode = [] if question.mode == "auto" else [f"--{question.mode}"]
    dates = ["--file-dates"] if question.file_dates else []
    return [*typos, *mode, *dates, *_last(question.asked)]


def _last(word: str) -> list[str]:
    """Return the last word of a command, kept from being an option."""
    return ["--", word] if word.startswith("-") else [word]


def file_name(text: str, ending: str) -> str:
    """Return a modest name for a file about `text`."""
    stem = _NAMELESS.sub("-", text.lower()).strip("-")[:60].strip("-")
    return f"{stem or 'byline'}.{ending}"


def exported(results: Results, hits: Iterable[Hit], form: str) -> Iterator[str]:
    """Yield an answer as pieces of a file in `form`, one of FORMATS, as `byline search` prints it.

    `hits` are those of the answer, `results` all else that is told of it.
    """
    from search import records  # not at the top, as those below: loading them takes longer than a frame
    from search.fields import TABLE, record_of, row_of
    from search.output import hit_markdown
    from search.tables import csv_line

    if form == "json":
        values = (record_of(hit, None) for hit in hits)
        yield from records.streamed(records.results_head(results, None), "hits", values, 2)
        yield "\n"
    elif form == "csv":
        yield csv_line(TABLE) + "\n"
        yield from (csv_line(row_of(hit, TABLE)) + "\n" for hit in hits)
    else:
        yield from (hit_markdown(hit) + "\n\n" for hit in hits)


def ending(form: str) -> str:
    """Return the ending of a file in `form`."""
    return "md" if form == "markdown" else form
