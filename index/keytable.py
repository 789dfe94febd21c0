"""A hash table of short words for numpy: many keys looked up by a few array operations.

A key is one or two uint64 (the bytes of a word, zero-padded; words hold no zero bytes, so no two words
share a key). Values are int32. Open addressing with linear probing; never more than two fifths full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Values = NDArray[np.int32]

#: What `find` gives for a key that the table does not hold.
ABSENT = np.int32(-(2**31))

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)


class KeyTable:
    """Maps keys of `width` 1 or 2 uint64 words to int32 values."""

    def __init__(self, width: int, bits: int = 12) -> None:
        self._wide = width == 2
        self._count = 0
        self._allocate(bits)

    def __len__(self) -> int:
        return self._count

    @property
    def slots(self) -> tuple[Keys, Keys, Values, int]:
        """The first and second words of the keys, the values, and the number of bits of a slot's number."""
        return self._low, self._high, self._values, int(64 - self._shift)

    def _allocate(self, bits: int) -> None:
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._low = np.zeros(1 << bits, dtype=np.uint64)
        self._high = np.zeros(1 << bits if self._wide else 0, dtype=np.uint64)
        self._values: Values = np.full(1 << bits, ABSENT, dtype=np.int32)

    def _home(self, low: Keys, high: Keys | None) -> NDArray[np.intp]:
        mixed = low if high is None else low ^ (high * _SECOND)
        return ((mixed * _FIRST) >> self._shift).view(np.intp)

    def find(self, low: Keys, high: Keys | None = None) -> Values:
        """Return the value of each key, `ABSENT` where there is none; `high` holds second words."""
        slots = self._home(low, high)
        found = self._values.take(slots)
        wrong = self._low.take(slots) != low
        if high is not None:
            wrong |= self._high.take(slots) != high
        open_ = np.flatnonzero(wrong)
        while len(open_):
            open_ = open_[found[open_] != ABSENT]  # an empty slot ends the search
            next_slots = (slots[open_] + 1) & self._mask
            slots[open_] = next_slots
            found[open_] = self._values[next_slots]
            wrong = self._low[next_slots] != low[open_]
            if high is not None:
                wrong |= self._high[next_slots] != high[open_]
            open_ = open_[wrong]
        return found

    def add(self, low: Keys, values: Values, high: Keys | None = None) -> None:
        """Add distinct keys that the table does not hold yet."""
        self._count += len(low)
        bits = int(64 - self._shift)
        if self._count * 5 > (1 << bits) * 2:
            while self._count * 5 > (1 << bits):  # grow fourfold or so: each time costs a copy
                bits += 1
            full = np.flatnonzero(self._values != ABSENT)
            old = self._low[full], self._values[full], self._high[full] if self._wide else None
            self._allocate(bits)
            self._place(*old)
        self._place(low, values, high)

    def _place(self, low: Keys, values: Values, high: Keys | None) -> None:
        slots = self._home(low, high)
        rest = np.arange(len(low), dtype=np.int32)
        while len(rest):
            at = slots.take(rest)
            free = self._values.take(at) == ABSENT
            # Each claims its slot by its number: of several that claim one, the last is seen to have won.
            self._values[at[free]] = rest[free]
            won = free & (self._values.take(at) == rest)
            winners, taken = rest[won], at[won]
            self._low[taken] = low[winners]
            if high is not None:
                self._high[taken] = high[winners]
            self._values[taken] = values[winners]
            rest = rest[~won]
            slots[rest] = (slots[rest] + 1) & self._mask
