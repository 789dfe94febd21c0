"""What an answer is made of: how many of its articles come from which time, source, author and folder.

The values of all articles are numbered once for each generation of a library; counting an answer is then
one `bincount` a facet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.live import LiveSegment
from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from search.timeline import by_day


@dataclass(frozen=True, slots=True)
class Facet:
    """One value, and how many articles of an answer have it."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of an answer of `articles` articles, each tuple complete.

    `years` (`1987`) and `months` (`1987-06`) count true dates only and stand newest first; `sources`,
    `authors` and `folders` (the id up to its last slash) stand by articles, then by name, and leave out
    articles without a value.
    """

    articles: int
    years: tuple[Facet, ...] = ()
    months: tuple[Facet, ...] = ()
    sources: tuple[Facet, ...] = ()
    authors: tuple[Facet, ...] = ()
    folders: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """A value for each article of a library: `values[codes[article]]`."""

    values: tuple[str, ...]
    codes: NDArray[np.intp]

    def count(self, docs: Numbers) -> list[Facet]:
        """Return how many of some articles have each value that any of them has."""
        counts = np.bincount(self.codes.take(docs), minlength=len(self.values))
        return [Facet(self.values[at], int(counts[at])) for at in np.flatnonzero(counts).tolist()]


_COLUMNS: WeakKeyDictionary[LibraryReader, dict[str, _Column]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def facets(reader: LibraryReader, docs: Numbers) -> Facets:
    """Return the facets of the articles with the numbers `docs`, in any order, each once."""
    months = _by_month(reader, docs)
    years: dict[str, int] = {}
    for month in months:
        years[month.value[:4]] = years.get(month.value[:4], 0) + month.articles
    return Facets(
        articles=len(docs),
        years=tuple(Facet(year, count) for year, count in years.items()),
        months=tuple(months),
        sources=_named(reader, "source", docs),
        authors=_named(reader, "author", docs),
        folders=_named(reader, "folder", docs),
    )


def folder_of(ident: str) -> str:
    """Return the folder part of an article's id: all before the last slash of its path."""
    return ident.partition("#")[0].rpartition("/")[0]


def _by_month(reader: LibraryReader, docs: Numbers) -> list[Facet]:
    dates = reader.dates().take(docs)
    known = dates[dates != NO_DATE]
    if not len(known):
        return []
    days, counts = by_day(known)
    months, starts = np.unique(days.astype("M8[D]").astype("M8[M]"), return_index=True)
    articles = np.add.reduceat(counts, starts).tolist()
    return [Facet(str(month), count) for month, count in zip(months, articles, strict=True)][::-1]


def _named(reader: LibraryReader, name: str, docs: Numbers) -> tuple[Facet, ...]:
    counted = (facet for facet in _column(reader, name).count(docs) if facet.value)
    return tuple(sorted(counted, key=lambda facet: (-facet.articles, facet.value)))


def _column(reader: LibraryReader, name: str) -> _Column:
    with _LOCK:
        columns = _COLUMNS.setdefault(reader, {})
        if name not in columns:
            columns[name] = _joined(_values(segment, name) for segment in reader.segments)
        return columns[name]


def _values(segment: LiveSegment, name: str) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct values of a segment and which of them each article has."""
    if name == "folder":
        places: dict[str, int] = {}
        folders = (folder_of(_text(ident)) for ident in segment.reader.idents())
        codes = [places.setdefault(folder, len(places)) for folder in folders]
        return list(places), np.array(codes, dtype=np.intp)
    column = segment.reader.texts(name)
    if column is None:
        return [""], np.zeros(segment.reader.doc_count, dtype=np.intp)
    texts = [_text(column.texts[at]) for at in range(len(column.texts))]
    return texts, column.refs.astype(np.intp)


def _joined(parts: Iterable[tuple[list[str], NDArray[np.intp]]]) -> _Column:
    """Return the values of several segments as one column."""
    places: dict[str, int] = {}
    codes = [np.zeros(0, dtype=np.intp)]
    for values, own in parts:
        numbers = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.intp)
        codes.append(numbers.take(own))
    return _Column(tuple(places), np.concatenate(codes))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogatepass")
