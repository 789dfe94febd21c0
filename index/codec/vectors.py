"""Term vectors: which terms each article has and about how often, for rankings that compare articles.

They stand in a file of their own beside the segment's, which may be missing: then nothing compares. Term
numbers are those of the segment's field `text`. Arrays of the file:

    ends    where the entries of each article end (one more entry, the first is 0)
    steps   an entry a term, ascending within an article: 14 bits of step, 2 bits of frequency

A step is the term's number less that of the one before it (less -1 at the article's first). An entry with
the largest step, `_FAR`, goes on by so many terms and names none. The frequency is 1, 2, 3 or more; more is
read as `MANY`.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import changes
from index.codec.container import ArrayFile, ArrayFileWriter, mapped
from index.codec.format import VECTORS
from index.codec.packing import Spool
from index.codec.words_writer import TermBlock
from index.errors import LibraryDamaged
from index.value import Value

#: What frequencies above 3 are read as.
MANY = 5

_FAR = (1 << 14) - 1
_FREQS = np.array([1, 2, 3, MANY], dtype=np.uint8)
#: Articles are put in order in at most so many ranges, none of fewer articles than this.
_MOST_RANGES = 32
_FEWEST = 1 << 14
_TERM_BITS = 34
_TERM_AND_FREQ = np.int64((1 << _TERM_BITS) - 1)

Numbers = NDArray[np.intp]


class ArticleTerms(Value):
    """The terms of some articles, article by article, ascending within each.

    An entry a term: `owners` is the article's place among those asked for, `terms` the term's number,
    `freqs` how often it stands there (1, 2, 3, or `MANY`).
    """

    owners: Numbers
    terms: NDArray[np.int64]
    freqs: NDArray[np.uint8]

    def where(self, chosen: Numbers) -> ArticleTerms:
        """Return some of the entries."""
        return ArticleTerms(self.owners.take(chosen), self.terms.take(chosen), self.freqs.take(chosen))


class VectorsWriter:
    """Turns the terms of a segment of `doc_count` articles, block by block, into their vectors.

    Memory is bounded: the postings wait in spools, one for each range of articles.
    """

    def __init__(self, doc_count: int) -> None:
        self._doc_count = doc_count
        self._width = max(_FEWEST, -(-doc_count // _MOST_RANGES))
        self._ranges = [Spool() for _ in range(0, doc_count, self._width)]
        self._terms = 0

    def add(self, block: TermBlock) -> None:
        """Append the terms of a block, numbered on from those before."""
        if not block.terms:
            return
        keys = np.repeat(np.arange(self._terms, self._terms + len(block.terms)) << 2, block.df)
        self._terms += len(block.terms)
        keys |= np.minimum(block.freqs, 4).astype(np.int64) - 1
        keys |= block.docs.astype(np.int64) << _TERM_BITS
        if len(self._ranges) == 1:
            self._ranges[0].append(keys)
            return
        keys.sort()
        firsts = np.arange(len(self._ranges) + 1) * self._width << _TERM_BITS
        cuts = np.searchsorted(keys, firsts).tolist()
        for spool, first, last in zip(self._ranges, cuts, cuts[1:], strict=False):
            spool.append(keys[first:last])

    def write(self, path: Path) -> None:
        """Write the file, not yet synced to the disk; nothing may be added afterwards."""
        entries = _Entries()
        for first, spool in enumerate(self._ranges):
            keys = np.frombuffer(b"".join(spool.chunks()), dtype=np.int64)
            size = min(self._width, self._doc_count - first * self._width)
            keys = np.sort(keys)
            owners = (keys >> _TERM_BITS) - first * self._width
            terms = ((keys & _TERM_AND_FREQ) >> 2).astype(np.uint32)
            entries.add(*_packed(owners, terms, keys & 3, size))
        entries.write(path, self._terms)


class TextVectorsWriter:
    """Turns the words of articles, as they stand in the text, into their vectors; memory is bounded."""

    def __init__(self, term_count: int) -> None:
        self._terms = term_count
        self._entries = _Entries()

    def add(self, terms: NDArray[np.integer[Any]], counts: NDArray[np.integer[Any]]) -> None:
        """Append articles of `counts` words each: the number of the term of each word."""
        bits = self._terms.bit_length()
        dtype: Any = np.uint32 if len(counts) << bits < 2**32 else np.uint64
        keys = np.repeat(np.arange(len(counts), dtype=dtype) << dtype(bits), counts)
        keys |= terms.astype(dtype, copy=False)
        keys.sort()
        starts = changes(keys)
        freqs = np.minimum(np.diff(starts, append=len(keys)), 4) - 1
        keys = keys.take(starts)
        owners, found = keys >> dtype(bits), (keys & dtype((1 << bits) - 1)).astype(np.uint32, copy=False)
        self._entries.add(*_packed(owners, found, freqs, len(counts)))

    def write(self, path: Path) -> None:
        """Write the file, not yet synced to the disk; nothing may be added afterwards."""
        self._entries.write(path, self._terms)


class JoinedVectors:
    """The vectors of several files, one after another; they must number their terms alike."""

    def __init__(self, parts: Sequence[ArrayFile]) -> None:
        self._parts = parts

    def write(self, path: Path) -> None:
        """Write them as one file, not yet synced to the disk."""
        ends: list[NDArray[np.int64]] = [part.array("ends").astype(np.int64) for part in self._parts]
        counts = [np.diff(own) for own in ends]
        steps = (part.array("steps") for part in self._parts)
        _write(path, counts, steps, int(self._parts[0].facts["terms"]))


class _Entries:
    """The entries of articles, collected one article after the other."""

    def __init__(self) -> None:
        self._counts: list[NDArray[np.int64]] = []
        self._steps = Spool()

    def add(self, steps: NDArray[np.uint16], counts: NDArray[np.int64]) -> None:
        """Append the entries of some articles, and how many each has."""
        self._steps.append(steps)
        self._counts.append(counts)

    def write(self, path: Path, term_count: int) -> None:
        """Write the file, not yet synced to the disk; nothing may be added afterwards."""
        _write(path, self._counts, self._steps.chunks(), term_count)


def _write(
    path: Path,
    counts: list[NDArray[np.int64]],
    steps: Iterable[NDArray[np.uint16] | bytes],
    term_count: int,
) -> None:
    ends = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *counts]))
    with ArrayFileWriter(path) as file:
        file.add("ends", ends.astype(np.uint32 if ends[-1] < 2**32 else np.uint64))
        file.add_chunks("steps", np.dtype(np.uint16), steps)
        file.close({"docs": len(ends) - 1, "terms": term_count}, sync=False)


def _packed(
    owners: NDArray[np.integer[Any]], terms: NDArray[np.uint32], freqs: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """Return the entries of `size` articles, and how many each has. Given are the articles and terms in their
    order, and of each how often it stands there, less one and at most 3."""
    steps = np.empty(len(terms), dtype=np.uint32)
    np.subtract(terms[1:], terms[:-1], out=steps[1:])
    begins = changes(owners)
    steps[begins] = terms[begins] + np.uint32(1)
    counts = np.zeros(size, dtype=np.int64)
    counts[owners[begins]] = np.diff(begins, append=len(steps))
    far = np.flatnonzero(steps >= _FAR)
    before, rest = np.divmod(steps.take(far), np.uint32(_FAR))
    steps[far] = rest
    entries = steps.astype(np.uint16)
    entries <<= np.uint16(2)
    entries |= freqs.astype(np.uint16)
    if len(far):
        entries = np.insert(entries, np.repeat(far, before), np.uint16(_FAR << 2))
        np.add.at(counts, owners.take(far), before)
    return entries, counts


class VectorsReader:
    """The vectors of one segment; `of` may be called from several threads.

    The file is mapped at once, so that it may be removed meanwhile, and looked into at the first use.
    Raises `LibraryDamaged` then if it is not what was written for `doc_count` articles.
    """

    def __init__(self, path: Path, content: mmap.mmap | bytes, doc_count: int) -> None:
        self.path = path
        self._content = content
        self._doc_count = doc_count

    @classmethod
    def beside(cls, segment: Path, doc_count: int) -> VectorsReader | None:
        """Return the vectors of the segment whose file is `segment`, None if there are none."""
        path = segment.with_suffix(VECTORS)
        try:
            return cls(path, mapped(path), doc_count)
        except FileNotFoundError:
            return None

    @cached_property
    def file(self) -> ArrayFile:
        """The file of arrays."""
        file = ArrayFile(self.path, self._content)
        if file.facts.get("docs") != self._doc_count or len(file.array("ends")) != self._doc_count + 1:
            raise LibraryDamaged(self.path, "the term vectors are those of another segment")
        return file

    @property
    def term_count(self) -> int:
        """How many terms the segment had when the vectors were made."""
        return int(self.file.facts["terms"])

    @cached_property
    def _arrays(self) -> tuple[NDArray[Any], NDArray[np.uint16]]:
        return self.file.array("ends"), self.file.array("steps")

    def of(self, docs: Numbers) -> ArticleTerms:
        """Return the terms of the articles `docs`, in the order in which they are asked for."""
        ends, steps = self._arrays
        starts = ends.take(docs).astype(np.intp)
        sizes = ends.take(docs + 1).astype(np.intp) - starts
        before = np.cumsum(sizes) - sizes
        owners = np.repeat(np.arange(len(docs)), sizes)
        entries = steps.take(np.arange(len(owners)) + (starts - before).take(owners))
        step = (entries >> 2).astype(np.int64)
        reached = np.cumsum(step)
        ahead = np.concatenate((np.zeros(1, dtype=np.int64), reached)).take(before) + 1
        found = ArticleTerms(owners, reached - ahead.take(owners), _FREQS.take(entries & 3))
        return found.where(np.flatnonzero(step != _FAR)) if (step == _FAR).any() else found
