"""Writing a field of words: blocks of terms in, the arrays of `format` out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFileWriter
from index.codec.format import (
    BITS,
    FAR,
    FARTHER,
    NARROW,
    RANGE,
    SAMPLE,
    WIDE,
    docs_kind,
    range_count,
)
from index.codec.packing import PackedWriter, Spool, count_each
from index.codec.terms import TermsWriter
from index.value import Value

Integers = NDArray[np.integer[Any]]

#: Terms whose places are worked out at once: a multiple of `SAMPLE`.
_PORTION = SAMPLE << 7

#: The arrays of a field that hold stretches of bytes of its terms, and what they are made of.
DTYPES = {
    name: np.dtype(dtype)
    for name, dtype in (
        ("bits", np.uint8),
        ("docs16", np.uint16),
        ("docs32", np.uint32),
        ("ranges", np.uint32),
        ("positions", np.uint8),
        ("far", np.uint16),
        ("farther", np.uint32),
        ("form_bytes", np.uint8),
    )
}


class TermBlock(Value):
    """Some terms in ascending order, with all that the index holds of them.

    One entry a term: `terms`, `df` (at least 1), `form_count`. One a posting, by term, then article:
    `docs`, `freqs` (at least 1). One an occurrence, by posting, then position: `steps` (the position less
    the one before it in the posting; the first is the position itself) and `ranks` (of the form). One a
    form, by term, then rank: `forms`, `form_df`, `form_cf`.
    """

    terms: list[bytes]
    df: NDArray[np.int64]
    docs: Integers
    freqs: Integers
    steps: Integers
    ranks: Integers
    form_count: NDArray[np.int64]
    forms: list[bytes]
    form_df: Integers
    form_cf: Integers


class WordsWriter:
    """Collects a field of a segment of `doc_count` articles; memory is bounded, what is long is spooled.

    With `headings`, the number of words of each article's title, which begins the field, it is also
    written how often a term stands in the title.
    """

    def __init__(self, doc_count: int, headings: Integers | None = None) -> None:
        self._doc_count = doc_count
        self._headings = headings
        self._heads = PackedWriter()
        self._terms = TermsWriter()
        self._docs = {BITS: Spool(), NARROW: Spool(), WIDE: Spool()}
        self._ranges = Spool()
        self._freqs, self._ranks = PackedWriter(), PackedWriter()
        self._positions, self._far, self._farther = Spool(), Spool(), Spool()
        self._farther_at: list[Integers] = []
        self._far_total = 0
        self._form_bytes = Spool()
        self._per_term: dict[str, list[Integers]] = {
            name: [] for name in ("df", "cf", "far_count", "form_count", "form_text")
        }
        self._per_form: dict[str, list[Integers]] = {
            name: [] for name in ("form_sizes", "form_df", "form_cf")
        }

    def add(self, block: TermBlock) -> None:
        """Append a block whose terms are greater than all before."""
        if not block.terms:
            return
        self._terms.append(block.terms)
        total = np.cumsum(block.freqs, dtype=np.int64)
        cf = np.diff(total[np.cumsum(block.df) - 1], prepend=0)
        self._per_term["df"].append(block.df)
        self._per_term["cf"].append(cf)
        self._add_docs(block.df, block.docs)
        self._freqs.append(block.freqs - 1, block.df)
        if self._headings is not None:
            self._heads.append(_in_heading(block, self._headings), block.df)
        self._ranks.append(block.ranks, cf)
        self._add_steps(block.steps, cf)
        self._add_forms(block)

    def _add_docs(self, df: NDArray[np.int64], docs: Integers) -> None:
        kinds = docs_kind(df, self._doc_count)
        each = np.repeat(kinds, df)
        wide, narrow = each == WIDE, each == NARROW
        self._docs[WIDE].append(docs[wide].astype(np.uint32))
        chosen = docs[narrow]
        self._docs[NARROW].append((chosen & (RANGE - 1)).astype(np.uint16))
        ranges = range_count(self._doc_count)
        terms = np.flatnonzero(kinds == NARROW)
        if ranges > 1 and len(terms):
            cell = np.repeat(np.arange(len(terms)), df[terms]) * ranges + (chosen >> 16)
            counts = np.bincount(cell, minlength=len(terms) * ranges).reshape(-1, ranges)
            self._ranges.append(np.cumsum(counts, axis=1)[:, :-1].astype(np.uint32))
        starts = np.cumsum(df) - df
        for term in np.flatnonzero(kinds == BITS).tolist():
            present = np.zeros(self._doc_count, dtype=np.uint8)
            present[docs[starts[term] : starts[term] + df[term]]] = 1
            self._docs[BITS].append(np.packbits(present, bitorder="little"))

    def _add_steps(self, steps: Integers, cf: NDArray[np.int64]) -> None:
        near = np.empty(len(steps), dtype=np.uint8)
        self._positions.append(np.minimum(steps, FAR, out=near, casting="unsafe"))
        is_far = steps >= FAR
        self._per_term["far_count"].append(count_each(is_far, np.cumsum(cf) - cf))
        far = steps[is_far].astype(np.uint32)
        self._far.append(np.minimum(far, FARTHER).astype(np.uint16))
        farther = np.flatnonzero(far >= FARTHER)
        self._farther_at.append(farther + self._far_total)
        self._farther.append(far[farther])
        self._far_total += len(far)

    def _add_forms(self, block: TermBlock) -> None:
        owners = np.repeat(np.arange(len(block.terms)), block.form_count)
        stored = [
            b"" if form == block.terms[owner] else form
            for form, owner in zip(block.forms, owners.tolist(), strict=True)
        ]
        sizes = np.fromiter(map(len, stored), dtype=np.int64, count=len(stored))
        several = block.form_count[owners] > 1
        self._form_bytes.append(np.frombuffer(b"".join(stored), dtype=np.uint8))
        self._per_form["form_sizes"].append(sizes)
        self._per_form["form_df"].append(block.form_df[several])
        self._per_form["form_cf"].append(block.form_cf[several])
        self._per_term["form_count"].append(block.form_count)
        self._per_term["form_text"].append(
            np.bincount(owners, weights=sizes, minlength=len(block.terms)).astype(np.int64)
        )

    def __len__(self) -> int:
        return self._terms.count

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the field under `name`; nothing may be added afterwards."""
        columns = {key: _joined(parts) for key, parts in self._per_term.items()}
        self._terms.write(file, name)
        for key in ("df", "cf", "far_count", "form_count"):
            file.add(f"{name}.{key}", narrowed(columns[key]))
        widths = self._freqs.widths(), self._ranks.widths()
        file.add(f"{name}.offsets", offsets(self._doc_count, columns, *widths))
        for kind, part in ((BITS, "bits"), (NARROW, "docs16"), (WIDE, "docs32")):
            file.add_chunks(f"{name}.{part}", DTYPES[part], self._docs[kind].chunks())
        file.add_chunks(f"{name}.ranges", DTYPES["ranges"], self._ranges.chunks())
        self._freqs.write(file, f"{name}.freq")
        self._ranks.write(file, f"{name}.rank")
        if self._headings is not None:
            self._heads.write(file, f"{name}.head")
        file.add_chunks(f"{name}.positions", DTYPES["positions"], self._positions.chunks())
        file.add_chunks(f"{name}.far", DTYPES["far"], self._far.chunks())
        file.add_chunks(f"{name}.farther", DTYPES["farther"], self._farther.chunks())
        file.add(f"{name}.farther_at", _joined(self._farther_at).astype(np.uint64))
        file.add_chunks(f"{name}.form_bytes", DTYPES["form_bytes"], self._form_bytes.chunks())
        for key, parts in self._per_form.items():
            file.add(f"{name}.{key}", narrowed(_joined(parts)))


