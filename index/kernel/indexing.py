"""The compiled loops of indexing, called with the arrays of those who do the same by numpy."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.kernel import Longs, check, current

#: The slots of a table of words: their keys (`high` empty where a key is one number), values, and the number
#: of bits of a slot's number.
Slots = tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int32], int]


class IndexingLoops:
    """The functions of `indexing.c` in a compiled library."""

    def __init__(self, library: Any) -> None:
        import ctypes

        pointer, number, text = ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p
        self._words: Any = library.byline_words
        self._words.argtypes = (text, number, pointer, number, text, number, text, text, *(pointer,) * 5)
        self._signatures: Any = library.byline_signatures
        self._signatures.argtypes = (pointer, number, pointer, number, pointer, pointer)
        self._word_hashes: Any = library.byline_word_hashes
        self._word_hashes.argtypes = (text, number, pointer, pointer, pointer)
        for function in (self._words, self._signatures, self._word_hashes):
            function.restype = number

    def words(
        self, text: bytes, sizes: Longs, blanked: list[bytes], short: Slots, middle: Slots
    ) -> tuple[NDArray[np.int32], Longs, Longs]:
        """Return the value of each run of some texts, how many runs each text has, and a row for each run
        that is in no table: where it starts and ends in `text`; its value is `ABSENT`.

        `text` has a separator before each text and behind the last, `sizes` are their bytes. Characters of
        `blanked`, each up to three bytes, are separators.
        """
        sizes = np.ascontiguousarray(sizes, dtype=np.int64)
        most = (len(text) + 1) // 2
        values, counts = np.empty(most, dtype=np.int32), np.empty(len(sizes), dtype=np.int64)
        unknown, unknown_count = np.empty((most, 2), dtype=np.int64), np.zeros(1, dtype=np.int64)
        flags = np.empty(len(text) + 8, dtype=np.uint8)
        characters = b"".join(bytes((len(char),)) + char.ljust(3, b"\0") for char in blanked)
        found = self._words(
            text, len(text), sizes.ctypes.data, len(sizes), characters, len(blanked), _packed(short),
            _packed(middle), flags.ctypes.data, values.ctypes.data, counts.ctypes.data, unknown.ctypes.data,
            unknown_count.ctypes.data,
        )  # fmt: skip
        check(found)
        return values[:found].copy(), counts, unknown[: unknown_count[0]]

    def signatures(
        self, words: NDArray[np.uint64], counts: Longs, lenders: NDArray[np.intp]
    ) -> NDArray[np.uint8]:
        """Return what `index.signature.signatures` does."""
        words, counts = np.ascontiguousarray(words), np.ascontiguousarray(counts, dtype=np.int64)
        lenders = np.ascontiguousarray(lenders, dtype=np.int64)
        found = np.empty((len(counts), len(lenders)), dtype=np.uint8)
        done = self._signatures(
            words.ctypes.data, len(words), counts.ctypes.data, len(counts), lenders.ctypes.data,
            found.ctypes.data,
        )  # fmt: skip
        check(done)
        return found

    def word_hashes(self, text: bytes) -> tuple[Longs, NDArray[np.uint64]]:
        """Return where each word of a text starts, and its hash, as `index.shingles` has it."""
        most = (len(text) + 1) // 2
        starts, hashes = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.uint64)
        flags = np.empty(len(text) + 8, dtype=np.uint8)
        found = self._word_hashes(
            text, len(text), flags.ctypes.data, starts.ctypes.data, hashes.ctypes.data
        )  # fmt: skip
        check(found)
        return starts[:found], hashes[:found]


def _packed(slots: Slots) -> bytes:
    low, high, values, bits = slots
    return struct.pack("4q", low.ctypes.data, high.ctypes.data if len(high) else 0, values.ctypes.data, bits)


def current_loops() -> IndexingLoops | None:
    """Return the compiled loops, or None if there are none."""
    kernel = current()
    return None if kernel is None else kernel.indexing
