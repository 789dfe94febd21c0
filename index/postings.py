"""Where a term occurs in a library: across its segments, without deleted articles, read only as needed.

A *place* is the number of a posting among all of the term's, segment after segment, those of deleted articles
included. Articles are numbered over the whole library.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.term_reader import Occurrences
from index.codec.words_reader import WordsReader
from index.value import Value

Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]

_ONE = np.uint64(1)


class Postings(Value):
    """Where a term occurs: ascending article numbers and, aligned, how often (of any numeric dtype)."""

    docs: Numbers
    freqs: NDArray[Any]


class Part(NamedTuple):
    """A term in one segment: its articles are numbered from `base`, its places from `first`."""

    words: WordsReader
    number: int
    base: int
    first: int
    living: Living | None


class Living:
    """Which articles of a segment are not deleted: as `flags`, and as `bits`, the first in the lowest."""

    def __init__(self, flags: NDArray[np.bool_]) -> None:
        self.flags = flags

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """The flags, eight to a byte."""
        return np.packbits(self.flags, bitorder="little")


class TermPostings:
    """A term of a field of words, in all segments that have it. Safe to use from several threads."""

    def __init__(self, parts: list[Part], size: int) -> None:
        self.parts = parts
        #: The number of postings, those of deleted articles included.
        self.size = size
        self._whole = all(part.living is None for part in parts)
        if self._whole:
            self.count = self.size

    @cached_property
    def count(self) -> int:
        """The number of articles."""
        return sum(map(self._living_in, range(len(self.parts)))) if self.is_dense else len(self.docs)

    def _living_in(self, at: int) -> int:
        words, number, _, _, living = self.parts[at]
        bits = self.bits[at]
        if living is None:
            return int(words.df[number])
        if bits is None:
            return int(np.count_nonzero(living.flags.take(words.docs(number))))
        return int(np.bitwise_count(bits & living.bits).sum())

    @cached_property
    def _decoded(self) -> tuple[Numbers, Numbers | None]:
        if not self.parts:
            return np.zeros(0, dtype=np.intp), None
        if self._whole and len(self.parts) == 1 and not self.parts[0].base:
            return self.parts[0].words.docs(self.parts[0].number), None
        docs, alive = [], []
        for words, number, base, _, living in self.parts:
            own = words.docs(number)
            if living is not None:
                alive.append(living.flags.take(own))
            elif not self._whole:
                alive.append(np.ones(len(own), dtype=np.bool_))
            docs.append(own + base if base else own)
        every = docs[0] if len(docs) == 1 else np.concatenate(docs)
        if not alive:
            return every, None
        flags = alive[0] if len(alive) == 1 else np.concatenate(alive)
        if flags.all():
            return every, None
        places = np.flatnonzero(flags)
        return every.take(places), places

    @cached_property
    def structures(self) -> list[bytes]:
        """What the compiled loops want of each part; without positions."""
        return self._structures(positions=False)

    @cached_property
    def whole_structures(self) -> list[bytes]:
        """What the compiled loops want of each part."""
        return self._structures(positions=True)

    def _structures(self, positions: bool) -> list[bytes]:
        from index.kernel.layout import part

        return [
            part(
                words.whole_field if positions else words.field,
                number,
                base,
                first,
                None if living is None else living.flags,
            )
            for words, number, base, first, living in self.parts
        ]

    @property
    def docs(self) -> Numbers:
        """The ascending articles that have the term."""
        return self._decoded[0]

    def places(self, chosen: Numbers | None = None) -> Numbers:
        """Return the places of all articles of `docs`, or of those that stand at `chosen` in it."""
        alive = self._decoded[1]
        if alive is None:
            return np.arange(self.size) if chosen is None else chosen
        return alive if chosen is None else alive.take(chosen)

    @cached_property
    def freqs(self) -> NDArray[Any]:
        """How often the term occurs in each article of `docs`."""
        return self._living([words.freqs(number) for words, number, *_ in self.parts])

    @cached_property
    def weights(self) -> Floats:
        """How often the term occurs in each article of `docs`, in the title counted twice."""
        return self._living([words.weights(number) for words, number, *_ in self.parts])

    def _living(self, values: list[NDArray[Any]]) -> NDArray[Any]:
        if not values:
            return np.zeros(0)
        every = values[0] if len(values) == 1 else np.concatenate(values)
        alive = self._decoded[1]
        return every if alive is None else every.take(alive)

    def weights_at(self, places: Numbers) -> Floats:
        """Return the weights of the postings at ascending places."""
        if self._whole and "weights" in self.__dict__:
            return self.weights.take(places)
        if len(self.parts) == 1:
            return self.parts[0].words.weights_at(self.parts[0].number, places)
        if not self.parts:
            return np.zeros(0)
        cuts = self._cuts(places)
        return np.concatenate(
            [
                part.words.weights_at(part.number, places[a:b] - part.first)
                for part, a, b in zip(self.parts, cuts, cuts[1:], strict=False)
            ]
        )

    def _cuts(self, places: Numbers) -> list[int]:
        bounds = [part.first for part in self.parts[1:]]
        return [0, *np.searchsorted(places, bounds).tolist(), len(places)] if bounds else [0, len(places)]

    @cached_property
    def heaviest(self) -> int:
        """A number that no weight exceeds."""
        if len(self.parts) == 1:
            return self.parts[0].words.heaviest(self.parts[0].number)
        return max((words.heaviest(number) for words, number, *_ in self.parts), default=0)

    @cached_property
    def bits(self) -> list[NDArray[np.uint8] | None]:
        """For each part, the bits of the articles that have the term, None where they are not kept so."""
        return [words.bits(number) for words, number, *_ in self.parts]

    @property
    def is_dense(self) -> bool:
        """True if most postings are kept as bits and nothing was decoded: `find` is then quickest."""
        if not self.parts or "_decoded" in self.__dict__:
            return False
        return self.parts[0].words.is_dense(self.parts[0].number)

    def find(self, docs: Numbers) -> tuple[Numbers, Numbers]:
        """Return which of the ascending living `docs` have the term, as places in it, and its own places."""
        if len(self.parts) == 1 and not self.parts[0].base:
            return self._find_in(0, docs)
        bases = [part.base for part in self.parts]
        ends = [part.base + part.words.doc_count for part in self.parts]
        begin, end = np.searchsorted(docs, bases).tolist(), np.searchsorted(docs, ends).tolist()
        inside, places = [], []
        for at, part in enumerate(self.parts):
            if begin[at] < end[at]:
                found, where = self._find_in(at, docs[begin[at] : end[at]] - part.base)
                inside.append(found + begin[at])
                places.append(where + part.first)
        if not inside:
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
        return np.concatenate(inside), np.concatenate(places)

    def mark(self, flags: NDArray[np.bool_]) -> list[tuple[int, NDArray[np.uint8]]]:
        """Set the flags of the articles that have the term, but for those that are kept as bits.

        These are returned, with the number of the byte at which they would begin in an array of the bits of
        all articles.
        """
        if not self.is_dense:
            flags[self.docs] = True
            return []
        rest = []
        for (words, number, base, _, living), bits in zip(self.parts, self.bits, strict=True):
            if bits is not None and base % 8 == 0:
                rest.append((base // 8, bits if living is None else bits & living.bits))
            else:
                own = words.docs(number)
                flags[(own if living is None else own[living.flags.take(own)]) + base] = True
        return rest

    def _find_in(self, at: int, docs: Numbers) -> tuple[Numbers, Numbers]:
        words, number, *_ = self.parts[at]
        bits = self.bits[at]
        if bits is None:
            own = words.docs(number)
            where = own.searchsorted(docs)
            where[where == len(own)] = 0
            inside = (own.take(where) == docs).nonzero()[0]
            return inside, where.take(inside)
        there = bits.take(docs >> 3) >> (docs & 7).astype(np.uint8) & 1
        inside = there.nonzero()[0]
        found = docs.take(inside)
        chunks, before = self._counted(at, bits)
        word = found >> 6
        mask = (_ONE << (found & 63).view(np.uint64)) - _ONE
        return inside, before.take(word) + np.bitwise_count(chunks.take(word) & mask)

    def _counted(self, at: int, bits: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], Numbers]:
        """Return the bits of a part in 64s, and how many are set before each of these."""
        padded = np.zeros((len(bits) + 7) // 8 * 8, dtype=np.uint8)
        padded[: len(bits)] = bits
        chunks = padded.view("<u8")
        before = np.zeros(len(chunks) + 1, dtype=np.intp)
        np.bitwise_count(chunks).cumsum(out=before[1:])
        return chunks, before

    def occurrences(self, places: Numbers, origins: NDArray[np.int64]) -> Occurrences:
        """Return the occurrences in the articles at ascending places, of which there is at least one.

        `origins`, aligned, is added to the positions in each article.
        """
        if len(self.parts) == 1:
            return self.parts[0].words.occurrences(self.parts[0].number, places, origins)
        cuts = self._cuts(places)
        found, entries = [], 0
        for at, (words, number, _, first, _) in enumerate(self.parts):
            a, b = cuts[at : at + 2]
            if a < b:
                own = words.occurrences(number, places[a:b] - first, origins[a:b])
                before = self._occurrences_before[at]
                found.append(Occurrences(own.firsts + entries, own.positions, own.places + before))
                entries += len(own.positions)
        return Occurrences(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))

    def is_always(self, form: bytes) -> bool:
        """Return whether the term is written as `form` everywhere."""
        return all(
            words.form_count(number) == 1 and words.rank_of(number, form) == 0
            for words, number, *_ in self.parts
        )

    @cached_property
    def _occurrences_before(self) -> list[int]:
        sizes = [int(words.cf[number]) for words, number, *_ in self.parts]
        return [0, *accumulate(sizes)]

    def has_form(self, form: bytes) -> bool:
        """Return whether the term was written as `form` in any article, deleted ones included."""
        return any(words.rank_of(number, form) >= 0 for words, number, *_ in self.parts)

    def written_as(self, form: bytes, occurrences: Numbers) -> NDArray[np.bool_]:
        """Return which of some occurrences, given by their ascending places, were written as `form`."""
        if len(self.parts) == 1:
            return _written_as(self.parts[0], form, occurrences)
        bounds = self._occurrences_before
        cuts = [0, *np.searchsorted(occurrences, bounds[1:-1]).tolist(), len(occurrences)]
        return np.concatenate(
            [
                _written_as(part, form, occurrences[cuts[at] : cuts[at + 1]] - bounds[at])
                for at, part in enumerate(self.parts)
            ]
        )


def _written_as(part: Part, form: bytes, occurrences: Numbers) -> NDArray[np.bool_]:
    rank = part.words.rank_of(part.number, form)
    if rank < 0 or part.words.form_count(part.number) == 1:
        return np.full(len(occurrences), rank == 0)
    fits: NDArray[np.bool_] = part.words.ranks_at(part.number, occurrences) == rank
    return fits


def occurrences_together(
    terms: Sequence[TermPostings], places: Sequence[Numbers], origins: NDArray[np.int64]
) -> list[Occurrences]:
    """Return the `occurrences` of several terms in the same articles, given by each term's places."""
    parts = [term.parts[0] for term in terms if len(term.parts) == 1]
    if len(parts) < len(terms) or any(part.words is not parts[0].words for part in parts):
        return [term.occurrences(own, origins) for term, own in zip(terms, places, strict=True)]
    order = sorted(range(len(parts)), key=lambda at: parts[at].number)
    numbers = [parts[at].number for at in order]
    found = parts[0].words.occurrences_of(numbers, [places[at] for at in order], origins)
    return [found[order.index(at)] for at in range(len(order))]


