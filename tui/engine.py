"""The search of the app over a real library: what `Searcher` answers, in the shape the app asks for.

What is narrowed by filters is asked as one query, the one that the command line would be given, so that both
list the same. Pages far down come from one ranked answer that is kept, so that scrolling through 200,000
hits ranks once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from index.article import Article
from index.errors import UsageProblem
from search import facets
from search.concordance import Line, lines
from search.found import Found
from search.ordering import Rank
from search.results import Diagnosis, Hit, Remedy, RemedyKind, Results, Span
from search.searcher import Ranked, Searcher, results_of
from tui.contracts import Lines, Question
from tui.filters import as_typed, query_start

if TYPE_CHECKING:
    from index.library import Library
    from search.timeline import Timeline

_FACETS = {
    "date": ("years", "months"),
    "source": ("sources",),
    "author": ("authors",),
    "folder": ("folders",),
}
_KEPT = 3
"""Whole answers kept: the one that is scrolled through, and those just left, which may come back."""


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    rank: Rank = Rank.FULL


class Engine:
    """Answers the app's questions over `library`; calls are safe from several threads."""

    def __init__(self, library: Library) -> None:
        self._searcher = Searcher(library)
        self._lock = threading.Lock()
        self._kept: dict[_Asked, Ranked] = {}

    def answer(self, question: Question, offset: int, limit: int, quick: bool = False) -> Results:
        """Return `limit` hits from `offset` on; `quick` is for keys that are being pressed: it corrects no
        word, orders by the words alone, and does not ask why nothing was found."""
        asked = _Asked(question, Rank.FULL)
        if quick:
            asked = _Asked(replace(question, typos=False), Rank.FAST)
        if quick and not offset and not question.like:
            return self._first(asked, limit)
        if offset or question.like:
            return self._page(asked, offset, limit)
        how = asked.question
        found = self._searcher.search(
            how.asked, limit, sort=how.sort, rank=asked.rank, fold=how.fold, **_reach(how)
        )
        if not found.total and question.filters:
            found = replace(found, diagnosis=self._unfiltered(asked.question))
        return _as_typed(found, question)

    def _first(self, asked: _Asked, limit: int) -> Results:
        began = time.perf_counter()
        return self._cut(asked, self._rank(asked, limit), 0, limit, began)

    def _page(self, asked: _Asked, offset: int, limit: int) -> Results:
        began = time.perf_counter()
        return self._cut(asked, self._ranked(asked), offset, limit, began)

    def _cut(self, asked: _Asked, ranked: Ranked, offset: int, limit: int, began: float) -> Results:
        hits = tuple(self._searcher.hits(ranked, offset, offset + limit))
        found = results_of(asked.question.asked, ranked, offset, hits, None, time.perf_counter() - began)
        return _as_typed(found, asked.question)

    def _unfiltered(self, question: Question) -> Diagnosis | None:
        """Return why nothing was found: the filters, or what would leave nothing without them too."""
        bare = replace(question, filters=())
        if bare.is_blank:
            return None
        total = self._found(bare).total
        if total:
            return Diagnosis((), (), remedies=(Remedy(RemedyKind.UNFILTER, bare.query, total, WITHOUT),))
        why = self._searcher.diagnose(bare.query, **_reach(bare))
        if why is None:
            return None
        changed = (replace(one, change=f"{one.change}, {WITHOUT}") for one in why.remedies)
        return replace(why, remedies=tuple(changed))

    def every(self, question: Question) -> Iterator[Hit]:
        """Yield all hits of the answer, in order."""
        return self._searcher.hits(self._ranked(_Asked(question)))

    def ids(self, question: Question) -> list[str]:
        """Return the ids of all hits of the answer, in order."""
        return self._searcher.ids(self._ranked(_Asked(question)))

    def place(self, question: Question, ident: str) -> int | None:
        """Return the place from 0 of an article in the answer; None if it has none, as a folded copy."""
        ranked = self._ranked(_Asked(question))
        doc = ranked.generation.reader.number(ident)
        if doc is None:
            return None
        places = np.flatnonzero(ranked.docs == doc)
        return int(places[0]) if len(places) else None

    def days(self, question: Question) -> Timeline:
        """Return how many articles of the answer appeared on which day; copies are not folded."""
        return self._found(question).timeline("day", question.file_dates)

    def lines(self, question: Question, start: int, seconds: float) -> Lines:
        """Return the matches in the hits from `start` on, the best hits first, as far as one comes in so
        many seconds (one hit at least)."""
        ranked = self._ranked(_Asked(replace(question, sort="relevance")))
        until = time.monotonic() + seconds
        found: list[Line] = []
        for hit in self._searcher.hits(ranked, start, passages=False):
            start = hit.rank
            found += lines(hit.article, self._searcher.spans(ranked, hit.article))
            if time.monotonic() > until:
                break
        return Lines(tuple(found), start, len(ranked.docs))

    def copies(self, ident: str) -> tuple[Article, ...]:
        """Return the articles that tell the same story as this one and itself, the earliest first; none
        if it has no copies. Raises `UsageProblem` if there is no such article."""
        found = self._searcher.copies(ident)
        if found is None:
            raise _gone(ident)
        return found

    def facets(self, question: Question) -> facets.Facets:
        """Return the facets of the answer, each counted as if its own field were not narrowed."""
        found = self._found(question).facets()
        for field, names in _FACETS.items():
            if question != question.without(field):
                own = self._found(question.without(field)).facets()
                found = replace(found, **{name: getattr(own, name) for name in names})
        return found

    def marks(self, article: Article, question: Question) -> tuple[Span, ...]:
        """Return the marked stretches of the article's text."""
        if question.like:
            return self._searcher.spans(self._ranked(_Asked(question)), article)
        return self._searcher.marks(article, question.query, typos=question.typos)

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return likely words that begin with `prefix`, the likeliest first."""
        return tuple(word.form for word in self._searcher.complete(prefix, limit))

    def refresh(self) -> bool:
        """Move to the newest generation; True if there was one."""
        return self._searcher.refresh()

    def close(self) -> None:
        """Let go of the library's files."""
        with self._lock:
            self._kept.clear()
        self._searcher.close()

    def _found(self, question: Question) -> Found:
        return self._searcher.found(question.asked, **_reach(question))

    def _ranked(self, asked: _Asked) -> Ranked:
        """Return the whole answer; the last few are kept until the library changes."""
        with self._lock:
            kept = self._kept.pop(asked, None)
        if kept is None or kept.generation.reader.generation != self._searcher.generation:
            kept = self._rank(asked)
        with self._lock:
            self._kept[asked] = kept
            while len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))
        return kept

    def _rank(self, asked: _Asked, upto: int | None = None) -> Ranked:
        how = asked.question
        if how.like:
            found = self._searcher.similar(how.like, None, fold=how.fold)
            if found is None:
                raise _gone(how.like)
            return found
        return self._searcher.rank(
            how.asked, sort=how.sort, rank=asked.rank, fold=how.fold, upto=upto, **_reach(how)
        )


WITHOUT = "without the filters"


def _reach(question: Question) -> dict[str, Any]:
    """Return the keyword arguments that say what the searcher finds, apart from the query."""
    return {"typos": question.typos, "mode": question.mode, "file_dates": question.file_dates}


def _gone(ident: str) -> UsageProblem:
    return UsageProblem(f"{ident} is no longer in the library", "esc goes back")


def _as_typed(results: Results, question: Question) -> Results:
    """Return `results` as the answer to the query that was typed: offsets count in it."""
    shift = query_start(question.query, question.filters)
    corrections = (
        replace(one, start=one.start - shift, end=one.end - shift)
        for one in results.corrections
        if one.start >= shift
    )
    notes = (
        replace(one, start=max(0, one.start - shift), end=max(0, one.end - shift)) for one in results.notes
    )
    return replace(
        results,
        query=question.query,
        corrections=tuple(corrections),
        notes=tuple(notes),
        suggestion=_suggestion(results, question),
    )


def _suggestion(results: Results, question: Question) -> Remedy | None:
    found = results.suggestion
    typed = as_typed(found.query, question.query, question.filters) if found is not None else None
    return replace(found, query=typed) if found is not None and typed is not None else None
