"""Verifying a library: every checksum, what the arrays say of each other, and the catalog beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.codec.container import ArrayFile
from index.codec.format import BLOCK
from index.codec.segment_reader import SegmentReader
from index.codec.vectors import VectorsReader
from index.codec.words_reader import WordsReader
from index.copies_file import copies_problem
from index.errors import BylineError
from index.schema import ArraySegment
from index.toc import LibraryIndex

_REBUILD = "run byline index --rebuild"
#: Articles whose term vectors are read at once.
_ARTICLES = 1 << 14


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written: the file, what is wrong there, what to do."""

    path: Path
    what: str
    hint: str = _REBUILD

    def __str__(self) -> str:
        return f"{self.path}: {self.what}: {self.hint}"


def check(folder: Path) -> tuple[Damage, ...]:
    """Return all damage found in the library in `folder`; nothing if it is sound.

    Reads every byte of every segment. Raises `LibraryMissing` as opening does.
    """
    index = LibraryIndex(folder)
    try:
        segments: list[ArraySegment] = list(index._read_toc().segments)
    except BylineError as error:
        return (Damage(folder, error.message, error.hint),)
    damage: list[Damage] = []
    idents: list[bytes] = []
    for segment in segments:
        path = folder / segment.make_filename(".byl")
        try:
            reader = index.open_segment(segment)
        except FileNotFoundError:
            damage.append(Damage(path, "the segment is missing"))
            continue
        except BylineError as error:
            damage.append(Damage(path, error.message.removeprefix(f"{path}: "), error.hint))
            continue
        found = [Damage(path, what) for what in _segment_problems(reader)]
        if not found and reader.vectors is not None:
            found = [Damage(reader.vectors.path, what) for what in _vectors_problems(reader.vectors, reader)]
        damage += found
        if not found:
            idents += _living_idents(reader, segment)
    problem = copies_problem(folder, int(index.latest_generation()))
    if problem is not None:
        damage.append(Damage(*problem))
    if not damage:
        damage += [Damage(folder, what) for what in _catalog_problems(folder, index, idents)]
    return tuple(damage)


def _damaged_blocks(file: ArrayFile) -> str:
    """Return which blocks of a file are damaged, "" if none is."""
    blocks = file.damaged_blocks()
    if not blocks:
        return ""
    places = ", ".join(str(block * BLOCK) for block in blocks[:4])
    more = f" and {len(blocks) - 4} more" if len(blocks) > 4 else ""
    return f"{len(blocks)} damaged block{'s' * (len(blocks) > 1)} of 64 KiB at byte {places}{more}"


def _vectors_problems(vectors: VectorsReader, reader: SegmentReader) -> Iterator[str]:
    try:
        if damaged := _damaged_blocks(vectors.file):
            yield damaged
            return
        words = reader.words("text")
        df = np.zeros(0, dtype=np.int64) if words is None else words.df.astype(np.int64)
        counts = np.zeros(vectors.term_count, dtype=np.int64)
        for first in range(0, reader.doc_count, _ARTICLES):
            docs = np.arange(first, min(first + _ARTICLES, reader.doc_count))
            counts += np.bincount(vectors.of(docs).terms, minlength=len(counts))
        if not np.array_equal(counts, df):
            yield "the term vectors are not those of the postings"
    except BylineError as error:
        yield error.message.removeprefix(f"{vectors.path}: ")
    except (ValueError, IndexError, OverflowError, KeyError) as error:
        yield f"its arrays do not fit each other ({error})"


def _segment_problems(reader: SegmentReader) -> Iterator[str]:
    if damaged := _damaged_blocks(reader.file):
        yield damaged
        return
    try:
        for name in reader.word_fields:
            words = reader.words(name)
            if words is not None:
                yield from _words_problems(words, name, reader)
        if reader.stores_articles and len(reader.stored) != reader.doc_count:
            yield "the number of stored articles is not the number of articles"
        for _ in reader.stored:
            pass
    except (BylineError, ValueError, IndexError, OverflowError) as error:
        yield f"its arrays do not fit each other ({error})"


def _words_problems(words: WordsReader, name: str, reader: SegmentReader) -> Iterator[str]:
    lengths = np.zeros(reader.doc_count, dtype=np.int64)
    last = b""
    for block in words.blocks():
        if block.terms != sorted(set(block.terms)) or (block.terms[0] <= last and last):
            yield f"the terms of {name} are out of order"
            return
        last = block.terms[-1]
        if block.docs.max() >= reader.doc_count or (block.df < 1).any() or (block.freqs < 1).any():
            yield f"the postings of {name} name articles that are not there"
            return
        lengths += np.bincount(block.docs, weights=block.freqs, minlength=reader.doc_count).astype(np.int64)
    if not np.array_equal(lengths, reader.lengths(name)):
        yield f"the lengths of {name} are not those of its postings"


def _living_idents(reader: SegmentReader, segment: ArraySegment) -> Iterator[bytes]:
    return (ident for doc, ident in enumerate(reader.idents()) if doc not in segment.deleted)


def _catalog_problems(folder: Path, index: LibraryIndex, idents: list[bytes]) -> Iterator[str]:
    if len(set(idents)) != len(idents):
        yield "an article stands twice"
    catalog = _catalog(folder)
    if catalog is None:
        return
    with catalog:
        try:
            count = catalog.articles(int(index._read_toc().generation))
        except BylineError as error:
            yield error.message
            return
    if count != len(idents):
        yield f"the catalog counts {count:,} articles, the segments hold {len(idents):,}"


def _catalog(folder: Path) -> Any:
    from index.catalog import CATALOG_FILE, Catalog

    return Catalog(folder) if (folder / CATALOG_FILE).exists() else None
