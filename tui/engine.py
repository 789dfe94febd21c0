"""The search of the app over a real library: what `Searcher` answers, in the shape the app asks for.

Pages far down and narrowed answers come from one ranked answer that is kept, so that scrolling through
200,000 hits ranks once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.article import Article
from search import facets
from search.ordering import Rank
from search.results import Hit, Results, Span
from search.searcher import Ranked, Searcher, results_of
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
        word, and orders by the words alone."""
        asked = _Asked(question, Rank.FULL)
        if quick:
            asked = _Asked(replace(question, typos=False), Rank.FAST)
        if not offset and not question.filters:
            how = asked.question
            return self._searcher.search(how.query, limit, sort=how.sort, typos=how.typos, rank=asked.rank)
        began = time.perf_counter()
        ranked = self._ranked(asked)
        hits = tuple(self._searcher.hits(ranked, offset, offset + limit))
        return results_of(question.query, ranked, offset, hits, None, time.perf_counter() - began)

    def every(self, question: Question) -> Iterator[Hit]:
        """Yield all hits of the answer, in order."""
        return self._searcher.hits(self._ranked(_Asked(question)))

    def facets(self, question: Question) -> facets.Facets:
        """Return the facets of the answer, each counted as if its own field were not narrowed."""
        whole = self._ranked(_Asked(replace(question, filters=())))
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
        return tuple(word.form for word in self._searcher.complete(prefix, limit))

    def refresh(self) -> bool:
        """Move to the newest generation; True if there was one."""
        return self._searcher.refresh()

    def close(self) -> None:
        """Let go of the library's files."""
        with self._lock:
            self._kept.clear()
        self._searcher.close()

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

    def _rank(self, asked: _Asked) -> Ranked:
        question = asked.question
        if question.filters:
            return _narrowed(self._ranked(replace(asked, question=replace(question, filters=()))), question)
        return self._searcher.rank(question.query, sort=question.sort, typos=question.typos, rank=asked.rank)


def _narrowed(ranked: Ranked, question: Question) -> Ranked:
    keep = facets.having(ranked.generation.reader, ranked.docs, chosen(question.filters))
    docs = ranked.docs[keep]
    return Ranked(
        ranked.generation,
        ranked.plan,
        docs,
        ranked.scores[keep],
        len(docs),
        ranked.basis,
        ranked.trace,
    )
