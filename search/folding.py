"""Copies of a story shown once: which hits stand for others, and what they stand for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from search.results import Fold

if TYPE_CHECKING:
    from index.copies import Groups


def unfolded_places(docs: Numbers, copies: Groups) -> Numbers:
    """Return the places in `docs` of those that are the first of their story there, ascending."""
    if not len(copies.docs) or not len(docs):
        return np.arange(len(docs))
    _, first = np.unique(copies.stories.take(docs), return_index=True)
    return np.sort(first)


def story_count(docs: Numbers, copies: Groups) -> int:
    """Return how many stories some distinct articles tell."""
    if not len(copies.docs):
        return len(docs)
    there = np.flatnonzero(np.isin(copies.docs, docs, assume_unique=True))
    heads = np.sort(copies.heads[there])
    return len(docs) - len(there) + int(np.count_nonzero(np.diff(heads, prepend=-1)))


def fold_of(doc: int, reader: LibraryReader) -> Fold | None:
    """Return what an article stands for; None if it has no copies."""
    group = reader.copies.of(doc)
    if not group:
        return None
    dates = reader.dates().take(np.array(group))
    dates = dates[dates != NO_DATE]
    if not len(dates):
        return Fold(len(group) - 1)
    first, last = (
        datetime.fromtimestamp(int(at), UTC).replace(tzinfo=None) for at in (dates.min(), dates.max())
    )
    return Fold(len(group) - 1, first, last)


def earliest_first(reader: LibraryReader, docs: list[int]) -> list[int]:
    """Return articles by date, be it their file's, those without any last; equals by id."""
    chosen = np.array(docs, dtype=np.intp)
    own, others = (reader.dates(from_files).take(chosen) for from_files in (False, True))
    dates = np.where(own == NO_DATE, others, own).tolist()
    keys = [(at == NO_DATE, at, reader.ident(doc)) for at, doc in zip(dates, docs, strict=True)]
    return [doc for _, doc in sorted(zip(keys, docs, strict=True))]
