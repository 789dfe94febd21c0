"""What is kept of many texts to tell at once which pairs of them are surely copies, and which surely not.

Each shingle of a text sets one of `BITS` bits, chosen by its hash. Of a bit that only one of two texts has
set, at least one shingle is in that text alone, so that bits bound from above how many shingles two texts can
have in common: most pairs that are no copies show it so. Texts of the same shingles have the same sum of
their scrambled hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.shingles import Shingles

BITS = 1024
_WORDS = BITS // 64
_SHIFT = np.uint64(64 - BITS.bit_length() + 1)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(32)

Pairs = NDArray[np.int64]


class Sketches(NamedTuple):
    """Sketches of some texts: for each a row of bits, how many shingles it has, and their sum."""

    bits: NDArray[np.uint64]
    counts: NDArray[np.int64]
    sums: NDArray[np.uint64]

    @classmethod
    def empty(cls, size: int) -> Sketches:
        """Return room for those of `size` texts."""
        return cls(
            np.zeros((size, _WORDS), dtype=np.uint64),
            np.zeros(size, dtype=np.int64),
            np.zeros(size, dtype=np.uint64),
        )

    def part(self, first: int, last: int) -> Sketches:
        """Return those of the texts from `first` to before `last`; what fills these fills the whole."""
        return Sketches(self.bits[first:last], self.counts[first:last], self.sums[first:last])

    def unpack(self, arrays: Sequence[bytes]) -> None:
        """Take what `packed` returned of sketches of as many texts."""
        for own, array in zip(self, arrays, strict=True):
            own[:] = np.frombuffer(array, dtype=own.dtype).reshape(own.shape)

    def packed(self) -> tuple[bytes, ...]:
        """Return the arrays as plain values."""
        return tuple(array.tobytes() for array in self)

    def fill(self, first: int, hashes: Shingles, counts: NDArray[np.int64]) -> None:
        """Make those of texts from `first` on of the hashes of their shingles, `counts` of each."""
        last = first + len(counts)
        self.counts[first:last] = counts
        flags = np.zeros(len(counts) * BITS, dtype=np.uint8)
        flags[np.repeat(np.arange(0, len(flags), BITS), counts) + (hashes >> _SHIFT).view(np.int64)] = 1
        self.bits[first:last] = np.packbits(flags).view(np.uint64).reshape(-1, _WORDS)
        there = np.flatnonzero(counts)
        if len(there):
            mixed = hashes ^ (hashes >> _HALF)
            mixed *= _MIX
            self.sums[first + there] = np.add.reduceat(mixed, (np.cumsum(counts) - counts)[there])

    def same(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Return of which pairs both texts have the same shingles, as often, and any at all."""
        one, other = pairs[:, 0], pairs[:, 1]
        sums, counts = self.sums, self.counts
        equal: NDArray[np.bool_] = (sums[one] == sums[other]) & (counts[one] == counts[other])
        return equal & (counts[one] > 0)

    def most(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return of each pair a likeness that the two texts do not exceed."""
        one, other = self.bits[pairs[:, 0]], self.bits[pairs[:, 1]]
        both = _ones(one & other)
        alone = [_ones(bits) - both for bits in (one, other)]
        common = np.minimum(*(self.counts[pairs[:, side]] - alone[side] for side in (0, 1)))
        most: NDArray[np.float64] = common / np.maximum(1, common + alone[0] + alone[1])
        return most


def _ones(bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many bits of each row are set."""
    counts: NDArray[np.int64] = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return counts
