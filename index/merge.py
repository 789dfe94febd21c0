"""Joining segments into one: their terms walked together, in blocks, what is deleted left out.

Memory is bounded by the block, however large the segments are. Articles keep their order: those of the
first segment, then those of the second, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.plain import PlainWriter
from index.codec.segment_reader import SegmentReader
from index.codec.segment_writer import SegmentWriter
from index.codec.stored import StoredWriter
from index.codec.words_reader import WordsReader, empty_block
from index.codec.words_writer import TermBlock, WordsWriter
from index.invert import form_articles

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to be joined. `numbers` gives each article's new number, -1 if it is deleted."""

    reader: SegmentReader
    numbers: NDArray[np.int64]
    living: NDArray[np.bool_]

    @property
    def whole(self) -> bool:
        """True if nothing is deleted."""
        return bool(self.living.all())


def can_merge(reader: SegmentReader) -> bool:
    """Return whether a segment holds only what `merge` knows how to join (byline's own schema)."""
    return reader.stores_articles and not reader.raw_columns


def merge(segments: Sequence[tuple[SegmentReader, set[int]]], path: Path) -> int:
    """Write the living articles of `segments` (with the numbers of their deleted articles) to `path`.

    Returns the number of articles; if it is 0 no file is written. The file is not yet synced to the disk.
    """
    sources: list[Source] = []
    count = 0
    for reader, deleted in segments:
        living = np.ones(reader.doc_count, dtype=np.bool_)
        living[list(deleted)] = False
        numbers = np.where(living, np.cumsum(living) - 1 + count, -1)
        count += int(np.count_nonzero(living))
        sources.append(Source(reader, numbers, living))
    if not count:
        return 0
    writer = SegmentWriter(path, count)
    try:
        _merge_into(writer, sources, count)
        writer.close(sync=False)  # the commit does it
    except BaseException:
        writer.abandon()
        raise
    return count


def _merge_into(writer: SegmentWriter, sources: list[Source], count: int) -> None:
    for name in _names(sources, "word_fields"):
        fields = [(source, source.reader.words(name)) for source in sources]
        words = WordsWriter(count)
        for block in _joined_blocks([(source, field) for source, field in fields if field is not None]):
            words.add(block)
        writer.words(name, words)
    for name in _names(sources, "plain_fields"):
        writer.plain(name, _merge_plain(sources, name))
    for name in _names(sources, "length_fields"):
        writer.lengths(name, np.concatenate([s.reader.lengths(name)[s.living] for s in sources]))
    for name in _names(sources, "number_columns"):
        pairs = [source.reader.numbers(name) for source in sources]
        writer.numbers(
            name,
            np.concatenate([pair[0][source.living] for pair, source in zip(pairs, sources, strict=True)]),
            np.concatenate([pair[1][source.living] for pair, source in zip(pairs, sources, strict=True)]),
        )
    for name in _names(sources, "text_columns"):
        writer.texts(name, [text for source in sources for text in _texts(source, name)])
    if any(len(source.reader.stored) for source in sources):
        writer.stored(_merge_stored(sources))


def _names(sources: list[Source], kind: str) -> list[str]:
    return sorted({name for source in sources for name in getattr(source.reader, kind)})


def _texts(source: Source, name: str) -> Iterator[bytes]:
    column = source.reader.texts(name)
    if column is None:
        yield from [b""] * int(np.count_nonzero(source.living))
        return
    texts = column.texts.slice(0, len(column.texts))
    yield from (texts[ref] for ref in column.refs[source.living].tolist())


def _merge_stored(sources: list[Source]) -> StoredWriter:
    writer = StoredWriter()
    for source in sources:
        if source.whole:
            writer.copy(source.reader.stored)
        else:
            for alive, record in zip(source.living.tolist(), source.reader.stored, strict=True):
                if alive:
                    writer.add(record)
    return writer


def _merge_plain(sources: list[Source], name: str) -> PlainWriter:
    postings: dict[bytes, list[tuple[int, float, bytes]]] = {}
    for source in sources:
        field = source.reader.plain(name)
        if field is None:
            continue
        for number, term in enumerate(field.terms):
            docs = source.numbers[field.docs(number)].tolist()
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


