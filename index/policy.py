"""Which segments are joined at a commit, so that a library has few of them, whatever its history.

Small segments are joined with all that are smaller as soon as these are together no less than a small share
of one. So a one-article commit writes a segment of few articles, only now and then a larger one; after
thousands of such commits there are one or two small segments, each far larger than all below it. Every
segment costs each search about a tenth; copying a few articles costs less than all else in a commit.

What one bulk build wrote in several runs is joined at once: each article is copied once, and a search over
one segment costs half of one over two. The large segments so made are left alone until most of one is deleted
or there are too many.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.merge import can_merge, merge
from index.schema import ArraySegment
from index.segment_names import INDEX_NAME, new_segment_id, segment_file
from index.toc import LibraryIndex

#: Segments up to this size are always joined with what is smaller: copying them costs less than having them.
_TINY = 96 << 10
#: The share of a segment that those below it reach before it is joined with them: a small one up to this
#: size, beyond it a larger one, since copying more would be felt.
_SMALL = 4 << 20
_SMALL_SHARE = 64
_SHARE = 8
_LARGE = 64 << 20
_MOST_LARGE = 24
#: A segment with more than this share of deleted articles is written anew.
_WASTE = 0.4


class Joined(NamedTuple):
    """The segments of a generation, and where the articles of those went that were joined for it.

    `moves` has for the id of each joined segment the id of the new one, and for each article its number
    there, -1 for the deleted ones.
    """

    segments: list[ArraySegment]
    moves: dict[str, tuple[str, NDArray[np.int64]]]


def merged(index: LibraryIndex, old: list[ArraySegment], made: list[ArraySegment]) -> Joined:
    """Return the segments that the next generation should have, new ones written where some were joined.

    `old` are those of the generation before, `made` those that the coming commit adds.
    """
    living = [segment for segment in (*old, *made) if segment.doc_count()]
    sizes = [index.segment_size(segment) for segment in living]
    chosen = _choose(living, sizes, len(living) - len(made))
    if not chosen:
        return Joined(living, {})
    readers = {id(segment): index.open_segment(segment) for segment in chosen}
    chosen = [segment for segment in chosen if can_merge(readers[id(segment)])]
    if not chosen or (len(chosen) == 1 and not chosen[0].deleted):
        return Joined(living, {})
    name = new_segment_id()
    sources = [(readers[id(segment)], segment.deleted) for segment in chosen]
    count = merge(sources, index.folder / segment_file(name))
    places = {id(segment) for segment in chosen}
    result = [segment for segment in living if id(segment) not in places]
    if count:
        at = min(place for place, segment in enumerate(living) if id(segment) in places)
        result.insert(min(at, len(result)), ArraySegment(INDEX_NAME, count, name))
    return Joined(result, _moves(chosen, name))


def _moves(chosen: list[ArraySegment], name: str) -> dict[str, tuple[str, NDArray[np.int64]]]:
    """Return where the articles of segments that were joined in this order are now."""
    moves = {}
    base = 0
    for segment in chosen:
        living = np.ones(segment.docs, dtype=np.bool_)
        living[list(segment.deleted)] = False
        numbers = np.where(living, np.cumsum(living) - 1 + base, -1)
        moves[segment.segid] = (name, numbers)
        base += int(living.sum())
    return moves


def _choose(segments: list[ArraySegment], sizes: list[int], old: int) -> list[ArraySegment]:
    """Return the segments to join into one, in their order; the first `old` are not new."""
    order = sorted(range(len(segments)), key=sizes.__getitem__)
    together: set[int] = set()
    total = 0
    large = [place for place in order if sizes[place] >= _LARGE]
    for count, place in enumerate(order):
        size = sizes[place]
        if size >= _LARGE:
            break
        share = _SMALL_SHARE if size <= _SMALL else _SHARE
        if count and (size <= _TINY or share * total >= size):
            together = set(order[: count + 1])
        total += size
    if len(segments) - old > 1:
        together |= set(range(old, len(segments)))
    if len(large) > _MOST_LARGE:
        together |= set(large[:2])
    together |= {
        place for place, segment in enumerate(segments) if segment.deleted_count() > _WASTE * segment.docs
    }
    return [segments[place] for place in sorted(together)]
