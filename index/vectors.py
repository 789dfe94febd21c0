"""The term vectors of a library's articles, its segments' terms numbered through.

In a library of one segment a term has its number there. In one of several, equal terms of different
segments get one number, by a table that is made once for the generation.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.codec.terms import Terms
from index.codec.vectors import ArticleTerms, VectorsReader

if TYPE_CHECKING:
    from index.codec.words_reader import WordsReader
    from index.live import LiveSegment
    from index.reading import LibraryReader, Numbers

#: Articles whose vectors are read at once.
_PORTION = 1 << 14
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class LibraryVectors:
    """The vectors of one generation; safe to use from several threads. Nothing else may be called if not
    `complete`."""

    def __init__(self, reader: LibraryReader) -> None:
        self._count = reader.size
        self._parts: list[tuple[LiveSegment, WordsReader, VectorsReader]] = []
        self.complete = True
        for segment in reader.segments:
            words, vectors = segment.reader.words("text"), segment.reader.vectors
            if words is not None and vectors is not None:
                self._parts.append((segment, words, vectors))
            self.complete &= words is None or vectors is not None

    def of(self, docs: Numbers) -> ArticleTerms:
        """Return the terms of the articles `docs`; `owners` are places in `docs` and need not ascend."""
        found = []
        for at, (segment, _, vectors) in enumerate(self._parts):
            own = docs - segment.base
            mine = np.flatnonzero((own >= 0) & (own < segment.reader.doc_count))
            if len(mine):
                part = vectors.of(own.take(mine))
                found.append(ArticleTerms(mine.take(part.owners), self._numbered(at, part.terms), part.freqs))
        if len(found) == 1:
            return found[0]
        none = np.zeros(0, dtype=np.int64)
        found.append(ArticleTerms(none, none, np.zeros(0, dtype=np.uint8)))
        return ArticleTerms(
            np.concatenate([part.owners for part in found]),
            np.concatenate([part.terms for part in found]),
            np.concatenate([part.freqs for part in found]),
        )

    def counts(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many living articles have each of the terms."""
        return self._counts.take(terms).astype(np.int64)

    def name(self, term: int) -> str:
        """Return a term as text."""
        if len(self._parts) == 1:
            return self._parts[0][1].terms[term].decode("utf-8", "surrogatepass")
        for (_, words, _), numbers in zip(self._parts, self._tables, strict=True):
            found = np.flatnonzero(numbers == term)
            if len(found):
                return words.terms[int(found[0])].decode("utf-8", "surrogatepass")
        raise IndexError(term)

    def _numbered(self, part: int, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        return terms if len(self._parts) == 1 else self._tables[part].take(terms)

    @cached_property
    def _tables(self) -> list[NDArray[np.int64]]:
        """For each segment, the library's numbers of its terms."""
        keys = [
            segment.reader.kept("term hashes", partial(_hashes, words.terms))
            for segment, words, _ in self._parts
        ]
        numbers = np.unique(np.concatenate(keys), return_inverse=True)[1]
        ends = np.cumsum([len(part) for part in keys])
        return np.split(numbers, ends[:-1])

    @cached_property
    def _counts(self) -> NDArray[np.integer]:
        living = [_living_counts(*part) for part in self._parts]
        if len(living) < 2:
            return living[0] if living else np.zeros(0, dtype=np.int64)
        total = np.zeros(1 + max(int(table.max()) for table in self._tables), dtype=np.int64)
        for table, counts in zip(self._tables, living, strict=True):
            total[table] += counts
        return total


def _living_counts(segment: LiveSegment, words: WordsReader, vectors: VectorsReader) -> NDArray[np.integer]:
    """Return in how many living articles each term of a segment stands."""
    if segment.living is None:
        return words.df
    counts = words.df.astype(np.int64)
    gone = np.flatnonzero(~segment.living)
    for first in range(0, len(gone), _PORTION):
        counts -= np.bincount(vectors.of(gone[first : first + _PORTION]).terms, minlength=len(counts))
    return counts


def _hashes(terms: Terms) -> NDArray[np.uint64]:
    """Return a number for each term: equal for equal terms, and for no others that anybody will meet."""
    ends = terms.ends.astype(np.intp)
    sizes = np.diff(ends)
    if not len(sizes):
        return np.zeros(0, dtype=np.uint64)
    factors = np.cumprod(np.full(int(sizes.max()), _FACTOR))
    places = np.arange(ends[-1]) - np.repeat(ends[:-1], sizes)
    values = (terms.bytes.astype(np.uint64) + np.uint64(1)) * factors.take(places)
    mixed = np.add.reduceat(values, ends[:-1])
    mixed ^= mixed >> np.uint64(29)
    return mixed * _FACTOR
