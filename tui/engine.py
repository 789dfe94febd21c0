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

from index.article import Article
from search import facets
from search.found import Found
from search.ordering import Rank
from search.results import Diagnosis, Hit, Remedy, RemedyKind, Results, Span
from search.searcher import Ranked, Searcher, results_of
from tui.contracts import Question
from tui.filters import query_start

if TYPE_CHECKING:
    from index.library import Library

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
        if quick and not offset:
            return self._first(asked, limit)
        if offset:
            return self._page(asked, offset, limit)
        found = self._searcher.search(
            asked.question.asked, limit, sort=question.sort, rank=asked.rank, **_reach(asked.question)
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
        question, how = asked.question, _reach(asked.question)
        return self._searcher.rank(question.asked, sort=question.sort, rank=asked.rank, upto=upto, **how)


WITHOUT = "without the filters"


def _reach(question: Question) -> dict[str, Any]:
    """Return the keyword arguments that say what the searcher finds, apart from the query."""
    return {"typos": question.typos, "mode": question.mode}


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
    return replace(results, query=question.query, corrections=tuple(corrections), notes=tuple(notes))
