"""Finding the surface forms of a segment that may be a few edits away from a word.

Two facts of every form are kept as arrays: its number of characters, and which letters it has (a bit a
letter). Forms that differ too much in either cannot be near; what is left is small enough to be compared
letter by letter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.codec.words_reader import WordsReader

#: A bit for each byte value: letters have their own, other bytes share them.
_BIT = (np.uint64(1) << (np.arange(256, dtype=np.uint64) % np.uint64(59))).astype(np.uint64)


@dataclass(frozen=True, slots=True)
class NearForms:
    """All forms of one segment: `lengths` in characters, `letters` as bits, `df` their article counts.

    `text` holds the forms' UTF-8 bytes, form n from `starts[n]` to `starts[n + 1]`.
    """

    text: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int16]
    letters: NDArray[np.uint64]
    df: NDArray[np.int64]

    @classmethod
    def of(cls, words: WordsReader) -> NearForms:
        """Work out the facts of all forms of a field."""
        table = words.form_table
        text = b"".join(table.forms)
        sizes = np.fromiter(map(len, table.forms), dtype=np.int64, count=len(table.forms))
        starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sizes)))
        data = np.frombuffer(text, dtype=np.uint8)
        if not len(data):
            none = np.zeros(0, dtype=np.int64)
            return cls(text, starts, none.astype(np.int16), none.astype(np.uint64), none)
        begins = starts[:-1]
        characters = np.add.reduceat((data & 0xC0) != 0x80, begins, dtype=np.int64)
        letters = np.bitwise_or.reduceat(_BIT[data], begins)
        return cls(text, starts, np.minimum(characters, 32767).astype(np.int16), letters, table.df)

    def candidates(self, form: str, edits: int) -> list[tuple[str, int]]:
        """Return the forms that may be at most `edits` edits from `form`, each with its article count.

        None that is so near is left out; some that are further are in.
        """
        wanted = np.bitwise_or.reduce(_BIT[np.frombuffer(form.encode(), dtype=np.uint8)])
        fits = np.flatnonzero(np.abs(self.lengths - np.int16(len(form))) <= edits)
        letters = self.letters.take(fits)
        missing = np.bitwise_count(wanted & ~letters)
        surplus = np.bitwise_count(letters & ~wanted)
        # one edit changes one letter for another: at most one (two-byte letters: four) bits go and come
        allowed = edits if form.isascii() else 4 * edits
        near = fits[(missing <= allowed) & (surplus <= 4 * edits)]
        if form.isascii():
            near = near[self._is_close(near, wanted, edits)]
        return [(self._form(number), int(self.df[number])) for number in near.tolist()]

    def _is_close(self, numbers: NDArray[np.intp], wanted: np.uint64, edits: int) -> NDArray[np.bool_]:
        surplus = np.bitwise_count(self.letters.take(numbers) & ~wanted)
        sizes = np.diff(self.starts).take(numbers)
        ascii_only = sizes == self.lengths.take(numbers)
        close: NDArray[np.bool_] = ~ascii_only | (surplus <= edits)
        return close

    def _form(self, number: int) -> str:
        return self.text[self.starts[number] : self.starts[number + 1]].decode("utf-8", "surrogatepass")
