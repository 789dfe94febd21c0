"""Articles with the words as typed come first: what a neighbour of a known word adds stands behind them.

A rare word that the library has gets a far more frequent neighbour added, since it may be a slip. Shares of
scores make it likely that what was typed wins; this makes it certain, as the last word on the order, whatever
the stages before said.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

import numpy as np
from whoosh import query as wq

from index.reading import LibraryReader
from search.evaluate import Evaluator
from search.matches import Buffers, Matches, Numbers, places_in
from search.ordering import Sort, in_order
from search.ranking.feedback import below


class Widened(wq.DisjunctionMax):  # type: ignore[misc,unused-ignore]
    """A word that the library has, with others that may have been meant; `typed` finds it without them."""

    def __init__(self, subqueries: Sequence[wq.Query], typed: wq.Query, boost: float = 1.0) -> None:
        super().__init__(list(subqueries), boost=boost)
        self.typed = typed


def as_typed(node: wq.Query) -> wq.Query:
    """Return a query that finds what `node` finds without the words that were added; scores aside."""
    if isinstance(node, Widened):
        return node.typed
    if isinstance(node, wq.And | wq.Or | wq.DisjunctionMax):
        inside: Any = copy(node)
        inside.subqueries = [as_typed(child) for child in node.subqueries]
        return cast(wq.Query, inside)
    if isinstance(node, wq.AndMaybe):
        return as_typed(node.a)
    if isinstance(node, wq.AndNot):
        return wq.AndNot(as_typed(node.a), node.b)
    within = getattr(node, "query", None)
    if isinstance(within, wq.Query) and not isinstance(node, wq.Not):
        narrowed: Any = copy(node)
        narrowed.query = as_typed(within)
        return cast(wq.Query, narrowed)
    return node


class Tiers:
    """The order of an answer: the articles `first` before all others, each part by score.

    Without `first` there is but one part. Equal scores are ordered as in `search/ordering.py`.
    """

    def __init__(self, reader: LibraryReader, buffers: Buffers, first: Matches | None = None) -> None:
        self._reader, self._buffers, self._first = reader, buffers, first

    def sorted(self, found: Matches, upto: int | None = None) -> Matches:
        """Return the first `upto` of the articles found, in order; their scores are as they were."""
        if self._first is None:
            return _taken(found, in_order(self._reader, found, Sort.RELEVANCE, upto))
        there = places_in(found.docs, self._first, self._buffers) > 0
        parts = []
        for places in (np.flatnonzero(there), np.flatnonzero(~there)):
            order = in_order(self._reader, found.where(places), Sort.RELEVANCE, upto)
            parts.append(places.take(order))
        return _taken(found, np.concatenate(parts)[:upto])

    def falling(self, ordered: Matches) -> Matches:
        """Return articles in their order with scores that do not rise from the one part to the other."""
        if self._first is None:
            return ordered
        lead = int(np.count_nonzero(places_in(ordered.docs, self._first, self._buffers)))
        scores = ordered.scores
        if not 0 < lead < len(scores) or scores[lead] < scores[lead - 1]:
            return ordered
        lowered = np.concatenate((scores[:lead], below(scores[lead:], float(scores[lead - 1]))))
        return Matches(ordered.docs, lowered, False)


def _taken(found: Matches, places: Numbers) -> Matches:
    return Matches(found.docs.take(places), found.scores.take(places), False)


def leading(evaluator: Evaluator, query: wq.Query) -> Matches:
    """Return the articles that a query with added words finds without them."""
    return evaluator.matches(as_typed(query)).sorted()
