"""Keeping copies current: what a commit adds to the pairs of the generation before, and takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import distinct
from index.confirming import confirmed_in
from index.copies import Copies, Ints, Pairs, Part, living_pairs, numbered, numbers_of, part_of
from index.likeness import FEW, candidates, few_candidates
from index.signature import BINS

#: Pairs that are found after a generation that wrote all of them are written apart while they are so few, or
#: one in so many of those.
_FEW_PAIRS = 1024
_SHARE = 8


def renewed(
    before: Copies,
    moves: Mapping[str, tuple[str, NDArray[np.int64]]],
    parts: Sequence[Part],
    fresh: Iterable[str],
    jobs: int = 1,
) -> Copies:
    """Return the copies after a commit: `before` itself if that tells them all; `jobs` processes work on it.

    `before` are those of the generation that it builds on; `moves` says of each segment that was joined
    which one its articles went to and their numbers there (-1 for those left out); `parts` are the segments
    of the new generation, and `fresh` the ids of the segments that the commit made, joined or not.
    """
    new = _new_pairs(parts, _fresh_numbers(moves, parts, set(fresh)), jobs)
    later = before.later or Copies()
    if not len(new) and not any(segment in moves for segment in (*before.segments, *later.segments)):
        return before
    more = np.concatenate(
        [living_pairs(_moved(some, moves), parts) for some in (later, _leaving(before, moves))] + [new]
    )
    if before.generation >= 0 and len(more) <= max(_FEW_PAIRS, len(before.pairs) // _SHARE):
        docs = distinct(more)
        same = before.segments, before.owners, before.numbers, before.pairs, before.heads, before.generation
        return Copies(*same, _copies_of(docs, more, parts))
    numbers = numbers_of(before, parts)
    docs, heads = numbered(before, parts, numbers, more)
    pairs = numbers[before.pairs]
    there = np.flatnonzero((pairs[:, 0] >= 0) & (pairs[:, 1] >= 0))
    return _copies_of(docs, np.concatenate((pairs[there], more)), parts, heads)


def _copies_of(docs: Ints, pairs: Pairs, parts: Sequence[Part], heads: Ints | None = None) -> Copies:
    """Return the copies that pairs of article numbers, none of them twice, make.

    `docs` are the ascending articles in any pair, `heads` those that their groups are named by.
    """
    rows = np.searchsorted(docs, np.sort(pairs, axis=1))
    bases = np.array([part.base for part in parts], dtype=np.int64)
    owners = np.searchsorted(bases, docs, side="right") - 1
    used = np.flatnonzero(np.bincount(owners, minlength=len(parts)))  # only what these are in can change them
    segments = [parts[owner].segment for owner in used.tolist()]
    places = np.searchsorted(docs, docs[:0] if heads is None else heads)
    return Copies(segments, np.searchsorted(used, owners), docs - bases[owners], rows, places)


def _leaving(copies: Copies, moves: Mapping[str, tuple[str, NDArray[np.int64]]]) -> Copies:
    """Return the pairs of which a member is in a segment that was joined."""
    gone = np.array([segment in moves for segment in copies.segments], dtype=np.bool_)
    if not gone.any():
        return Copies()
    leaves = gone.take(copies.owners)
    pairs = copies.pairs[leaves[copies.pairs].any(axis=1)]
    return Copies(copies.segments, copies.owners, copies.numbers, pairs)


def _moved(copies: Copies, moves: Mapping[str, tuple[str, NDArray[np.int64]]]) -> Copies:
    """Return copies with the articles of joined segments where they are now; -1 for what is gone."""
    segments = [moves[segment][0] if segment in moves else segment for segment in copies.segments]
    names = list(dict.fromkeys(segments))
    owners = np.array([names.index(segment) for segment in segments], dtype=np.int64)[copies.owners]
    numbers = copies.numbers.copy()
    for place, segment in enumerate(copies.segments):
        if segment in moves:
            mine = np.flatnonzero(copies.owners == place)
            numbers[mine] = moves[segment][1][numbers[mine]]
    return Copies(names, owners, numbers, copies.pairs, copies.heads)


def _fresh_numbers(
    moves: Mapping[str, tuple[str, NDArray[np.int64]]], parts: Sequence[Part], fresh: Set[str]
) -> NDArray[np.bool_]:
    flags = np.zeros(sum(part.reader.doc_count for part in parts), dtype=np.bool_)
    bases = {part.segment: part.base for part in parts}
    for part in parts:
        flags[part.base : part.base + part.reader.doc_count] = part.segment in fresh
    for segment, (target, numbers) in moves.items():
        if segment in fresh and target in bases:
            flags[bases[target] + numbers[numbers >= 0]] = True
    for part in parts:
        flags[[part.base + number for number in part.deleted]] = False
    return flags


def _new_pairs(parts: Sequence[Part], fresh: NDArray[np.bool_], jobs: int) -> Pairs:
    rows = [
        np.zeros((part.reader.doc_count, BINS), dtype=np.uint8)
        if part.reader.signatures is None or not part.reader.stores_articles
        else part.reader.signatures
        for part in parts
    ]
    new = np.flatnonzero(fresh)
    if not len(new):
        return np.zeros((0, 2), dtype=np.int64)
    if len(new) <= FEW:
        found = few_candidates(rows, new)
        found = found[[not (_is_dead(one, parts) or _is_dead(other, parts)) for one, other in found.tolist()]]
    else:
        table = np.concatenate(rows)
        table[[part.base + number for part in parts for number in part.deleted]] = 0
        found = candidates(table, fresh)
    return confirmed_in(parts, found, jobs)


def _is_dead(doc: int, parts: Sequence[Part]) -> bool:
    part = part_of(doc, parts)
    return doc - part.base in part.deleted
