"""The order of an answer: by score or by date, always the same for the same library.

Equal scores (to six digits) are ordered newest first, then by id. Articles whose date is only their
file's come after truly dated ones, undated ones last, in both orders by date.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from search.matches import Floats, Matches, highest

#: So many ids are read one by one; for more, all ids are put in order once for the generation.
_FEW_IDS = 200
#: Larger than any date in seconds; a float64 still tells seconds apart beyond it.
_ERA = float(2**42)


class Sort(StrEnum):
    """The order of an answer."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Rank(StrEnum):
    """With how much care an answer is put in order: by its words alone, as while somebody types, or by all
    that `search.ranking` knows."""

    FAST = "fast"
    FULL = "full"


def in_order(reader: LibraryReader, found: Matches, sort: Sort, upto: int | None = None) -> Numbers:
    """Return the places in `found` of the first `upto` articles, in order (of all, without it)."""
    count = len(found.docs)
    stop = count if upto is None else min(upto, count)
    if not stop:
        return np.zeros(0, dtype=np.intp)
    if sort is Sort.RELEVANCE and count <= _FEW_IDS:
        return _few_in_order(reader, found, stop)
    if sort is not Sort.RELEVANCE:
        value = _recency(reader, found.docs, sort)
        places = highest(value, stop)
        return _settled(reader, found.docs, places, [-value[places]], stop)
    places = highest(found.scores, stop)
    score = np.round(found.scores[places], 6)
    recency = _recency(reader, found.docs[places], Sort.NEWEST)
    return _settled(reader, found.docs, places, [-score, -recency], stop)


def _few_in_order(reader: LibraryReader, found: Matches, stop: int) -> Numbers:
    """Return the order by relevance of a few articles; dates and ids are read only of what is equal."""
    values = found.scores.round(6).tolist()
    places = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    if len(set(values)) < len(values):
        ages = _ages(reader, found.docs)
        keys = [(-value, age) for value, age in zip(values, ages, strict=True)]
        seen: set[tuple[float, float]] = set()
        twice = {key for key in keys if key in seen or seen.add(key)}  # type: ignore[func-returns-value]
        if twice:
            equals = [place for place, key in enumerate(keys) if key in twice]
            ids = dict(zip(equals, _id_keys(reader, found.docs.take(equals)), strict=True))
            places.sort(key=lambda place: (keys[place], ids.get(place)))
        else:
            places.sort(key=keys.__getitem__)
    return np.array(places[:stop], dtype=np.intp)


def _ages(reader: LibraryReader, docs: Numbers) -> list[float]:
    """Return a value for each of a few articles that is the lower the newer it is (see `_recency`)."""
    dates = reader.dates().take(docs).tolist()
    if NO_DATE not in dates:
        return [-float(date) for date in dates]
    others = reader.dates(from_files=True).take(docs).tolist()
    return [
        -float(date) if date != NO_DATE else 4 * _ERA if other == NO_DATE else 2 * _ERA - float(other)
        for date, other in zip(dates, others, strict=True)
    ]


def _recency(reader: LibraryReader, docs: Numbers, sort: Sort) -> Floats:
    """Return a value for each article that is the higher the earlier it comes in an order by date."""
    true = reader.dates().take(docs)
    value = true.astype(np.float64)
    unsure = np.flatnonzero(true == NO_DATE)
    if sort is Sort.OLDEST:
        value = -value
    if len(unsure):
        other = reader.dates(from_files=True).take(docs.take(unsure))
        when = other.astype(np.float64) * (-1.0 if sort is Sort.OLDEST else 1.0)
        value[unsure] = np.where(other == NO_DATE, -4 * _ERA, when - 2 * _ERA)
    return value


def _settled(reader: LibraryReader, docs: Numbers, places: Numbers, keys: list[Floats], stop: int) -> Numbers:
    """Return `places` sorted by `keys` (the first counts most, ascending), equals by id, cut to `stop`."""
    by = np.lexsort(keys[::-1])
    places = places[by]
    same = np.ones(len(places), dtype=np.bool_)
    for key in keys:
        ordered = key[by]
        same[1:] &= ordered[1:] == ordered[:-1]
    same[0] = False
    if same.any():
        _by_id(reader, docs, places, same, stop)
    return places[:stop]


def _by_id(reader: LibraryReader, docs: Numbers, places: Numbers, same: NDArray[np.bool_], stop: int) -> None:
    """Sort each run of equals that begins before `stop` by the ids of its articles, in place."""
    starts = np.flatnonzero(~same)
    ends = np.append(starts[1:], len(places))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start < stop and end - start > 1:
            run = places[start:end]
            places[start:end] = run[_by_ids(reader, docs[run])]


def _by_ids(reader: LibraryReader, docs: Numbers) -> Numbers:
    """Return the order of the articles' ids (as UTF-8 bytes)."""
    ids = _id_keys(reader, docs)
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.intp)


def _id_keys(reader: LibraryReader, docs: Numbers) -> list[int] | list[bytes]:
    """Return for each article what orders it by its id (as UTF-8 bytes)."""
    if len(docs) > _FEW_IDS or len(reader.segments) == 1:
        keys: list[int] = reader.id_ranks().take(docs).tolist()
        return keys
    return reader.id_keys(docs)
