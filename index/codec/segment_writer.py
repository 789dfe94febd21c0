"""Writing one segment's file: fields, lengths, stored records and columns, in the order of the calls."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from operator import ne
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.columns import write_numbers, write_texts
from index.codec.container import ArrayFileWriter
from index.codec.format import VECTORS
from index.codec.plain import PlainWriter, SingleWriter
from index.codec.stored import StoredWriter
from index.codec.vectors import JoinedVectors, TextVectorsWriter, VectorsWriter
from index.codec.words_join import JoinedWords
from index.codec.words_writer import WordsWriter, narrowed


class SegmentWriter:
    """One segment of `doc_count` articles at `path`, which must not exist; `close` or `abandon` ends it.
    As a context it is abandoned if an error ends that.

    With `content` it is written there, and `path` only names it.

    The facts in the file's directory: `docs`, `words` and `plain` (the fields of each kind), `numbers`,
    `texts` and `raw` (the columns of each kind), `stored`.
    """

    def __init__(self, path: Path, doc_count: int, content: BytesIO | None = None) -> None:
        self.file = ArrayFileWriter(path, content)
        self._vectors: Path | None = None if content is not None else path.with_suffix(VECTORS)
        self._facts: dict[str, Any] = {
            "docs": doc_count,
            "words": [],
            "plain": [],
            "numbers": {},
            "texts": [],
            "raw": [],
            "lengths": [],
            "stored": "",
            "signature": None,
        }

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abandon()

    def words(self, name: str, writer: WordsWriter | JoinedWords) -> None:
        """Write a field of words, unless no article has any."""
        if len(writer):
            writer.write(self.file, name)
            self._facts["words"].append(name)

    def plain(self, name: str, writer: PlainWriter | SingleWriter) -> None:
        """Write a field of another format, such as ids."""
        writer.write(self.file, name)
        self._facts["plain"].append(name)

    def lengths(self, name: str, lengths: NDArray[np.integer[Any]]) -> None:
        """Write the number of words of each article in a field, unless none has any."""
        if not lengths.any():
            return
        self.file.add(f"{name}.lengths", narrowed(lengths))
        self._facts["lengths"].append(name)

    def numbers(self, name: str, values: NDArray[np.int64], present: NDArray[np.bool_]) -> None:
        """Write a column of numbers, unless no article has one."""
        if present.any():
            self._facts["numbers"][name] = write_numbers(self.file, f"column.{name}", values, present)

    def texts(self, name: str, values: Sequence[bytes]) -> None:
        """Write a column of texts, unless all are empty."""
        known: dict[bytes, int] = {}
        refs = [known.setdefault(text, len(known)) for text in values]
        self.referred_texts(name, list(known), np.array(refs, dtype=np.int64))

    def referred_texts(self, name: str, texts: Sequence[bytes], refs: NDArray[np.int64]) -> None:
        """Write the same column from its distinct texts, in any order, and which of them each article has."""
        if any(texts):
            write_texts(self.file, f"column.{name}", texts, refs)
            self._facts["texts"].append(name)

    def raw(self, name: str, data: bytes) -> None:
        """Write a column as one of Whoosh's own column types encoded it."""
        self.file.add_chunks(f"column.{name}.raw", np.dtype(np.uint8), (data,))
        self._facts["raw"].append(name)

    def signatures(self, rows: NDArray[np.uint8]) -> None:
        """Write the signatures of the articles, a row each, unless none has one."""
        if rows.any():
            self.file.add("signature", rows.reshape(-1))
            self._facts["signature"] = rows.shape[1]

    def stored(self, writer: StoredWriter, *, articles: bool = True) -> None:
        """Write the stored records, one for each article: `articles` or any stored fields of Whoosh's."""
        writer.write(self.file, "stored")
        self._facts["stored"] = "articles" if articles else "fields"

    def records(self, name: str, writer: StoredWriter) -> None:
        """Write further records, one for each article, under a name of their own."""
        writer.write(self.file, name)

    def vectors(self, writer: VectorsWriter | TextVectorsWriter | JoinedVectors) -> None:
        """Write the articles' term vectors into the file beside this one, not yet synced to the disk."""
        if self._vectors is not None:
            writer.write(self._vectors)

    def close(self, *, sync: bool = True) -> None:
        """Finish the file and, with `sync`, bring it to the disk."""
        self.file.close(self._facts, sync=sync)

    def abandon(self) -> None:
        """Remove what was written."""
        self.file.abandon()
        if self._vectors is not None:
            self._vectors.unlink(missing_ok=True)


def id_field(
    ids: Sequence[bytes], docs: NDArray[np.integer[Any]] | None = None
) -> PlainWriter | SingleWriter:
    """Return the field of ids: `ids[n]` is the id of article `docs[n]`, by default of article `n`."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    terms = [ids[place] for place in order]
    numbers = np.array(order, dtype=np.int64) if docs is None else docs[order]
    if all(map(ne, terms, islice(terms, 1, None))):
        return SingleWriter(terms, numbers)
    writer = PlainWriter()
    last: bytes | None = None
    for term, number in zip(terms, numbers.tolist(), strict=True):
        if term != last:
            last = term
            writer.start(last)
        writer.add(number)
    return writer
