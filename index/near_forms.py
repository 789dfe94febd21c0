"""Which surface forms of a segment may be a few edits from a word: a few comparisons of arrays.

An edit changes the length of a word by one at most, takes away at most one of its letters and brings at most
one. So the forms are kept by their length and by how they begin and end, and of those that fit only the ones
are left that have nearly the same letters; they are few enough to be compared letter by letter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.forms import LETTER_BITS, Forms

Numbers = NDArray[np.intp]
#: Longer forms lie with those of this length.
_LONGEST = 255


class _Stretch(NamedTuple):
    """Forms of one length: their numbers, letters, and whether each is ASCII."""

    numbers: Numbers
    letters: NDArray[np.uint64]
    plain: NDArray[np.bool_]

    def part(self, chosen: slice | NDArray[np.bool_]) -> _Stretch:
        """Return some of them."""
        return _Stretch(self.numbers[chosen], self.letters[chosen], self.plain[chosen])


class _Order:
    """The forms of a segment by length and one of their bytes: those that share both lie side by side."""

    def __init__(self, forms: Forms, chosen_bytes: NDArray[np.uint8]) -> None:
        keys = (np.minimum(forms.lengths, _LONGEST).astype(np.uint16) << np.uint16(8)) | chosen_bytes
        numbers = np.argsort(keys, kind="stable")
        self._keys = keys.take(numbers)
        self._lengths = forms.lengths
        plain = forms.sizes.take(numbers) == forms.lengths.take(numbers)
        self._forms = _Stretch(numbers, forms.letters.take(numbers), plain)

    def stretch(self, length: int, byte: int | None = None) -> _Stretch:
        """Return the forms of a length, all or those with a byte."""
        base = min(length, _LONGEST) << 8
        low, high = (base, base + 255) if byte is None else (base + byte, base + byte)
        start = int(self._keys.searchsorted(np.uint16(low)))
        stop = int(self._keys.searchsorted(np.uint16(high), side="right"))
        found = self._forms.part(slice(start, stop))
        return found if length < _LONGEST else found.part(self._lengths.take(found.numbers) == length)


class NearForms:
    """Forms of a segment by length and first byte, and by length and last byte.

    A single edit of a word that changes its first letter leaves the last one of three alone: such forms are
    looked for among those that end alike, all others among those that begin alike.
    """

    def __init__(self, forms: Forms) -> None:
        self.forms = forms
        self._firsts = (forms.keys >> np.uint64(56)).astype(np.uint8)
        text = np.frombuffer(forms.text, dtype=np.uint8)
        self._by_first = _Order(forms, self._firsts)
        self._by_last = _Order(forms, text.take(forms.starts + forms.sizes - 1))

    def near(self, form: str, edits: int, same_first: bool = False) -> Numbers:
        """Return the numbers of the forms that may be at most `edits` edits from `form`, in no order.

        None that is so near is left out; some that are further are in. With `same_first`, of those that are
        more than one edit away only the ones that begin with the same letter.
        """
        text = form.encode("utf-8", "surrogatepass")
        wanted = np.uint64(np.bitwise_or.reduce(LETTER_BITS[np.frombuffer(text, dtype=np.uint8)]))
        plain = len(text) == len(form)
        found = []
        every = len(form) < 3 or not (same_first or edits < 2)
        for longer in range(max(-edits, 1 - len(form)), edits + 1):
            length = len(form) + longer
            alike = self._by_first.stretch(length, None if every else text[0])
            found.append(_fitting(alike, wanted, longer, edits, plain))
            if not every and abs(longer) < 2:
                alike = self._by_last.stretch(length, text[-1])
                others = _fitting(alike, wanted, longer, 1, plain)
                found.append(others[self._firsts.take(others) != text[0]])
        return np.concatenate(found)


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


def _fitting(there: _Stretch, wanted: np.uint64, longer: int, edits: int, plain: bool) -> Numbers:
    """Return the forms of one length, `longer` than the word, whose letters are so near to those wanted.

    Of the edits, as many as the form is longer bring letters only, or take them away only. A letter of
    several bytes may change up to four bits.
    """
    most = 2 * edits - abs(longer) if plain and there.plain.all() else 8 * edits
    fits = (np.bitwise_count(there.letters ^ wanted) <= most).nonzero()[0]
    letters = there.letters.take(fits)
    brought = np.bitwise_count(letters & ~wanted)
    lost = np.bitwise_count(wanted & ~letters)
    allowed = np.where(there.plain.take(fits), edits - max(-longer, 0), 4 * edits)
    likely = (brought <= allowed) & (lost <= (edits - max(longer, 0) if plain else 4 * edits))
    found: Numbers = there.numbers.take(fits.compress(likely))
    return found
