"""The structures of the C file, made of a field's arrays."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.packing import PackedReader
from index.codec.term_reader import TermReader

_PART = struct.Struct("5q")
_NOTHING = np.zeros(0, dtype=np.uint8)


class Field:
    """The structure `Words` of a field of one segment, with what only phrases need or without."""

    def __init__(self, words: TermReader, positions: bool) -> None:
        self._kept: list[Any] = []
        places = words.places
        freqs, heads, ranks = words.columns()
        bits, docs16, docs32, ranges, *rest = words.arrays()
        values = [words.doc_count, len(words.terms)]
        for array in (bits, docs16, docs32, ranges):
            values += [self._address(array), len(array)]
        values += [*self._column(freqs), *self._column(heads), self._address(words.df), words.df.itemsize]
        for numbers in (places.kinds, places.docs, places.ranges, places.postings):
            values.append(self._address(np.asarray(numbers)))
        values += [self._address(freqs.widths), self._address(np.asarray(places.freqs))]
        values += (
            [0, 0]
            if heads is None
            else [self._address(heads.widths), self._address(np.asarray(places.heads))]
        )
        if positions:
            steps, far, farther_at, farther = rest
            values += [*self._column(ranks), self._address(steps), len(steps), self._address(far), len(far)]
            values += [self._address(farther_at), self._address(farther), min(len(farther_at), len(farther))]
            values += [self._address(words.cf), words.cf.itemsize]
            for numbers in (places.occurrences, places.far):
                values.append(self._address(np.asarray(numbers)))
            values += [self._address(ranks.widths), self._address(np.asarray(places.ranks))]
        self._memory = ctypes.create_string_buffer(struct.pack(f"{len(values)}q", *values))
        self.address = ctypes.addressof(self._memory)

    def _address(self, array: NDArray[Any]) -> int:
        self._kept.append(array)
        return array.ctypes.data

    def _column(self, column: PackedReader | None) -> list[int]:
        *streams, over_at, over = [_NOTHING] * 7 if column is None else column.arrays()
        return [
            *map(self._address, streams), *map(len, streams),
            self._address(over_at), self._address(over), min(len(over_at), len(over)),
        ]  # fmt: skip


def part(field: Field, number: int, base: int, first: int, living: NDArray[np.bool_] | None) -> bytes:
    """Return the structure `Part` of a term."""
    return _PART.pack(field.address, number, base, first, 0 if living is None else living.ctypes.data)
