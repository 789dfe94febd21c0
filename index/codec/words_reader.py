"""Reading a field of words: what `term_reader` does, and many terms at once for merging and for tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.codec.format import BITS, NARROW, RANGE, SAMPLE, WIDE, docs_kind, range_count
from index.codec.term_reader import COLUMN, Numbers, TermReader, set_bits
from index.codec.words_writer import TermBlock, term_sizes
from index.value import Value


class FormTable(Value):
    """All surface forms of a field, by term, then rank: one entry each.

    `forms` are UTF-8; `terms` the numbers of their terms; `df` and `cf` how many articles hold the form
    and how often it occurs, deleted articles included.
    """

    forms: list[bytes]
    terms: Numbers
    df: NDArray[np.int64]
    cf: NDArray[np.int64]


class WordsReader(TermReader):
    """A field of one segment. Terms are named by their number (`terms.find`); arrays may be read-only."""

    @cached_property
    def form_table(self) -> FormTable:
        """Every surface form of the field; made at the first use and kept."""
        forms, counts = self._forms(0, len(self.terms)) if len(self.terms) else ([], np.zeros(0, np.int64))
        return FormTable(
            forms,
            np.repeat(np.arange(len(self.terms)), counts),
            *self._form_counts(0, len(self.terms), counts),
        )

    @cached_property
    def form_places(self) -> dict[bytes, list[tuple[int, int]]]:
        """For each surface form, the terms under which it stands (nearly always one) and its rank there."""
        places: dict[bytes, list[tuple[int, int]]] = {}
        table = self.form_table
        first = np.cumsum(self._form_count, dtype=np.int64) - self._form_count
        ranks = np.arange(len(table.forms)) - first[table.terms]
        for form, term, rank in zip(table.forms, table.terms.tolist(), ranks.tolist(), strict=True):
            places.setdefault(form, []).append((term, rank))
        return places

    @property
    def form_bytes(self) -> NDArray[np.uint8]:
        """The bytes of the forms that differ from their terms, one after the other."""
        return self._form_bytes

    def form_arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return how many forms each term has; and a form each its size in `form_bytes` (0: it equals its
        term) and its article count."""
        counts = self._form_count.astype(np.int64)
        if not len(counts):
            return counts, counts, counts
        df, _ = self._form_counts(0, len(counts), counts)
        return counts, self._form_sizes.astype(np.int64), df

    def frequent_forms(self, least: int) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
        """Return the forms in at least `least` articles, by term, then rank, an entry each.

        The arrays are their terms, ranks, article counts, and where their bytes stand in `form_bytes`: starts
        and sizes, 0 for a form that equals its term.
        """
        terms = np.flatnonzero(self.df >= least)
        counts = self._form_count.astype(np.int64)
        before = (np.cumsum(counts) - counts).take(terms)
        several = np.where(counts > 1, counts, 0)
        kept = (np.cumsum(several) - several).take(terms)
        counts = counts.take(terms)
        owners = np.repeat(np.arange(len(terms)), counts)
        ranks = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
        df = self.df.take(terms).astype(np.int64).take(owners)
        shared = np.flatnonzero(counts.take(owners) > 1)
        df[shared] = self._form_df.take((kept.take(owners) + ranks).take(shared))
        chosen = np.flatnonzero(df >= least)
        forms = (before.take(owners) + ranks).take(chosen)
        starts = np.cumsum(self._form_sizes, dtype=np.int64).take(forms)
        sizes = self._form_sizes.take(forms).astype(np.int64)
        return terms.take(owners.take(chosen)), ranks.take(chosen), df.take(chosen), starts - sizes, sizes

    def _form_counts(
        self, first: int, last: int, counts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        before = self._form_count[self._window(first)]
        several = np.repeat(counts > 1, counts)
        at = self._before("several", first, before[before > 1]) if last > first else 0
        out = []
        for single, kept in ((self.df, self._form_df), (self.cf, self._form_cf)):
            values = np.repeat(single[first:last].astype(np.int64), counts)
            values[several] = kept[at : at + int(np.count_nonzero(several))]
            out.append(values)
        return out[0], out[1]

    def blocks(self, occurrences: int = 1 << 20) -> Iterator[TermBlock]:
        """Yield all terms in blocks of about this many occurrences (one term is never split)."""
        yield from (self.block(first, last) for first, last in self.cuts(occurrences))

    def cuts(self, occurrences: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of terms that `blocks` would give."""
        total = np.cumsum(self.cf, dtype=np.int64)
        first = 0
        while first < len(self.terms):
            done = int(total[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(total, done + occurrences, side="right")))
            yield first, last
            first = last

    def block(self, first: int, last: int) -> TermBlock:
        """Return the terms [first, last), none of them if the range is empty."""
        df, cf = self.df[first:last].astype(np.int64), self.cf[first:last].astype(np.int64)
        if last <= first:
            return empty_block()
        at = self._offsets_at(first)
        forms, form_count = self._forms(first, last)
        freqs = self._freqs.read_groups(
            first, df, np.array([at[f"freq{power}"] for power in range(5)]), at["postings"]
        )
        ranks = self._ranks.read_groups(
            first, cf, np.array([at[f"rank{power}"] for power in range(5)]), at["occurrences"]
        )
        far = int(self._far_count[first:last].sum(dtype=np.int64))
        start = at["occurrences"]
        steps = self._narrow_steps(start, start + int(cf.sum()), at["far"], at["far"] + far)
        docs = self._many_docs(df, at)
        form_df, form_cf = self._form_counts(first, last, form_count)
        return TermBlock(
            self.terms.slice(first, last), df, docs, freqs + 1, steps, ranks,
            form_count, forms, form_df, form_cf,
        )  # fmt: skip

    def _offsets_at(self, term: int) -> dict[str, int]:
        window = self._window(term)
        sizes = term_sizes(
            self._doc_count, self.df[window], self.cf[window], self._far_count[window],
            self._form_count[window], self._freqs.widths[window], self._ranks.widths[window],
        )  # fmt: skip
        return {stream: self._before(stream, term, size) for stream, size in sizes.items()}

    def _many_docs(self, df: NDArray[np.int64], at: dict[str, int]) -> NDArray[np.uint32]:
        kinds = docs_kind(df, self._doc_count)
        each = np.repeat(kinds, df)
        docs = np.empty(len(each), dtype=np.uint32)
        narrow = each == NARROW
        count = int(np.count_nonzero(narrow))
        part = self._docs16[at["docs16"] : at["docs16"] + count].astype(np.uint32)
        ranges = range_count(self._doc_count) - 1
        if ranges:
            part += self._range_of_each(df[kinds == NARROW], at["ranges"], ranges) * np.uint32(RANGE)
        docs[narrow] = part
        wide = each == WIDE
        rest = int(np.count_nonzero(wide))
        docs[wide] = self._docs32[at["docs32"] : at["docs32"] + rest]
        size = (self._doc_count + 7) // 8
        ends = np.cumsum(df)
        for place, term in enumerate(np.flatnonzero(kinds == BITS).tolist()):
            begin = at["bits"] + place * size
            docs[ends[term] - df[term] : ends[term]] = set_bits(
                self._bits[begin : begin + size], self._doc_count
            )
        return docs

    def _range_of_each(self, df: NDArray[np.int64], at: int, ranges: int) -> NDArray[np.uint32]:
        bounds = self._ranges[at : at + len(df) * ranges].reshape(-1, ranges).astype(np.int64)
        steps = np.zeros(int(df.sum()) + 1, dtype=np.int64)
        starts = np.cumsum(df) - df
        np.add.at(steps, (starts[:, None] + bounds).ravel(), 1)
        inside = np.cumsum(steps)[:-1]
        return (inside - np.repeat(np.arange(len(df)) * ranges, df)).astype(np.uint32)

    def _forms(self, first: int, last: int) -> tuple[list[bytes], NDArray[np.int64]]:
        """Return the forms of the terms [first, last) and how many each term has."""
        window = self._window(first)
        counts = self._form_count[first:last].astype(np.int64)
        base = self._offsets[first // SAMPLE]
        skipped = int(self._form_count[window].sum(dtype=np.int64))
        begin = int(base[COLUMN["forms"]])
        sizes = self._form_sizes[begin : begin + skipped + int(counts.sum())].astype(np.int64)
        text_at = int(base[COLUMN["form_text"]]) + int(sizes[:skipped].sum())
        sizes = sizes[skipped:]
        text = self._form_bytes[text_at : text_at + int(sizes.sum())].tobytes()
        terms = self.terms.slice(first, last)
        out: list[bytes] = []
        at = 0
        for owner, size in zip(
            np.repeat(np.arange(len(terms)), counts).tolist(), sizes.tolist(), strict=True
        ):
            out.append(text[at : at + size] if size else terms[owner])
            at += size
        return out, counts


def empty_block() -> TermBlock:
    """Return a block without terms."""
    none = np.zeros(0, dtype=np.int64)
    return TermBlock([], none, none, none, none, none, none, [], none, none)
