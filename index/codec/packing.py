"""Small numbers in 0, 1, 2, 4 or 8 bits, one width for each group of them (a group is a term).

A value that does not fit stands as the largest of its width, and as it is, with its place among all values,
in a list of its own. Groups of one width follow each other without gaps.

Arrays of a column C: C.width (the width of each group, as its power: 0, 1, 2, 3, 4 for 0, 1, 2, 4, 8 bits),
C.w1 to C.w4 (the packed values of each width), C.over_at (ascending) and C.over (the large values).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter

_BITS = (0, 1, 2, 4, 8)
#: The largest value of each width. 255 counts as large, so that one more than a value in 8 bits is one too.
_LARGEST = np.array([0, 1, 3, 15, 254])
#: A large value costs its place and itself.
_OVER_COST = 12 * 8
#: What stands packed for a value that does not fit.
_LARGEST_PACKED = (0, 1, 3, 15, 255)
#: Values are looked up one by one where they are fewer than one in so many.
_FEW = 8
_ONE = np.uint64(1)
_IN_MEMORY = 1 << 20
_CHUNK = 1 << 20


class Spool:
    """Bytes that are appended now and read once later; beyond 1 MiB they wait in a temporary file."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0
        self._file: IO[bytes] | None = None
        self.size = 0

    def append(self, array: NDArray[Any]) -> None:
        """Append the bytes of an array."""
        if not len(array):
            return
        self._pieces.append(array.tobytes())
        self._held += array.nbytes
        self.size += array.nbytes
        if self._held >= _IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        if self._file is None:
            import tempfile  # not at the top: searching never spools

            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - read and closed by `chunks`
        self._file.writelines(self._pieces)
        self._pieces, self._held = [], 0

    def chunks(self) -> Iterator[bytes]:
        """Yield what was appended; all pieces but the last have a multiple of 1 MiB. Only once."""
        if self._file is None:
            yield b"".join(self._pieces)
            return
        self._spill()
        self._file.seek(0)
        while piece := self._file.read(_CHUNK):
            yield piece
        self._file.close()

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()


