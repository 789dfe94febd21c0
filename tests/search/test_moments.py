"""Days as they are written on a command line."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageProblem
from search.moments import parse_day


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


@given(st.text(max_size=12))
def test_no_text_raises_anything_else(text: str) -> None:
    refused = False
    try:
        parse_day(text)
    except UsageProblem:
        refused = True
    assert refused or text.strip()[:4].isdigit()
