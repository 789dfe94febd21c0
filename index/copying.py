"""Keeping copies current: what a commit adds to the pairs of the generation before, and takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.copies import Copies, Ints, Pairs, Part, numbered, numbers_of, part_of
from index.likeness import FEW, candidates, confirmed, few_candidates
from index.schema import unpack_article
from index.signature import BINS


def renewed(
    before: Copies,
    moves: Mapping[str, tuple[str, NDArray[np.int64]]],
    parts: Sequence[Part],
    fresh: Iterable[str],
) -> Copies:
    """Return the copies after a commit: `before` itself if that tells them all.

    `before` are those of the generation that it builds on; `moves` says of each segment that was joined
    which one its articles went to and their numbers there (-1 for those left out); `parts` are the segments
    of the new generation, and `fresh` the ids of the segments that the commit made, joined or not.
    """
    new = _new_pairs(parts, _fresh_numbers(moves, parts, set(fresh)))
    if not len(new) and not any(segment in moves for segment in before.segments):
        return before
    kept = _moved(before, moves)
    numbers = numbers_of(kept, parts)
    docs, heads = numbered(kept, parts, numbers, new)
    pairs = numbers[kept.pairs]
    there = np.flatnonzero((pairs[:, 0] >= 0) & (pairs[:, 1] >= 0))
    return _copies_of(docs, heads, np.concatenate((pairs[there], new)), parts)


def _copies_of(docs: Ints, heads: Ints, pairs: Pairs, parts: Sequence[Part]) -> Copies:
    """Return the copies that pairs of article numbers, none of them twice, make.

    `docs` are the ascending articles in any pair, `heads` those that their groups are named by.
    """
    is_member = np.zeros(sum(part.reader.doc_count for part in parts), dtype=np.bool_)
    is_member[docs] = True
    places = np.cumsum(is_member) - 1
    one, other = places[pairs[:, 0]], places[pairs[:, 1]]
    rows = np.stack((np.minimum(one, other), np.maximum(one, other)), axis=1)
    bases = np.array([part.base for part in parts], dtype=np.int64)
    owners = np.searchsorted(bases, docs, side="right") - 1
    used = np.flatnonzero(np.bincount(owners, minlength=len(parts)))  # only what these are in can change them
    segments = [parts[owner].segment for owner in used.tolist()]
    numbers = docs - bases[owners]
    return Copies(segments, np.searchsorted(used, owners), numbers, rows, places[heads])


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


def _new_pairs(parts: Sequence[Part], fresh: NDArray[np.bool_]) -> Pairs:
    rows = [
        np.zeros((part.reader.doc_count, BINS), dtype=np.uint8)
        if part.reader.signatures is None or not part.reader.stores_articles
        else part.reader.signatures
        for part in parts
    ]
    new = np.flatnonzero(fresh)
    if not len(new):
        return np.zeros((0, 2), dtype=np.int64)
    dead = [part.base + number for part in parts for number in part.deleted]
    if len(new) <= FEW:
        found = few_candidates(rows, new)
        alive = np.ones(len(fresh), dtype=np.bool_)
        alive[dead] = False
        found = found[alive[found[:, 0]] & alive[found[:, 1]]]
    else:
        table = np.concatenate(rows)
        table[dead] = 0
        found = candidates(table, fresh)

    def article(doc: int) -> Any:
        part = part_of(doc, parts)
        return unpack_article(part.reader.stored[doc - part.base])

    return confirmed(found, article)
