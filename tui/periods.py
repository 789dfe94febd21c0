"""The timeline of an answer as bars, a period each, and the range of them that is chosen: no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from search.timeline import Step, Timeline, bounds

STEPS = (Step.YEAR, Step.MONTH, Step.DAY)
MOST = 4000
"""Periods that are shown of one length at most; a finer one is refused where there would be more."""
_FITTING = {Step.DAY: 62, Step.MONTH: 60}
"""Without a choice the finest step is taken that has at most so many periods."""
_LENGTH = {Step.YEAR: 4, Step.MONTH: 7, Step.DAY: 10}
"""Characters of an ISO date that name a period."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Periods number `first` to `last` of `step`, and the range `low` to `high` that is chosen (places from
    0, both included). `counts` has the articles of each; `days` those of each day, by its number."""

    step: Step
    first: int
    last: int
    low: int
    high: int
    counts: tuple[int, ...]
    days: tuple[tuple[date, int], ...]
    coarser: Bars | None = field(default=None, compare=False)

    @property
    def value(self) -> str:
        """The chosen range as the value of a date filter."""
        start, end = self.name(self.low), self.name(self.high)
        return start if start == end else f"{start}..{end}"

    @property
    def articles(self) -> int:
        """Articles in the chosen range."""
        return sum(self.counts[self.low : self.high + 1])

    def name(self, place: int) -> str:
        """Return the year, month or day at a place."""
        return bounds(self.first + place, self.step)[0].isoformat()[: _LENGTH[self.step]]

    def start(self, place: int) -> date:
        """Return the first day of the period at a place."""
        return bounds(self.first + place, self.step)[0]

    def move(self, by: int) -> Bars:
        """Return the bars with the range moved, as far as it goes."""
        by = max(-self.low, min(by, len(self.counts) - 1 - self.high))
        return replace(self, low=self.low + by, high=self.high + by)

    def grow(self, by: int) -> Bars:
        """Return the bars with the end of the range moved; one period stays at least."""
        return replace(self, high=max(self.low, min(self.high + by, len(self.counts) - 1)))

    def choose(self, low: int, high: int) -> Bars:
        """Return the bars with another range."""
        last = len(self.counts) - 1
        return replace(self, low=max(0, min(low, last)), high=max(0, min(max(low, high), last)))

    def finer(self) -> Bars | None:
        """Return the range alone in shorter periods, the fullest of them chosen; None if there are none."""
        at = STEPS.index(self.step) + 1
        if at == len(STEPS):
            return None
        start, _ = bounds(self.first + self.low, self.step)
        _, end = bounds(self.first + self.high, self.step)
        first, last = number_of(start, STEPS[at]), number_of(end, STEPS[at])
        return _bars(self.days, STEPS[at], first, last, self) if last - first < MOST else None

    def longer(self) -> Bars | None:
        """Return longer periods, as they were before `finer` or over all; None if there are none."""
        if self.coarser is not None:
            return self.coarser
        at = STEPS.index(self.step) - 1
        if at < 0:
            return None
        found = _whole(self.days, STEPS[at])
        places = (number_of(self.start(place), STEPS[at]) - found.first for place in (self.low, self.high))
        return found.choose(*places)


def number_of(day: date, step: Step) -> int:
    """Return the number of the period that holds a day, as `search.timeline.bounds` counts."""
    if step is Step.DAY:
        return (day - date(1970, 1, 1)).days
    return day.year - 1970 if step is Step.YEAR else (day.year - 1970) * 12 + day.month - 1


def bars(found: Timeline, filter: str = "") -> Bars | None:
    """Return the bars of a timeline by day, in periods that fit; None if nothing has a date.

    What `filter`, the value of a date filter, says is chosen; without one the fullest period is.
    """
    days = tuple((period.start, period.articles) for period in found.periods)
    if not days:
        return None
    step = _step_of(filter) if filter else None
    if step is None or _periods(days, step) > MOST:
        fitting = (step for step in (Step.DAY, Step.MONTH) if _periods(days, step) <= _FITTING[step])
        return _whole(days, next(fitting, Step.YEAR))
    whole = _whole(days, step)
    low, _, high = filter.partition("..")
    places = (number_of(_day(text), step) - whole.first for text in (low, high or low))
    return whole.choose(*places)


def _periods(days: Sequence[tuple[date, int]], step: Step) -> int:
    return number_of(days[-1][0], step) - number_of(days[0][0], step) + 1


def _whole(days: tuple[tuple[date, int], ...], step: Step) -> Bars:
    return _bars(days, step, number_of(days[0][0], step), number_of(days[-1][0], step), None)


def _bars(
    days: tuple[tuple[date, int], ...], step: Step, first: int, last: int, coarser: Bars | None
) -> Bars:
    counts = [0] * (last - first + 1)
    for day, articles in days:
        place = number_of(day, step) - first
        if 0 <= place < len(counts):
            counts[place] += articles
    fullest = counts.index(max(counts))
    return Bars(step, first, last, fullest, fullest, tuple(counts), days, coarser)


def _step_of(value: str) -> Step | None:
    """Return the step of a date filter; None if it is no pair of like dates."""
    lengths = {len(part) for part in value.split("..")}
    return next((step for step, length in _LENGTH.items() if lengths == {length}), None)


def _day(text: str) -> date:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)
