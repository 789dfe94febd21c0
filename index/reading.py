"""The reading side of a library: one generation, its articles numbered from 0, its postings as arrays.

Article numbers run over all articles of the generation, deleted ones included; no method hands out a
deleted article's number. Arrays are read-only views shared between callers and threads.
"""

from __future__ import annotations

import heapq
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Query

from index.article import Article
from index.codec.segment_reader import SegmentReader
from index.codec.words_reader import WordsReader
from index.id_order import ranked
from index.live import LiveSegment, live_segments
from index.postings import Living, Part, Postings, TermPostings
from index.schema import NO_DATE, unpack_article
from index.surface import SurfaceForms, count_rank
from index.toc import LibraryIndex, open_generation

if TYPE_CHECKING:
    from index.copies import Groups

Numbers = NDArray[np.intp]

#: Terms are kept until they have so many postings together: people type on, and words come again.
_KEPT_POSTINGS = 8_000_000
#: What a term counts beside its postings.
_KEPT_TERM = 100
#: So many acronyms are looked up one by one.
_FEW_ACRONYMS = 32


class LibraryReader(SurfaceForms):
    """One generation of the library in `path`, open until `close`; safe to use from several threads.

    `stem`, where set, gives the stem of a form: exact words are then found without a table of all forms.
    It must be the library's own stemmer. `postings` also takes the name `form`, for surface forms.
    """

    def __init__(self, path: Path, like: LibraryReader | None = None) -> None:
        """Open the newest generation; what `like`, a reader of an earlier one, has open stays open."""
        self.path = path
        self._index: LibraryIndex
        self._index, toc, readers = open_generation(path, None if like is None else like._index)
        self._toc = toc
        self.generation = int(toc.generation)
        self.language = str(toc.schema["text"].language)
        self.stem: Callable[[str], str] | None = None
        self.segments = tuple(live_segments(readers, toc.segments))
        self._bases = [segment.base for segment in self.segments]
        self.size = sum(segment.reader.doc_count for segment in self.segments)
        self.count = sum(int(segment.doc_count()) for segment in toc.segments)
        self._lock = threading.RLock()
        self._fields: dict[str, list[tuple[WordsReader, int, Living | None]]] = {}
        self._terms: dict[tuple[str, str], TermPostings] = {}
        self._kept = 0
        self._cache: dict[tuple[str, str], Postings] = {}
        self._columns: dict[str, NDArray[Any]] = {}
        self._stock: Any = None
        self._acronyms: frozenset[bytes] | None = None
        self._acronyms_asked = 0

    def close(self) -> None:
        """Release the files; nothing may be called after it."""
        with self._lock:
            self._terms, self._cache = {}, {}
            self._columns.clear()
            if self._stock is not None:
                self._stock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def term(self, field: str, term: str) -> TermPostings:
        """Return a term of `text` or `title`, which may occur nowhere."""
        key = (field, term)
        known = self._terms.get(key)
        if known is None:
            known = self._find_term(field, term.encode("utf-8", "surrogatepass"))
            with self._lock:
                self._keep(known.size + _KEPT_TERM)
                self._terms[key] = known
        return known

    def _keep(self, size: int) -> None:
        self._kept += size
        if self._kept > _KEPT_POSTINGS:
            self._terms, self._cache, self._kept = {}, {}, size

    def _find_term(self, field: str, name: bytes) -> TermPostings:
        if field not in self._fields:
            every = [(segment.reader.words(field), segment.base, segment.alive) for segment in self.segments]
            self._fields[field] = [(words, base, alive) for words, base, alive in every if words is not None]
        parts: list[Part] = []
        first = 0
        for words, base, alive in self._fields[field]:
            number = words.terms.find(name)
            if number >= 0:
                parts.append(Part(words, number, base, first, alive))
                first += words.article_count(number)
        return TermPostings(parts, first)

    def postings(self, field: str, term: str) -> Postings:
        """Return where `term` occurs in `field` (`text`, `title`, `form`, `id`); empty if it does not."""
        if field in ("text", "title"):
            found = self.term(field, term)
            return Postings(found.docs, found.freqs)
        key = (field, term)
        known = self._cache.get(key)
        if known is None:
            known = self._read_postings(field, term)
            with self._lock:
                self._keep(len(known.docs) + _KEPT_TERM)
                self._cache[key] = known
        return known

    def _read_postings(self, field: str, term: str) -> Postings:
        name = term.encode("utf-8", "surrogatepass")
        parts = []
        for segment in self.segments:
            found = (
                self._form_in(segment, name) if field == "form" else _plain_in(segment.reader, field, name)
            )
            if found is not None:
                parts.append(segment.filtered(*found))
        if not parts:
            return Postings(np.zeros(0, dtype=np.intp), np.zeros(0))
        docs, freqs = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        return Postings(docs, freqs)

    def _form_in(self, segment: LiveSegment, form: bytes) -> tuple[Numbers, NDArray[Any]] | None:
        """Return the articles of a segment that hold the surface form, and how often."""
        words = segment.reader.words("text")
        if words is None:
            return None
        counts: dict[int, NDArray[Any]] = {}
        docs = np.zeros(0, dtype=np.intp)
        for place, (term, rank) in enumerate(self.places_of(segment, words, form)):
            freqs = words.freqs(term)
            own, times = words.docs(term), count_rank(words.ranks(term), rank, freqs)
            own, times = own[times > 0], times[times > 0]
            if place == 0:
                docs, counts[0] = own, times
            else:  # one form under two stems, as diacritics make it in some languages
                both = np.union1d(docs, own)
                total = np.zeros(len(both), dtype=np.int64)
                total[np.searchsorted(both, docs)] += counts[0]
                total[np.searchsorted(both, own)] += times
                docs, counts[0] = both, total
        return (docs, counts[0]) if counts else None

    def has_acronym(self, term: str) -> bool:
        """Return whether any article, deleted ones included, has a term that begins as `u.s.` does.

        After a few such questions the terms like this are at hand.
        """
        if self._acronyms is None:
            self._acronyms_asked += 1
            if self._acronyms_asked <= _FEW_ACRONYMS:
                return self.article_count(term) > 0
            fields = (segment.reader.words("text") for segment in self.segments)
            sets = [words.terms.acronyms() for words in fields if words is not None]
            self._acronyms = frozenset().union(*sets)
        return term.encode("utf-8", "surrogatepass") in self._acronyms

    def article_count(self, term: str) -> int:
        """Return how many articles have `term` in their text, deleted ones included."""
        name = term.encode("utf-8", "surrogatepass")
        found = 0
        for segment in self.segments:
            words = segment.reader.words("text")
            number = words.terms.find(name) if words is not None else -1
            if words is not None and number >= 0:
                found += int(words.df[number])
        return found

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
            if self._stock is None:
                toc = self._toc
                self._stock = self._index._reader(
                    self._index.storage, toc.schema, list(toc.segments), toc.generation
                )
            found = {int(doc) for doc in Searcher(self._stock).docs_for_query(query)}
        return np.array(sorted(found), dtype=np.intp)

    def positions(self, term: str, docs: Numbers) -> list[NDArray[np.int64]]:
        """Return the ascending positions of `term` in `text`, one array for each of the ascending `docs`.

        Articles without the term give empty arrays.
        """
        nothing = np.zeros(0, dtype=np.int64)
        out = [nothing] * len(docs)
        name = term.encode("utf-8", "surrogatepass")
        for segment in self.segments:
            first, last = np.searchsorted(docs, (segment.base, segment.base + segment.reader.doc_count))
            words = segment.reader.words("text")
            number = words.terms.find(name) if words is not None and first < last else -1
            if words is None or number < 0:
                continue
            own = words.docs(number)
            starts, places = words.positions(number)
            wanted = docs[first:last] - segment.base
            at = np.minimum(np.searchsorted(own, wanted), len(own) - 1)
            for place in np.flatnonzero(own[at] == wanted).tolist():
                out[int(first) + place] = places[starts[at[place]] : starts[at[place] + 1]]
        return out

    def lengths(self, field: str) -> NDArray[np.float64]:
        """Return the number of words of each article in `field` (`text` or `title`)."""
        return self._column(f"length {field}", lambda part: part.reader.lengths(field).astype(np.float64))

    def mean_length(self, field: str) -> float:
        """Return the mean of `lengths` over the living articles; 1.0 in an empty library."""
        alive = self.lengths(field)[self.living]
        return float(alive.mean()) if len(alive) else 1.0

    def dates(self, from_files: bool = False) -> NDArray[np.int64]:
        """Return each article's true date in seconds since 1970, `NO_DATE` where there is none.

        `from_files` gives the dates that come from files' times instead.
        """
        name = "filedate" if from_files else "date"

        def read(part: LiveSegment) -> NDArray[np.int64]:
            values, present = part.reader.numbers(name)
            return np.where(present, values, NO_DATE)

        return self._column(name, read)

    def _column(self, name: str, read: Callable[[LiveSegment], NDArray[Any]]) -> NDArray[Any]:
        with self._lock:
            if name not in self._columns:
                parts = [read(segment) for segment in self.segments]
                self._columns[name] = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
            return self._columns[name]

    def _place(self, doc: int) -> tuple[SegmentReader, int]:
        segment = self.segments[bisect_right(self._bases, doc) - 1]
        return segment.reader, doc - segment.base

    @cached_property
    def copies(self) -> Groups:
        """Which living articles are copies of one story."""
        from index.copies import Part, groups  # a search that folds nothing needs none of it
        from index.copies_file import read_copies

        parts = [
            Part(entry.segid, segment.reader, entry.deleted, segment.base)
            for entry, segment in zip(self._toc.segments, self.segments, strict=True)
        ]
        return groups(read_copies(self._index.folder, self.generation), parts)

    def ident(self, doc: int) -> str:
        """Return the id of the article with this number."""
        reader, number = self._place(doc)
        return reader.ident(number).decode("utf-8", "surrogatepass")

    def idents(self, docs: Numbers) -> list[str]:
        """Return the ids of the articles with these numbers."""
        if len(self.segments) != 1:
            return list(map(self.ident, docs.tolist()))
        return [ident.decode("utf-8", "surrogatepass") for ident in self.segments[0].reader.idents_of(docs)]

    def id_keys(self, docs: Numbers) -> list[int] | list[bytes]:
        """Return for each of a few articles what orders it among these by its id (as UTF-8 bytes)."""
        at = bisect_right(self._bases, int(docs.min())) - 1
        segment = self.segments[at]
        if int(docs.max()) < segment.base + segment.reader.doc_count:
            ranks: list[int] = segment.reader.id_ranks.take(docs - segment.base).tolist()
            return ranks
        return [self.ident(doc).encode("utf-8", "surrogatepass") for doc in docs.tolist()]

    def id_ranks(self) -> NDArray[np.int64]:
        """Return each article's place in the order of the ids of all articles, deleted ones included."""
        with self._lock:
            if "id rank" not in self._columns:
                self._columns["id rank"] = self._rank_ids()
            return self._columns["id rank"]

    def _rank_ids(self) -> NDArray[np.int64]:
        if len(self.segments) == 1:
            return self.segments[0].reader.id_ranks
        return ranked([segment.reader for segment in self.segments])

    def article(self, doc: int) -> Article:
        """Return the article with this number."""
        reader, number = self._place(doc)
        return unpack_article(reader.stored[number])

    def number(self, ident: str) -> int | None:
        """Return the number of the article with this id, or None."""
        docs = self.postings("id", ident).docs
        return int(docs[-1]) if len(docs) else None

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the terms of `field` that begin with `prefix`, in the order of their UTF-8 bytes."""
        start = prefix.encode("utf-8", "surrogatepass")
        last = None
        for term in heapq.merge(*(_terms_in(segment.reader, field, start) for segment in self.segments)):
            if term != last:
                yield term.decode("utf-8", "surrogatepass")
            last = term


def _plain_in(reader: SegmentReader, field: str, term: bytes) -> tuple[Numbers, NDArray[Any]] | None:
    plain = reader.plain(field)
    number = -1 if plain is None else plain.terms.find(term)
    return None if plain is None or number < 0 else (plain.docs(number), plain.weights(number))


def _terms_in(reader: SegmentReader, field: str, prefix: bytes) -> list[bytes]:
    if field == "form":
        words = reader.words("text")
        if words is None:
            return []
        return sorted({form for form in words.form_table.forms if form.startswith(prefix)})
    source = reader.words(field) or reader.plain(field)
    return [] if source is None else source.terms.slice(*source.terms.prefix_range(prefix))
