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
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.query import Query

from index.article import Article
from index.codec.segment_reader import SegmentReader
from index.codec.words_reader import WordsReader
from index.forms import Forms
from index.id_order import ranked
from index.near_forms import FrequentForms, NearForms
from index.postings import Living, Part, Postings, TermPostings
from index.schema import NO_DATE, unpack_article
from index.toc import LibraryIndex, open_generation
from index.value import Value

if TYPE_CHECKING:
    from index.copies import Groups

Numbers = NDArray[np.intp]

#: Terms are kept until they have so many postings together: people type on, and words come again.
_KEPT_POSTINGS = 8_000_000
#: What a term counts beside its postings.
_KEPT_TERM = 100
#: So many acronyms are looked up one by one.
_FEW_ACRONYMS = 32


class Vocabulary(Value):
    """The surface forms of the library, sorted, and in how many articles each stands."""

    forms: tuple[str, ...]
    counts: NDArray[np.int64]


class LiveSegment(Value):
    """A segment in a library: its articles are numbered from `base`; `living` is None if none is deleted."""

    base: int
    reader: SegmentReader
    living: NDArray[np.bool_] | None
    alive: Living | None = None

    def filtered(self, docs: Numbers, *aligned: NDArray[Any]) -> tuple[Numbers, ...]:
        """Return the library's numbers of the segment's living `docs`, and what is aligned with them."""
        if self.living is not None:
            alive = self.living[docs]
            docs, aligned = docs[alive], tuple(array[alive] for array in aligned)
        return (docs + self.base if self.base else docs, *aligned)


