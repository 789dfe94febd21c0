"""Days as they are written on a command line."""

from __future__ import annotations

from calendar import timegm
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageProblem
from search.moments import Days, NoDate, day_of, parse_day, parse_days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-05", date(2022, 5, 1), date(2022, 5, 31)),
        ("2022-5", date(2022, 5, 1), date(2022, 5, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-05-11", date(2022, 5, 11), date(2022, 5, 11)),
        (" 2022-5-1 ", date(2022, 5, 1), date(2022, 5, 1)),
        ("9999", date(9999, 1, 1), date.max),
        ("0001", date.min, date(1, 12, 31)),
    ],
)
def test_years_months_and_days(text: str, first: date, last: date) -> None:
    assert parse_day(text) == first
    assert parse_day(text, last=True) == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22",
        "someday",
        "7x",
        "d",
        "-7d",
        "2022-13",
        "2022-00",
        "2022-02-30",
        "0000",
        "2022-05-",
        "11.5.2022",
        "2022-05-11T10",
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_anything_else_is_refused_with_a_hint(text: str, last: bool) -> None:
    with pytest.raises(UsageProblem, match="is no date") as caught:
        parse_day(text, last)
    assert "2022-05-11" in caught.value.hint


@given(st.dates())
def test_every_day_is_itself(day: date) -> None:
    assert parse_day(day.isoformat()) == parse_day(day.isoformat(), last=True) == day


@given(st.text(max_size=12) | st.text("0123456789-/dwmyDW ", max_size=8))
def test_no_text_raises_anything_else(text: str) -> None:
    refused = False
    try:
        parse_day(text)
    except UsageProblem:
        refused = True
    begins = text.strip().lower()
    assert refused or begins[:4].isdigit() or begins[:-1].isdigit() or begins in ("today", "yesterday")


TODAY = date(2024, 3, 31)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0d", TODAY),
        ("7d", date(2024, 3, 24)),
        ("2w", date(2024, 3, 17)),
        ("1m", date(2024, 2, 29)),
        ("3M", date(2023, 12, 31)),
        ("13m", date(2023, 2, 28)),
        ("1y", date(2023, 3, 31)),
        ("4Y", date(2020, 3, 31)),
        ("99999d", date(1750, 6, 17)),
        ("99999m", date.min),
        ("99999y", date.min),
        ("today", TODAY),
        ("Yesterday", date(2024, 3, 30)),
    ],
)
def test_times_back(text: str, wanted: date) -> None:
    assert parse_day(text, today=TODAY) == parse_day(text, last=True, today=TODAY) == wanted
    assert parse_days("since", text, TODAY) == Days(wanted, None)
    assert parse_days("until", text, TODAY) == Days(None, wanted)


@given(st.dates(), st.integers(0, 99999), st.sampled_from("dwmy"))
def test_no_time_back_is_too_long(today: date, count: int, unit: str) -> None:
    assert date.min <= parse_day(f"{count}{unit}", today=today) <= today


@given(st.text("0123456789-./dwmy", max_size=14), st.sampled_from(["date", "since", "until"]), st.dates())
def test_any_text_names_days_or_none(text: str, field: str, today: date) -> None:
    days = Days(today, today)
    try:
        days = parse_days(field, text, today)
    except NoDate as problem:
        text = str(problem)
    assert text
    assert days != (None, None)
    assert (days.first or date.min) <= (days.last or date.max)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)))
def test_the_day_of_a_moment(moment: datetime) -> None:
    assert day_of(timegm(moment.timetuple())) == moment.date()
