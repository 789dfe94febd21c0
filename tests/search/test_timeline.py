"""Timelines against calendars in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.schema import NO_DATE
from search.timeline import MOST_PERIODS, Step, gaps, timeline

moments = st.datetimes(datetime(1, 1, 8), datetime(9999, 12, 20))
dates = st.lists(st.none() | moments, max_size=40)


def seconds(moment: datetime | None) -> int:
    return NO_DATE if moment is None else int(moment.replace(tzinfo=UTC).timestamp() // 1)


def first_day(day: date, step: Step) -> date:
    if step is Step.DAY:
        return day
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step is Step.MONTH else day.replace(month=1, day=1)


def following(day: date, step: Step) -> date:
    if step in (Step.DAY, Step.WEEK):
        return day + timedelta(days=1 if step is Step.DAY else 7)
    return first_day(day + timedelta(days=32 if step is Step.MONTH else 366), step)


@settings(deadline=None)
@given(dates, st.sampled_from(Step))
def test_it_counts_as_a_calendar_does(found: list[datetime | None], step: Step) -> None:
    made = timeline(np.array([seconds(moment) for moment in found], dtype=np.int64), step)
    wanted = Counter(first_day(moment.date(), step) for moment in found if moment is not None)
    assert [(one.start, one.articles) for one in made.periods] == sorted(wanted.items())
    assert all(
        first_day(one.end, step) == one.start != first_day(one.end + timedelta(1), step)
        for one in made.periods
    )
    assert (made.dated, made.undated) == (wanted.total(), found.count(None))


@settings(deadline=None)
@given(st.lists(moments, min_size=1, max_size=20), st.sampled_from(Step))
def test_gaps_count_what_was_left_out(found: list[datetime], step: Step) -> None:
    found = [moment.replace(year=2000 + moment.year % 3) for moment in found if moment.day < 29]
    made = timeline(np.array([seconds(moment) for moment in found], dtype=np.int64), step)
    day = made.periods[0].start if made.periods else date(2000, 1, 1)
    for gap, period in zip(gaps(made.periods, step), made.periods, strict=True):
        for _ in range(gap):
            day = following(day, step)
        assert day == period.start
        day = following(day, step)


@pytest.mark.parametrize(
    ("days", "step"), [(0, Step.DAY), (44, Step.DAY), (46, Step.WEEK), (400, Step.MONTH), (4000, Step.YEAR)]
)
def test_the_step_fits_the_time(days: int, step: Step) -> None:
    start = datetime(2020, 1, 1)
    ends = np.array([seconds(start), seconds(start + timedelta(days=days))])
    assert timeline(ends).step is step
    assert Step.YEAR not in MOST_PERIODS


def test_nothing_gives_nothing() -> None:
    assert timeline(np.array([NO_DATE, NO_DATE])) == (Step.DAY, (), 0, 2)
