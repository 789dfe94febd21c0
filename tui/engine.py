"""The search of the app over a real library: what `Searcher` answers, in the shape the app asks for.

Pages far down and narrowed answers come from one ranked answer that is kept, so that scrolling through
200,000 hits ranks once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from index.article import Article
from search import facets
from search.results import Hit, Results, Span
from search.searcher import Ranked, Searcher
from tui.contracts import Question
from tui.filters import chosen

if TYPE_CHECKING:
    from index.library import Library

_FACETS = {
    "date": ("years", "months"),
    "source": ("sources",),
    "author": ("authors",),
    "folder": ("folders",),
}


_KEPT = 3
"""Whole answers kept: the one that is scrolled through, and that without filters which facets count."""


class Engine:
    """Answers the app's questions over `library`; calls are safe from several threads."""

    def __init__(self, library: Library) -> None:
        self._searcher = Searcher(library)
        self._lock = threading.Lock()
        self._kept: dict[Question, Ranked] = {}

    def answer(self, question: Question, offset: int, limit: int, quick: bool = False) -> Results:
        """Return `limit` hits from `offset` on; `quick` corrects no word, for keys that are being pressed."""
        if quick:
            question = replace(question, typos=False)
        if not offset and not question.filters:
            return self._searcher.search(question.query, limit, sort=question.sort, typos=question.typos)
        began = time.perf_counter()
        ranked = self._ranked(question)
        return Results(
            query=question.query,
            understood=ranked.plan.understood,
            total=ranked.total,
            offset=offset,
            hits=tuple(self._searcher.hits(ranked, offset, offset + limit)),
            corrections=tuple(ranked.plan.corrections),
            notes=tuple(ranked.plan.notes),
            seconds=time.perf_counter() - began,
        )

    def every(self, question: Question) -> Iterator[Hit]:
        """Yield all hits of the answer, in order."""
        return self._searcher.hits(self._ranked(question))

    def facets(self, question: Question) -> facets.Facets:
        """Return the facets of the answer, each counted as if its own field were not narrowed."""
        whole = self._ranked(replace(question, filters=()))
        reader = whole.generation.reader
        found = facets.facets(reader, whole.docs)
        if not question.filters:
            return found
        for field, names in _FACETS.items():
            keep = facets.having(reader, whole.docs, chosen(question.filters, without=field))
            own = facets.facets(reader, whole.docs[keep])
            found = replace(found, **{name: getattr(own, name) for name in names})
        keep = facets.having(reader, whole.docs, chosen(question.filters))
        return replace(found, articles=int(keep.sum()))

    def marks(self, article: Article, question: Question) -> tuple[Span, ...]:
        """Return the marked stretches of the article's text."""
        return self._searcher.marks(article, question.query, typos=question.typos)

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return likely words that begin with `prefix`, the likeliest first."""
        del prefix, limit
        return ()

    def refresh(self) -> bool:
        """Move to the newest generation; True if there was one."""
        return self._searcher.refresh()

    def close(self) -> None:
        """Let go of the library's files."""
        with self._lock:
            self._kept.clear()
        self._searcher.close()

    def _ranked(self, question: Question) -> Ranked:
        """Return the whole answer; the last few are kept until the library changes."""
        with self._lock:
            kept = self._kept.pop(question, None)
        if kept is None or kept.generation.reader.generation != self._searcher.generation:
            kept = self._rank(question)
        with self._lock:
            self._kept[question] = kept
            while len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)))
        return kept

    def _rank(self, question: Question) -> Ranked:
        if question.filters:
            return _narrowed(self._ranked(replace(question, filters=())), question)
        return self._searcher.rank(question.query, sort=question.sort, typos=question.typos)


def _narrowed(ranked: Ranked, question: Question) -> Ranked:
    keep = facets.having(ranked.generation.reader, ranked.docs, chosen(question.filters))
    docs = ranked.docs[keep]
    return replace(ranked, docs=docs, scores=ranked.scores[keep], total=len(docs))
