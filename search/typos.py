"""Misspelt words: which words of the library may have been meant, and how likely each is by itself.

Only words of four and more letters are corrected, and never numbers. Up to seven letters one edit is
allowed, from eight on two (`search/edits.py`). The first letter may be wrong only if nothing else is. Which
word was meant is decided with the other words of the query (`search/meant.py`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable

from index.reading import LibraryReader
from index.value import Value
from search.edits import NearWord, words_near

#: Share of its score that a word keeps, by the number of edits that are held against it.
PENALTY = {0: 1.0, 1: 0.7, 2: 0.49}
#: So many words that may have been meant are looked at more closely.
MOST_CANDIDATES = 10
#: Words in fewer articles, or not so many times as frequent, are not looked at in place of a word that the
#: library has.
FREQUENT, TIMES = 20, 16

_EDIT = 4.0
_FIRST_LETTER = 2.0
_FAR_KEY = 1.0

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {
    letter: (row, at + row * 0.5) for row, letters in enumerate(_ROWS) for at, letter in enumerate(letters)
}


class Variant(Value):
    """A word of the library that may have been meant: its form and stem, the edits to it, its score (log).

    Of several forms with one stem it is the most plausible.
    """

    form: str
    stem: str
    edits: int
    score: float


def edits_allowed(form: str) -> int:
    """Return how many edits a typed word of this form may be away from what was meant."""
    if len(form) < 4:
        return 0
    if not form.isalpha() and any(char.isdigit() or char == "." for char in form):
        return 0
    return 1 if len(form) < 8 else 2


def keys_are_neighbours(one: str, other: str) -> bool:
    """Return whether two letters lie side by side on a QWERTY keyboard."""
    if one not in _PLACES or other not in _PLACES:
        return False
    (row, at), (other_row, other_at) = _PLACES[one], _PLACES[other]
    return abs(row - other_row) <= 1 and abs(at - other_at) <= 1.0


def is_one_edit(one: str, other: str) -> bool:
    """Return whether two words differ by one insertion, deletion, replacement or swap of neighbours."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = long[at : at + 2][::-1] + long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or short[at:] == swapped


def cost(typed: str, form: str, edits: int) -> float:
    """Return how unlikely a slip from `form` to `typed` is (natural log scale).

    A wrong first letter and a replacement by a key that is no neighbour are unlikely slips.
    """
    found = _EDIT * edits + _FIRST_LETTER * (typed[0] != form[0])
    if len(typed) == len(form):
        differing = [(a, b) for a, b in zip(typed, form, strict=True) if a != b]
        if len(differing) == 1 and not keys_are_neighbours(*differing[0]):
            found += _FAR_KEY
    return found


def plausibility(typed: str, form: str, edits: int, articles: int) -> float:
    """Return how likely `form`, which `articles` articles have, was meant (natural log scale)."""
    return math.log(articles + 0.5) - cost(typed, form, edits)


class Corrector:
    """Finds words near to typed ones in the vocabulary of one generation, read at the first such question.

    Safe to use from several threads.
    """

    def __init__(self, reader: LibraryReader, stem: Callable[[str], str]) -> None:
        self._reader = reader
        self._stem = stem
        self._known: dict[tuple[str, int], tuple[Variant, ...]] = {}
        self._lock = threading.Lock()

    def variants(self, form: str) -> tuple[Variant, ...]:
        """Return the words that `form` may stand for, a stem each, the likeliest first."""
        return self._kept(form, 0)

    def frequent(self, form: str, articles: int) -> tuple[Variant, ...]:
        """Return the same for a form in so many articles, of words that are `TIMES` as frequent.

        They stand in at least `FREQUENT` articles, are one edit away and begin as `form` does. This takes far
        less time.
        """
        return self._kept(form, articles)

    def _kept(self, form: str, articles: int) -> tuple[Variant, ...]:
        key = (form, articles)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            near = self._near_and_frequent(form, articles) if articles else self._near(form)
            known = tuple(self._likeliest(form, near)) if near else ()
            with self._lock:
                self._known[key] = known
        return known

    def _near(self, form: str) -> list[NearWord]:
        """Return the words that are near enough."""
        allowed = edits_allowed(form)
        return words_near(self._reader, form, allowed, same_first=True) if allowed else []

    def _near_and_frequent(self, form: str, articles: int) -> list[NearWord]:
        counts = self._reader.frequent_near(form, max(FREQUENT, TIMES * articles), FREQUENT)
        return [
            NearWord(word, 1, count)
            for word, count in counts.items()
            if word[0] == form[0] and is_one_edit(form, word)
        ]

    def _likeliest(self, form: str, near: Iterable[NearWord]) -> Iterable[Variant]:
        """Return the most plausible variants, a stem each, the likeliest first."""
        likely = [
            (plausibility(form, word, edits, articles), word, edits)
            for word, edits, articles in near
            if edits and edits_allowed(word)
        ]
        likely.sort(key=lambda found: (-found[0], found[1]))
        best: dict[str, Variant] = {}
        for score, word, edits in likely:
            stem = self._stem(word)
            if stem not in best and self._reader.term("text", stem).count:
                best[stem] = Variant(word, stem, edits, score)
                if len(best) == MOST_CANDIDATES:
                    break
        return best.values()
