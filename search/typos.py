"""Misspelt words: which words of the library were meant.

Only words that the library has neither as surface form nor as stem are corrected, only from four letters
on, and never numbers. Up to seven letters one edit is allowed, from eight on two; an edit is an insertion,
a deletion, a replacement or a swap of neighbours (optimal string alignment, by RapidFuzz).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence

from index.reading import LibraryReader
from index.value import Value

#: Share of its score that a correction keeps, by number of edits.
PENALTY = {1: 0.7, 2: 0.49}
#: At most so many words are searched in place of an unknown one.
MOST_VARIANTS = 3
#: A word that stands in no article as typed but shares a stem with one is also read as a misspelling of a
#: word in this many times as many articles.
FAR_MORE_FREQUENT = 20
#: Forms of one stem that differ in no more letters at their end are inflections of one word.
LONGEST_ENDING = 3
#: Variants that score so much below the best one (natural log) are not searched.
WIDEST_GAP = 2.0

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PLACES = {
    letter: (row, at + row * 0.5) for row, letters in enumerate(_ROWS) for at, letter in enumerate(letters)
}


class Variant(Value):
    """A word of the library that may have been meant: its form, the edits to it, and its score (log)."""

    form: str
    edits: int
    score: float


def edits_allowed(form: str) -> int:
    """Return how many edits a typed word of this form may be away from what was meant."""
    if len(form) < 4 or any(char.isdigit() or char == "." for char in form):
        return 0
    return 1 if len(form) < 8 else 2


def is_inflection(form: str, known: str) -> bool:
    """Return whether two forms of one stem differ in nothing but short endings (`tides`, `tide`)."""
    shared = 0
    for one, other in zip(form, known, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= min(3, len(known)) and max(len(form), len(known)) - shared <= LONGEST_ENDING


def keys_are_neighbours(one: str, other: str) -> bool:
    """Return whether two letters lie side by side on a QWERTY keyboard."""
    if one not in _PLACES or other not in _PLACES:
        return False
    (row, at), (other_row, other_at) = _PLACES[one], _PLACES[other]
    return abs(row - other_row) <= 1 and abs(at - other_at) <= 1.0


def plausibility(typed: str, form: str, edits: int, articles: int) -> float:
    """Return how likely `form`, found in `articles` articles, was meant by `typed` (natural log scale).

    Frequent words win over rare ones, one edit over two; a wrong first letter and a replacement by a key
    that is no neighbour are unlikely slips.
    """
    score = math.log(articles + 0.5) - 4.0 * edits - 2.0 * (typed[0] != form[0])
    if len(typed) == len(form):
        differing = [(a, b) for a, b in zip(typed, form, strict=True) if a != b]
        if len(differing) == 1 and not keys_are_neighbours(*differing[0]):
            score -= 1.0
    return score


class Corrector:
    """Finds corrections in the vocabulary of one generation, which is read at the first unknown word.

    Safe to use from several threads.
    """

    def __init__(self, reader: LibraryReader) -> None:
        self._reader = reader
        self._known: dict[str, tuple[Variant, ...]] = {}
        self._lock = threading.Lock()

    def variants(self, form: str) -> tuple[Variant, ...]:
        """Return the words that `form` may stand for, the likeliest first; empty if there is none."""
        with self._lock:
            known = self._known.get(form)
            if known is None:
                known = self._known[form] = tuple(self._find(form))
        return known

    def _find(self, form: str) -> Sequence[Variant]:
        allowed = edits_allowed(form)
        if not allowed:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        counts = self._reader.forms_near(form, allowed)
        near = process.extract(form, list(counts), scorer=OSA.distance, score_cutoff=allowed, limit=None)
        found = [
            Variant(word, int(edits), plausibility(form, word, int(edits), counts[word]))
            for word, edits, _ in near
            if edits and edits_allowed(word)
        ]
        found.sort(key=lambda variant: (-variant.score, variant.form))
        return [variant for variant in found if variant.score >= found[0].score - WIDEST_GAP]
