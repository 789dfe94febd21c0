"""The reading side of a library: one generation, its articles numbered from 0, its postings as arrays.

Article numbers run over all articles of the generation, deleted ones included; no method hands out a
deleted article's number. Arrays are read-only views shared between callers and threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Query

from index.article import Article
from index.schema import NO_DATE, unpack_article
from index.toc import LibraryIndex

Numbers = NDArray[np.intp]
Value = TypeVar("Value")

#: Decoded postings kept, in entries; the oldest go first.
_CACHED_TERMS = 4096


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term occurs: ascending article numbers and, aligned, how often (float64)."""

    docs: Numbers
    freqs: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The surface forms of the living articles, sorted, and in how many articles each stands."""

    forms: tuple[str, ...]
    counts: NDArray[np.int64]


class LibraryReader:
    """One generation of the library in `path`, open until `close`; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        index = LibraryIndex(path)
        self._reader: Any = index.reader()
        self.generation = int(index.latest_generation())
        self.language = str(index.schema["text"].language)
        self.size = int(self._reader.doc_count_all())
        self.count = int(self._reader.doc_count())
        self._lock = threading.RLock()
        self._cache: dict[tuple[str, str], Postings] = {}
        self._columns: dict[str, NDArray[np.int64]] = {}

    def close(self) -> None:
        """Release the files; nothing may be called after it."""
        with self._lock:
            self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def living(self) -> NDArray[np.bool_]:
        """For each article number, whether the article is still there."""
        alive = np.zeros(self.size, dtype=np.bool_)
        alive[np.fromiter(self._reader.all_doc_ids(), dtype=np.intp, count=-1)] = True
        return alive

    def postings(self, field: str, term: str) -> Postings:
        """Return where `term` occurs in `field` (`text`, `title`, `form`); empty if it does not."""
        key = (field, term)
        known = self._cache.get(key)
        if known is None:
            with self._lock:
                known = self._read_postings(field, term)
                while len(self._cache) >= _CACHED_TERMS:
                    self._cache.pop(next(iter(self._cache)))
                self._cache[key] = known
        return known

    def _read_postings(self, field: str, term: str) -> Postings:
        docs: list[int] = []
        freqs: list[float] = []
        for matcher in self._matcher(field, term):
            docs.append(matcher.id())
            freqs.append(matcher.weight())
        return Postings(np.array(docs, dtype=np.intp), np.array(freqs, dtype=np.float64))

    def together(self, field: str, terms: Sequence[str]) -> Postings:
        """Return where any of `terms` occurs in `field`, their occurrences added, as if one term."""
        freqs = np.zeros(self.size)
        for term in terms:
            found = self.postings(field, term)
            freqs[found.docs] += found.freqs
        docs = np.flatnonzero(freqs)
        return Postings(docs, freqs[docs])

    def stock(self, query: Query) -> Numbers:
        """Return the ascending article numbers that Whoosh's own matchers find for `query`."""
        from whoosh.searching import Searcher

        with self._lock:
            found = {int(doc) for doc in Searcher(self._reader).docs_for_query(query)}
        return np.array(sorted(found), dtype=np.intp)

    def _matcher(self, field: str, term: str) -> Iterator[Any]:
        if not term or (field, term.encode()) not in self._reader:
            return
        matcher = self._reader.postings(field, term.encode())
        while matcher.is_active():
            yield matcher
            matcher.next()

    def positions(self, term: str, docs: Numbers) -> list[NDArray[np.int64]]:
        """Return the ascending positions of `term` in `text`, one array for each of the ascending `docs`.

        Articles without the term give empty arrays.
        """
        found: dict[int, NDArray[np.int64]] = {}
        wanted = set(docs.tolist())
        with self._lock:
            for matcher in self._matcher("text", term):
                if matcher.id() in wanted:
                    found[matcher.id()] = np.array(matcher.value_as("positions"), dtype=np.int64)
        nothing = np.zeros(0, dtype=np.int64)
        return [found.get(doc, nothing) for doc in docs.tolist()]

    def lengths(self, field: str) -> NDArray[np.float64]:
        """Return the number of words of each article in `field` (`text` or `title`)."""
        return self._column(
            f"length {field}",
            lambda: np.fromiter(
                (self._reader.doc_field_length(doc, field, 0) or 0 for doc in range(self.size)),
                dtype=np.int64,
                count=self.size,
            ),
        ).astype(np.float64)

    def mean_length(self, field: str) -> float:
        """Return the mean of `lengths` over the living articles; 1.0 in an empty library."""
        alive = self.lengths(field)[self.living]
        return float(alive.mean()) if len(alive) else 1.0

    def dates(self, from_files: bool = False) -> NDArray[np.int64]:
        """Return each article's true date in seconds since 1970, `NO_DATE` where there is none.

        `from_files` gives the dates that come from files' times instead.
        """
        name = "filedate" if from_files else "date"
        return self._column(name, lambda: self._read_dates(name))

    def _read_dates(self, name: str) -> NDArray[np.int64]:
        if not self.size or not self._reader.has_column(name):
            return np.full(self.size, NO_DATE, dtype=np.int64)
        column = self._reader.column_reader(name)
        return np.fromiter((column[doc] for doc in range(self.size)), dtype=np.int64, count=self.size)

    def _column(self, name: str, read: Callable[[], NDArray[np.int64]]) -> NDArray[np.int64]:
        with self._lock:
            if name not in self._columns:
                self._columns[name] = read()
            return self._columns[name]

    def ident(self, doc: int) -> str:
        """Return the id of the article with this number."""
        with self._lock:
            return bytes(self._reader.column_reader("ident")[doc]).decode()

    def article(self, doc: int) -> Article:
        """Return the article with this number."""
        with self._lock:
            return unpack_article(self._reader.stored_fields(doc)["article"])

    def number(self, ident: str) -> int | None:
        """Return the number of the article with this id, or None."""
        docs = self.postings("id", ident).docs
        return int(docs[-1]) if len(docs) else None

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the terms of `field` that begin with `prefix`, in the order of their UTF-8 bytes."""
        with self._lock:
            found = [bytes(term) for term in self._reader.expand_prefix(field, prefix.encode())]
        for term in found:
            yield term.decode()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The surface forms and their article counts (articles deleted since the last merge included)."""
        forms: list[str] = []
        counts: list[int] = []
        with self._lock:
            for term, info in self._reader.iter_field("form"):
                forms.append(bytes(term).decode())
                counts.append(int(info.doc_frequency()))
        return Vocabulary(tuple(forms), np.array(counts, dtype=np.int64))
