"""Many byte strings as two arrays: put in order, and told apart, without a Python object for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import changes

Ints = NDArray[np.int64]

#: Bytes that are compared at once: the high ones of a number. Its lowest byte says how many there are, or one
#: more than these for more.
_WIDTH = 7
_MASKS = np.array([((1 << 8 * size) - 1) << (64 - 8 * size) for size in range(_WIDTH + 1)], dtype=np.uint64)
_LOWEST = np.uint64(0xFF)


class Strings:
    """Byte strings, numbered from 0: `data` is one after another, `sizes` are their lengths."""

    def __init__(self, data: bytes, sizes: NDArray[np.integer[Any]]) -> None:
        self.data = data
        self.ends = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=self.ends[1:])

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Return texts in UTF-8, lone surrogates as `surrogatepass` writes them; none may have a line end."""
        if not texts:
            return cls(b"", np.zeros(0, dtype=np.int64))
        lines = "\n".join(texts).encode("utf-8", "surrogatepass")
        breaks = np.flatnonzero(np.frombuffer(lines, dtype=np.uint8) == ord("\n"))
        sizes = np.diff(breaks, prepend=-1, append=len(lines)) - 1
        if len(sizes) != len(texts):
            raise ValueError("a text of several lines")
        return cls(lines.replace(b"\n", b""), sizes)

    @classmethod
    def joined(cls, parts: Sequence[Strings]) -> Strings:
        """Return the strings of all parts, part by part; there is at least one."""
        return cls(b"".join([part.data for part in parts]), np.concatenate([part.sizes for part in parts]))

    def __len__(self) -> int:
        return len(self.ends) - 1

    @property
    def sizes(self) -> Ints:
        """The length of each."""
        return np.diff(self.ends)

    def chosen(self, places: NDArray[np.intp]) -> list[bytes]:
        """Return the strings of these numbers."""
        bounds = zip(self.ends.take(places).tolist(), self.ends.take(places + 1).tolist(), strict=True)
        return [self.data[start:end] for start, end in bounds]

    def ranked(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the place of each among the distinct ones in ascending order, and the number of one that is
        equal for each of these."""
        order, starts = self._ordered()
        ranks = np.empty(len(order), dtype=np.intp)
        ranks[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
        return ranks, order.take(starts)

    def _ordered(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the order of the strings, and where in it equal ones begin.

        They are ordered by their first bytes; what then is equal is so by the next, and so on.
        """
        eights = np.ndarray(len(self.data) + 1, dtype=">u8", buffer=self.data + bytes(8), strides=(1,))
        keys = _keys(eights, self.ends[:-1], self.sizes)
        order = np.argsort(keys)
        keys = keys.take(order)
        differs = np.zeros(len(order) + 1, dtype=np.bool_)
        differs[changes(keys)] = differs[-1] = True
        places = np.arange(len(order))
        depth = 0
        while True:
            # Those go on that equal a neighbour so far and are not at their end.
            going = np.flatnonzero((keys & _LOWEST > _WIDTH) & ~(differs[places] & differs[places + 1]))
            if not len(going):
                return order, np.flatnonzero(differs[:-1])
            depth += _WIDTH
            places = places.take(going)
            some = order.take(places)
            keys = _keys(
                eights, self.ends.take(some) + depth, self.ends.take(some + 1) - self.ends.take(some) - depth
            )
            inner = np.lexsort((keys, np.cumsum(differs.take(places))))
            order[places] = some.take(inner)
            keys = keys.take(inner)
            differs[places[1:]] |= keys[1:] != keys[:-1]


def _keys(eights: NDArray[Any], starts: Ints, sizes: Ints) -> NDArray[np.uint64]:
    """Return what compares the bytes from each of `starts` on; `eights` has eight bytes from each byte on."""
    keys = eights[starts].astype(np.uint64)
    keys &= _MASKS.take(sizes, mode="clip")
    keys |= np.minimum(sizes, _WIDTH + 1).view(np.uint64)
    return keys
