"""The order of an answer: by score or by date, and always the same for equal articles.

Equal scores go by date, the newest first, then by id, so that the order is the same in every run and
after a rebuild. Scores count as equal if they agree in six digits after the point.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from search.evaluate import Matches

#: So many ids are read one by one; for more, all ids are put in order once for the generation.
_FEW_IDS = 200


class Sort(StrEnum):
    """The order of an answer. Undated articles come last in both orders by date; ties go by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


def in_order(reader: LibraryReader, found: Matches, sort: Sort, upto: int | None = None) -> Numbers:
    """Return the places of `found` in order.

    With `upto`, only the first so many are sure to stand where they belong.
    """
    scores = np.round(found.scores, 6)
    places = np.arange(len(scores))
    if sort is Sort.RELEVANCE and upto is not None and 0 < upto < len(scores) // 4:
        least = np.partition(scores, len(scores) - upto)[len(scores) - upto]
        top = scores >= least
        head = _sorted(reader, found.docs[top], scores[top], sort, upto)
        return np.concatenate([places[top][head], places[~top]])
    return _sorted(reader, found.docs, scores, sort, upto)


def _sorted(
    reader: LibraryReader, docs: Numbers, scores: NDArray[np.float64], sort: Sort, upto: int | None
) -> Numbers:
    if not len(docs):
        return np.zeros(0, dtype=np.intp)
    keys = _keys(reader, docs, scores, sort)
    order = np.lexsort(keys)
    tied = np.ones(len(order), dtype=np.bool_)  # with the one before
    tied[0] = False
    for key in keys:
        tied[1:] &= key[order][1:] == key[order][:-1]
    if upto is not None:  # runs of equal ones that begin within the first `upto`
        runs_on = np.flatnonzero(~tied[upto:])
        tied[upto + (runs_on[0] if len(runs_on) else len(tied)) :] = False
    number = int(tied.sum())
    if number > _FEW_IDS:
        return np.lexsort((reader.id_ranks()[docs], *keys))
    if number:
        _by_id(reader, docs, order, tied)
    return order


def _keys(
    reader: LibraryReader, docs: Numbers, scores: NDArray[np.float64], sort: Sort
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return what is compared, the last first: date, kind of date, score (0 for an order by date)."""
    true, other = reader.dates()[docs], reader.dates(from_files=True)[docs]
    dated = true != NO_DATE
    when = np.where(dated, true, other)
    undated = np.where(dated, 0, np.where(other != NO_DATE, 1, 2))
    latest = when if sort is Sort.OLDEST else -when
    return latest, undated, -scores if sort is Sort.RELEVANCE else np.zeros(len(docs))


def _by_id(reader: LibraryReader, docs: Numbers, order: Numbers, tied: NDArray[np.bool_]) -> None:
    """Sort each run of equal articles in `order` by their ids, in place."""
    starts = np.flatnonzero(~tied)
    ends = np.append(starts[1:], len(order))
    for at in np.flatnonzero(ends - starts > 1).tolist():
        start, end = starts[at], ends[at]
        run = order[start:end].tolist()
        order[start:end] = sorted(run, key=lambda place: reader.ident(int(docs[place])))
