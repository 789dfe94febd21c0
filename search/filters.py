"""Conditions on what is known of articles: their dates, sources, authors, paths and ids, as masks.

A mask has an entry for each article of the generation. Conditions keep or leave out articles; they add
nothing to scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from datetime import time as clock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.reading import LibraryReader
from index.record import seconds
from index.schema import NO_DATE
from search.evaluate import Evaluator
from search.matches import Matches
from search.own_query import OwnQuery

if TYPE_CHECKING:
    from index.facts import Column

Mask = NDArray[np.bool_]

_LATEST = 2**62


class Condition(OwnQuery):
    """A node that is a mask; as a query it finds the living articles in it, with score 0."""

    def mask(self, evaluator: Evaluator) -> Mask:
        """Return which articles meet the condition; deleted ones may be among them."""
        raise NotImplementedError(type(self).__name__)

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the living articles that meet the condition."""
        docs = np.flatnonzero(self.mask(evaluator) & evaluator.reader.living)
        return Matches(docs, np.zeros(len(docs)))


class Dated(Condition):
    """Articles with a true date from `first` to `last` (days in UTC, both included, None without end).

    With `file_dates`, articles without a true date count by the time of their file.
    """

    def __init__(self, first: date | None, last: date | None, file_dates: bool = False) -> None:
        super().__init__()
        self.first = NO_DATE + 1 if first is None else seconds(datetime.combine(first, clock.min))
        self.last = _LATEST if last is None else seconds(datetime.combine(last, clock.max))
        self.file_dates = file_dates

    def dates(self, reader: LibraryReader) -> NDArray[np.int64]:
        """Return the date of each article that counts, in seconds; `NO_DATE` where there is none."""
        dates = reader.dates()
        if not self.file_dates:
            return dates
        return np.where(dates == NO_DATE, reader.dates(from_files=True), dates)

    def fits(self, dates: NDArray[np.int64]) -> Mask:
        """Return which dates lie in the period."""
        return (dates >= self.first) & (dates <= self.last)

    def mask(self, evaluator: Evaluator) -> Mask:
        """Return which articles are dated so."""
        return self.fits(self.dates(evaluator.reader))


class Having(Condition):
    """Articles whose value in a column is one that `fits`; `values` tells which of its texts are."""

    def __init__(self, column: Column, fits: Callable[[str], bool]) -> None:
        super().__init__()
        self.column = column
        self.values = np.fromiter(map(fits, column.texts), dtype=np.bool_, count=len(column.texts))

    def mask(self, evaluator: Evaluator) -> Mask:
        """Return which articles have such a value."""
        return self.values.take(self.column.refs)


class Combined(Condition):
    """Several conditions: all of them, or any."""

    def __init__(self, parts: Sequence[Condition], every: bool) -> None:
        super().__init__()
        self.parts, self.every = tuple(parts), every

    def mask(self, evaluator: Evaluator) -> Mask:
        """Return which articles meet all, or any."""
        join = np.logical_and if self.every else np.logical_or
        masks = [part.mask(evaluator) for part in self.parts]
        total = masks[0].copy()
        for mask in masks[1:]:
            join(total, mask, out=total)
        return total


class Except(Condition):
    """Articles that do not meet a condition."""

    def __init__(self, part: Condition) -> None:
        super().__init__()
        self.part = part

    def mask(self, evaluator: Evaluator) -> Mask:
        """Return which articles do not meet it."""
        return ~self.part.mask(evaluator)


class Filtered(OwnQuery):
    """What a query finds, as far as it meets a condition."""

    def __init__(self, query: wq.Query, condition: Condition) -> None:
        super().__init__()
        self.query, self.condition = query, condition

    def found(self, evaluator: Evaluator) -> Matches:
        """Return what the query finds, with its scores."""
        found = evaluator.matches(self.query)
        return found.where(self.condition.mask(evaluator).take(found.docs))
