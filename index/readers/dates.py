"""Dates as articles write them: patterns find the piece, dateutil reads only that piece.

Rules:
- Named labels win over bare dates, `Published:` over `Updated:`, the top of a text over its end.
- Numbers alone (`11/05/2022`) are day, month, year; month first only where the zone is American
  (`05/11/2022 7:36 PM ET`) or where nothing else is a date (`05/31/2022`).
- Times with a zone become UTC; a time without one is taken as UTC.
- A year has four digits, 1400 to 2100; a day without a year, or a day that does not exist, is no date.
- Only labels and the first and last lines are looked at, each to a bounded length.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from string import ascii_uppercase

from index.article import DateOrigin
from index.readers.zones import AMERICAN, ZONES, zone_of

EARLIEST_YEAR, LATEST_YEAR = 1400, 2100

_HEAD_CHARS, _TAIL_CHARS = 1200, 600
_HEAD_LINES, _TAIL_LINES = 6, 5
_LINE_CHARS = 240
_CUT = "\u2026"

_YEAR = r"(?:1[4-9]\d\d|20\d\d|2100)(?!\d)"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?\s{1,3})?"
_DAY = r"(?<![\d.:])\d{1,2}(?:st|nd|rd|th)?"
_HALF = r"[ap]\.?\s?m\b\.?"
_CLOCK = rf"(?:\d{{1,2}}[:.h][0-5]\d(?::[0-5]\d(?:\.\d{{1,9}})?)?(?!\d)(?:\s?{_HALF})?|\d{{1,2}}\s?{_HALF})"
_NAMES = "|".join(ZONES)
_ZONE = rf"(?-i:\s?\(?(?:(?:{_NAMES})\b)?(?:\s?[+\-\u2212]\d{{1,2}}(?::?\d\d)?(?!\d))?)"
_GAP = r"[\s,|\u00b7\u2022@(\u2013\u2014T-]{0,4}(?:(?:at|on)\s{1,2})?"
_DATE = (
    rf"(?:{_DAY}(?:\sof)?[\s./-]{{1,2}}{_MONTH},?[\s./-]{{0,2}}{_YEAR}"
    rf"|{_MONTH}[\s-]{{1,2}}{_DAY}(?:,\s{{0,2}}|\s{{1,2}}|-){_YEAR}"
    rf"|{_MONTH}\s{{1,2}}{_DAY}\s\d\d:\d\d:\d\d\s(?:(?:[+-]\d{{4}}|{_NAMES})\s)?{_YEAR}"
    rf"|(?<![\w/.-]){_YEAR}(?P<iso>[-/.])\d{{1,2}}(?P=iso)\d{{1,2}}(?!\d)"
    rf"|(?<![\w/.-])\d{{1,2}}(?P<numbers>[/.-])\d{{1,2}}(?P=numbers){_YEAR})"
)
_WHEN = re.compile(
    rf"(?:(?P<clock>{_CLOCK})(?P<zone>{_ZONE})\)?{_GAP})?{_WEEKDAY}(?P<date>{_DATE})"
    rf"(?:{_GAP}(?P<clock_after>{_CLOCK})(?P<zone_after>{_ZONE})\)?)?",
    re.IGNORECASE,
)
_ONLY_DIGITS = bytes(ord("0" if 48 <= byte < 58 else " ") for byte in range(256))
_HAS_YEAR = re.compile(r"[12]\d\d\d(?!\d)")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIRST_LETTERS = frozenset(name[:2] for name in (*_MONTHS, *_WEEKDAYS))
#: Characters from the start of a month's name, or of a day in numbers, to the year behind it.
_LONGEST_DAY = 40
#: Names of months, in full and short, read backwards.
_HTNOM = "|".join(name[::-1] for name in (*_MONTHS, "sept", *(name[:3] for name in _MONTHS)))
#: What stands before the year in any match of `_DATE` that has a day before it, read backwards from the year.
_BEFORE_YEAR = re.compile(
    rf"[\s./-]{{0,2}},?\.?(?:{_HTNOM})[\s./-]{{1,2}}(?:fo\s)?(?:ts|dn|dr|ht)?\d"
    rf"|(?:\s{{0,2}},|\s{{1,2}}|-)(?:ts|dn|dr|ht)?\d{{1,2}}[\s-]{{1,2}}\.?(?:{_HTNOM})"
    r"|\s(?:\S{1,8}\s)?\d\d:\d\d:\d\d|[/.-]\d{1,2}[/.-]\d",
    re.IGNORECASE,
)
_BEHIND_YEAR = re.compile(r"([-/.])\d{1,2}\1\d")
_ISO_DAY = re.compile(rf"(?<![\w/.-]){_YEAR}-\d\d-\d\d(?!\d|-)")
_PUBLISHED = r"published|posted|issued|released|filed|created|dated?|pub\s?date"
_LABEL = re.compile(
    rf"(?:^|[|\u00b7\u2022(]\s?|\s[\u2013\u2014-]\s)"
    rf"(?P<name>(?:(?:first|last|originally|date|article)\s)?"
    rf"(?:(?:{_PUBLISHED}|publication|publish|release|update[ds]?|modified|revised|edited)\b\s?){{1,2}})"
    rf"(?:(?:on|at)\b)?\s?(?P<colon>[:\uff1a])?[*_]{{0,2}}\s{{0,4}}(?:on\s)?",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:by\s[^\d]{2,100}|[^\d]{2,100}[|\u00b7\u2022])[\s,|\u00b7\u2022\u2013\u2014-]", re.IGNORECASE
)
_AFTER_DATELINE = re.compile(
    r"\)?\s{0,2}(?:\([^()]{1,40}\)\s{0,2}|/[^/\s]{1,40}/\s{0,2})?(?:-|[\u2013\u2014\u2212:])"
)
_DASH = re.compile(r"[-\u2013\u2014\u2212:]")
_PLACE_WORDS = {
    "and",
    "al",
    "de",
    "del",
    "di",
    "da",
    "la",
    "le",
    "el",
    "of",
    "the",
    "on",
    "sur",
    "am",
    "an",
    "der",
}

_COMPACT = re.compile(r"(?:1[4-9]|20|21)\d\d[01]\d[0-3]\d(?:T?\d{4}(?:\d\d)?Z?)?")
_PARTIAL = re.compile(rf"(?:{_MONTH},?\s)?{_YEAR}|{_YEAR}-\d\d", re.IGNORECASE)
_EPOCH = re.compile(r"-?\d{8,19}(?:\.\d{1,9})?")
_FIELD_CHARS = 120
_EPOCH_START, _FIRST_DAY = datetime(1970, 1, 1), datetime(2000, 1, 1)
_SMALLEST_EPOCH, _LARGEST_EPOCH = 1e7, 1e20  # smaller numbers are counts, not moments


NO_DATE: tuple[None, DateOrigin] = (None, DateOrigin.NONE)
"""What `find_date` gives where there is none."""


class _Rank(IntEnum):
    """How much a dated line says about the article; lower is better."""

    PUBLISHED = 0
    BARE = 1
    UPDATED = 2
    DATELINE = 3


def may_be_dated(text: str) -> bool:
    """Return whether a date may stand where `find_date` looks for it, also one that says nothing of the text;
    if not, no line of at most 240 characters that is the first of `text` is a date line."""
    is_short = len(text) <= _HEAD_CHARS + _TAIL_CHARS
    return _may_hold_date(text if is_short else f"{text[:_HEAD_CHARS]}\n{text[-_TAIL_CHARS:]}")


def find_date(text: str) -> tuple[datetime | None, DateOrigin]:
    """Return the date, naive UTC, that a tidy text gives of itself and where it stood; else (None, NONE)."""
    if not may_be_dated(text):
        return NO_DATE
    head, tail = _ends(text)
    found = [ranked for line in head if (ranked := _told(line) or _dateline(line))]
    found += [ranked for line in tail if (ranked := _told(line))]
    if found:
        rank, date = min(found, key=lambda ranked: ranked[0])
        return date, DateOrigin.DATELINE if rank is _Rank.DATELINE else DateOrigin.LINE
    for line in (*head, *tail):
        for match in _ISO_DAY.finditer(line):
            when = _WHEN.match(line, match.start())
            if when and (date_in_text := _read(when)):
                return date_in_text, DateOrigin.TEXT
    return NO_DATE


def is_date_line(line: str) -> bool:
    """Return whether `line` says when the article was published or updated, or is nothing but a date."""
    line = _bare(line[:_LINE_CHARS])
    return _may_hold_date(line) and _told(line) is not None


def parse_date(value: object) -> datetime | None:
    """Return the date in a field of a record, naive UTC; None if it holds none.

    Takes dates in words, ISO 8601 (compact, with zone), seconds, milliseconds, microseconds or
    nanoseconds since 1970 as numbers or digits, and a month or year alone, which mean their first day.
    """
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        whole_year = isinstance(value, int) and EARLIEST_YEAR <= value <= LATEST_YEAR
        return datetime(int(value), 1, 1) if whole_year else _epoch(value)
    return _parse_words(value.strip()) if isinstance(value, str) else None


def _parse_words(value: str) -> datetime | None:
    if len(value) <= 40 and value[:4].isdigit():
        try:
            return _utc(datetime.fromisoformat(value))
        except ValueError:
            pass
    if when := _WHEN.search(value[:_FIELD_CHARS]):
        return _read(when)
    if _COMPACT.fullmatch(value) or _PARTIAL.fullmatch(value):
        date = _dateutil(value, day_first=False)
        return date and _utc(date)
    return _epoch(float(value)) if _EPOCH.fullmatch(value) else None


def _ends(text: str) -> tuple[list[str], list[str]]:
    """Return those of the first and the last lines of `text`, each bare and cut, that may hold a date.

    Lines that hold nothing do not count; no line is among both.
    """
    if len(text) <= _HEAD_CHARS + _TAIL_CHARS:
        lines = [line for line in text.split("\n") if line]
        head, tail = lines[:_HEAD_LINES], lines[_HEAD_LINES:][-_TAIL_LINES:]
    else:
        head = [line for line in text[:_HEAD_CHARS].split("\n") if line][:_HEAD_LINES]
        # The sign of a cut keeps a half sentence from passing for a line that begins with a label.
        tail = [line for line in f"{_CUT}{text[-_TAIL_CHARS:]}".split("\n") if line][-_TAIL_LINES:]
    tail = [line if len(line) <= _LINE_CHARS else _CUT + line[-_LINE_CHARS:] for line in tail]
    return _with_dates([line[:_LINE_CHARS] for line in head]), _with_dates(tail)


def _with_dates(lines: list[str]) -> list[str]:
    """Return those of `lines`, bare, in which there may be a date."""
    return [bare for line in lines if _may_hold_date(bare := _bare(line))]


def _may_hold_date(text: str) -> bool:
    """Return whether `_WHEN` may match anywhere in `text`; `_WHEN` itself takes long."""
    if not text.isascii():
        return any(_is_near_date(text, match.start()) for match in _HAS_YEAR.finditer(text))
    # Where `_HAS_YEAR` matches, in a third of its time, since this is asked of every text.
    digits = f"{text} ".encode().translate(_ONLY_DIGITS)
    at = digits.find(b"0000 ")  # the last four of any number of digits in a row
    while at >= 0:
        if text[at] in "12" and _is_near_date(text, at):
            return True
        at = digits.find(b"0000 ", at + 5)
    return False


def _is_near_date(text: str, year: int) -> bool:
    """Return whether what stands around `year`, an offset into `text`, may be a date of that year."""
    before = text[max(0, year - _LONGEST_DAY) : year][::-1]
    return _BEFORE_YEAR.match(before) is not None or _BEHIND_YEAR.match(text, year + 4) is not None


def _bare(line: str) -> str:
    """Return `line` without the marks of emphasis, quotation or lists around it."""
    return line.strip(" \t\u00a0\u202f*_>#|[]()")


def _told(line: str) -> tuple[_Rank, datetime] | None:
    """Return the date that `line` is there to tell, and its rank."""
    return _labelled(line) or _bare_date(line)


def _labelled(line: str) -> tuple[_Rank, datetime] | None:
    best: tuple[_Rank, datetime] | None = None
    for label in _LABEL.finditer(line):
        name = label["name"]
        if not (label["colon"] or name[0].isupper()):
            continue  # a line of prose that was wrapped before "published"
        when = _WHEN.match(line, label.end())
        date = _read(when) if when else None
        if date:
            later = re.search("update|modif|revis|edit", name, re.IGNORECASE)
            ranked = (_Rank.UPDATED if later else _Rank.PUBLISHED), date
            best = min(best, ranked) if best else ranked
    return best


def _bare_date(line: str) -> tuple[_Rank, datetime] | None:
    """Return the date of a line that is one, or that ends in one after a credit (`By ... | 11 May 2022`)."""
    if len(line) > 120 or not (_may_begin_with_date(line) or _may_begin_with_credit(line)):
        return None
    when = _WHEN.search(line)
    if when is None or line[when.end() :].strip(" .|)"):
        return None
    if when.start() and not _CREDIT.fullmatch(line, 0, when.start()):
        return None
    date = _read(when)
    return (_Rank.BARE, date) if date else None


def _may_begin_with_date(line: str) -> bool:
    """Return whether `_WHEN` may match at the start of `line`."""
    return line[:1].isdecimal() or line[:2].casefold() in _FIRST_LETTERS


def _may_begin_with_credit(line: str) -> bool:
    """Return whether `_CREDIT` may match at the start of `line`."""
    return line[:2].casefold() == "by" or any(mark in line for mark in "|\u00b7\u2022")


def _dateline(line: str) -> tuple[_Rank, datetime] | None:
    """Return the date of `MARRAKECH, Morocco, May 11, 2022 (AFP) - ...`: a place, a date, a dash."""
    year = _HAS_YEAR.search(line, 0, 160)
    if year is None or not _DASH.search(line, year.end(), year.end() + 60):
        return None
    when = _WHEN.search(line, 0, 160)
    if when is None or not when.start() or not _AFTER_DATELINE.match(line, when.end()):
        return None
    words = re.findall(r"[^\W\d_][^\s,()/]*", line[: when.start()])
    if not 1 <= len(words) <= 8 or not all(word[0].isupper() or word in _PLACE_WORDS for word in words):
        return None
    date = _read(when)
    return (_Rank.DATELINE, date) if date else None


def _read(when: re.Match[str]) -> datetime | None:
    """Return the moment that a match of `_WHEN` names, None if there is no such day."""
    clock, zone = when["clock_after"], when["zone_after"]
    if not clock:
        clock, zone = when["clock"], when["zone"]
    zone = (zone or "").strip(" (\u00a0\u202f").replace("\u2212", "-")
    day = _dateutil(when["date"], day_first=bool(when["numbers"]) and zone not in AMERICAN)
    if day is None or not clock:
        return day and _utc(day)
    if "+" in zone or "-" in zone:
        zone = zone.lstrip(f"{ascii_uppercase} ")  # dateutil turns the sign round behind a name
    clock = re.sub(r"^(\d{1,2})[.hH](?=\d\d)", r"\1:", clock)
    clock = re.sub(r"([apAP])\.?\s?[mM]\b\.?", r"\1m", clock)
    time = _dateutil(f"{clock} {zone}", day_first=False)
    return _utc(datetime.combine(day, time.timetz()) if time else day)


@lru_cache(maxsize=8192)
def _dateutil(piece: str, *, day_first: bool) -> datetime | None:
    """Return what dateutil reads in a piece that a pattern found, None if there is no such moment.

    Days and times of day are asked for apart: a collection has few different ones of either, and
    dateutil takes longer over one than the rest of a reader over a whole article.
    """
    from dateutil import parser

    try:
        # The default fills what a piece leaves open; dateutil would take today.
        return parser.parse(piece, dayfirst=day_first, default=_FIRST_DAY, tzinfos=zone_of)
    except (ValueError, OverflowError):
        return None


def _epoch(number: float) -> datetime | None:
    """Return the moment `number` seconds (or milli-, micro-, nanoseconds) after 1970 began."""
    if not _SMALLEST_EPOCH <= abs(number) < _LARGEST_EPOCH:  # false for NaN too
        return None
    for divisor in (1, 1_000, 1_000_000, 1_000_000_000):
        try:
            date = _EPOCH_START + timedelta(seconds=number / divisor)
        except OverflowError:
            continue
        if EARLIEST_YEAR <= date.year <= LATEST_YEAR:
            return date
    return None


def _utc(date: datetime) -> datetime | None:
    """Return `date` as naive UTC, None if its year is absurd."""
    if date.tzinfo and EARLIEST_YEAR <= date.year <= LATEST_YEAR:
        date = date.astimezone(UTC).replace(tzinfo=None)
    return date if EARLIEST_YEAR <= date.year <= LATEST_YEAR else None