class FlatPostings:
    """Postings put together for a query, asked like a `TermPostings`; places are those in `docs`."""

    is_dense = False

    def __init__(self, postings: Postings) -> None:
        self.docs = postings.docs
        self.weights: Floats = postings.freqs.astype(np.float64, copy=False)
        self.count = len(self.docs)

    @property
    def heaviest(self) -> float:
        """The largest weight."""
        return float(self.weights.max()) if self.count else 0.0

    def places(self, chosen: Numbers | None = None) -> Numbers:
        """Return the places of all articles of `docs`, or of those that stand at `chosen` in it."""
        return np.arange(self.count) if chosen is None else chosen

    def weights_at(self, places: Numbers) -> Floats:
        """Return the weights of the postings at some places."""
        return self.weights.take(places)

    def find(self, docs: Numbers) -> tuple[Numbers, Numbers]:
        """Return which of the ascending `docs` are among these, as places in `docs`, and their places."""
        if not self.count:
            return docs[:0], docs[:0]
        where = self.docs.searchsorted(docs)
        where[where == self.count] = 0
        inside = np.flatnonzero(self.docs.take(where) == docs)
        return inside, where.take(inside)

    def mark(self, flags: NDArray[np.bool_]) -> list[tuple[int, NDArray[np.uint8]]]:
        """Set the flags of the articles."""
        flags[self.docs] = True
        return []
