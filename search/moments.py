"""Days as people write them in a query or on a command line: dates, ranges, and so long ago."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from index.errors import UsageProblem

_DAY = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", re.ASCII)
_AGO = re.compile(r"(\d{1,5})([dwmy])", re.ASCII | re.IGNORECASE)
_NAMED = {"today": 0, "yesterday": 1}
HINT = "write 2022, 2022-05, 2022-05-11, or 7d, 2w, 3m, 1y back"


class Days(NamedTuple):
    """The days from `first` to `last`, both included; None is without end."""

    first: date | None = None
    last: date | None = None


class NoDate(ValueError):
    """A text names no days; its message says why."""


def utc_today() -> date:
    """Return today's date, UTC as all dates of articles are."""
    return datetime.now(UTC).date()


def day_of(seconds: int) -> date:
    """Return the day (UTC) in which so many seconds since 1970 fall."""
    return date(1970, 1, 1) + timedelta(days=int(seconds) // 86_400)


def parse_day(text: str, last: bool = False, today: date | None = None) -> date:
    """Return the first day, or the `last`, that a date such as `2022-05` or `7d` names.

    `7d`, `2w`, `3m` and `1y` are so long before `today`. Raises `UsageProblem` for anything else.
    """
    try:
        days = _moment(text.strip(), today)
    except NoDate as problem:
        raise UsageProblem(str(problem), HINT) from None
    return days[1] if last else days[0]


def parse_limits(
    since: str | None, until: str | None, today: date | None = None
) -> tuple[date | None, date | None]:
    """Return the first and the last day that two dates leave; no date, or an empty one, is no limit.

    Raises `UsageProblem`, as `parse_day` does.
    """
    first = parse_day(since, today=today) if since else None
    return first, parse_day(until, last=True, today=today) if until else None


def parse_days(field: str, text: str, today: date | None = None) -> Days:
    """Return the days that the value of `date:`, `since:` or `until:` names.

    `date:` takes a date, a range of two with `..` between them, of which one may be missing, or a time
    back, which reaches until today. Raises `NoDate`.
    """
    if field == "since":
        return Days(_moment(text, today)[0], None)
    if field == "until":
        return Days(None, _moment(text, today)[1])
    before, dots, after = text.partition("..")
    if not dots:
        first, last = _moment(text, today)
        return Days(first, None if _AGO.fullmatch(text) else last)
    days = Days(_moment(before, today)[0] if before else None, _moment(after, today)[1] if after else None)
    if days == (None, None):
        raise NoDate("a range needs a date on one side")
    if days.first and days.last and days.first > days.last:
        raise NoDate(f"{text} ends before it begins")
    return days


def _moment(text: str, today: date | None) -> tuple[date, date]:
    """Return the first and the last day that a single date names."""
    today = today or utc_today()
    ago = _AGO.fullmatch(text)
    if ago is not None:
        day = _back(today, int(ago[1]), ago[2].lower())
        return day, day
    if text.lower() in _NAMED:
        day = today - timedelta(days=_NAMED[text.lower()])
        return day, day
    match = _DAY.fullmatch(text)
    if match is None:
        raise NoDate(f"{text!r} is no date")
    year, month, day_of_month = (int(part) if part else 0 for part in match.groups())
    try:
        if match[3]:
            day = date(year, month, day_of_month)
            return day, day
        if match[2]:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except (ValueError, IndexError):
        raise NoDate(f"{text!r} is no date: no such day") from None


def _back(today: date, count: int, unit: str) -> date:
    """Return the day so many days, weeks, months or years before; of a shorter month the last."""
    if unit in "dw":
        days = count * (7 if unit == "w" else 1)
        return today - timedelta(days=min(days, (today - date.min).days))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
