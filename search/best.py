"""Plain lists of words: the best few articles with any of them, all articles with all of them, exact counts.

A word's score has a bound: the one it would give the article where it is most frequent, were that the
shortest of all. Words are taken from the highest bound down. Once the bounds of the words left, added up,
stay below the last of the best, the articles that have only those words need no scores (the idea of
MaxScore: H. Turtle, J. Flood, "Query evaluation: strategies and optimizations", 1995); they are still
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import cast

import numpy as np

from index.kernel import Damaged, Kernel, current
from index.postings import FlatPostings, TermPostings
from search import bm25
from search.matches import NOTHING, Buffers, Floats, Matches, Numbers, common_places, highest

#: Scores that differ by less are equal.
SLACK = 1e-6
#: So many times the articles that are wanted are scored first, to learn what the others must reach.
_SCOUTS = 4


class ScoredTerm:
    """A term with its weight (idf and boost), scored when asked; `count` is the number of its articles.

    `norms` are those of all articles, `floor` is the smallest of them.
    """

    def __init__(
        self, source: TermPostings | FlatPostings, weight: float, norms: Floats, floor: float
    ) -> None:
        self.source, self.weight, self.norms, self.floor = source, weight, norms, floor
        self.count = source.count

    @property
    def docs(self) -> Numbers:
        """The ascending articles."""
        return self.source.docs

    @cached_property
    def bound(self) -> float:
        """A score that none exceeds."""
        most = float(self.source.heaviest)
        return self.weight * (bm25.K1 + 1.0) * most / (most + self.floor) if most else 0.0

    def scores(self) -> Floats:
        """Return the scores of all its articles."""
        return bm25.scores(self.source.weights, self.norms.take(self.docs), self.weight)

    def scores_at(self, docs: Numbers, places: Numbers) -> Floats:
        """Return the scores of some of its articles, whose places are known."""
        return bm25.scores(self.source.weights_at(places), self.norms.take(docs), self.weight)

    def from_on(self, least: float, but: Numbers) -> Matches:
        """Return the articles that score at least about `least`, without those that stand `but` in `docs`."""
        most = self.weight * (bm25.K1 + 1.0)
        if most <= least:
            return NOTHING
        # So often it must occur even in the shortest article.
        times = least * self.floor / (most - least) * (1.0 - SLACK) if least > 0.0 else 0.0
        flags = self.source.weights >= times
        flags[but] = False
        some = flags.nonzero()[0]
        docs = self.docs.take(some)
        scores = bm25.scores(self.source.weights.take(some), self.norms.take(docs), self.weight)
        return Matches(docs, scores)

    def matches(self) -> Matches:
        """Return all its articles with their scores."""
        return Matches(self.docs, self.scores())

    def boosted(self, boost: float) -> ScoredTerm:
        """Return the term with its weight multiplied."""
        return self if boost == 1.0 else ScoredTerm(self.source, self.weight * boost, self.norms, self.floor)


Source = TermPostings | FlatPostings


def among(docs: Numbers, source: Source, buffers: Buffers) -> tuple[Numbers, Numbers]:
    """Return which of the ascending `docs` have a term, as places in `docs`, and its places."""
    if source.is_dense:
        return source.find(docs)
    inside, own = common_places(docs, source.docs, buffers.flags)
    return inside, source.places(own)


def best_of_any(terms: Sequence[ScoredTerm], count: int, buffers: Buffers) -> tuple[Matches, int]:
    """Return the best `count` articles with any of the terms (and their equals), and how many have any."""
    terms = [term for term in terms if term.count]
    if not terms:
        return NOTHING, 0
    kernel = current()
    sources = [term.source for term in terms]
    if kernel is not None and len(terms) > 1 and all(type(s) is TermPostings for s in sources):
        try:
            return _best_compiled(kernel, terms, count)
        except Damaged:  # numpy will say what is wrong
            pass
    if len(terms) == 2:
        return _best_of_two(terms[0], terms[1], count, buffers)
    total = terms[0].count if len(terms) == 1 else _count_any(terms, buffers)
    return _best_of_many(terms, count, buffers) if count else NOTHING, total


def _best_compiled(kernel: Kernel, terms: Sequence[ScoredTerm], count: int) -> tuple[Matches, int]:
    weights = [term.weight * (bm25.K1 + 1.0) for term in terms]
    sources = [cast(TermPostings, term.source) for term in terms]
    parts = [source.structures for source in sources]
    bounds = [term.bound for term in terms]
    if len(terms) == 2:
        order = [0, 1] if sources[0].size < sources[1].size else [1, 0]
    else:
        order = sorted(range(len(terms)), key=lambda number: -bounds[number])
    docs, scores, total = kernel.best_of_any(parts, weights, bounds, order, terms[0].norms, count, SLACK)
    return Matches(docs, scores, False), total


def _best_of_two(one: ScoredTerm, other: ScoredTerm, count: int, buffers: Buffers) -> tuple[Matches, int]:
    """Return the same for two terms: first of the articles with both, then of those that may be as good."""
    if one.count > other.count:
        one, other = other, one
    inside, places = among(one.docs, other.source, buffers)
    total = one.count + other.count - len(inside)
    if not count:
        return NOTHING, total
    both = one.docs.take(inside)
    if len(both) >= count:
        scores = added_up((one, other), (one.source.places(inside), places), both)
        found = _best_so_far(Matches(both, scores), count)
        left = [one, other]
    else:
        scores = one.scores()
        if len(both):
            scores[inside] += other.scores_at(both, places)
        found = _best_so_far(Matches(one.docs, scores), count)
        left = [other]
    for term in left:
        least = _limit(found.scores, count) - SLACK
        if term.weight * (bm25.K1 + 1.0) >= least and term.bound >= least:
            more = term.from_on(least, inside if term is one else other.docs.searchsorted(both))
            if len(more.docs):
                docs, scores = (
                    np.concatenate((found.docs, more.docs)),
                    np.concatenate((found.scores, more.scores)),
                )
                found = _best_so_far(Matches(docs, scores), count)
    return found, total


def _best_so_far(found: Matches, count: int) -> Matches:
    """Return the best `count` of some articles, and their equals."""
    top = highest(found.scores, count)
    return Matches(found.docs.take(top), found.scores.take(top), False)


def added_up(terms: Sequence[ScoredTerm], places: Sequence[Numbers], docs: Numbers) -> Floats:
    """Return the scores of articles with all the terms, at `places` of each, added in their order."""
    norms = terms[0].norms.take(docs)
    total: Floats | None = None
    for term, where in zip(terms, places, strict=True):
        weights = term.source.weights_at(where)
        own = weights + norms
        np.divide(weights, own, out=own)
        own *= term.weight * (bm25.K1 + 1.0)
        total = own if total is None else np.add(total, own, out=total)
    return np.zeros(len(docs)) if total is None else total


def _limit(scores: Floats, count: int) -> float:
    """Return the `count`-th highest of a few scores, minus infinity if there are fewer."""
    return sorted(scores.tolist())[-count] if len(scores) >= count else -np.inf


def _count_any(terms: Sequence[ScoredTerm], buffers: Buffers) -> int:
    """Return how many articles have any of the terms."""
    flags = buffers.flags
    dense = [part for term in terms for part in term.source.mark(flags)]
    if not dense:
        total = int(np.count_nonzero(flags))
    else:
        bits = np.packbits(flags, bitorder="little")
        for start, own in dense:
            bits[start : start + len(own)] |= own
        total = int(np.bitwise_count(bits.view(np.uint64)).sum())
    flags.fill(False)
    return total


def _best_of_many(terms: Sequence[ScoredTerm], count: int, buffers: Buffers) -> Matches:
    """Return the best `count` articles with any of the terms, and their equals."""
    order = sorted(range(len(terms)), key=lambda number: -terms[number].bound)
    bounds = [terms[number].bound for number in order]
    left = [*accumulate(reversed(bounds), initial=0.0)][::-1]  # of the terms from each place on
    found, limit = NOTHING, -np.inf
    for place, number in enumerate(order):
        if left[place] < limit - SLACK:
            break
        docs, own = terms[number].docs, terms[number].scores()
        rest = left[place + 1]
        if rest and len(docs) > _SCOUTS * count:
            # What only earlier terms add is no part of the bound: articles that have those were seen before.
            if limit == -np.inf:
                some = np.sort(highest(own, _SCOUTS * count))
                limit = _limit(_completed(terms, number, docs.take(some), own.take(some), buffers), count)
            some = (own >= limit - rest - SLACK).nonzero()[0]
            docs, own = docs.take(some), own.take(some)
        scores = _completed(terms, number, docs, own, buffers)
        top = highest(scores, count)
        found = _joined(found, Matches(docs.take(top), scores.take(top)))
        limit = max(limit, _limit(found.scores, count))
    return found


def _joined(one: Matches, other: Matches) -> Matches:
    """Return the articles of both; those of both have one score."""
    if not len(one.docs):
        return other
    scores = dict(zip(one.docs.tolist(), one.scores.tolist(), strict=True))
    scores |= zip(other.docs.tolist(), other.scores.tolist(), strict=True)
    return Matches(np.array(list(scores), dtype=np.intp), np.array(list(scores.values())), False)


def _completed(
    terms: Sequence[ScoredTerm], number: int, docs: Numbers, own: Floats, buffers: Buffers
) -> Floats:
    """Return the scores that all terms give the ascending `docs`, added in order; `own` is one term's."""
    if len(terms) == 1:
        return own
    total = np.zeros(len(docs))
    for place, term in enumerate(terms):
        if place == number:
            total += own
        else:
            inside, places = among(docs, term.source, buffers)
            if len(inside):
                total[inside] += term.scores_at(docs.take(inside), places)
    return total