def _joined_blocks(fields: list[tuple[Source, WordsReader]]) -> Iterator[TermBlock]:
    """Yield the blocks of the joined field, ascending."""
    if not fields:
        return
    largest = max((field for _, field in fields), key=lambda field: int(field.cf.sum(dtype=np.int64)))
    cuts = [last for _, last in largest.cuts(max(1, _BLOCK // len(fields)))]
    starts = [0] * len(fields)
    for cut in cuts:
        bound = largest.terms[cut] if cut < len(largest.terms) else None
        ends = [
            len(field.terms) if bound is None else field.terms.lower_bound(bound, start)
            for (_, field), start in zip(fields, starts, strict=True)
        ]
        blocks = [
            _living(source, field.block(start, end))
            for (source, field), start, end in zip(fields, starts, ends, strict=True)
        ]
        yield _join([block for block in blocks if block.terms])
        starts = ends


def _living(source: Source, block: TermBlock) -> TermBlock:
    """Return a block with its articles renumbered, deleted ones and what only they held left out."""
    docs = source.numbers[block.docs]
    if source.whole or not block.terms:
        return _replace(block, docs=docs)
    keep = docs >= 0
    kept = np.repeat(keep, block.freqs)
    term_of = np.repeat(np.arange(len(block.terms)), block.df)[keep]
    df = np.bincount(term_of, minlength=len(block.terms))
    freqs, steps = block.freqs[keep], block.steps[kept]
    first_form = np.cumsum(block.form_count) - block.form_count
    form_of = np.repeat(first_form[term_of], freqs) + block.ranks[kept]
    form_cf = np.bincount(form_of, minlength=len(block.forms))
    used = form_cf > 0
    place = np.cumsum(used) - 1
    owner = np.repeat(np.arange(len(block.terms)), block.form_count)
    form_count = np.bincount(owner[used], minlength=len(block.terms))
    first_used = np.cumsum(form_count) - form_count
    ranks = (place[form_of] - np.repeat(first_used[term_of], freqs)).astype(np.uint32)
    there = df > 0
    alive, order = np.flatnonzero(there).tolist(), np.flatnonzero(used).tolist()
    return TermBlock(
        terms=[block.terms[term] for term in alive],
        df=df[there],
        docs=docs[keep],
        freqs=freqs,
        steps=steps,
        ranks=ranks,
        form_count=form_count[there],
        forms=[block.forms[form] for form in order],
        form_df=form_articles(df[there], freqs, ranks, form_count[there]),
        form_cf=form_cf[used],
    )


def _replace(block: TermBlock, docs: NDArray[np.int64]) -> TermBlock:
    return TermBlock(
        block.terms, block.df, docs, block.freqs, block.steps, block.ranks,
        block.form_count, block.forms, block.form_df, block.form_cf,
    )  # fmt: skip


def _join(blocks: list[TermBlock]) -> TermBlock:
    """Return one block with the terms of all; articles ascend from block to block."""
    if not blocks:
        return empty_block()
    terms = sorted(set().union(*(block.terms for block in blocks)))
    number = {term: place for place, term in enumerate(terms)}
    term_of = [np.fromiter(map(number.__getitem__, b.terms), np.int64, len(b.terms)) for b in blocks]
    forms, form_count, form_df, form_cf, ranks = _join_forms(blocks, term_of, len(terms))
    df = np.zeros((len(blocks), len(terms)), dtype=np.int64)
    cf = np.zeros((len(blocks), len(terms)), dtype=np.int64)
    for row, (block, mine) in enumerate(zip(blocks, term_of, strict=True)):
        df[row, mine] = block.df
        total = np.cumsum(block.freqs)
        cf[row, mine] = np.diff(total[np.cumsum(block.df) - 1], prepend=0)
    return TermBlock(
        terms=terms,
        df=df.sum(axis=0),
        docs=_interleave([block.docs for block in blocks], df),
        freqs=_interleave([block.freqs for block in blocks], df),
        steps=_interleave([block.steps for block in blocks], cf),
        ranks=_interleave(ranks, cf),
        form_count=form_count,
        forms=forms,
        form_df=form_df,
        form_cf=form_cf,
    )


def _interleave(parts: list[NDArray[Any]], counts: NDArray[np.int64]) -> NDArray[Any]:
    """Return the parts term by term: `counts[p, t]` entries of part `p` belong to term `t`."""
    ends = np.cumsum(counts.T.ravel()).reshape(counts.T.shape).T
    out = np.empty(int(counts.sum()), dtype=np.result_type(*parts))
    for part, count, end in zip(parts, counts, ends, strict=True):
        shift = end - np.cumsum(count)
        out[np.repeat(shift, count) + np.arange(len(part))] = part
    return out


def _join_forms(
    blocks: list[TermBlock], term_of: list[NDArray[np.int64]], term_count: int
) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], list[NDArray[np.int64]]]:
    """Return forms, their counts a term, df, cf, and each block's ranks in the new order of its terms."""
    known: dict[tuple[int, bytes], int] = {}
    places: list[NDArray[np.int64]] = []
    for block, mine in zip(blocks, term_of, strict=True):
        owners = np.repeat(mine, block.form_count).tolist()
        keys = zip(owners, block.forms, strict=True)
        places.append(np.fromiter((known.setdefault(key, len(known)) for key in keys), np.int64, len(owners)))
    df, cf = np.zeros(len(known), dtype=np.int64), np.zeros(len(known), dtype=np.int64)
    for block, place in zip(blocks, places, strict=True):
        np.add.at(df, place, block.form_df)
        np.add.at(cf, place, block.form_cf)
    keys_ = list(known)
    owner = np.fromiter((key[0] for key in keys_), np.int64, len(keys_))
    by_name = np.empty(len(keys_), dtype=np.int64)
    by_name[sorted(range(len(keys_)), key=lambda place: keys_[place][1])] = np.arange(len(keys_))
    order = np.lexsort((by_name, -cf, owner))
    count = np.bincount(owner, minlength=term_count)
    first = np.cumsum(count) - count
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[owner[order]]
    ranks = []
    for block, place in zip(blocks, places, strict=True):
        begin = np.cumsum(block.form_count) - block.form_count
        form_of = np.repeat(np.repeat(begin, block.df), block.freqs) + block.ranks
        ranks.append(rank[place][form_of])
    return [keys_[place][1] for place in order.tolist()], count, df[order], cf[order], ranks
