"""An indexed field of any Whoosh format: article numbers, weights and encoded values as they were given.

Arrays of a field F: F.terms, F.term_ends, F.docs (uint32), F.ends (the end of each term's articles, with
a leading 0; absent where every term has one article, as ids have), F.weights (float32, absent where all
are 1), F.values and F.value_ends (absent where all are empty), F.posting_lengths (uint32; the lengths of
postings that were written without their articles).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.terms import Terms, TermsWriter
from index.codec.words_writer import narrowed
from index.value import Record, field


class PlainWriter(Record):
    """Collects a field term by term (ascending), article by article (ascending)."""

    terms: list[bytes] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    docs: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def start(self, term: bytes) -> None:
        """Begin the next term."""
        self.terms.append(term)
        self.counts.append(0)

    def add(self, doc: int, weight: float = 1.0, value: bytes = b"") -> None:
        """Append an article to the term that was begun last."""
        self.counts[-1] += 1
        self.docs.append(doc)
        self.weights.append(weight)
        self.values.append(value)

    def add_length(self, length: int) -> None:
        """Keep a length for the posting that was added last; for all postings or for none."""
        self.lengths.append(length)

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the arrays."""
        terms = TermsWriter()
        terms.append(self.terms)
        terms.write(file, name)
        file.add(f"{name}.docs", np.array(self.docs, dtype=np.uint32))
        if any(count != 1 for count in self.counts):
            file.add(f"{name}.ends", np.cumsum([0, *self.counts]).astype(np.uint64))
        if any(weight != 1.0 for weight in self.weights):
            file.add(f"{name}.weights", np.array(self.weights, dtype=np.float32))
        if any(self.lengths):
            file.add(f"{name}.posting_lengths", np.array(self.lengths, dtype=np.uint32))
        if any(self.values):
            file.add(f"{name}.value_ends", narrowed(np.cumsum([0, *map(len, self.values)])))
            file.add_chunks(f"{name}.values", np.dtype(np.uint8), (b"".join(self.values),))


class SingleWriter:
    """A field of which every term has one article and nothing else, as ids have: `terms`, ascending, and the
    article of each."""

    def __init__(self, terms: list[bytes], docs: NDArray[np.integer[Any]]) -> None:
        self._terms = terms
        self._docs = docs

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the arrays."""
        terms = TermsWriter()
        terms.append(self._terms)
        terms.write(file, name)
        file.add(f"{name}.docs", self._docs.astype(np.uint32))


class PlainReader:
    """A field written by `PlainWriter`; terms are named by their number."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.terms = Terms(file, name)
        self._docs = file.array(f"{name}.docs")
        self._ends = file.array(f"{name}.ends") if f"{name}.ends" in file else None
        self._weights = file.array(f"{name}.weights") if f"{name}.weights" in file else None
        self._value_ends = file.array(f"{name}.value_ends")
        self._values = file.array(f"{name}.values")
        self._lengths = file.array(f"{name}.posting_lengths")

    @property
    def is_single(self) -> bool:
        """True if every term has one article, of weight 1 and without a value."""
        return self._ends is None and self._weights is None and not len(self._value_ends)

    def _bounds(self, term: int) -> tuple[int, int]:
        if self._ends is None:
            return term, term + 1
        return int(self._ends[term]), int(self._ends[term + 1])

    def docs(self, term: int) -> NDArray[np.intp]:
        """Return the ascending article numbers of a term."""
        first, last = self._bounds(term)
        docs: NDArray[np.intp] = self._docs[first:last].astype(np.intp)
        return docs

    def weights(self, term: int) -> NDArray[Any]:
        """Return the weight in each article."""
        first, last = self._bounds(term)
        return np.ones(last - first, np.float32) if self._weights is None else self._weights[first:last]

    def values(self, term: int) -> list[bytes]:
        """Return the encoded value of each article."""
        first, last = self._bounds(term)
        if not len(self._value_ends):
            return [b""] * (last - first)
        ends = self._value_ends[first : last + 1].tolist()
        return [self._values[start:end].tobytes() for start, end in pairwise(ends)]

    def lengths(self, term: int) -> NDArray[Any] | None:
        """Return the length that each posting was written with, None if the articles have them."""
        first, last = self._bounds(term)
        return self._lengths[first:last] if len(self._lengths) else None

    def all_docs(self) -> NDArray[Any]:
        """Return the articles of all terms, by term; for ids, the article of each id."""
        return self._docs