class PackedWriter:
    """Collects the groups of a column in order, then writes its arrays."""

    def __init__(self) -> None:
        self._widths: list[NDArray[np.uint8]] = []
        self._streams = [Spool() for _ in _BITS]
        self._over_at: list[NDArray[np.uint64]] = []
        self._over: list[NDArray[np.uint32]] = []
        self._total = 0

    def append(self, values: NDArray[np.integer[Any]], counts: NDArray[np.int64]) -> None:
        """Append groups of `counts` values each, none of them empty."""
        # Most values are 0 and most others small: each step looks only at what the one before left.
        where = np.flatnonzero(values != 0)
        there = values.take(where)
        widths = self._choose(where, there, counts)
        each = np.repeat(widths, counts)
        small = values if values.dtype == np.uint8 else np.minimum(values, 255).astype(np.uint8)
        for power in np.flatnonzero(np.bincount(widths, minlength=5)[1:]) + 1:
            chosen = small[each == power]
            self._streams[power].append(
                np.minimum(chosen, np.uint8(_LARGEST[power])) if power < 4 else chosen
            )
        large = np.flatnonzero(there > _LARGEST.take(each.take(where)))
        self._over_at.append((where.take(large) + self._total).astype(np.uint64))
        self._over.append(there.take(large).astype(np.uint32))
        self._widths.append(widths)
        self._total += len(values)

    @staticmethod
    def _choose(
        where: NDArray[np.intp], there: NDArray[np.integer[Any]], counts: NDArray[np.int64]
    ) -> NDArray[np.uint8]:
        """Return the width of each group that costs least; `there` are the values other than 0."""
        starts = np.cumsum(counts) - counts
        best = _each(where, starts) * _OVER_COST
        widths = np.zeros(len(counts), dtype=np.uint8)
        for power in range(1, 5):
            if not len(where):
                break
            larger = np.flatnonzero(there > _LARGEST[power])
            where, there = where.take(larger), there.take(larger)
            cost = counts * _BITS[power] + _each(where, starts) * _OVER_COST
            widths[cost < best] = power
            np.minimum(cost, best, out=best)
        return widths

    def widths(self) -> NDArray[np.uint8]:
        """Return the width (as its power) of each group so far."""
        return np.concatenate([np.zeros(0, dtype=np.uint8), *self._widths])

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the column under `name`."""
        file.add(f"{name}.width", self.widths())
        for power in range(1, 5):
            stream = self._streams[power]
            if stream.size:
                packed = (pack(np.frombuffer(chunk, dtype=np.uint8), power) for chunk in stream.chunks())
                file.add_chunks(f"{name}.w{power}", np.dtype(np.uint8), packed)
        if any(map(len, self._over)):
            file.add(f"{name}.over_at", np.concatenate(self._over_at))
            file.add(f"{name}.over", np.concatenate(self._over))


class PackedReader:
    """A column written by `PackedWriter`."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.widths: NDArray[np.uint8] = file.array(f"{name}.width")
        self._streams = [file.array(f"{name}.w{power}") for power in range(5)]
        self._over_at = file.array(f"{name}.over_at")
        self._over = file.array(f"{name}.over")
        self._large_places = self._over_at.data
        self.has_large = len(self._over_at) > 0

    def arrays(self) -> list[NDArray[Any]]:
        """Return the five streams (the first one is empty), the places of the large values, and these."""
        return [*self._streams, self._over_at, self._over]

    def read(self, power: int, offset: int, place: int, count: int) -> NDArray[np.integer[Any]]:
        """Return `count` values of one group: `offset` in its width's stream, `place` among all values.

        The result is uint8 where all values fit, else uint32; it may be a read-only view.
        """
        values = self.slice(power, offset, count)
        return self._with_large(values, place, count)

    def slice(self, power: int, offset: int, count: int) -> NDArray[np.uint8]:
        """Return `count` values of one width's stream, large ones as the largest that fits."""
        if power == 0:
            return np.zeros(count, dtype=np.uint8)
        return unpack(self._streams[power], power, offset, count)

    def _with_large(
        self, values: NDArray[np.uint8], place: int, count: int
    ) -> NDArray[np.uint8] | NDArray[np.uint32]:
        if not len(self._over_at):
            return values
        first = bisect_left(self._large_places, place)
        last = bisect_left(self._large_places, place + count, first)
        if first == last:
            return values
        wide = values.astype(np.uint32)
        wide[self._over_at[first:last].astype(np.intp) - place] = self._over[first:last]
        return wide

    def plus_one(self, power: int, offset: int, place: int, count: int) -> NDArray[np.float64]:
        """Return what `read` does, each value one more, in an array of the caller's own."""
        if power == 0:
            values = np.ones(count)
        elif power == 4:
            values = self._streams[4][offset : offset + count] + 1.0
        else:
            first, within = divmod(offset, 8 // _BITS[power])
            part = self._streams[power][first : -(-(offset + count) * _BITS[power] // 8)]
            values = _PLUS_ONE[power].take(part, axis=0).reshape(-1)[within : within + count]
        if self.has_large:
            low = bisect_left(self._large_places, place)
            high = bisect_left(self._large_places, place + count, low)
            if low < high:
                values[self._over_at[low:high].astype(np.intp) - place] = self._over[low:high] + 1.0
        return values

    def add_to(self, sums: NDArray[np.float64], power: int, offset: int, place: int, count: int) -> None:
        """Add what `read` returns to `sums`."""
        if power:
            sums += self.read(power, offset, place, count)
        elif self.has_large:
            low = bisect_left(self._large_places, place)
            high = bisect_left(self._large_places, place + count, low)
            if low < high:
                sums[self._over_at[low:high].astype(np.intp) - place] += self._over[low:high]

    def chosen(
        self, power: int, offset: int, place: int, count: int, places: NDArray[np.intp]
    ) -> NDArray[np.integer[Any]]:
        """Return the values of a group that stand at `places` in it; the other arguments are as in `read`."""
        if len(places) * _FEW > count:
            return self.read(power, offset, place, count).take(places)
        if power == 0:
            values = np.zeros(len(places), dtype=np.uint8)
        elif power == 4:
            values = self._streams[4].take(places + offset)
        else:
            bits, shift = _BITS[power], 4 - power
            at = places + offset
            within = ((at & ((1 << shift) - 1)) << (power - 1)).astype(np.uint8)
            values = (self._streams[power].take(at >> shift) >> within) & np.uint8((1 << bits) - 1)
        large = self._large(place, count)
        if large is None:
            return values
        where, what = large
        at = where.searchsorted(places)
        at[at == len(where)] = 0
        hit = (where.take(at) == places).nonzero()[0]
        if len(hit):
            values = values.astype(np.uint32)
            values[hit] = what.take(at.take(hit))
        return values

    def sums_before(
        self, power: int, offset: int, place: int, count: int, places: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        """Return for each of `places` (0 to `count`) the sum of the values of the group before it.

        The values are added up as they are packed, a whole number of 64 bits at a time.
        """
        if power == 0:
            sums = np.zeros(len(places), dtype=np.int64)
        else:
            bits = _BITS[power]
            first, begin = divmod(offset * bits, 8)
            last = ((offset + count) * bits + 7) // 8
            packed = np.zeros((last - first) // 8 * 8 + 8, dtype=np.uint8)
            packed[: last - first] = self._streams[power][first:last]
            packed[0] &= 0xFF << begin & 0xFF
            words = packed.view("<u8")
            total = np.zeros(len(words), dtype=np.int64)
            np.cumsum(_added(words[:-1], power), out=total[1:])
            at = places * bits + begin
            word = at >> 6
            mask = (_ONE << (at & 63).view(np.uint64)) - _ONE
            sums = total.take(word) + _added(words.take(word) & mask, power)
        large = self._large(place, count)
        if large is None:
            return sums
        where, what = large
        more = np.zeros(len(where) + 1, dtype=np.int64)
        np.cumsum(what - _LARGEST_PACKED[power], out=more[1:])
        if len(where) * _FEW > len(places):
            sums += more.take(np.searchsorted(where, places))
        else:  # from the first place behind a large value on, it is part of the sum
            begins = np.searchsorted(places, where, side="right")
            steps = np.bincount(begins, weights=np.diff(more), minlength=len(places) + 1)
            sums += np.cumsum(steps[:-1]).astype(np.int64)
        return sums

    def most(self, power: int, place: int, count: int) -> int:
        """Return a number that no value of the group exceeds: the largest, or that of its width."""
        if self.has_large:
            first = bisect_left(self._large_places, place)
            last = bisect_left(self._large_places, place + count, first)
            if first < last:
                return int(self._over[first:last].max())
        return _LARGEST_PACKED[power]

    def _large(self, place: int, count: int) -> tuple[NDArray[np.intp], NDArray[np.int64]] | None:
        """Return the places in a group of the values that do not fit, ascending, and these; None for none."""
        if not self.has_large:
            return None
        first = bisect_left(self._large_places, place)
        last = bisect_left(self._large_places, place + count, first)
        if first == last:
            return None
        return self._over_at[first:last].astype(np.intp) - place, self._over[first:last].astype(np.int64)

    def read_groups(
        self, first: int, counts: NDArray[np.int64], offsets: NDArray[np.int64], place: int
    ) -> NDArray[np.uint8] | NDArray[np.uint32]:
        """Return the values of consecutive groups from number `first`, in uint8 where all fit, else uint32.

        `offsets` are the first group's places in the five streams, `place` its place among all values.
        """
        widths = self.widths[first : first + len(counts)]
        each = np.repeat(widths, counts)
        values = np.zeros(len(each), dtype=np.uint8)
        for power in (np.flatnonzero(np.bincount(widths, minlength=5)[1:]) + 1).tolist():
            mine = each == power
            count = int(np.count_nonzero(mine))
            values[mine] = self.slice(power, int(offsets[power]), count)
        return self._with_large(values, place, len(values))


class JoinedPacked:
    """The groups of several columns, those of one after those of the other."""

    def __init__(
        self, parts: Sequence[tuple[ArrayFile, str]], counts: Sequence[NDArray[np.integer[Any]]]
    ) -> None:
        """Take the file and the name of each column, and how many values each of its groups has."""
        self._parts = parts
        self._counts = [count.astype(np.int64) for count in counts]

    def widths(self) -> NDArray[np.uint8]:
        """Return the width (as its power) of each group."""
        return np.concatenate([np.zeros(0, dtype=np.uint8), *self._arrays("width")])

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write them as one column under `name`: what a `PackedWriter` writes that was given all groups."""
        widths = self._arrays("width")
        file.add(f"{name}.width", self.widths())
        for power in range(1, 5):
            sizes = [
                int(count[width == power].sum()) for width, count in zip(widths, self._counts, strict=True)
            ]
            if any(sizes):
                streams = self._arrays(f"w{power}")
                file.add_chunks(f"{name}.w{power}", np.dtype(np.uint8), joined_bits(streams, sizes, power))
        bases = accumulate((int(count.sum()) for count in self._counts), initial=0)
        places = [
            at + np.uint64(base) for at, base in zip(self._arrays("over_at"), bases, strict=False) if len(at)
        ]
        if places:
            file.add(f"{name}.over_at", np.concatenate(places))
            file.add_chunks(f"{name}.over", np.dtype(np.uint32), self._arrays("over"))

    def _arrays(self, key: str) -> list[NDArray[Any]]:
        return [file.array(f"{name}.{key}") for file, name in self._parts]


def joined_bits(
    streams: Sequence[NDArray[np.uint8]], sizes: Sequence[int], power: int
) -> Iterator[NDArray[np.uint8]]:
    """Yield, piece by piece, the values of several packed streams as one; `sizes` are their counts."""
    bits = _BITS[power]
    rest, filled = np.zeros(1, dtype=np.uint8), 0  # the last byte so far, and how many of its bits are taken
    for stream, size in zip(streams, sizes, strict=True):
        for first in range(0, len(stream), _CHUNK):
            part = stream[first : first + _CHUNK]
            used = min(size * bits - first * 8, len(part) * 8)
            if filled:
                part = np.append(part, np.uint8(0))
                low = part << np.uint8(filled)
                low[0] |= rest[0]
                low[1:] |= part[:-1] >> np.uint8(8 - filled)
                part = low
            whole, left = divmod(filled + used, 8)
            yield part[:whole]
            rest, filled = part[whole : whole + 1].copy(), left
    if filled:
        yield rest


def _added(words: NDArray[np.uint64], power: int) -> NDArray[np.int64]:
    """Return the sum of the values packed in each 64 bits."""
    if power <= 2:
        counts: NDArray[np.int64] = np.bitwise_count(words).astype(np.int64)
        if power == 2:  # the high bit of a pair counts twice
            counts += np.bitwise_count(words & np.uint64(0xAAAAAAAAAAAAAAAA))
        return counts
    if power == 3:
        nibbles = np.uint64(0x0F0F0F0F0F0F0F0F)
        each = (words & nibbles) + ((words >> np.uint64(4)) & nibbles)
        return ((each * np.uint64(0x0101010101010101)) >> np.uint64(56)).view(np.int64)
    bytes_ = np.uint64(0x00FF00FF00FF00FF)
    each = (words & bytes_) + ((words >> np.uint64(8)) & bytes_)
    return ((each * np.uint64(0x0001000100010001)) >> np.uint64(48)).view(np.int64)


def count_each(flags: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many flags are set from each of `starts` to the next."""
    return _each(np.flatnonzero(flags), starts)


def _each(where: NDArray[np.intp], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the ascending `where` lie from each of `starts` to the next."""
    return np.diff(np.searchsorted(where, starts), append=len(where))


def pack(values: NDArray[np.uint8], power: int) -> NDArray[np.uint8]:
    """Return values of 1, 2, 4 or 8 bits side by side, the first in the lowest bits."""
    bits = _BITS[power]
    if bits == 8:
        return values
    if bits == 1:
        return np.packbits(values, bitorder="little")
    each = 8 // bits
    padded = np.zeros(-(-len(values) // each) * each, dtype=np.uint8)
    padded[: len(values)] = values
    out = padded[0::each].copy()
    for place in range(1, each):
        out |= padded[place::each] << np.uint8(place * bits)
    return out


def _pairs(bits: int) -> NDArray[Any]:
    each = 8 // bits
    every = np.arange(256, dtype=np.uint8)[:, None] >> (np.arange(each, dtype=np.uint8) * bits)
    return (every & ((1 << bits) - 1)).astype(np.uint8).view(f"<u{each}").reshape(256)


#: For each byte, its values as one wider integer: a lookup unpacks without shifts.
_UNPACKED = {1: _pairs(1), 2: _pairs(2), 3: _pairs(4)}


#: For each byte, its values as numbers, each one more.
_PLUS_ONE = {
    power: table[:, None].view(np.uint8).astype(np.float64) + 1.0 for power, table in _UNPACKED.items()
}


def unpack(packed: NDArray[np.uint8], power: int, offset: int, count: int) -> NDArray[np.uint8]:
    """Return `count` values from value number `offset` of what `pack` gave."""
    bits = _BITS[power]
    if bits == 8:
        return packed[offset : offset + count]
    each = 8 // bits
    first = offset // each
    part = packed[first : -(-(offset + count) // each)]
    values: NDArray[np.uint8] = _UNPACKED[power].take(part).view(np.uint8)
    return values[offset - first * each : offset - first * each + count]
