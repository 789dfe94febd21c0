"""The surface forms of a segment as arrays: which begin so. (Which are near a word: `index/near_forms.py`.)

Three facts of every form stand in arrays: its first eight bytes as one number, its count of characters, and
which letters it has (a bit each). A question about all forms is a comparison of arrays; only the few forms
that are left are looked at letter by letter. The forms' bytes stay where the file has them: in the list of
forms or, for a form that equals its term, in the list of terms.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.codec.words_reader import WordsReader
from index.value import Value, field

#: A bit for each byte value; letters of one alphabet have bits of their own.
LETTER_BITS = (np.uint64(1) << (np.arange(256, dtype=np.uint64) % np.uint64(59))).astype(np.uint64)
_KEY = 8


class Forms(Value):
    """The forms of one field, by term, then rank; every array has an entry a form.

    `starts` and `sizes` place a form in `text` (UTF-8). `terms` are the numbers of the terms, `ranks` the
    ranks of the forms in them, `df` their article counts (deleted ones included).
    """

    text: bytes
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    lengths: NDArray[np.int16]
    letters: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    terms: NDArray[np.intp]
    ranks: NDArray[np.int64]
    df: NDArray[np.int64]
    kept: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, words: WordsReader) -> Forms:
        """Work out the facts of all forms of a field."""
        counts, own_sizes, df = words.form_arrays()
        terms = np.repeat(np.arange(len(counts)), counts)
        ranks = np.arange(len(terms)) - (np.cumsum(counts) - counts).take(terms)
        written = own_sizes > 0
        own = words.form_bytes
        term_ends = words.terms.ends.astype(np.int64)
        starts = np.where(written, np.cumsum(own_sizes) - own_sizes, len(own) + term_ends[:-1].take(terms))
        sizes = np.where(written, own_sizes, np.diff(term_ends).take(terms))
        lengths, letters = np.zeros(len(terms), dtype=np.int16), np.zeros(len(terms), dtype=np.uint64)
        lengths[written], letters[written] = _facts(own, own_sizes[written])
        term_lengths, term_letters = _facts(words.terms.bytes, np.diff(term_ends))
        lengths[~written] = term_lengths.take(terms[~written])
        letters[~written] = term_letters.take(terms[~written])
        text = np.concatenate((own, words.terms.bytes))
        return cls(
            text.tobytes(),
            starts,
            sizes,
            lengths,
            letters,
            _first_bytes(text, starts, sizes),
            terms,
            ranks,
            df,
        )

    @classmethod
    def frequent(cls, words: WordsReader, least: int) -> Forms:
        """Work out the facts of the forms that stand in at least `least` articles; takes far less time."""
        chosen, ranks, df, starts, sizes = words.frequent_forms(least)
        written = sizes > 0
        term_ends = words.terms.ends.astype(np.int64)
        sizes = np.where(written, sizes, np.diff(term_ends).take(chosen))
        starts = np.where(written, starts, len(words.form_bytes) + term_ends.take(chosen))
        places = np.cumsum(sizes) - sizes
        every = np.repeat(starts - places, sizes) + np.arange(int(sizes.sum()))
        inside = every < len(words.form_bytes)
        text = np.empty(len(every), dtype=np.uint8)
        text[inside] = words.form_bytes.take(every[inside])
        text[~inside] = words.terms.bytes.take(every[~inside] - len(words.form_bytes))
        keys = _first_bytes(text, places, sizes)
        return cls(text.tobytes(), places, sizes, *_facts(text, sizes), keys, chosen, ranks, df)

    def form(self, number: int) -> str:
        """Return a form."""
        start = int(self.starts[number])
        return self.text[start : start + int(self.sizes[number])].decode("utf-8", "surrogatepass")

    def where(
        self, numbers: NDArray[np.intp], matches: Callable[[bytes, int, int], object]
    ) -> NDArray[np.intp]:
        """Return those of the forms that `matches` agrees to, given a text and where in it a form lies."""
        text, starts = self.text, self.starts.take(numbers)
        ends = (starts + self.sizes.take(numbers)).tolist()
        places = zip(numbers.tolist(), starts.tolist(), ends, strict=True)
        return np.array([number for number, start, end in places if matches(text, start, end)], dtype=np.intp)

    def beginning(self, prefix: bytes) -> NDArray[np.intp]:
        """Return the numbers of the forms that begin with `prefix`, ascending."""
        head = prefix[:_KEY]
        low = int.from_bytes(head.ljust(_KEY, b"\0"), "big")
        high = low | ((1 << 8 * (_KEY - len(head))) - 1)
        found = np.flatnonzero((self.keys >= np.uint64(low)) & (self.keys <= np.uint64(high)))
        if len(prefix) <= _KEY:
            return found[self.sizes.take(found) >= len(prefix)]
        places = zip(found.tolist(), self.starts.take(found).tolist(), strict=True)
        fits = [number for number, start in places if self.text.startswith(prefix, start)]
        chosen = np.array(fits, dtype=np.intp)
        return chosen[self.sizes.take(chosen) >= len(prefix)]

    def words(self, numbers: NDArray[np.intp]) -> list[str]:
        """Return some of the forms."""
        starts = self.starts.take(numbers)
        sizes = self.sizes.take(numbers)
        places = zip(starts.tolist(), (starts + sizes).tolist(), strict=True)
        if (sizes == self.lengths.take(numbers)).all():
            letters = self.as_letters
            return [letters[start:end] for start, end in places]
        text = self.text
        return [text[start:end].decode("utf-8", "surrogatepass") for start, end in places]

    @property
    def as_letters(self) -> str:
        """The bytes of `text` as a character each."""
        if not self.kept:
            self.kept.append(self.text.decode("latin-1"))
        return self.kept[0]


def letters_of(form: str) -> np.uint64:
    """Return the bits of the letters of a word."""
    letters = np.frombuffer(form.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    return np.uint64(np.bitwise_or.reduce(LETTER_BITS[letters]))


def _facts(text: NDArray[np.uint8], sizes: NDArray[np.int64]) -> tuple[NDArray[np.int16], NDArray[np.uint64]]:
    """Return the characters and the letters of words that stand one after the other; none is empty."""
    filled = np.flatnonzero(sizes)
    lengths, letters = np.zeros(len(sizes), dtype=np.int16), np.zeros(len(sizes), dtype=np.uint64)
    if len(filled):
        begins = (np.cumsum(sizes) - sizes).take(filled)
        characters = np.add.reduceat((text & 0xC0) != 0x80, begins, dtype=np.int64)
        lengths[filled] = np.minimum(characters, 32767)
        letters[filled] = np.bitwise_or.reduceat(LETTER_BITS[text], begins)
    return lengths, letters


def _first_bytes(
    text: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return the first eight bytes of each word as a number, the first the highest, padded with zeros."""
    keys = np.zeros(len(starts), dtype=np.uint64)
    last = max(len(text) - 1, 0)
    for place in range(_KEY):
        byte = text.take(np.minimum(starts + place, last)) if len(text) else np.zeros(0, dtype=np.uint8)
        keys <<= np.uint64(8)
        keys |= np.where(place < sizes, byte, 0).astype(np.uint64)
    return keys
