"""The best few of a plain list of words and the exact count, without scoring what cannot be among them.

A word's score has a bound: the one it would give the article where it is most frequent, were that the
shortest of all. Words are taken from the highest bound down. Once the bounds of the words left, added up,
stay below the last of the best, the articles that have only those words need no scores (the idea of
MaxScore: H. Turtle, J. Flood, "Query evaluation: strategies and optimizations", 1995); they are still
counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search import bm25
from search.matches import Buffers, Floats, Matches, Numbers, highest, places_in

#: Scores that differ by less are equal.
SLACK = 1e-6


class ScoredTerm:
    """A term's articles, occurrences and weight, scored when asked.

    `docs` ascend; `freqs` are aligned with them; `norms` are those of all articles; `floor` is the
    smallest of them. No article scores more than `bound`.
    """

    __slots__ = ("bound", "docs", "floor", "freqs", "norms", "weight")

    def __init__(self, docs: Numbers, freqs: Floats, weight: float, norms: Floats, floor: float) -> None:
        self.docs, self.freqs, self.weight, self.norms, self.floor = docs, freqs, weight, norms, floor
        most = float(freqs.max()) if len(docs) else 0.0
        self.bound = weight * (bm25.K1 + 1.0) * most / (most + floor) if most else 0.0

    def scores(self, places: Numbers | None = None) -> Floats:
        """Return the scores of all its articles, or of those at `places`."""
        if places is None:
            return bm25.scores(self.freqs, self.norms.take(self.docs), self.weight)
        return bm25.scores(self.freqs.take(places), self.norms.take(self.docs.take(places)), self.weight)

    def matches(self) -> Matches:
        """Return all its articles with their scores."""
        return Matches(self.docs, self.scores())


def best_of_any(terms: Sequence[ScoredTerm], count: int, buffers: Buffers) -> tuple[Matches, int]:
    """Return the best `count` articles with any of the terms (and their equals), and how many have any."""
    terms = [term for term in terms if len(term.docs)]
    if not terms:
        return Matches(np.zeros(0, dtype=np.intp), np.zeros(0)), 0
    order = sorted(range(len(terms)), key=lambda number: -terms[number].bound)
    total, owners = _count(terms, order, buffers)
    if not count:
        return Matches(np.zeros(0, dtype=np.intp), np.zeros(0)), total
    found: list[Matches] = []
    limit = -np.inf
    for place, number in enumerate(order):
        if sum(terms[other].bound for other in order[place:]) < limit - SLACK:
            break
        candidates = owners[number]
        scored = _scored(terms, number, candidates, buffers)
        top = scored.where(highest(scored.scores, count))
        found.append(top)
        scores = np.concatenate([part.scores for part in found])
        if len(scores) >= count:
            limit = float(np.partition(scores, len(scores) - count)[len(scores) - count])
    return Matches(
        np.concatenate([f.docs for f in found]), np.concatenate([f.scores for f in found]), False
    ), total


def _count(
    terms: Sequence[ScoredTerm], order: Sequence[int], buffers: Buffers
) -> tuple[int, dict[int, NDArray[np.bool_] | None]]:
    """Return how many articles have any term, and for each term which of its articles no earlier one has.

    A mask is None where it would be all true.
    """
    flags = buffers.flags
    total = 0
    owners: dict[int, NDArray[np.bool_] | None] = {}
    for place, number in enumerate(order):
        docs = terms[number].docs
        if place:
            known = flags.take(docs)
            fresh = len(docs) - int(np.count_nonzero(known))
            owners[number] = ~known if fresh < len(docs) else None
        else:
            fresh, owners[number] = len(docs), None
        total += fresh
        if place + 1 < len(order):
            flags[docs] = True
    for number in order[:-1]:
        flags[terms[number].docs] = False
    return total, owners


def _scored(
    terms: Sequence[ScoredTerm], number: int, fresh: NDArray[np.bool_] | None, buffers: Buffers
) -> Matches:
    """Return the fresh articles of one term with the scores that all terms give them, added in order."""
    places = None if fresh is None else np.flatnonzero(fresh)
    docs = terms[number].docs if places is None else terms[number].docs.take(places)
    total = np.zeros(len(docs))
    for other, term in enumerate(terms):
        if other == number:
            total += term.scores(places)
            continue
        where = places_in(docs, Matches(term.docs, term.freqs), buffers)
        inside = np.flatnonzero(where)
        if len(inside):
            total[inside] += term.scores(where.take(inside) - 1)
    return Matches(docs, total)


def having_all(terms: Sequence[ScoredTerm], buffers: Buffers) -> Matches:
    """Return the articles that have all the terms, their scores added in the order of the terms."""
    rarest = sorted(range(len(terms)), key=lambda number: len(terms[number].docs))
    docs = terms[rarest[0]].docs
    places: dict[int, Numbers] = {rarest[0]: np.arange(len(docs))}
    for number in rarest[1:]:
        where = places_in(docs, Matches(terms[number].docs, terms[number].freqs), buffers)
        keep = np.flatnonzero(where)
        docs = docs.take(keep)
        places = {other: kept.take(keep) for other, kept in places.items()}
        places[number] = where.take(keep) - 1
    total = np.zeros(len(docs))
    for number, term in enumerate(terms):
        total += term.scores(places[number])
    return Matches(docs, total)
