"""Sets of found articles with scores, and their algebra on arrays.

The work of uniting and intersecting is done in buffers as long as the library, one set for each thread,
which are put back to zero where they were touched: no allocation that grows with the library, no sorting.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.value import Value

Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Binary search is used instead of a buffer where one side is this many times the other.
FAR_SMALLER = 16
#: The same for flags, of which one is looked at in a thirtieth of the time; a few are always searched for.
FAR_FEWER, FEW = 30, 128


class Matches(Value):
    """Distinct article numbers with aligned scores; `ascending` says that the numbers are sorted."""

    docs: Numbers
    scores: Floats
    ascending: bool = True

    def sorted(self) -> Matches:
        """Return the same matches in ascending order of their numbers."""
        if self.ascending:
            return self
        order = np.argsort(self.docs, kind="stable")
        return Matches(self.docs[order], self.scores[order])

    def where(self, keep: NDArray[Any]) -> Matches:
        """Return the matches that a mask, or an array of places, chooses."""
        return Matches(self.docs[keep], self.scores[keep], self.ascending)

    def boosted(self, boost: float) -> Matches:
        """Return the matches with their scores multiplied."""
        return self if boost == 1.0 else Matches(self.docs, self.scores * boost, self.ascending)


NOTHING = Matches(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float64))


class Buffers(threading.local):
    """Working memory for a library of `size` articles, one set a thread; all zero between calls."""

    def __init__(self, size: int) -> None:
        self.flags = np.zeros((size + 63) // 64 * 64, dtype=np.bool_)  # so that their bits are whole numbers
        self.scores = np.zeros(size, dtype=np.float64)
        self.places = np.zeros(size, dtype=np.int32)
        self._positions = np.zeros(0, dtype=np.bool_)

    def positions(self, size: int) -> Flags:
        """Return at least `size` flags for as many positions."""
        if len(self._positions) < size:
            self._positions = np.zeros(size, dtype=np.bool_)
        return self._positions


def places_in(docs: Numbers, others: Matches, buffers: Buffers) -> Numbers:
    """Return for each of `docs` its place in `others`, counted from 1, and 0 where it is not there."""
    if not len(others.docs) or not len(docs):
        return np.zeros(len(docs), dtype=np.intp)
    if others.ascending and len(docs) * FAR_SMALLER < len(others.docs):
        where = np.searchsorted(others.docs, docs)
        where[where == len(others.docs)] = 0
        return np.where(others.docs[where] == docs, where + 1, 0)
    places = buffers.places
    places[others.docs] = np.arange(1, len(others.docs) + 1, dtype=np.int32)
    found = places[docs].astype(np.intp)
    places[others.docs] = 0
    return found


def common_places(one: Numbers, other: Numbers, flags: Flags | None) -> tuple[Numbers, Numbers]:
    """Return the places in two ascending arrays of numbers of what both have, ascending and aligned.

    `flags`, where given, are False for all numbers that there are; they are so again afterwards.
    """
    if len(one) > len(other):
        there, here = common_places(other, one, flags)
        return here, there
    if flags is None or len(one) * FAR_FEWER < len(other):
        where = other.searchsorted(one)
        where[where == len(other)] = 0
        inside = (other.take(where) == one).nonzero()[0]
        return inside, where.take(inside)
    flags[one] = True
    where = flags.take(other).nonzero()[0]
    flags[one] = False
    both = other.take(where)
    if len(both) < FEW or len(both) * FAR_FEWER < len(one):
        return one.searchsorted(both), where
    flags[both] = True
    inside = flags.take(one).nonzero()[0]
    flags[both] = False
    return inside, where


def union(parts: Sequence[Matches], buffers: Buffers, best: bool = False) -> Matches:
    """Return the articles of any part with the sum of their scores, in the order of the parts.

    With `best`, the highest of their scores instead (scores must not be negative).
    """
    parts = [part for part in parts if len(part.docs)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    flags, total = buffers.flags, buffers.scores
    fresh = [parts[0].docs]
    flags[parts[0].docs] = True
    total[parts[0].docs] = parts[0].scores
    for part in parts[1:]:
        known = flags[part.docs]
        there = total[part.docs]
        total[part.docs] = np.maximum(there, part.scores) if best else there + part.scores
        new = part.docs[~known]
        flags[new] = True
        fresh.append(new)
    docs = np.concatenate(fresh)
    scores = total[docs]
    total[docs] = 0.0
    flags[docs] = False
    return Matches(docs, scores, ascending=False)


def intersection(parts: Sequence[Matches], buffers: Buffers) -> Matches:
    """Return the articles of all parts with the sum of their scores, added in the order of the parts."""
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    smallest = min(range(len(parts)), key=lambda number: len(parts[number].docs))
    base = parts[smallest]
    chosen: dict[int, Numbers] = {smallest: np.arange(len(base.docs))}
    docs = base.docs
    for number in sorted(range(len(parts)), key=lambda number: len(parts[number].docs)):
        if number == smallest:
            continue
        places = places_in(docs, parts[number], buffers)
        keep = places > 0
        if not keep.all():
            docs = docs[keep]
            places = places[keep]
            chosen = {other: where[keep] for other, where in chosen.items()}
        chosen[number] = places - 1
    total = np.zeros(len(docs))
    for number, part in enumerate(parts):
        total += part.scores[chosen[number]]
    return Matches(docs, total, base.ascending)


def without(matches: Matches, others: Matches, buffers: Buffers) -> Matches:
    """Return `matches` less the articles of `others`."""
    if not len(others.docs):
        return matches
    return matches.where(places_in(matches.docs, others, buffers) == 0)


def plus(matches: Matches, extra: Matches, buffers: Buffers) -> Matches:
    """Return the articles of `matches`, those in `extra` too with its score added."""
    if not len(extra.docs):
        return matches
    places = places_in(matches.docs, extra, buffers)
    inside = places > 0
    total = matches.scores.copy()
    total[inside] += extra.scores[places[inside] - 1]
    return Matches(matches.docs, total, matches.ascending)


def highest(values: Floats, count: int) -> Numbers:
    """Return the places of the `count` highest values and of all that equal the last of them.

    Values count as equal within 1e-6. The order of the result is unspecified. No full sort is made: the
    maxima of interleaved groups give a bound that only few values reach.
    """
    size = len(values)
    groups = 64
    width = size // groups
    if count >= size:
        return np.arange(size)
    if width < 4 * count or count < 1:
        bound = _largest(values.copy(), count) if count else np.inf
        return (values >= bound - 1e-6).nonzero()[0]
    maxima = values[: width * groups].reshape(groups, width).max(axis=0)
    bound = _largest(maxima, count)
    some = (values >= bound - 1e-6).nonzero()[0]
    if len(some) > 4 * count:
        near = values.take(some)
        bound = _largest(near.copy(), count)
        some = some[near >= bound - 1e-6]
    return some


def _largest(values: Floats, count: int) -> float:
    """Return the `count`-th largest of some values, which are put in another order."""
    place = len(values) - count
    values.partition(place)
    return values.item(place)
