"""The order of the ids of several segments together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_reader import SegmentReader

#: While the largest segment has so many times the articles of all others, their ids are looked for in it.
_TIMES = 16


def ranked(segments: Sequence[SegmentReader]) -> NDArray[np.int64]:
    """Return a number for each article of the segments, one after another: the lower, the lower its id is as
    UTF-8 bytes. Articles of one id have equal numbers or those of their order."""
    count = sum(segment.doc_count for segment in segments)
    largest = max(segments, key=lambda segment: segment.doc_count, default=None)
    if largest is None or (count - largest.doc_count) * _TIMES > count:
        idents = [ident for segment in segments for ident in segment.idents()]
        ranks = np.empty(count, dtype=np.int64)
        ranks[sorted(range(count), key=idents.__getitem__)] = np.arange(count)
        return ranks
    own, others = largest.id_ranks, [segment for segment in segments if segment is not largest]
    ids = largest.plain("id")
    idents = [ident for segment in others for ident in segment.idents()]
    order = sorted(range(len(idents)), key=idents.__getitem__)
    below = [0 if ids is None else ids.terms.lower_bound(idents[place]) for place in order]
    # An id of the others comes before those that it is not greater than, behind the others that are smaller.
    before = np.cumsum(np.bincount(below, minlength=int(own.max(initial=0)) + 1))
    found = np.empty(len(idents), dtype=np.int64)
    found[order] = np.array(below, dtype=np.int64) + np.arange(len(order))
    ends = iter(np.split(found, np.cumsum([segment.doc_count for segment in others])[:-1]))
    return np.concatenate([own + before[own] if segment is largest else next(ends) for segment in segments])
