"""Each form in which articles give their dates, and what looks like a date and is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import DateOrigin
from index.readers import dates
from index.readers.dates import EARLIEST_YEAR, LATEST_YEAR, find_date, is_date_line, parse_date

DAY = datetime(2022, 5, 11)
EVENING = datetime(2022, 5, 11, 19, 36)
PROSE = "\n\n".join(
    f"Paragraph {n} of an article that says nothing about days or years at all." for n in range(40)
)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Updated: May 11, 2022, 7:36 PM", EVENING),
        ("Updated: May\u202f11, 2022, 7:36\u202fPM", EVENING),
        ("UPDATED: MAY 11, 2022, 7:36 PM", EVENING),
        ("**Updated:** May 11, 2022, 7:36 PM", EVENING),
        ("Updated : 11 May, 2022 07:36 PM", EVENING),
        ("Updated: 11-May-2022", DAY),
        ("Updated: 11.05.2022, 19:36", EVENING),
        ("Updated: 2022/05/11 19:36", EVENING),
        ("Updated: 2022-05-11 19:36 UTC", EVENING),
        ("Updated: 2022-05-11T19:36:00Z", EVENING),
        ("Updated: 2022-05-11T21:36:00+02:00", EVENING),
        ("Updated: Wed May 11 19:36:00 +0000 2022", EVENING),
        ("Updated 3:36 PM ET, Wed May 11, 2022", EVENING),
        ("Updated Jan. 11, 2022 at 2:36 p.m. ET", datetime(2022, 1, 11, 19, 36)),
        ("Updated May 11, 2022 at 3:36 p.m. EDT", EVENING),
        ("Last updated 11/05/2022 19:36 GMT", EVENING),
        ("Last updated on: 11th of May 2022", DAY),
        ("Last modified on Wed 11 May 2022 20.36 BST", EVENING),
        ("First published on Wednesday, 11 May 2022 at 20:36 BST", EVENING),
        ("Published: 11 May 2022 22:36 (GMT+3)", EVENING),
        ("Published: 11 May 2022 14:36 UTC-5", EVENING),
        ("Published: 11 May 2022 20:36 CET+1", EVENING),
        ("Publication date: May 11, 2022", DAY),
        ("Date: Wed, 11 May 2022 21:36:00 +0200", EVENING),
        ("Posted Sept. 4, 2020", datetime(2020, 9, 4)),
        ("Published: May 11, 2022 - 12 people", DAY),
        ("By A Reporter | Updated: 11 May 2022", DAY),
        ("By A Reporter | 11 May 2022", DAY),
        ("Agency · May 11, 2022 7:36pm", EVENING),
        ("Wednesday, May 11, 2022", DAY),
        ("2022-05-11", DAY),
        ("(11 May 2022)", DAY),
    ],
)
def test_lines_that_give_the_date(line: str, date: datetime) -> None:
    assert is_date_line(line)
    for text in (line, f"A title\n\n{line}\n\n{PROSE}", f"A title\n\n{PROSE}\n\n{line}"):
        assert find_date(text) == (date, DateOrigin.LINE)


@pytest.mark.parametrize(
    "dateline",
    [
        "MARRAKECH, May 11, 2022 - ",
        "MARRAKECH, Morocco, 11 May 2022 (AFP) — ",
        "MARRAKECH (Reuters), May 11, 2022 -- ",
        "NEW YORK, May 11, 2022 /PRNewswire/ -- ",
        "Rio de Janeiro, 11 May 2022 – ",
        "ÅLESUND, 2022-05-11 - ",
    ],
)
def test_datelines(dateline: str) -> None:
    assert find_date(f"A title\n\n{dateline}Ministers met. {PROSE}") == (DAY, DateOrigin.DATELINE)
    assert not is_date_line(f"{dateline}Ministers met.")


@pytest.mark.parametrize(
    "text",
    [
        f"As of 2022-05-11 the rule holds.\n\n{PROSE}",
        f"{PROSE}\n\nThe rule holds as of 2022-05-11.",
        f"Version of (2022-05-11T00:00Z)\n\n{PROSE}",
        "word " * 2000 + "seen on 2022-05-11.",
    ],
)
def test_iso_dates_near_the_ends(text: str) -> None:
    assert find_date(text) == (DAY, DateOrigin.TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "Updated: 2 hours ago",
        "Updated: 31/02/2022",
        "Updated: 2022-13-45",
        "Updated: 0099-01-01",
        "Updated: 1 May 3022",
        "Updated: 11/05/22",
        "Updated: May 2022",
        "Ministers may meet on 3 items in 2022.",
        "The report\npublished 11 May 2022 in London was long.",
        "The report of May 11, 2022 said - nothing.",
        "Sales of 12-05-20221 and 120-22-2022 units.",
        "see report-2022-05-11.pdf and a/2022-05-11/b",
        f"{PROSE}\n\nUpdated: May 11, 2022\n\n{PROSE}",
        f"{PROSE}\n\nSeen on 2022-05-11.\n\n{PROSE}",
    ],
)
def test_what_is_no_date_of_the_article(text: str) -> None:
    assert find_date(text) == (None, DateOrigin.NONE)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Updated: 11/05/2022", DAY),
        ("Updated: 31/05/2022", datetime(2022, 5, 31)),
        ("Updated: 05/31/2022", datetime(2022, 5, 31)),
        ("Updated: 05/11/2022 3:36 PM ET", EVENING),
        ("Updated: 05-11-2022 3:36 PM EDT", EVENING),
        ("Updated: 11/05/2022 8:36 PM BST", EVENING),
    ],
)
def test_numbers_are_day_first_unless_the_zone_is_american(line: str, date: datetime) -> None:
    assert find_date(line) == (date, DateOrigin.LINE)


def test_published_goes_before_updated_and_labels_before_datelines() -> None:
    updated, published = "Updated: May 12, 2022", "Published: May 11, 2022"
    for text in (f"{updated}\n\n{published}", f"{updated} | {published}", f"{published} | {updated}"):
        assert find_date(text) == (DAY, DateOrigin.LINE)
    assert find_date(f"ROME, May 10, 2022 - They met.\n\n{PROSE}\n\nUpdated: May 11, 2022") == (
        DAY,
        DateOrigin.LINE,
    )
    assert find_date("Updated: 31/02/2022\n\nUpdated: 11 May 2022") == (DAY, DateOrigin.LINE)


def test_a_time_that_does_not_exist_leaves_the_day() -> None:
    assert find_date("Updated: 11 May 2022 25:99")[0] == DAY


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2022-05-11", DAY),
        (" 2022-05-11T21:36:00.000+0200 ", EVENING),
        ("20220511", DAY),
        ("20220511T193600Z", EVENING),
        ("20220511193600", EVENING),
        ("2022-05-11 19:36:00 UTC", EVENING),
        ("Wed, 11 May 2022 19:36:00 GMT", EVENING),
        ("26-FEB-1987 15:01:01.79", datetime(1987, 2, 26, 15, 1, 1, 790000)),
        ("11.5.2022", DAY),
        ("May 2022", datetime(2022, 5, 1)),
        ("2022-05", datetime(2022, 5, 1)),
        ("2022", datetime(2022, 1, 1)),
        (2022, datetime(2022, 1, 1)),
        (1652297760, EVENING),
        (1652297760.0, EVENING),
        (1652297760000, EVENING),
        (1652297760000000, EVENING),
        ("1652297760", EVENING),
        ("1652297760000", EVENING),
        (-1652297760, datetime(1917, 8, 23, 4, 24)),
        (datetime(2022, 5, 11, 21, 36, tzinfo=timezone(timedelta(hours=2))), EVENING),
    ],
)
def test_fields(value: object, date: datetime) -> None:
    assert parse_date(value) == date


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2022-02-30",
        "9999-01-01",
        "0001-01-01",
        "1399-12-31",
        "1",
        "²²²²",
        12,
        0,
        True,
        None,
        [],
        {},
    ]
    + [
        1e300,
        10**400,
        -(10**400),
        float("nan"),
        float("inf"),
        "2100-12-31T23:00:00-05:00",
        "9" * 5000,
        "12:30",
    ],
)
def test_fields_without_a_date(value: object) -> None:
    assert parse_date(value) is None


MOMENTS = st.datetimes(datetime(EARLIEST_YEAR, 1, 2), datetime(LATEST_YEAR, 12, 30)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@settings(max_examples=60)
@given(
    MOMENTS, st.sampled_from(["%d %B %Y %H:%M", "%B %d, %Y, %I:%M %p", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"])
)
def test_every_moment_is_read_back(moment: datetime, form: str) -> None:
    written = moment.strftime(form).replace(moment.strftime("%Y"), f"{moment.year:04}")
    assert find_date(f"Updated: {written}") == (moment, DateOrigin.LINE)
    assert parse_date(written) == moment


@settings(max_examples=60)
@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_zones_are_taken_off(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_date(local.isoformat()) == (moment if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None)


@settings(max_examples=150)
@given(st.text(st.sampled_from("0123456789-/.: ,TZapmAPM+MayUpdatedGT\n\u202f٢"), max_size=300))
def test_nothing_that_resembles_dates_breaks_anything(text: str) -> None:
    for date in (find_date(text)[0], parse_date(text)):
        assert date is None or (date.tzinfo is None and EARLIEST_YEAR <= date.year <= LATEST_YEAR)
    assert find_date(f"Updated: {text}")[1] in DateOrigin


BEFORE_YEARS = [
    "3rd of March, ",
    "31st of\u00a0\u202fSeptember.,  ",
    "11 may./.",
    "11 may,./",
    "Aug. 31-",
    "31/12/",
    "1.2.",
    "Jul 4 10:11:12 +0100 ",
    "mar.  3 10:11:12 AEST ",
    "5-\u017fept-",
    "DECEMBER 1st,  ",
    "7 of may. /",
    "september  30\u00a0\u202f",
    "\u0663 February,/.",
]


@pytest.mark.parametrize("before", BEFORE_YEARS)
def test_what_may_hold_a_date_may_with_everything_that_a_date_can_hold(before: str) -> None:
    assert dates._WHEN.search(f"{before}2022")
    assert dates._may_hold_date(f"{before}2022")


@settings(max_examples=300)
@given(
    st.text(st.sampled_from("01289 /-.a\né٢")),
    st.sampled_from(["", "May 11, ", "11 jun ", "sept", *BEFORE_YEARS]),
    st.sampled_from(["1987", "2022", "0087", "21987", "19871"]),
    st.text(st.sampled_from("01289 /-.a\né٢")),
)
def test_what_may_hold_a_date_is_told_alike_of_all_characters(
    before: str, month: str, year: str, after: str
) -> None:
    text = f"{before}{month}{year}{after}"
    years = [match.start() for match in dates._HAS_YEAR.finditer(text)]
    assert dates._may_hold_date(text) == any(dates._is_near_date(text, at) for at in years)
    assert dates._may_hold_date(text) or not dates._WHEN.search(text)
