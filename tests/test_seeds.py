"""The articles in seeds/: enough of them, of every shape that byline reads, and three groups of wire copy.

Everything is computed from the files with the standard library, so that the facts which other tests build
on hold whatever the readers make of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
WIRE_GROUPS = {"ever-given-refloated": 4, "opec-output-cut": 3, "puffins-return": 3}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
RECORD_FIELDS = {"id", "title", "text", "date", "source", "author", "url"}

_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>20\d\d)"
DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"\b{_DAY} {_MONTH} {_YEAR}\b",
        rf"\b{_MONTH} {_DAY}, {_YEAR}\b",
        rf"\b{_DAY}/(?P<month>\d\d)/{_YEAR}\b",
    )
)
DATE_LINE = re.compile(
    r"(?i)^(?:(?:last )?updated|published|date):? |^\S+(?: \S+){0,3}$|^[A-Z]{3,}.{0,60} - "
)

# Each shape of newspaper copy with the number of articles that show it at least.
SHAPES = {
    r"^Updated: ": (10, "an Updated line"),
    r"(?i)^(last updated:|updated:? )": (16, "an Updated line in any form"),
    r"^UPDATED:? ": (3, "a shouting Updated line"),
    r"^Last updated: ": (3, "a Last updated line"),
    r"^Updated: [A-Z][a-z]+ \d": (4, "an Updated line, American order"),
    r"^Updated: \d\d? [A-Z]": (4, "an Updated line, British order"),
    r"^Updated: \d{4}-\d\d-\d\d": (2, "an Updated line with an ISO date"),
    r"^Updated: \d\d/\d\d/\d{4}": (1, "an Updated line in figures"),
    r"^Updated: \d+ hours ago$": (1, "an Updated line without a date"),
    r"(?i)^published: ": (5, "a Published line"),
    r"^\d{4}-\d\d-\d\d$": (4, "a line that is an ISO date"),
    r"^[A-Z]{3}[A-Za-z ,]*, [A-Z][a-z]+\.? \d+, \d{4} \([^)]+\) - ": (12, "a dateline with an agency"),
    r"^By (Staff|staff) (reporter|writer)": (9, "a byline"),
    r"^(Beta|Reading time|Listen to|Sign up|Wire agencies)\b": (6, "a boilerplate line"),
    r"[“”]": (20, "curly double quotes"),
    r"\w’\w": (30, "curly apostrophes"),
    r"\w'\w": (3, "straight apostrophes"),
    "\u202f": (8, "a narrow no-break space"),
    r"(?i)co-ordinate": (8, "co-ordinate"),
    r"\b[A-Za-z]{2,}/[A-Za-z]{2,}\b": (9, "an A/B compound"),
    r"\bU\.S\.": (8, "an acronym with full stops"),
    r"\b(OPEC|NATO|NASA|USB|JAXA|DART)\b": (6, "an acronym without full stops"),
    r"[£€$₹]\d": (20, "a sum of money"),
    r"\b(stabilisation|organis\w+|programme|colour\w*|harbour|metres|grey)\b": (20, "British spelling"),
    r"\b(harbor|colors?|meters|program|gray|defense|favors|vapor|neighbors?)\b": (6, "American spelling"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of seeds/ as plain lines: `body` is what a reader sees, `head` the front matter."""

    name: str
    head: str
    body: str

    @property
    def paragraphs(self) -> list[str]:
        return [part for part in self.body.split("\n\n") if part.strip()]

    @property
    def words(self) -> int:
        return len(self.body.split())

    def matches(self, pattern: str) -> bool:
        return re.search(pattern, self.body, re.MULTILINE) is not None


def files(suffix: str = "") -> list[Path]:
    """The files of seeds/ in order of their paths, all or those with one suffix."""
    return sorted(path for path in SEEDS.rglob(f"*{suffix}") if path.is_file())


def split_front_matter(text: str) -> tuple[str, str]:
    """The front matter without its fences ("" if there is none) and the rest."""
    if not text.startswith("---\n"):
        return "", text
    head, _, body = text[4:].partition("\n---\n")
    return head, body.lstrip("\n")