class LibraryReader:
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
        self.segments = tuple(_live(readers, toc.segments))
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

    @cached_property
    def living(self) -> NDArray[np.bool_]:
        """For each article number, whether the article is still there."""
        alive = np.ones(self.size, dtype=np.bool_)
        for segment in self.segments:
            if segment.living is not None:
                alive[segment.base : segment.base + len(segment.living)] = segment.living
        return alive

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
        for place, (term, rank) in enumerate(self._places_of(segment, words, form)):
            freqs = words.freqs(term)
            own, times = words.docs(term), _count_rank(words.ranks(term), rank, freqs)
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

    def _places_of(self, segment: LiveSegment, words: WordsReader, form: bytes) -> Sequence[tuple[int, int]]:
        """Return the (term, rank) under which a form stands in a segment."""
        if self.stem is not None and self.language == "english":
            term = self.term("text", self.stem(form.decode("utf-8", "surrogatepass")))
            ranks = [(part, part.words.rank_of(part.number, form)) for part in term.parts]
            return [(part.number, rank) for part, rank in ranks if part.base == segment.base and rank >= 0]
        return words.form_places.get(form, ())

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

    def form_count(self, form: str) -> int:
        """Return how many articles have a surface form, deleted ones included."""
        name = form.encode("utf-8", "surrogatepass")
        if self.stem is not None and self.language == "english":
            found = 0
            for part in self.term("text", self.stem(form)).parts:
                rank = part.words.rank_of(part.number, name)
                found += part.words.form_articles(part.number, rank) if rank >= 0 else 0
            return found
        return sum(
            words.form_articles(term, rank)
            for segment in self.segments
            if (words := segment.reader.words("text")) is not None
            for term, rank in self._places_of(segment, words, name)
        )

    def forms_of(self, stem: str) -> set[str]:
        """Return the surface forms of a stem; empty if no article has it."""
        found: set[bytes] = set()
        for part in self.term("text", stem).parts:
            found.update(part.words.forms(part.number))
        return {form.decode("utf-8", "surrogatepass") for form in found}

    def commonest_form(self, stem: str) -> str:
        """Return the most frequent surface form of a stem (where it is most frequent); itself if none."""
        name = stem.encode("utf-8", "surrogatepass")
        best, most = name, 0
        for segment in self.segments:
            words = segment.reader.words("text")
            number = words.terms.find(name) if words is not None else -1
            if words is not None and number >= 0 and int(words.cf[number]) > most:
                best, most = words.forms(number)[0], int(words.cf[number])
        return best.decode("utf-8", "surrogatepass")

    def _forms(self) -> list[Forms | None]:
        return self.form_tables("text")

    def form_tables(self, field: str) -> list[Forms | None]:
        """Return the surface forms of `text` or `title` in each segment, None where it has none."""
        with self._lock:
            return [_form_table(segment.reader, field) for segment in self.segments]

    def _near_forms(self) -> list[NearForms | None]:
        with self._lock:
            return [
                segment.reader.kept("near forms", _near_table(segment.reader)) for segment in self.segments
            ]

    def _frequent_forms(self, least: int) -> list[FrequentForms | None]:
        with self._lock:
            readers = [segment.reader for segment in self.segments]
            return [r.kept(("frequent forms", least), _frequent_table(r, least)) for r in readers]

    def forms_near(self, form: str, edits: int, same_first: bool = False) -> dict[str, int]:
        """Return the surface forms that may be `edits` edits from `form`, with their article counts.

        None that is so near is left out; some that are further are in. Deleted articles still count. With
        `same_first`, of those that are more than one edit away only the ones that begin with the same letter.
        """
        found: dict[str, int] = {}
        for near in self._near_forms():
            if near is not None:
                _add_counts(found, near.forms, near.near(form, edits, same_first))
        return found

    def frequent_near(self, form: str, least: int, kept: int) -> dict[str, int]:
        """Return the forms in at least `least` articles that may be one edit from `form`, with their counts.

        They begin with the same letter, and each stands in at least `kept` articles of one segment: tables of
        those forms are kept, so that the answer takes far less time than that of `forms_near`. None that is
        so near is left out; some that are further are in. Deleted articles still count.
        """
        tables = [table for table in self._frequent_forms(kept) if table is not None]
        found: dict[str, int] = {}
        if len(tables) == 1:
            _add_counts(found, tables[0].forms, tables[0].near(form, least))
            return found
        share = -(-least // max(len(tables), 1))  # what is in so many articles is in this many of one table
        if any(len(table.near(form, share)) for table in tables):
            for table in tables:
                _add_counts(found, table.forms, table.near(form))
        return {word: articles for word, articles in found.items() if articles >= least}

    def beginning(self, prefix: str) -> Postings:
        """Return where any surface form that begins with `prefix` occurs, as if all were one word."""
        name = prefix.encode("utf-8", "surrogatepass")
        freqs = np.zeros(self.size)
        for segment, forms in zip(self.segments, self._forms(), strict=True):
            words = segment.reader.words("text")
            if words is not None and forms is not None:
                _add_beginning(words, forms, name, freqs[segment.base : segment.base + words.doc_count])
        if self.count < self.size:
            freqs[~self.living] = 0.0
        docs = np.flatnonzero(freqs)
        return Postings(docs, freqs[docs])

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

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The surface forms and their article counts (articles deleted since the last merge included)."""
        tables = [
            sorted(zip(words.form_table.forms, words.form_table.df.tolist(), strict=True))
            for segment in self.segments
            if (words := segment.reader.words("text")) is not None
        ]
        forms: list[str] = []
        counts: list[int] = []
        for form, group in groupby(heapq.merge(*tables), key=itemgetter(0)):
            forms.append(form.decode("utf-8", "surrogatepass"))
            counts.append(sum(count for _, count in group))
        return Vocabulary(tuple(forms), np.array(counts, dtype=np.int64))


def _form_table(reader: SegmentReader, field: str) -> Forms | None:
    def make() -> Forms | None:
        words = reader.words(field)
        return None if words is None else Forms.of(words)

    return reader.kept(("forms", field), make)


def _near_table(reader: SegmentReader) -> Callable[[], NearForms | None]:
    def make() -> NearForms | None:
        forms = _form_table(reader, "text")
        return None if forms is None else NearForms(forms)

    return make


def _frequent_table(reader: SegmentReader, least: int) -> Callable[[], FrequentForms | None]:
    def make() -> FrequentForms | None:
        words = reader.words("text")
        return None if words is None else FrequentForms(Forms.frequent(words, least))

    return make


def _live(readers: Sequence[SegmentReader], segments: Sequence[Any]) -> Iterator[LiveSegment]:
    base = 0
    for reader, segment in zip(readers, segments, strict=True):
        living = None
        if segment.deleted:
            living = np.ones(reader.doc_count, dtype=np.bool_)
            living[list(segment.deleted)] = False
        yield LiveSegment(base, reader, living, None if living is None else Living(living))
        base += reader.doc_count


def _plain_in(reader: SegmentReader, field: str, term: bytes) -> tuple[Numbers, NDArray[Any]] | None:
    plain = reader.plain(field)
    number = -1 if plain is None else plain.terms.find(term)
    return None if plain is None or number < 0 else (plain.docs(number), plain.weights(number))


def _add_counts(found: dict[str, int], forms: Forms, numbers: Numbers) -> None:
    """Add the article counts of some forms to those of the forms found so far."""
    counts = dict(zip(forms.words(numbers), forms.df.take(numbers).tolist(), strict=True))
    if found:
        counts = {word: found.get(word, 0) + articles for word, articles in counts.items()}
    found.update(counts)


def _add_beginning(words: WordsReader, forms: Forms, prefix: bytes, freqs: NDArray[np.float64]) -> None:
    """Add to `freqs`, an entry an article, the occurrences of the forms that begin with `prefix`."""
    numbers = forms.beginning(prefix)
    wanted: dict[int, list[int]] = {}
    for term, rank in zip(
        forms.terms.take(numbers).tolist(), forms.ranks.take(numbers).tolist(), strict=True
    ):
        wanted.setdefault(term, []).append(rank)
    for term, ranks in wanted.items():
        times = words.freqs(term)
        if len(ranks) < words.form_count(term):
            chosen = np.zeros(words.form_count(term), dtype=np.bool_)
            chosen[ranks] = True
            times = _count_each(chosen.take(words.ranks(term)), times)
        freqs[words.docs(term)] += times


def _count_each(flags: NDArray[np.bool_], freqs: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many flags are set among the `freqs[i]` occurrences of each posting `i`."""
    total = np.concatenate(([0], np.cumsum(flags)))
    return np.diff(total[np.cumsum(freqs, dtype=np.int64)], prepend=0)


def _count_rank(ranks: NDArray[Any], rank: int, freqs: NDArray[Any]) -> NDArray[np.int64]:
    """Return how often `rank` stands among the `freqs[i]` ranks of each posting `i`."""
    return _count_each(ranks == rank, freqs)


def _terms_in(reader: SegmentReader, field: str, prefix: bytes) -> list[bytes]:
    if field == "form":
        words = reader.words("text")
        if words is None:
            return []
        return sorted({form for form in words.form_table.forms if form.startswith(prefix)})
    source = reader.words(field) or reader.plain(field)
    return [] if source is None else source.terms.slice(*source.terms.prefix_range(prefix))
