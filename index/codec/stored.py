"""Records (stored articles) in compressed groups: a group is read whole, one record of it handed out.

Groups of some 64 KiB compress as well as single records with a trained dictionary, need no training and
no second file, and ten of them are read in well under a millisecond. Every frame carries zstd's checksum,
so a damaged record is an error and never another text.

Arrays of a store S: S.frames (zstd frames, one after another), S.frame_ends (with a leading 0), S.firsts
(the number of each frame's first record, and the count of all). A frame holds the sizes of its records,
uint32 each, then the records.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import zstandard
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.packing import Spool
from index.errors import LibraryDamaged

_GROUP = 64 << 10
_LEVEL = 3
#: The group that was read last is kept, since neighbours are often read together, unless it is so large.
_KEPT = 1 << 20


class StoredWriter:
    """Collects records in order."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._frames = Spool()
        #: What comes before these: frames of other stores, and own ones.
        self._before: list[Spool | NDArray[np.uint8]] = []
        self._ends = [0]
        self._firsts = [0]
        self._group: list[bytes] = []
        self._size = 0

    def add(self, record: bytes) -> None:
        """Append a record; empty ones are records too."""
        self._group.append(record)
        self._size += len(record)
        if self._size >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._group:
            sizes = np.fromiter(map(len, self._group), dtype="<u4", count=len(self._group))
            frame = self._compressor.compress(b"".join((sizes.tobytes(), *self._group)))
            self._frames.append(np.frombuffer(frame, dtype=np.uint8))
            self._ends.append(self._ends[-1] + len(frame))
            self._firsts.append(self._firsts[-1] + len(self._group))
            self._group, self._size = [], 0

    def copy(self, other: StoredReader) -> None:
        """Append all records of another store without unpacking them, unless its groups are small.

        Its file is read when this one is written.
        """
        if len(other) and other.mean_group() < _GROUP // 4:
            for record in other:
                self.add(record)
            return
        self._flush()
        frames, ends, firsts = other.groups()
        self._before += (self._frames, frames)
        self._frames = Spool()
        self._ends += [self._ends[-1] + end for end in ends[1:]]
        self._firsts += [self._firsts[-1] + first for first in firsts[1:]]

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the arrays; nothing may be added afterwards."""
        self._flush()
        file.add(f"{name}.frame_ends", np.array(self._ends, dtype=np.uint64))
        file.add(f"{name}.firsts", np.array(self._firsts, dtype=np.uint32))
        file.add_chunks(f"{name}.frames", np.dtype(np.uint8), self._chunks())

    def _chunks(self) -> Iterator[NDArray[np.uint8] | bytes]:
        for frames in (*self._before, self._frames):
            if isinstance(frames, Spool):
                yield from frames.chunks()
            else:
                yield frames


class StoredReader:
    """The records of one segment, numbered from 0; safe to use from several threads."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._path = file.path
        self._frames = file.array(f"{name}.frames")
        self._last: tuple[int, list[bytes]] = (-1, [])
        self._ends = file.array(f"{name}.frame_ends")
        self._firsts = file.array(f"{name}.firsts")
        self._bounds = self._firsts.data

    def __len__(self) -> int:
        return self._bounds[-1] if len(self._bounds) else 0

    def __getitem__(self, number: int) -> bytes:
        """Return one record; raises `IndexError` beyond the last, `LibraryDamaged` for a damaged one."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        group = bisect_right(self._bounds, number) - 1
        known, records = self._last
        if known != group:
            records = self._group(group)
            if sum(map(len, records)) <= _KEPT:
                self._last = group, records
        return records[number - self._bounds[group]]

    def __iter__(self) -> Iterator[bytes]:
        for group in range(len(self._ends) - 1):
            yield from self._group(group)

    def groups(self) -> tuple[NDArray[np.uint8], list[int], list[int]]:
        """Return the compressed groups one after another, and as lists `S.frame_ends` and `S.firsts`."""
        return self._frames, self._ends.tolist(), self._firsts.tolist()

    def mean_group(self) -> int:
        """Return the mean size of a group, packed, times three: about what it is unpacked."""
        return 3 * len(self._frames) // max(1, len(self._ends) - 1)

    def chosen(self, numbers: NDArray[np.int64]) -> Iterator[list[bytes]]:
        """Yield some records (ascending numbers), those of each group together. Raises as for one record."""
        if len(numbers) and not 0 <= numbers[0] <= numbers[-1] < len(self):
            raise IndexError(int(numbers[-1]))
        groups = np.searchsorted(self._firsts, numbers, side="right") - 1
        for some in np.split(numbers, np.flatnonzero(np.diff(groups)) + 1) if len(numbers) else ():
            group = bisect_right(self._bounds, int(some[0])) - 1
            data, bounds = self._unpacked(group)
            places = some - self._bounds[group]
            starts, ends = bounds.take(places).tolist(), bounds.take(places + 1).tolist()
            yield [data[start:end] for start, end in zip(starts, ends, strict=True)]

    def _group(self, group: int) -> list[bytes]:
        data, bounds = self._unpacked(group)
        return [data[start:end] for start, end in pairwise(bounds.tolist())]

    def _unpacked(self, group: int) -> tuple[bytes, NDArray[np.int64]]:
        """Return the bytes of a group, and where in them its records start, and the last one ends."""
        frame = self._frames[int(self._ends[group]) : int(self._ends[group + 1])]
        try:
            data = zstandard.ZstdDecompressor().decompress(frame.data)
        except zstandard.ZstdError as error:
            raise LibraryDamaged(self._path, f"a stored article cannot be read ({error})") from error
        count = int(self._firsts[group + 1]) - int(self._firsts[group])
        bounds = np.full(count + 1, 4 * count, dtype=np.int64)
        bounds[1:] += np.cumsum(np.frombuffer(data, dtype="<u4", count=count), dtype=np.int64)
        return data, bounds