def all_of(terms: Sequence[Source], buffers: Buffers) -> tuple[Numbers, list[Numbers]]:
    """Return the ascending articles that have all the terms, and for each term their places."""
    kernel = current()
    if kernel is not None and len(terms) > 1 and all(type(term) is TermPostings for term in terms):
        try:
            return _all_compiled(kernel, cast(Sequence[TermPostings], terms))
        except Damaged:  # numpy will say what is wrong
            pass
    order = sorted(range(len(terms)), key=lambda number: terms[number].count)
    docs = terms[order[0]].docs
    own: Numbers | None = None  # the places in the articles of the rarest, None for all
    places: dict[int, Numbers] = {}
    for number in order[1:]:
        inside, places_there = among(docs, terms[number], buffers)
        docs = docs.take(inside)
        own = inside if own is None else own.take(inside)
        places = {other: kept.take(inside) for other, kept in places.items()}
        places[number] = places_there
    places[order[0]] = terms[order[0]].places(own)
    return docs, [places[number] for number in range(len(terms))]


def _all_compiled(kernel: Kernel, terms: Sequence[TermPostings]) -> tuple[Numbers, list[Numbers]]:
    order = sorted(range(len(terms)), key=lambda number: terms[number].size)
    rarest = terms[order[0]].size
    if not rarest:
        nothing = np.zeros(0, dtype=np.intp)
        return nothing, [nothing] * len(terms)
    docs, rows = kernel.all_of([terms[number].structures for number in order], rarest)
    places = {number: rows[row] for row, number in enumerate(order)}
    return docs, [places[number] for number in range(len(terms))]