def _in_heading(block: TermBlock, headings: Integers) -> NDArray[np.int64]:
    """Return for each posting how many of its positions lie below the entry of `headings` for its article."""
    starts = np.cumsum(block.freqs, dtype=np.int64) - block.freqs
    bounds = headings.take(block.docs)
    counts = np.zeros(len(starts), dtype=np.int64)
    # Few postings begin in the title, so only these are looked at, one position after the other.
    left = np.flatnonzero(block.steps.take(starts) < bounds)
    positions = block.steps.take(starts.take(left)).astype(np.int64)
    seen = 0
    while len(left):
        counts[left] += 1
        seen += 1
        more = np.flatnonzero(block.freqs.take(left) > seen)
        left = left.take(more)
        positions = positions.take(more) + block.steps.take(starts.take(left) + seen)
        inside = np.flatnonzero(positions < bounds.take(left))
        left, positions = left.take(inside), positions.take(inside)
    return counts


#: What `F.offsets` counts, column by column.
STREAMS = (
    "postings", "occurrences", "bits", "docs16", "docs32", "ranges", "far", "forms", "several", "form_text",
    *(f"{column}{power}" for column in ("freq", "rank") for power in range(5)),
)  # fmt: skip


def term_sizes(
    doc_count: int,
    df: Integers,
    cf: Integers,
    far_count: Integers,
    form_count: Integers,
    freq_widths: NDArray[np.uint8],
    rank_widths: NDArray[np.uint8],
) -> dict[str, NDArray[np.int64]]:
    """Return how many entries each term has in each of `STREAMS` but `form_text`."""
    articles, occurrences = df.astype(np.int64), cf.astype(np.int64)
    kinds = docs_kind(articles, doc_count)
    sizes = {
        "postings": articles,
        "occurrences": occurrences,
        "bits": (kinds == BITS) * ((doc_count + 7) // 8),
        "docs16": (kinds == NARROW) * articles,
        "docs32": (kinds == WIDE) * articles,
        "ranges": (kinds == NARROW) * (range_count(doc_count) - 1),
        "far": far_count.astype(np.int64),
        "forms": form_count.astype(np.int64),
        "several": (form_count > 1) * form_count.astype(np.int64),
    }
    for power in range(5):
        sizes[f"freq{power}"] = (freq_widths == power) * articles
        sizes[f"rank{power}"] = (rank_widths == power) * occurrences
    return sizes


def offsets(
    doc_count: int,
    columns: dict[str, Integers],
    freq_widths: NDArray[np.uint8],
    rank_widths: NDArray[np.uint8],
) -> NDArray[np.int64]:
    """Return the array `F.offsets`; `columns` are those of all terms, with `form_text`: how many bytes the
    forms of each take."""
    found = [np.zeros((0, len(STREAMS)), dtype=np.int64)]
    for first in range(0, len(columns["df"]), _PORTION):
        part = slice(first, first + _PORTION)
        df, cf, far_count, form_count = (
            columns[key][part] for key in ("df", "cf", "far_count", "form_count")
        )
        sizes = term_sizes(doc_count, df, cf, far_count, form_count, freq_widths[part], rank_widths[part])
        sizes["form_text"] = columns["form_text"][part].astype(np.int64)
        firsts = np.arange(0, len(df), SAMPLE)
        found.append(np.stack([np.add.reduceat(sizes[stream], firsts) for stream in STREAMS], axis=1))
    each = np.concatenate(found)
    return np.cumsum(each, axis=0) - each


def narrowed(values: Integers) -> NDArray[Any]:
    """Return non-negative `values` in the smallest unsigned dtype that holds them."""
    return values.astype(np.min_scalar_type(int(values.max()) if len(values) else 0))


def _joined(parts: list[Integers]) -> Integers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])
