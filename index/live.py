"""The segments of a generation: their articles numbered one after the other, some of them deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_reader import SegmentReader
from index.postings import Living
from index.value import Value

Numbers = NDArray[np.intp]


class LiveSegment(Value):
    """A segment in a library: its articles are numbered from `base`; `living` is None if none is deleted."""

    base: int
    reader: SegmentReader
    living: NDArray[np.bool_] | None
    alive: Living | None = None

    def filtered(self, docs: Numbers, *aligned: NDArray[Any]) -> tuple[Numbers, ...]:
        """Return the library's numbers of the segment's living `docs`, and what is aligned with them."""
        if self.living is not None:
            alive = self.living[docs]
            docs, aligned = docs[alive], tuple(array[alive] for array in aligned)
        return (docs + self.base if self.base else docs, *aligned)


class LiveSegments:
    """The `segments` of a generation, with `size` articles, of which `count` are not deleted."""

    segments: tuple[LiveSegment, ...]
    size: int
    count: int

    @cached_property
    def living(self) -> NDArray[np.bool_]:
        """For each article number, whether the article is still there."""
        alive = np.ones(self.size, dtype=np.bool_)
        for segment in self.segments:
            if segment.living is not None:
                alive[segment.base : segment.base + len(segment.living)] = segment.living
        return alive


def live_segments(readers: Sequence[SegmentReader], segments: Sequence[Any]) -> Iterator[LiveSegment]:
    """Yield segments by their readers and their entries in the table of contents."""
    base = 0
    for reader, segment in zip(readers, segments, strict=True):
        living = None
        if segment.deleted:
            living = np.ones(reader.doc_count, dtype=np.bool_)
            living[list(segment.deleted)] = False
        yield LiveSegment(base, reader, living, None if living is None else Living(living))
        base += reader.doc_count
