"""A sorted list of byte strings as two arrays: their bytes, and where each ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter

#: Every so manieth term is kept at hand, so that a search touches the file only within one stretch.
_SAMPLED = 64
#: So many searches go through all terms: it is not worth taking samples for a commit or one query.
_FEW = 32


class TermsWriter:
    """Collects ascending terms, then writes the arrays `NAME.terms` and `NAME.term_ends`."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._sizes: list[NDArray[np.int64]] = []
        self.count = 0

    def append(self, terms: list[bytes]) -> None:
        """Append terms that are greater than all before them."""
        self._pieces.append(b"".join(terms))
        self._sizes.append(np.fromiter(map(len, terms), dtype=np.int64, count=len(terms)))
        self.count += len(terms)

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the arrays."""
        ends = np.concatenate([np.zeros(1, dtype=np.int64), *self._sizes]).cumsum()
        file.add_chunks(f"{name}.terms", np.dtype(np.uint8), self._pieces)
        file.add(f"{name}.term_ends", ends.astype(np.uint32 if ends[-1] < 2**32 else np.uint64))


class Terms:
    """The terms of a field in the order of their bytes, numbered from 0."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.bytes: NDArray[np.uint8] = file.array(f"{name}.terms")
        self.ends = file.array(f"{name}.term_ends")
        self._asked = 0
        self._text = self.bytes.data
        self._ends = self.ends.data

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._text[self._ends[number] : self._ends[number + 1]])

    def chosen(self, numbers: Iterable[int]) -> list[bytes]:
        """Return the terms with these numbers."""
        text, ends = self._text, self._ends
        return [text[ends[number] : ends[number + 1]].tobytes() for number in numbers]

    def acronyms(self) -> frozenset[bytes]:
        """Return the terms whose first letter is one of a to z and whose second is a stop, such as `u.s.`"""
        starts = np.flatnonzero(np.diff(self.ends.astype(np.int64)) > 1)
        begins = self.ends.take(starts).astype(np.int64)
        first = self.bytes.take(begins)
        found = (first >= ord("a")) & (first <= ord("z")) & (self.bytes.take(begins + 1) == ord("."))
        return frozenset(self.chosen(starts.compress(found).tolist()))

    @cached_property
    def _sampled(self) -> list[bytes]:
        return [self[number] for number in range(0, len(self), _SAMPLED)]

    def lower_bound(self, term: bytes, low: int = 0) -> int:
        """Return the number of the first term that is not less than `term` (their count, if none is)."""
        text, ends = self._text, self._ends
        high = len(self)
        self._asked += 1
        if self._asked > _FEW:
            block = bisect_left(self._sampled, term)
            high = min(block * _SAMPLED, high)
            low = max(low, (block - 1) * _SAMPLED)
        while low < high:
            middle = (low + high) >> 1
            if text[ends[middle] : ends[middle + 1]].tobytes() < term:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, term: bytes) -> int:
        """Return the number of `term`, -1 if it is not there."""
        if self._asked < _FEW or not term:
            number = self.lower_bound(term)
            return number if number < len(self) and self[number] == term else -1
        block = bisect_right(self._sampled, term) - 1
        if block < 0:
            return -1
        # Between two samples its bytes are looked for, then where these begin among the ends.
        ends, low = self._ends, block * _SAMPLED
        high = min(low + _SAMPLED, len(ends) - 1)
        start = ends[low]
        text = self._text[start : ends[high]].tobytes()
        at = text.find(term)
        while at >= 0:
            number = bisect_right(ends, start + at, low, high) - 1
            if ends[number] == start + at and ends[number + 1] == start + at + len(term):
                return number
            at = text.find(term, at + 1)
        return -1

    def prefix_range(self, prefix: bytes) -> tuple[int, int]:
        """Return the numbers [first, last) of the terms that begin with `prefix`."""
        first = self.lower_bound(prefix)
        after = prefix.rstrip(b"\xff")
        if not after:
            return first, len(self)
        return first, self.lower_bound(after[:-1] + bytes((after[-1] + 1,)), first)

    def slice(self, first: int, last: int) -> list[bytes]:
        """Return the terms [first, last)."""
        ends = self.ends[first : last + 1].tolist()
        if not ends:
            return []
        text = self.bytes[ends[0] : ends[-1]].tobytes()
        base = ends[0]
        return [text[a - base : b - base] for a, b in pairwise(ends)]

    def __iter__(self) -> Iterator[bytes]:
        for first in range(0, len(self), 4096):
            yield from self.slice(first, min(first + 4096, len(self)))
