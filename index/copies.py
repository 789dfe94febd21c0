"""Copies of a story: which articles of a library say the same, kept beside the segments.

Pairs of copies name their articles by segment and number there. Articles of segments that are gone, and
those that were deleted, are passed over, so that what is known of copies can be old but not wrong. With each
article stands the one that its group is named by, so that a search has to work out only the groups that lost
or gained an article since.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_reader import SegmentReader
from index.value import Value

Ints = NDArray[np.int64]
Pairs = NDArray[np.int64]

_NONE: Ints = np.zeros(0, dtype=np.int64)
_NO_PAIRS: Pairs = np.zeros((0, 2), dtype=np.int64)


class Copies:
    """Articles that have copies, and the pairs of them.

    Member `m` is the article `numbers[m]` of the segment `segments[owners[m]]`; each row of `pairs` names two
    members, the lower one first, that are copies of each other. `heads` has for each member the one that its
    group is named by; it is empty if that was not worked out. The arrays are never changed.

    `generation` is the one whose file tells of them, -1 if none does. `later` are further pairs that were
    found since, or whose articles are now in other segments; there the members have no heads.
    """

    def __init__(
        self,
        segments: Sequence[str] = (),
        owners: Ints = _NONE,
        numbers: Ints = _NONE,
        pairs: Ints = _NONE,
        heads: Ints = _NONE,
        generation: int = -1,
        later: Copies | None = None,
    ) -> None:
        self.segments = tuple(segments)
        self.owners, self.numbers, self.heads = owners, numbers, heads
        self.pairs: Pairs = pairs.reshape(-1, 2)
        self.generation, self.later = generation, later


class Part(Value):
    """A segment of a generation: its id, its articles, which of them are deleted; the first's number."""

    segment: str
    reader: SegmentReader
    deleted: Set[int]
    base: int


class Groups:
    """Groups of copies in one generation, by article numbers.

    `docs` ascends; `heads` has for each of them the earliest article of its group (by date, those without a
    date last, then by id), which names the group.
    """

    def __init__(self, docs: NDArray[np.int64], heads: NDArray[np.int64], size: int) -> None:
        self.docs, self.heads, self._size = docs, heads, size

    def of(self, doc: int) -> list[int]:
        """Return all articles of the group of an article, ascending; [] if it has no copies."""
        place = int(np.searchsorted(self.docs, doc))
        if place == len(self.docs) or self.docs[place] != doc:
            return []
        found: list[int] = self.docs[self.heads == self.heads[place]].tolist()
        return found

    @cached_property
    def stories(self) -> NDArray[np.int64]:
        """For each article of the library the number of its story: its group's head, or itself."""
        stories = np.arange(self._size)
        stories[self.docs] = self.heads
        return stories


def groups(copies: Copies, parts: Sequence[Part]) -> Groups:
    """Return the groups among the living articles of a generation."""
    later = living_pairs(copies.later, parts) if copies.later is not None else _NO_PAIRS
    docs, heads = numbered(copies, parts, numbers_of(copies, parts), later)
    return Groups(docs, heads, sum(part.reader.doc_count for part in parts))


def numbered(
    copies: Copies, parts: Sequence[Part], numbers: Ints, new: Pairs = _NO_PAIRS
) -> tuple[Ints, Ints]:
    """Return the ascending article numbers of all that have copies, and for each the head of its group.

    `numbers` has the article of each member (see `numbers_of`), `new` further pairs of articles. Only groups
    that lost or gained a member are worked out anew.
    """
    old = numbers[copies.pairs]
    if len(copies.heads):
        is_new = np.zeros(sum(part.reader.doc_count for part in parts) + 1, dtype=np.bool_)
        is_new[new] = True  # the last flag is that of number -1, which is no article
        changed = np.zeros(len(numbers), dtype=np.bool_)
        changed[copies.heads[(numbers < 0) | is_new[numbers]]] = True
        changed = changed[copies.heads]
        kept = np.flatnonzero(~changed)
        docs, heads = numbers[kept], numbers[copies.heads[kept]]
        old = old[changed[copies.pairs[:, 0]]]
    else:
        docs = heads = _NONE
    pairs = np.concatenate((old[(old[:, 0] >= 0) & (old[:, 1] >= 0)], new))
    if len(pairs):
        members, named = named_groups(pairs, parts)
        docs, heads = np.concatenate((docs, members)), np.concatenate((heads, named))
    order = np.argsort(docs)
    return docs[order], heads[order]


def named_groups(pairs: Pairs, parts: Sequence[Part]) -> tuple[Ints, Ints]:
    """Return the ascending article numbers in any of the pairs, and for each the head of its group."""
    members = np.sort(pairs, axis=None)
    members = members[np.diff(members, prepend=-1) > 0]
    labels = components(len(members), np.searchsorted(members, pairs))
    ages = _ages(members, parts)
    order = np.array(sorted(range(len(members)), key=ages.__getitem__), dtype=np.intp)
    heads = np.zeros(len(members), dtype=np.int64)
    heads[labels[order[::-1]]] = members[order[::-1]]  # the last one written, the earliest, stays
    return members, heads[labels]


def numbers_of(copies: Copies, parts: Sequence[Part]) -> Ints:
    """Return the article number of each member, -1 for those that are not there."""
    out = np.full(len(copies.owners), -1, dtype=np.int64)
    for part in parts:
        if part.segment not in copies.segments:
            continue
        alive = np.ones(part.reader.doc_count, dtype=np.bool_)
        alive[list(part.deleted)] = False
        mine = np.flatnonzero(copies.owners == copies.segments.index(part.segment))
        numbers = copies.numbers[mine]
        there = mine[(numbers >= 0) & (numbers < len(alive))]
        living = there[alive[copies.numbers[there]]]
        out[living] = part.base + copies.numbers[living]
    return out


def living_pairs(copies: Copies, parts: Sequence[Part]) -> Pairs:
    """Return the article numbers of the pairs whose articles are both there."""
    pairs: Pairs = numbers_of(copies, parts)[copies.pairs]
    return pairs[(pairs[:, 0] >= 0) & (pairs[:, 1] >= 0)]


def part_of(doc: int, parts: Sequence[Part]) -> Part:
    """Return the part that the article of this number lies in; `parts` are in the order of their bases."""
    return next(part for part in reversed(parts) if part.base <= doc)


def _ages(docs: Ints, parts: Sequence[Part]) -> list[tuple[bool, int, bytes]]:
    """Return by what articles (ascending) are ordered: those with a date by it, then the others; equal ones
    by id."""
    found: list[tuple[bool, int, bytes]] = []
    for part in parts:
        first, last = np.searchsorted(docs, (part.base, part.base + part.reader.doc_count)).tolist()
        if first == last:
            continue
        own = docs[first:last] - part.base
        values, present = (column[own] for column in part.reader.numbers("date"))
        dates = np.where(present, values, 0).tolist()
        found += zip((~present).tolist(), dates, part.reader.idents_of(own), strict=True)
    return found


def components(count: int, edges: Pairs) -> NDArray[np.int64]:
    """Return for each of `count` nodes the lowest node that it is connected with."""
    label = np.arange(count)
    while len(edges):
        low = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
        before = label.copy()
        for side in (0, 1):
            np.minimum.at(label, label[edges[:, side]], low)
            np.minimum.at(label, edges[:, side], low)
        label = label[label]
        if np.array_equal(label, before):
            break
    return label
