"""Joining segments into one: their terms walked together, in blocks, what is deleted left out.

Memory is bounded by the block, however large the segments are. Articles keep their order: those of the
first segment, then those of the second, and so on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import distinct
from index.codec.plain import PlainReader, PlainWriter, SingleWriter
from index.codec.segment_reader import SegmentReader
from index.codec.segment_writer import SegmentWriter, id_field
from index.codec.stored import StoredWriter
from index.codec.vectors import VectorsWriter
from index.codec.words_writer import WordsWriter
from index.merge_words import Numbering, joined_blocks
from index.signature import BINS


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to be joined, and what becomes of its articles."""

    reader: SegmentReader
    numbering: Numbering

    @property
    def living(self) -> NDArray[np.bool_]:
        """Which articles are not deleted."""
        return self.numbering.living


def can_merge(reader: SegmentReader) -> bool:
    """Return whether a segment holds only what `merge` knows how to join (byline's own schema)."""
    own = reader.stores_articles or (not len(reader.stored) and reader.plain_fields == ("id",))
    return own and not reader.raw_columns


def merge(segments: Sequence[tuple[SegmentReader, set[int]]], path: Path) -> int:
    """Write the living articles of `segments` (with the numbers of their deleted articles) to `path`.

    Returns the number of articles; if it is 0 no file is written. The file is not yet synced to the disk.
    """
    sources, count = sources_of(segments)
    if not count:
        return 0
    with SegmentWriter(path, count) as writer:
        _merge_into(writer, sources, count)
        writer.close(sync=False)  # the commit does it
    return count


def sources_of(segments: Iterable[tuple[SegmentReader, Collection[int]]]) -> tuple[list[Source], int]:
    """Return what to join of segments, given with the numbers of their deleted articles, and how many
    articles that are: they follow each other in this order."""
    sources, count = [], 0
    for reader, deleted in segments:
        living = np.ones(reader.doc_count, dtype=np.bool_)
        living[list(deleted)] = False
        left = int(np.count_nonzero(living))
        sources.append(Source(reader, Numbering(count, living, left == reader.doc_count)))
        count += left
    return sources, count


def _merge_into(writer: SegmentWriter, sources: list[Source], count: int) -> None:
    """Write all that `sources` hold; the articles' vectors, in a file of their own, by a thread beside."""
    with ThreadPoolExecutor(1) as beside:
        waiting = None
        for name in _names(sources, "word_fields"):
            vectors = VectorsWriter(count) if name == "text" else None
            _merge_words(writer, name, sources, count, vectors, beside)
            if vectors is not None:
                waiting = beside.submit(writer.vectors, vectors)
        merge_articles(writer, sources)
        if waiting is not None:
            waiting.result()


def _merge_words(
    writer: SegmentWriter,
    name: str,
    sources: list[Source],
    count: int,
    vectors: VectorsWriter | None,
    beside: Executor,
) -> None:
    fields = [(source, source.reader.words(name)) for source in sources]
    words = WordsWriter(count, _lengths(sources, "title") if name == "text" else None)
    for block in joined_blocks([(s.numbering, field) for s, field in fields if field is not None]):
        waiting = None if vectors is None else beside.submit(vectors.add, block)
        words.add(block)
        if waiting is not None:
            waiting.result()
    writer.words(name, words)


def merge_articles(writer: SegmentWriter, sources: list[Source]) -> None:
    """Write all but the fields of words."""
    for name in _names(sources, "plain_fields"):
        writer.plain(name, _merge_plain(sources, name))
    for name in _names(sources, "length_fields"):
        writer.lengths(name, _lengths(sources, name))
    for name in _names(sources, "number_columns"):
        pairs = [source.reader.numbers(name) for source in sources]
        writer.numbers(
            name,
            np.concatenate([pair[0][source.living] for pair, source in zip(pairs, sources, strict=True)]),
            np.concatenate([pair[1][source.living] for pair, source in zip(pairs, sources, strict=True)]),
        )
    for name in _names(sources, "text_columns"):
        _merge_texts(writer, name, sources)
    if any(source.reader.signatures is not None for source in sources):
        writer.signatures(np.concatenate([_signatures(source) for source in sources]))
    if any(len(source.reader.stored) for source in sources):
        writer.stored(_merge_stored(sources))


def _lengths(sources: list[Source], name: str) -> NDArray[Any]:
    return np.concatenate([source.reader.lengths(name)[source.living] for source in sources])


def _names(sources: list[Source], kind: str) -> list[str]:
    return sorted({name for source in sources for name in getattr(source.reader, kind)})


def _merge_texts(writer: SegmentWriter, name: str, sources: list[Source]) -> None:
    columns = [source.reader.texts(name) for source in sources]
    known: dict[bytes, int] = {}
    refs = []
    for source, column in zip(sources, columns, strict=True):
        texts = [b""] if column is None else column.texts.slice(0, len(column.texts))
        old = np.zeros(source.reader.doc_count, dtype=np.intp) if column is None else column.refs
        living = old[source.living]
        used = distinct(living).tolist()
        new = np.zeros(len(texts), dtype=np.int64)
        new[used] = [known.setdefault(texts[place], len(known)) for place in used]
        refs.append(new[living])
    writer.referred_texts(name, list(known), np.concatenate(refs))


def _signatures(source: Source) -> NDArray[np.uint8]:
    rows = source.reader.signatures
    return np.zeros((int(source.living.sum()), BINS), dtype=np.uint8) if rows is None else rows[source.living]


def _merge_stored(sources: list[Source]) -> StoredWriter:
    writer = StoredWriter()
    for source in sources:
        if source.numbering.whole:
            writer.copy(source.reader.stored)
        else:
            for alive, record in zip(source.living.tolist(), source.reader.stored, strict=True):
                if alive:
                    writer.add(record)
    return writer


def _merge_plain(sources: list[Source], name: str) -> PlainWriter | SingleWriter:
    pairs = [(source, source.reader.plain(name)) for source in sources]
    fields = [(source.numbering.numbers(), field) for source, field in pairs if field is not None]
    if all(field.is_single for _, field in fields):
        return _merge_single(fields)
    postings: dict[bytes, list[tuple[int, float, bytes]]] = {}
    for numbers, field in fields:
        for number, term in enumerate(field.terms):
            docs = numbers[field.docs(number)].tolist()
            for doc, weight, value in zip(
                docs, field.weights(number).tolist(), field.values(number), strict=True
            ):
                if doc >= 0:
                    postings.setdefault(term, []).append((doc, weight, value))
    writer = PlainWriter()
    for term in sorted(postings):
        writer.start(term)
        for doc, weight, value in postings[term]:
            writer.add(doc, weight, value)
    return writer


def _merge_single(fields: list[tuple[NDArray[np.int64], PlainReader]]) -> PlainWriter | SingleWriter:
    """Join fields of which every term has one article and nothing else, as ids have."""
    docs = [numbers.take(field.all_docs()) for numbers, field in fields]
    terms = list(chain.from_iterable(field.terms.slice(0, len(field.terms)) for _, field in fields))
    numbers = np.concatenate(docs)
    living = np.flatnonzero(numbers >= 0)
    if len(living) < len(numbers):
        terms, numbers = [terms[place] for place in living.tolist()], numbers.take(living)
    return id_field(terms, numbers)
