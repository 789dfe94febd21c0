"""Reading a field of words term by term, as a search does: articles, weights, positions, forms, by arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile
from index.codec.format import BITS, FAR, NARROW, RANGE, SAMPLE, range_count
from index.codec.packing import PackedReader
from index.codec.places import Places
from index.codec.terms import Terms
from index.codec.words_writer import STREAMS

if TYPE_CHECKING:
    from index.kernel.layout import Field

Integers = NDArray[np.integer[Any]]
Numbers = NDArray[np.intp]
#: More flags are counted by their bits.
_MANY_FLAGS = 1 << 16
#: The frequencies of terms in more articles are not read as a whole for a few of them.
_READ_WHOLE = 1 << 14
_ONE = np.uint64(1)
COLUMN = {stream: place for place, stream in enumerate(STREAMS)}


class Occurrences(NamedTuple):
    """Where a term occurs in some articles.

    `firsts` is where the entries of each article begin in the other two, which have an entry an occurrence:
    its position (ascending in an article) and its place among all occurrences of the term.
    """

    firsts: Numbers
    positions: NDArray[np.int64]
    places: Numbers


class TermReader:
    """A field of one segment. Terms are named by their number (`terms.find`); arrays may be read-only."""

    def __init__(self, file: ArrayFile, name: str, doc_count: int) -> None:
        self._doc_count = doc_count
        self.terms = Terms(file, name)
        self.df: Integers = file.array(f"{name}.df")
        self.cf: Integers = file.array(f"{name}.cf")
        self._far_count: Integers = file.array(f"{name}.far_count")
        self._form_count: Integers = file.array(f"{name}.form_count")
        self._offsets: NDArray[np.int64] = file.array(f"{name}.offsets").reshape(-1, len(STREAMS))
        self._bits, self._docs16 = file.array(f"{name}.bits"), file.array(f"{name}.docs16")
        self._docs32, self._ranges = file.array(f"{name}.docs32"), file.array(f"{name}.ranges")
        self._freqs, self._ranks = PackedReader(file, f"{name}.freq"), PackedReader(file, f"{name}.rank")
        self._heads = PackedReader(file, f"{name}.head") if f"{name}.head.width" in file else None
        self._positions, self._far = file.array(f"{name}.positions"), file.array(f"{name}.far")
        self._farther, self._farther_at = file.array(f"{name}.farther"), file.array(f"{name}.farther_at")
        self._form_bytes, self._form_sizes = (
            file.array(f"{name}.form_bytes"),
            file.array(f"{name}.form_sizes"),
        )
        self._form_df, self._form_cf = file.array(f"{name}.form_df"), file.array(f"{name}.form_cf")

    def _before(self, stream: str, term: int, sizes: Integers) -> int:
        """Return the offset of `term`: its sample's, and the `sizes` of the terms between."""
        return int(self._offsets[term // SAMPLE, COLUMN[stream]]) + int(sizes.sum(dtype=np.int64))

    def _window(self, term: int) -> slice:
        return slice(term - term % SAMPLE, term)

    @cached_property
    def _places(self) -> Places:
        heads = self._freqs if self._heads is None else self._heads
        widths = (self._freqs.widths, self._ranks.widths, heads.widths)
        forms = (self._form_count, self._form_sizes)
        return Places(self._doc_count, self.df, self.cf, self._far_count, widths, forms)

    @cached_property
    def _counts(self) -> tuple[memoryview, memoryview]:
        return self.df.data, self.cf.data

    @cached_property
    def _forms_each(self) -> memoryview:
        return self._form_count.data

    @cached_property
    def _form_size(self) -> memoryview:
        return self._form_sizes.data

    def docs(self, term: int) -> Numbers:
        """Return the ascending article numbers of a term."""
        places = self._places
        kind, start, count = places.kinds[term], places.docs[term], self._counts[0][term]
        if kind == BITS:
            size = (self._doc_count + 7) // 8
            return set_bits(self._bits[start : start + size], self._doc_count)
        if kind != NARROW:
            return self._docs32[start : start + count].astype(np.intp)
        docs: Numbers = self._docs16[start : start + count].astype(np.intp)
        ranges = range_count(self._doc_count) - 1
        if ranges:
            at = places.ranges[term]
            for bound in self._ranges[at : at + ranges].tolist():
                docs[bound:] += RANGE
        return docs

    def article_count(self, term: int) -> int:
        """Return how many articles have a term, deleted ones included."""
        count: int = self._counts[0][term]
        return count

    def freqs(self, term: int) -> Integers:
        """Return how often the term occurs in each article of `docs`."""
        return self._freqs.read(*self._freq_group(term)) + 1

    def bits(self, term: int) -> NDArray[np.uint8] | None:
        """Return a bit for each article of the segment, the first in the lowest, set where the term occurs.

        None for a term that is not kept so, since it is in few articles.
        """
        places = self._places
        if places.kinds[term] != BITS:
            return None
        start = places.docs[term]
        return self._bits[start : start + (self._doc_count + 7) // 8]

    def is_dense(self, term: int) -> bool:
        """Return whether the term has `bits`."""
        return self._places.kinds[term] == BITS

    def weights(self, term: int) -> NDArray[np.float64]:
        """Return how often the term occurs in each article of `docs`, in the title counted twice."""
        weights = self._freqs.plus_one(*self._freq_group(term))
        if self._heads is not None and self._has_heads(term):
            self._heads.add_to(weights, *self._head_group(term))
        return weights

    def weights_at(self, term: int, chosen: Numbers) -> NDArray[np.float64]:
        """Return the `weights` of the articles at the ascending places `chosen` in `docs`."""
        if self._counts[0][term] <= _READ_WHOLE:
            return self.weights(term).take(chosen)
        weights = self._freqs.chosen(*self._freq_group(term), chosen).astype(np.float64)
        weights += 1.0
        if self._heads is not None and self._has_heads(term):
            weights += self._heads.chosen(*self._head_group(term), chosen)
        return weights

    def heaviest(self, term: int) -> int:
        """Return a number that none of the term's `weights` exceeds, found without reading them."""
        width, _, place, count = self._freq_group(term)
        most = self._freqs.most(width, place, count) + 1
        if self._heads is not None and self._has_heads(term):
            width, _, place, count = self._head_group(term)
            most += self._heads.most(width, place, count)
        return most

    def _has_heads(self, term: int) -> bool:
        assert self._heads is not None
        return self._head_widths[term] > 0 or self._heads.has_large

    @cached_property
    def _head_widths(self) -> memoryview:
        return (self._freqs if self._heads is None else self._heads).widths.data

    def _freq_group(self, term: int) -> tuple[int, int, int, int]:
        """Return width, offset, place and count of a term's frequencies, as `PackedReader` wants them."""
        places = self._places
        place = places.postings[term] if self._freqs.has_large else 0
        return self._freq_widths[term], places.freqs[term], place, self._counts[0][term]

    def _head_group(self, term: int) -> tuple[int, int, int, int]:
        places = self._places
        return self._head_widths[term], places.heads[term], places.postings[term], self._counts[0][term]

    @cached_property
    def _freq_widths(self) -> memoryview:
        return self._freqs.widths.data

    def ranks(self, term: int) -> Integers:
        """Return the rank of the surface form at each position of `positions`."""
        if self._form_count[term] == 1:
            return np.zeros(int(self.cf[term]), dtype=np.uint8)
        places, width = self._places, int(self._ranks.widths[term])
        place = places.occurrences[term] if self._ranks.has_large else 0
        return self._ranks.read(width, places.ranks[term], place, self._counts[1][term])

    def positions(self, term: int, freqs: Integers | None = None) -> tuple[Numbers, NDArray[np.int64]]:
        """Return (starts, positions): the positions in the article `docs[i]` stand from `starts[i]` on.

        `starts` has one entry more than `docs`. `freqs`, where the caller has them, saves reading them.
        """
        window = self._window(term)
        start = self._before("occurrences", term, self.cf[window])
        far = self._before("far", term, self._far_count[window])
        steps = self._steps(start, start + int(self.cf[term]), far, far + int(self._far_count[term]))
        counts = self.freqs(term) if freqs is None else freqs
        starts = np.zeros(len(counts) + 1, dtype=np.intp)
        np.cumsum(counts, out=starts[1:])
        return starts, positions_of(steps, starts)

    def occurrences(self, term: int, chosen: Numbers, origins: NDArray[np.int64]) -> Occurrences:
        """Return the occurrences of a term in some of its articles, of which there is at least one.

        `chosen` are the ascending places of the articles in `docs`; `origins`, aligned, is added to the
        positions in each.
        """
        return self.occurrences_of((term,), (chosen,), origins)[0]

    def occurrences_of(
        self, terms: Sequence[int], chosen: Sequence[Numbers], origins: NDArray[np.int64]
    ) -> list[Occurrences]:
        """Return the `occurrences` of several terms, ascending, in the same articles."""
        stretches = [self._stretches(term, own) for term, own in zip(terms, chosen, strict=True)]
        begins, counts = stretches[0]
        if len(terms) > 1:
            begins = np.concatenate([first for first, _ in stretches])
            counts = np.concatenate([count for _, count in stretches])
            origins = np.concatenate([origins] * len(terms))
        ends = counts.cumsum()
        firsts = ends - counts
        begins -= firsts
        owners = np.arange(len(counts)).repeat(counts)
        places = begins.take(owners)
        places += np.arange(len(places))
        each = len(counts) // len(terms)
        cuts = [0, *ends[each - 1 :: each].tolist()]
        steps = self._wide_steps(terms, cuts, places)
        positions = steps.cumsum(dtype=np.int64)
        shifts = steps.take(firsts) - positions.take(firsts)
        shifts += origins
        positions += shifts.take(owners)
        found = []
        for at, term in enumerate(terms):
            own = slice(cuts[at], cuts[at + 1])
            there = places[own]
            there -= self._places.occurrences[term]
            found.append(Occurrences(firsts[at * each : (at + 1) * each] - cuts[at], positions[own], there))
        return found

    def _wide_steps(self, terms: Sequence[int], cuts: Sequence[int], places: Numbers) -> Integers:
        """Return the steps at places in the array of positions; those of a term lie between two of `cuts`."""
        narrow: NDArray[np.uint8] = self._positions.take(places)
        far = (narrow == FAR).nonzero()[0]
        if not len(far):
            return narrow
        steps = narrow.astype(np.int64)
        starts = [self._places.occurrences[term] for term in terms]
        flags = [
            self._positions[start : start + self._counts[1][term]] == FAR
            for term, start in zip(terms, starts, strict=True)
        ]
        bounds = far.searchsorted(cuts).tolist()
        spots = places.take(far)
        if any(len(own) > _MANY_FLAGS for own in flags):
            for at, start in enumerate(starts):
                own = spots[bounds[at] : bounds[at + 1]]
                own[:] = _counted_before(flags[at], own - start) + self._places.far[terms[at]]
        else:
            every = [own.nonzero()[0] for own in flags]
            before = 0
            for at, start in enumerate(starts):
                every[at] += start
            spots = (np.concatenate(every) if len(every) > 1 else every[0]).searchsorted(spots)
            for at, term in enumerate(terms):
                spots[bounds[at] : bounds[at + 1]] += self._places.far[term] - before
                before += len(every[at])
        steps[far] = self._far_values(spots)
        return steps

    def _stretches(self, term: int, chosen: Numbers) -> tuple[Numbers, Numbers]:
        """Return where the occurrences in the articles at `chosen` begin, and how many they are."""
        group = self._freq_group(term)
        start = self._places.occurrences[term]
        if group[3] <= 2 * _READ_WHOLE:
            freqs = self._freqs.read(*group) + 1
            # What lies from each article to the next that is wanted is added up, from the last one back.
            sums = np.add.reduceat(freqs, chosen, dtype=np.intp)
            begins = sums.cumsum()
            sums += begins.item(-1) - self._counts[1][term] - start
            begins -= sums
            return begins, freqs.take(chosen).astype(np.intp)
        counts = self._freqs.chosen(*group, chosen).astype(np.intp)
        counts += 1
        begins = self._freqs.sums_before(*group, chosen)
        begins += chosen + start
        return begins, counts

    def arrays(self) -> list[NDArray[Any]]:
        """Return the arrays of the numbers of articles and of the positions, as `index.kernel` wants them."""
        return [
            self._bits, self._docs16, self._docs32, self._ranges,
            self._positions, self._far, self._farther_at, self._farther,
        ]  # fmt: skip

    @cached_property
    def field(self) -> Field:
        """The structure of the field for the compiled loops, without what only phrases need."""
        from index.kernel.layout import Field

        return Field(self, positions=False)

    @cached_property
    def whole_field(self) -> Field:
        """The whole structure of the field for the compiled loops."""
        from index.kernel.layout import Field

        return Field(self, positions=True)

    @property
    def places(self) -> Places:
        """Where each term begins in the arrays."""
        return self._places

    def columns(self) -> tuple[PackedReader, PackedReader | None, PackedReader]:
        """Return the packed columns: frequencies, occurrences in titles, ranks of forms."""
        return self._freqs, self._heads, self._ranks

    def ranks_at(self, term: int, places: Numbers) -> Integers:
        """Return the rank of the surface form of some of the term's occurrences, by ascending places."""
        if self._form_count[term] == 1:
            return np.zeros(len(places), dtype=np.uint8)
        streams, width = self._places, int(self._ranks.widths[term])
        place = streams.occurrences[term] if self._ranks.has_large else 0
        return self._ranks.chosen(width, streams.ranks[term], place, self._counts[1][term], places)

    def _far_values(self, places: Numbers) -> NDArray[np.int64]:
        """Return the steps that did not fit a byte, by their places among all of these."""
        steps = self._far.take(places).astype(np.int64)
        if len(self._farther_at):
            at = self._farther_at.searchsorted(places.astype(np.uint64))
            at[at == len(self._farther_at)] = 0
            wide = (self._farther_at.take(at) == places).nonzero()[0]
            steps[wide] = self._farther.take(at.take(wide))
        return steps

    def _steps(self, first: int, last: int, far_first: int, far_last: int) -> NDArray[np.int64]:
        steps = self._positions[first:last].astype(np.int64)
        if far_first != far_last:
            steps[steps == FAR] = self._far_steps(far_first, far_last)
        return steps

    def _narrow_steps(self, first: int, last: int, far_first: int, far_last: int) -> Integers:
        """Return the same in the smallest dtype that holds them."""
        packed: Integers = self._positions[first:last]
        if far_first == far_last:
            return packed
        far = self._far_steps(far_first, far_last)
        steps: Integers = packed.astype(np.min_scalar_type(int(far.max())))
        steps[packed == FAR] = far
        return steps

    def _far_steps(self, first: int, last: int) -> Integers:
        far: Integers = self._far[first:last]
        if len(self._farther_at):
            a, b = np.searchsorted(self._farther_at, np.array((first, last), dtype=np.uint64))
            if a < b:
                far = far.astype(np.uint32)
                far[self._farther_at[a:b].astype(np.intp) - first] = self._farther[a:b]
        return far

    @property
    def doc_count(self) -> int:
        """The articles of the segment, deleted ones included."""
        return self._doc_count

    def form_count(self, term: int) -> int:
        """Return how many surface forms a term has."""
        return self._forms_each[term]

    def form_articles(self, term: int, rank: int) -> int:
        """Return how many articles have the term's form of this rank, deleted ones included."""
        if self._form_count[term] == 1:
            return self.article_count(term)
        return int(self._form_df[self._places.several[term] + rank])

    def rank_of(self, term: int, form: bytes) -> int:
        """Return the rank of a surface form of a term, -1 if the term has no such form."""
        places = self._places
        first, sizes = places.forms[term], self._form_size
        for number in range(first, first + self._forms_each[term]):
            size = sizes[number]
            if not size:
                if self.terms[term] == form:
                    return number - first
            elif size == len(form):
                at = places.form_text[number]
                if self._form_bytes[at : at + size].tobytes() == form:
                    return number - first
        return -1

    def forms(self, term: int) -> list[bytes]:
        """Return the surface forms of a term, by rank."""
        places = self._places
        first = places.forms[term]
        if self._form_count[term] == 1 and not self._form_sizes[first]:
            return [self.terms[term]]
        sizes = self._form_sizes[first : first + int(self._form_count[term])].tolist()
        at = places.form_text[first] if sizes else 0
        text = self._form_bytes[at : at + sum(sizes)].tobytes()
        out: list[bytes] = []
        at = 0
        for size in sizes:
            out.append(text[at : at + size] if size else self.terms[term])
            at += size
        return out


def _counted_before(flags: NDArray[np.bool_], places: Numbers) -> Numbers:
    """Return how many of the flags are set before each of the places."""
    bits = np.packbits(flags, bitorder="little")
    chunks = np.concatenate((bits, np.zeros(-len(bits) % 8, dtype=np.uint8))).view("<u8")
    counts = np.bitwise_count(chunks)
    mask = (_ONE << (places & 63).view(np.uint64)) - _ONE
    chunk = places >> 6
    before = (np.cumsum(counts, dtype=np.intp) - counts).take(chunk)
    found: Numbers = before + np.bitwise_count(chunks.take(chunk) & mask)
    return found


def positions_of(steps: NDArray[np.int64], starts: Numbers) -> NDArray[np.int64]:
    """Return positions from steps: in each stretch between two `starts` their running sum."""
    total = np.cumsum(steps)
    if not len(total):
        return total
    before = total[starts[:-1]] - steps[starts[:-1]]
    result: NDArray[np.int64] = total - np.repeat(before, np.diff(starts))
    return result


def set_bits(bits: NDArray[np.uint8], count: int) -> Numbers:
    """Return, ascending, the numbers of the set ones of `count` bits, the lowest of each byte first."""
    return np.flatnonzero(np.unpackbits(bits, count=count, bitorder="little").view(np.bool_))