def best_of_all(terms: Sequence[ScoredTerm], count: int, buffers: Buffers) -> tuple[Matches, int]:
    """Return the best `count` articles with all the terms (and their equals), and how many have all."""
    kernel = current()
    sources = [term.source for term in terms]
    if kernel is not None and count and all(type(source) is TermPostings for source in sources):
        try:
            return _best_of_all_compiled(kernel, terms, count)
        except Damaged:  # numpy will say what is wrong
            pass
    found = having_all(terms, buffers)
    return _best_so_far(found, count), len(found.docs)


def _best_of_all_compiled(kernel: Kernel, terms: Sequence[ScoredTerm], count: int) -> tuple[Matches, int]:
    sources = [cast(TermPostings, term.source) for term in terms]
    order = sorted(range(len(terms)), key=lambda number: sources[number].size)
    if not sources[order[0]].size:
        return NOTHING, 0
    docs, scores, total = kernel.best_of_all(
        [sources[number].structures for number in order],
        order,
        sources[order[0]].size,
        [terms[number].weight * (bm25.K1 + 1.0) for number in order],
        terms[0].norms,
        count,
        SLACK,
    )
    return Matches(docs, scores, False), total


def having_all(terms: Sequence[ScoredTerm], buffers: Buffers) -> Matches:
    """Return the articles that have all the terms, their scores added in the order of the terms."""
    docs, places = all_of([term.source for term in terms], buffers)
    return Matches(docs, added_up(terms, places, docs))
