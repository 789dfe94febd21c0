"""When the articles of an answer appeared: how many in each day, week, month or year.

Days are those of UTC; weeks begin on Monday, as ISO 8601 has it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.schema import NO_DATE
from search.moments import Days, day_of, utc_today


class Step(StrEnum):
    """How long a period of a timeline is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


#: Without a step, the shortest is taken that makes at most so many periods from the first to the last date.
MOST_PERIODS = {Step.DAY: 45, Step.WEEK: 30, Step.MONTH: 60}

#: 1970-01-01 was a Thursday: so many days after a Monday.
_THURSDAY = 3


class Period(NamedTuple):
    """Days `start` to `end`, both included, and the articles that they have."""

    start: date
    end: date
    articles: int


class Timeline(NamedTuple):
    """The periods that have articles, in their order, and the articles without a date."""

    step: Step
    periods: tuple[Period, ...]
    dated: int
    undated: int


def timeline(dates: NDArray[np.int64], step: Step | None = None) -> Timeline:
    """Count dates (seconds since 1970, `NO_DATE` for none, in any order) by period.

    Without `step` it is chosen to fit how long a time the dates cover.
    """
    known = dates[dates != NO_DATE]
    if not len(known):
        return Timeline(step or Step.DAY, (), 0, len(dates))
    days, counts = by_day(known)
    if step is None:
        step = _fitting(days[0], days[-1])
    numbers, starts = np.unique(_numbers(days, step), return_index=True)
    articles = np.add.reduceat(counts, starts).tolist()
    periods = tuple(
        Period(*bounds(number, step), count) for number, count in zip(numbers.tolist(), articles, strict=True)
    )
    return Timeline(step, periods, len(known), len(dates) - len(known))


def by_day(seconds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the days since 1970 in which moments lie, ascending, and how many lie in each; one at least."""
    days = np.floor_divide(seconds, 86_400)
    first = int(days.min())
    days -= first
    counts = np.bincount(days)
    there = np.flatnonzero(counts)
    return there + first, counts.take(there)


def period_of(dates: NDArray[np.int64], days: Days) -> tuple[Period, NDArray[np.bool_]]:
    """Return a time as a period, and which of `dates` (as in `timeline`) are in it.

    Where it is open it reaches to the first or the last date; without dates it is a day, today if need be.
    """
    known = dates[dates != NO_DATE]
    start, end = (day_of(known.min()), day_of(known.max())) if len(known) else (None, None)
    first = days.first or start or days.last or utc_today()
    last = days.last or end or first
    last = max(first, last)
    low, high = ((day - date(1970, 1, 1)).days * 86_400 for day in (first, last))
    inside = (dates != NO_DATE) & (dates >= low) & (dates < high + 86_400)
    return Period(first, last, int(inside.sum())), inside


def bounds(number: int, step: Step) -> tuple[date, date]:
    """Return the first and the last day of the period with this number (0 holds 1970-01-01)."""
    if step in (Step.DAY, Step.WEEK):
        days = 1 if step is Step.DAY else 7
        start = date(1970, 1, 1) + timedelta(days=number * days - (0 if step is Step.DAY else _THURSDAY))
        return start, start + timedelta(days=days - 1)
    months = number if step is Step.MONTH else number * 12
    year, month = 1970 + months // 12, months % 12 + 1
    last = month if step is Step.MONTH else 12
    return date(year, month, 1), date(year, last, monthrange(year, last)[1])


def gaps(periods: tuple[Period, ...], step: Step) -> Iterator[int]:
    """Yield for each period how many without articles lie between it and the one before; 0 for the first."""
    starts = [(period.start - date(1970, 1, 1)).days for period in periods]
    last = 0
    for place, number in enumerate(_numbers(np.array(starts, dtype=np.int64), step).tolist()):
        yield number - last - 1 if place else 0
        last = number


def _numbers(days: NDArray[np.int64], step: Step) -> NDArray[np.int64]:
    """Return the number of the period of each day (counted from 1970-01-01)."""
    if step in (Step.DAY, Step.WEEK):
        return days if step is Step.DAY else np.floor_divide(days + _THURSDAY, 7)
    return days.astype("M8[D]").astype("M8[M]" if step is Step.MONTH else "M8[Y]").astype(np.int64)


def _fitting(first: int, last: int) -> Step:
    ends = np.array([first, last], dtype=np.int64)
    for step, most in MOST_PERIODS.items():
        start, end = _numbers(ends, step).tolist()
        if end - start < most:
            return step
    return Step.YEAR