def records() -> list[dict[str, str]]:
    """The lines of the one .jsonl file."""
    (path,) = files(".jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load_pieces() -> list[Piece]:
    """Every article: one a .txt or .md file, one a line of the .jsonl file."""
    pieces = [
        Piece(path.relative_to(SEEDS).as_posix(), *split_front_matter(path.read_text(encoding="utf-8")))
        for path in files()
        if path.suffix != ".jsonl"
    ]
    return pieces + [Piece(record["id"], f"date: {record['date']}", record["text"]) for record in records()]


PIECES = load_pieces()
TEXTS = [piece for piece in PIECES if piece.name.endswith(".txt")]


def has_title(piece: Piece) -> bool:
    """True if the first line of a .txt is a short paragraph without a final stop."""
    first = piece.paragraphs[0]
    return "\n" not in first and len(first) <= 80 and not first.endswith((".", "!", "?"))


def dated(piece: Piece) -> date | None:
    """The first date that stands in the front matter, a line of its own, a dated line or a dateline."""
    lines = (piece.head + "\n" + piece.body).splitlines()
    for line in filter(DATE_LINE.search, lines):
        for pattern in DATES:
            if found := pattern.search(line):
                month = found["month"]
                number = int(month) if month.isdigit() else MONTHS.index(month) + 1
                return date(int(found["year"]), number, int(found["day"]))
    return None


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    """The distinct runs of `size` words, in small letters."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def likeness(one: str, other: str, size: int) -> float:
    """Jaccard's coefficient of the two texts' shingles, 0 to 1."""
    left, right = shingles(one, size), shingles(other, size)
    return len(left & right) / len(left | right)


def group_of(piece: Piece) -> str:
    """The wire group of an article, "" outside the groups."""
    return next((group for group in WIRE_GROUPS if piece.name.startswith(f"wire/{group}-")), "")


def test_there_are_enough_articles_of_each_format() -> None:
    counts = {suffix: len(files(suffix)) for suffix in (".txt", ".md", ".jsonl")}
    assert counts[".txt"] >= 36
    assert counts[".md"] >= 5
    assert counts[".jsonl"] == 1
    assert len(files()) == sum(counts.values()), "a file of some other kind lies in seeds/"
    assert len(PIECES) == counts[".txt"] + counts[".md"] + 5


def test_file_names_are_kebab_case_and_unique() -> None:
    names = [path.stem for path in files()]
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name) for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_length_and_layout(piece: Piece) -> None:
    assert 150 <= piece.words <= 600
    assert len(piece.paragraphs) >= 4
    assert not re.search(r"\n{3}|[\r\t]", piece.body)
    assert all(line == line.strip(" ") for line in piece.body.splitlines())


@pytest.mark.parametrize("pattern", SHAPES)
def test_shape_is_present(pattern: str) -> None:
    least, what = SHAPES[pattern]
    found = [piece.name for piece in PIECES if piece.matches(pattern)]
    assert len(found) >= least, f"{what}: {found}"


def test_titles_and_standfirsts() -> None:
    titled = [piece for piece in TEXTS if has_title(piece)]
    assert len(titled) >= 20
    assert len(TEXTS) - len(titled) >= 8
    standfirsts = [
        piece
        for piece in titled
        if len(piece.paragraphs[1]) <= 90
        and not re.match(r"(?i)by |(last )?updated|published|reading time|listen|\d", piece.paragraphs[1])
        and not piece.paragraphs[1].endswith(".")
    ]
    assert len(standfirsts) >= 10


def test_front_matter_has_the_four_fields() -> None:
    for piece in PIECES:
        if piece.name.endswith(".md"):
            keys = {line.partition(":")[0] for line in piece.head.splitlines()}
            assert {"title", "date", "source", "author"} <= keys, piece.name


def test_records_have_every_field_and_their_own_id() -> None:
    found = records()
    assert all(set(record) == RECORD_FIELDS and all(record.values()) for record in found)
    assert len({record["id"] for record in found}) == len(found) == 5


def test_dates_spread_over_the_years() -> None:
    dates = [when for piece in PIECES if (when := dated(piece)) is not None]
    assert {when.year for when in dates} == set(range(2019, 2027))
    assert len({(when.year, when.month) for when in dates}) >= 24
    undated = [piece.name for piece in PIECES if dated(piece) is None]
    assert undated == ["local/hedgehog-crossing-on-the-b-road.txt"], "one article has only its file's time"


@pytest.mark.parametrize("size", [3, 5])
def test_wire_groups_are_near_duplicates_and_nothing_else_is(size: int) -> None:
    members = [group_of(piece) for piece in PIECES]
    assert {group: members.count(group) for group in WIRE_GROUPS} == WIRE_GROUPS
    for one, other in combinations(PIECES, 2):
        value = likeness(one.body, other.body, size)
        if group_of(one) and group_of(one) == group_of(other):
            assert 0.8 <= value < 1, (one.name, other.name, value)
        else:
            assert value < 0.1, (one.name, other.name, value)


def test_words_that_a_reader_of_the_coalition_stories_would_look_for() -> None:
    wanted = ["coalition", "enduring defeat", "stabilisation", "Daesh", "government’s", "fighters"]
    for name in (
        "marrakech-coalition-looks-beyond-the-battlefield",
        "ministers-confer-by-video-as-attacks-rise",
    ):
        (piece,) = [piece for piece in PIECES if name in piece.name]
        assert [word for word in wanted if word not in piece.body] == []
    assert not any("stabilization" in piece.body for piece in PIECES)
