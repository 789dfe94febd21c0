"""Reading one segment: its fields, columns and stored records, all mapped and made at their first use."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.codec.columns import TextColumn, read_numbers
from index.codec.container import ArrayFile
from index.codec.plain import PlainReader
from index.codec.stored import StoredReader
from index.codec.vectors import VectorsReader
from index.codec.words_reader import WordsReader

Made = TypeVar("Made")


class SegmentReader:
    """One segment's file. Safe to use from several threads: what is made twice is made equal.

    With `content` nothing is read from `path`. Knows nothing of deletions; these belong to the table of
    contents. Raises as `ArrayFile` does.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.file = ArrayFile(path, content)
        self.path = path
        self._facts = self.file.facts
        self.doc_count = int(self._facts["docs"])
        self.word_fields: tuple[str, ...] = tuple(self._facts["words"])
        self.plain_fields: tuple[str, ...] = tuple(self._facts["plain"])
        self.length_fields: tuple[str, ...] = tuple(self._facts["lengths"])
        self.number_columns: tuple[str, ...] = tuple(self._facts["numbers"])
        self.text_columns: tuple[str, ...] = tuple(self._facts["texts"])
        self.raw_columns: tuple[str, ...] = tuple(self._facts["raw"])
        self._made: dict[Hashable, Any] = {}
        self.vectors = None if content is not None else VectorsReader.beside(path, self.doc_count)

    def kept(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of this segment alone, kept under a name for as long as it is open."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made

    def words(self, name: str) -> WordsReader | None:
        """Return a field of words, None if no article has any."""
        if name not in self.word_fields:
            return None
        if name not in self._made:
            self._made[name] = WordsReader(self.file, name, self.doc_count)
        field: WordsReader = self._made[name]
        return field

    def plain(self, name: str) -> PlainReader | None:
        """Return a field of another format, None if no article has any."""
        if name not in self.plain_fields:
            return None
        if name not in self._made:
            self._made[name] = PlainReader(self.file, name)
        field: PlainReader = self._made[name]
        return field

    def lengths(self, name: str) -> NDArray[Any]:
        """Return the number of words of each article in a field, in the smallest unsigned dtype."""
        if name in self.length_fields:
            return self.file.array(f"{name}.lengths")
        return np.zeros(self.doc_count, dtype=np.uint8)

    def numbers(self, name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return (values, present) of a column of numbers; values are 0 where none is present."""
        if name not in self.number_columns:
            return np.zeros(self.doc_count, dtype=np.int64), np.zeros(self.doc_count, dtype=np.bool_)
        return read_numbers(self.file, f"column.{name}", self._facts["numbers"][name])

    def texts(self, name: str) -> TextColumn | None:
        """Return a column of texts, None if all are empty."""
        return TextColumn(self.file, f"column.{name}") if name in self.text_columns else None

    def raw(self, name: str) -> bytes:
        """Return a column in the encoding of its Whoosh column type."""
        return self.file.array(f"column.{name}.raw").tobytes()

    @property
    def signatures(self) -> NDArray[np.uint8] | None:
        """The signature of each article, a row each (zeros where it has none); None if none has one."""
        width = self._facts.get("signature")
        return self.file.array("signature").reshape(self.doc_count, width) if width else None

    @property
    def stores_articles(self) -> bool:
        """True if the stored records are articles (and not any fields of a Whoosh schema)."""
        return bool(self._facts["stored"] == "articles")

    def records(self, name: str) -> StoredReader | None:
        """Return records that were written under a name of their own, or None."""
        return StoredReader(self.file, name) if f"{name}.firsts" in self.file else None

    @cached_property
    def stored(self) -> StoredReader:
        """The stored records; of length 0 if the segment keeps none."""
        return StoredReader(self.file, "stored")

    @cached_property
    def id_ranks(self) -> NDArray[np.intp]:
        """For each article, the place of its id among the segment's ids in the order of their bytes."""
        ids = self.plain("id")
        ranks = np.zeros(self.doc_count, dtype=np.intp)
        if ids is not None:
            docs = ids.all_docs()
            if len(docs) == len(ids.terms):
                ranks[docs] = np.arange(len(docs))
            else:  # an id that stands twice
                for term in range(len(ids.terms)):
                    ranks[ids.docs(term)] = term
        return ranks

    def idents(self) -> list[bytes]:
        """Return the id of every article, in the order of the articles."""
        ids = self.plain("id")
        if ids is None:
            return [b""] * self.doc_count
        terms = ids.terms.slice(0, len(ids.terms))
        return [terms[rank] for rank in self.id_ranks.tolist()]

    def idents_of(self, docs: NDArray[np.intp]) -> list[bytes]:
        """Return the ids of some articles."""
        ids = self.plain("id")
        return [b""] * len(docs) if ids is None else ids.terms.chosen(self.id_ranks.take(docs).tolist())

    def ident(self, doc: int) -> bytes:
        """Return the id of an article."""
        ids = self.plain("id")
        return b"" if ids is None else ids.terms[int(self.id_ranks[doc])]
