"""The surface forms of a library: how frequent each is, and which there are of a stem or near a word."""

from __future__ import annotations

import heapq
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_reader import SegmentReader
from index.codec.words_reader import WordsReader
from index.forms import Forms
from index.live import LiveSegment, LiveSegments, Numbers
from index.near_forms import FrequentForms, NearForms
from index.postings import Postings, TermPostings
from index.value import Value


class Vocabulary(Value):
    """The surface forms of the library, sorted, and in how many articles each stands."""

    forms: tuple[str, ...]
    counts: NDArray[np.int64]


class SurfaceForms(LiveSegments):
    """What a reader of a library tells of surface forms; deleted articles still count.

    `stem`, where set, gives the stem of a form: forms are then found without a table of all of them. It must
    be the library's own stemmer.
    """

    language: str
    stem: Callable[[str], str] | None
    _lock: threading.RLock

    @abstractmethod
    def term(self, field: str, term: str) -> TermPostings:
        """Return a term of `text` or `title`, which may occur nowhere."""

    def places_of(self, segment: LiveSegment, words: WordsReader, form: bytes) -> Sequence[tuple[int, int]]:
        """Return the (term, rank) under which a form stands in a segment."""
        if self.stem is not None and self.language == "english":
            term = self.term("text", self.stem(form.decode("utf-8", "surrogatepass")))
            ranks = [(part, part.words.rank_of(part.number, form)) for part in term.parts]
            return [(part.number, rank) for part, rank in ranks if part.base == segment.base and rank >= 0]
        return words.form_places.get(form, ())

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
            for term, rank in self.places_of(segment, words, name)
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
            numbers = tables[0].near(form, least)
            if len(numbers):
                _add_counts(found, tables[0].forms, numbers)
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


def count_rank(ranks: NDArray[Any], rank: int, freqs: NDArray[Any]) -> NDArray[np.int64]:
    """Return how often `rank` stands among the `freqs[i]` ranks of each posting `i`."""
    return _count_each(ranks == rank, freqs)
