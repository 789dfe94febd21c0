"""Which surface forms of a segment may be a few edits from a word: a few comparisons of arrays.

An edit changes the length of a word by one at most, takes away at most one of its letters and brings at most
one. So the forms are kept by their length, and of those of a fitting length only the ones are left that have
nearly the same letters; they are few enough to be compared letter by letter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.forms import LETTER_BITS, Forms

Numbers = NDArray[np.intp]
#: The bytes of UTF-8, none of which is 255, and one more.
_BYTES = np.arange(256, dtype=np.uint8)


class _OneLength(NamedTuple):
    """The forms of one length, by their first byte: numbers, letters, first bytes, whether each is ASCII."""

    numbers: Numbers
    letters: NDArray[np.uint64]
    firsts: NDArray[np.uint8]
    plain: NDArray[np.bool_]
    all_plain: bool

    def part(self, low: int, high: int) -> _OneLength:
        """Return a stretch of them."""
        own = slice(low, high)
        arrays = (self.numbers[own], self.letters[own], self.firsts[own], self.plain[own])
        return _OneLength(*arrays, self.all_plain)


class NearForms:
    """Forms of a segment by length."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        firsts = (forms.keys >> np.uint64(56)).astype(np.uint8)
        chosen = np.lexsort((firsts, forms.lengths))
        firsts, lengths = firsts.take(chosen), forms.lengths.take(chosen)
        letters = forms.letters.take(chosen)
        plain = forms.sizes.take(chosen) == lengths
        counts = np.bincount(lengths) if len(lengths) else np.zeros(0, dtype=np.intp)
        ends = np.cumsum(counts)
        self._lengths: dict[int, _OneLength] = {}
        for length in np.flatnonzero(counts).tolist():
            own = slice(int(ends[length] - counts[length]), int(ends[length]))
            self._lengths[length] = _OneLength(
                chosen[own], letters[own], firsts[own], plain[own], bool(plain[own].all())
            )

    def near(self, form: str, edits: int, same_first: bool = False) -> Numbers:
        """Return the numbers of the forms that may be at most `edits` edits from `form`, in no order.

        None that is so near is left out; some that are further are in. With `same_first`, of those that are
        more than one edit away only the ones that begin with the same letter.
        """
        text = form.encode("utf-8", "surrogatepass")
        wanted = np.uint64(np.bitwise_or.reduce(LETTER_BITS[np.frombuffer(text, dtype=np.uint8)]))
        found = []
        for longer in range(-edits, edits + 1):
            there = self._lengths.get(len(form) + longer)
            if there is None:
                continue
            if not same_first or edits < 2:
                found.append(_fitting(there, wanted, longer, edits, len(text) == len(form)))
                continue
            low, high = np.searchsorted(there.firsts, _BYTES[text[0] : text[0] + 2]).tolist()
            parts = [(low, high, edits)]
            if abs(longer) < 2:
                parts += [(0, low, 1), (high, len(there.numbers), 1)]
            for start, stop, most in parts:
                alike = there.part(start, stop)
                found.append(_fitting(alike, wanted, longer, most, len(text) == len(form)))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


class FrequentForms:
    """Forms of a segment by first byte and length: a question about one edit looks at one stretch of them."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        keys = ((forms.keys >> np.uint64(56)).astype(np.int32) << 16) | forms.lengths
        self._numbers = np.argsort(keys, kind="stable")
        self._keys = keys.take(self._numbers)
        self._letters = forms.letters.take(self._numbers)
        self._counts = forms.df.take(self._numbers)
        self._most = 2 if bool((forms.sizes == forms.lengths).all()) else 8
        begins = np.flatnonzero(np.diff(self._keys, prepend=-1))
        heaviest = np.maximum.reduceat(self._counts, begins) if len(begins) else begins
        self._heaviest: dict[int, int] = dict(
            zip(self._keys.take(begins).tolist(), heaviest.tolist(), strict=True)
        )

    def near(self, form: str, least: int = 0) -> Numbers:
        """Return the numbers of the forms with the same first byte that may be one edit from `form`.

        None that is so near and stands in at least `least` articles is left out; some others are in.
        """
        text = form.encode("utf-8", "surrogatepass")
        length = len(form)
        first = text[0] << 16
        most = [self._heaviest.get(first | (length + longer), 0) for longer in (-1, 0, 1)]
        if max(most) < max(least, 1):
            return np.zeros(0, dtype=np.intp)
        low, high = self._keys.searchsorted((first | (length - 1), first | (length + 2))).tolist()
        letters = LETTER_BITS.take(np.frombuffer(text, dtype=np.uint8))
        changed = np.bitwise_count(self._letters[low:high] ^ np.bitwise_or.reduce(letters))
        likely = changed <= (self._most if len(text) == length else 8)
        if least:
            likely &= self._counts[low:high] >= least
        found: Numbers = self._numbers.take(likely.nonzero()[0] + low)
        return found


def _fitting(there: _OneLength, wanted: np.uint64, longer: int, edits: int, plain: bool) -> Numbers:
    """Return the forms of one length, `longer` than the word, whose letters are so near to those wanted.

    Of the edits, as many as the form is longer bring letters only, or take them away only. A letter of
    several bytes may change up to four bits.
    """
    most = 2 * edits - abs(longer) if plain else 8 * edits
    letters = there.letters
    if not there.all_plain:
        most = 8 * edits
    fits = (np.bitwise_count(letters ^ wanted) <= most).nonzero()[0]
    letters = letters.take(fits)
    brought = np.bitwise_count(letters & ~wanted)
    lost = np.bitwise_count(wanted & ~letters)
    allowed = np.where(there.plain.take(fits), edits - max(-longer, 0), 4 * edits)
    likely = (brought <= allowed) & (lost <= (edits - max(longer, 0) if plain else 4 * edits))
    found: Numbers = there.numbers.take(fits.compress(likely))
    return found
