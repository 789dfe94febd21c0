"""Whoosh's document-by-document way to write a segment of arrays.

Whoosh calls the per-document writer for each document, then hands all postings, sorted, to the field
writer. What the first collects waits on the segment object (`pending`) until the second writes the file.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from whoosh.codec import base

from index.codec.plain import PlainWriter
from index.codec.segment_writer import SegmentWriter
from index.codec.whoosh_pending import Pending, write_documents
from index.codec.whoosh_storage import write_segment
from index.codec.words_writer import TermBlock, WordsWriter
from index.invert import form_articles
from index.schema import ArraySegment, WordsField

#: A field of words is written in blocks of this many postings.
_BLOCK = 1 << 16


class ArrayPerDocumentWriter(base.PerDocumentWriter):  # type: ignore[misc,unused-ignore]
    """Collects stored values, lengths, columns and vectors of documents numbered from 0."""

    def __init__(self, segment: ArraySegment) -> None:
        self._pending = segment.pending = Pending()
        self._doc = -1
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        """Begin the next document."""
        self._doc = docnum
        self._pending.stored.append({})

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Keep a field's stored value (unless None) and length."""
        if value is not None:
            self._pending.stored[-1][fieldname] = value
        if length:
            self._pending.lengths.setdefault(fieldname, {})[self._doc] = length

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:
        """Keep a column's value."""
        self._pending.columns.setdefault(fieldname, (columnobj, {}))[1][self._doc] = value

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Any) -> None:
        """Keep a document's vector."""
        self._pending.vectors.setdefault(fieldname, {})[self._doc] = list(items)

    def cancel_doc(self) -> None:
        """Forget the document that was begun last."""
        self._pending.stored.pop()
        for values in (
            *self._pending.lengths.values(),
            *(column for _, column in self._pending.columns.values()),
            *self._pending.vectors.values(),
        ):
            values.pop(self._doc, None)

    def close(self) -> None:
        """Nothing more comes; the field writer does the writing."""
        self.is_closed = True


class ArrayFieldWriter(base.FieldWriter):  # type: ignore[misc,unused-ignore]
    """Takes a segment's postings in order, and at `close` writes its file."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._storage = storage
        self._segment = segment
        self._plain: dict[str, PlainWriter] = {}
        self._words: dict[str, _WordsCollector] = {}
        self._collector: PlainWriter | _WordsCollector | None = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field."""
        if isinstance(fieldobj, WordsField):
            pending = self._segment.pending
            headings = pending.lengths_of("title") if fieldobj.part == "text" else None
            collector = _WordsCollector(WordsWriter(len(pending.stored), headings), fieldobj.format)
            self._collector = self._words[fieldname] = collector
        else:
            self._collector = self._plain[fieldname] = PlainWriter()

    def start_term(self, text: bytes) -> None:
        """Begin a term."""
        assert self._collector is not None
        self._collector.start(bytes(text))

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        """Append a posting to the term; `length` counts only if no document was written."""
        assert self._collector is not None
        self._collector.add(docnum, weight, vbytes)
        if self._segment.pending is None and isinstance(self._collector, PlainWriter):
            self._collector.add_length(length or 0)

    def finish_term(self) -> None:
        """End a term."""

    def close(self) -> None:
        """Write the segment, also one without documents: Whoosh may name it in a table of contents."""
        self.is_closed = True
        pending, self._segment.pending = self._segment.pending, None
        if pending is None:
            last = max((doc for plain in self._plain.values() for doc in plain.docs), default=-1)
            pending = Pending(stored=[{}] * (last + 1))
        write_segment(self._storage, self._segment, len(pending.stored), partial(self._write, pending))

    def _write(self, pending: Pending, writer: SegmentWriter) -> None:
        for name, words in self._words.items():
            writer.words(name, words.finish())
        for name, plain in self._plain.items():
            writer.plain(name, plain)
        write_documents(pending, writer)


class _WordsCollector:
    """Turns values of `WordsFormat` into blocks of terms."""

    def __init__(self, writer: WordsWriter, format_: Any) -> None:
        self._writer = writer
        self._format = format_
        self._terms: list[bytes] = []
        self._postings: list[list[tuple[int, list[int], list[bytes]]]] = []
        self._count = 0

    def start(self, term: bytes) -> None:
        """Begin with the next term, greater than those before."""
        if self._count >= _BLOCK:
            self._flush()
        self._terms.append(term)
        self._postings.append([])

    def add(self, doc: int, weight: float, value: bytes) -> None:
        """Append a posting of the term, as Whoosh encoded it."""
        self._postings[-1].append(
            (doc, self._format.decode_positions(value), self._format.decode_forms(value))
        )
        self._count += 1

    def finish(self) -> WordsWriter:
        """Return all terms, ready to be written."""
        self._flush()
        return self._writer

    def _flush(self) -> None:
        if self._terms:
            self._writer.add(_block(self._terms, self._postings))
        self._terms, self._postings, self._count = [], [], 0


def _block(terms: list[bytes], postings: list[list[tuple[int, list[int], list[bytes]]]]) -> TermBlock:
    forms: list[bytes] = []
    form_cf: list[int] = []
    ranks: list[int] = []
    for term in postings:
        counts: dict[bytes, int] = {}
        for _, _, names in term:
            for name in names:
                counts[name] = counts.get(name, 0) + 1
        ordered = sorted(counts, key=lambda name: (-counts[name], name))
        rank = {name: place for place, name in enumerate(ordered)}
        forms += ordered
        form_cf += [counts[name] for name in ordered]
        ranks += [rank[name] for _, _, names in term for name in names]
    df = np.array([len(term) for term in postings], dtype=np.int64)
    freqs = np.array([len(where) for term in postings for _, where, _ in term], dtype=np.int64)
    places = np.array([place for term in postings for _, where, _ in term for place in where], np.int64)
    steps = np.diff(places, prepend=0)
    starts = np.cumsum(freqs) - freqs
    steps[starts] = places[starts]
    ends = np.cumsum(df)
    form_count = np.array(
        [len({name for _, _, names in term for name in names}) for term in postings], dtype=np.int64
    )
    assert ends[-1] == len(freqs)
    rank_array = np.array(ranks, dtype=np.uint32)
    return TermBlock(
        terms=terms,
        df=df,
        docs=np.array([doc for term in postings for doc, _, _ in term], dtype=np.int64),
        freqs=freqs,
        steps=steps,
        ranks=rank_array,
        form_count=form_count,
        forms=forms,
        form_df=form_articles(df, freqs, rank_array, form_count),
        form_cf=np.array(form_cf, dtype=np.int64),
    )
