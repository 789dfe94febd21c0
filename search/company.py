"""Which words keep company: how often two stems share articles, and how often one follows the other.

Both are asked for words that may have been meant, many at a time and while somebody waits: articles are
bits, so that two words are compared by a few machine words for each thousand articles, and following is
counted in a bounded number of the articles that hold both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.occurrences import occurrences
from index.reading import LibraryReader

#: Of larger libraries an even sample of about so many articles is looked at.
MOST_ARTICLES = 1 << 18
#: In so many of the articles that hold both words it is looked whether one follows the other, and in so
#: few whether it ever does.
MOST_TOGETHER, FIRST_LOOK = 64, 8
#: Bytes of bits that are kept.
_KEPT = 16 << 20
_KEPT_PAIRS = 4096
#: Two words are a compound where they follow each other so much oftener than by chance (ln), or where the
#: rarer one does so in such a part of its occurrences.
_COMPOUND = 3.0
_GOOD_PART = 0.2
#: Added to every count, so that nothing seen once or never weighs too much.
_SMALL = 0.1

Floats = NDArray[np.float64]
_Bits = NDArray[np.uint64]


class Company:
    """What is known of the company of words in one generation; safe to use from several threads."""

    def __init__(self, reader: LibraryReader) -> None:
        self._reader = reader
        self._stride = -(-reader.size // MOST_ARTICLES) or 1
        self._size = -(-reader.size // self._stride)
        self._known: dict[str, tuple[_Bits, int]] = {}
        self._follows: dict[tuple[str, str, int], float] = {}

    @cached_property
    def _words(self) -> float:
        """The number of words in the library."""
        return float(self._reader.lengths("text").sum())

    def _bits(self, stem: str) -> tuple[_Bits, int]:
        """Return the articles of a stem, a bit each, and how many they are."""
        known = self._known.get(stem)
        if known is None:
            docs = self._reader.postings("text", stem).docs
            if self._stride > 1:
                docs = docs[docs % self._stride == 0] // self._stride
            flags = np.zeros(-(-self._size // 64) * 64, dtype=np.bool_)
            flags[docs] = True
            known = np.packbits(flags, bitorder="little").view(np.uint64), len(docs)
            if len(self._known) * (self._size // 8) > _KEPT:
                self._known = {}  # a new one: threads may be in the old one now
            self._known[stem] = known
        return known

    def information(self, stems: Sequence[str], others: Sequence[str]) -> Floats:
        """Return the pointwise mutual information of words with others (natural log), never below 0.

        A row for each of `others`, in it an entry for each of `stems`; neither may be empty.
        """
        mine = [self._bits(stem) for stem in stems]
        bits = np.stack([one for one, _ in mine])
        theirs = [self._bits(other) for other in others]
        both = np.stack([np.bitwise_count(bits & one).sum(axis=1) for one, _ in theirs])
        own = np.array([count for _, count in mine]) + _SMALL
        total = np.array([count for _, count in theirs]) + _SMALL
        return np.maximum(0.0, np.log((both + _SMALL) * max(self._size, 1) / (own * total[:, np.newaxis])))

    def lift(self, first: str, second: str) -> float:
        """Return ln of how much more often `second` follows `first` than by chance; 0.0 if it never does.

        Chance is that of two words that stand anywhere in the library.
        """
        found = self._followed(first, second)
        if not found:
            return 0.0
        one, two = self._occurrences(first) + 1.0, self._occurrences(second) + 1.0
        return max(0.0, math.log((found + _SMALL) * self._words / (one * two)))

    def are_compound(self, first: str, second: str) -> bool:
        """Return whether `second` behind `first` is more than chance, or a good part of what either does.

        Words that never follow each other in the first few articles that have both are none.
        """
        if not self._followed(first, second, FIRST_LOOK):
            return False
        found = self._followed(first, second)
        rarer = min(self._occurrences(first), self._occurrences(second))
        return found > 0 and (self.lift(first, second) > _COMPOUND or found >= _GOOD_PART * rarer)

    def _occurrences(self, stem: str) -> float:
        return float(self._reader.postings("text", stem).freqs.sum())

    def _followed(self, first: str, second: str, most: int = MOST_TOGETHER) -> float:
        """Return how often `second` follows `first`, judged by at most so many articles that have both."""
        known = self._follows.get((first, second, most))
        if known is None:
            if len(self._follows) >= _KEPT_PAIRS:
                self._follows = {}  # a new one: threads may be in the old one now
            known = self._follows[first, second, most] = self._count(first, second, most)
        return known

    def _count(self, first: str, second: str, most: int) -> float:
        one, two = self._bits(first)[0], self._bits(second)[0]
        together = np.flatnonzero(np.unpackbits((one & two).view(np.uint8), bitorder="little"))
        if not len(together):
            return 0.0
        step = -(-len(together) // most)
        docs = together[::step] * self._stride
        return float(self._following(first, second, docs) * step * self._stride)

    def _following(self, first: str, second: str, docs: NDArray[np.intp]) -> int:
        """Return how often `second` stands right behind `first` in `docs`."""
        keys = []
        for stem in (first, second):
            owners, positions = occurrences(self._reader, stem, docs)
            keys.append((owners.astype(np.int64) << 32) + positions)
        wanted, there = keys[0] + 1, keys[1]
        if not len(there):
            return 0
        at = np.searchsorted(there, wanted)
        at[at == len(there)] = 0
        return int(np.count_nonzero(there.take(at) == wanted))
