"""Rows read back equal from CSV and TSV, and Markdown shows text as it is."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UsageProblem
from search.fields import NAMES, parse_fields
from search.tables import cell, csv_line, markdown, markdown_head, markdown_line, tsv_line
from search.terminal import visible
from tests.search.sheets import read_tsv, unguarded

CELLS = st.text(
    alphabet=st.one_of(st.sampled_from("a,\"'\t\n\r\\|*_ -1.\x1b\x00\u2028\ud800"), st.characters()),
    max_size=12,
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5)


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_csv_reads_back_equal(rows: list[list[str]]) -> None:
    text = "\n".join(csv_line(row) for row in rows) + "\n"
    assert visible(text) == text
    back = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    told = [[unguarded(value) for value in row] for row in back]
    assert told == [[visible(value) for value in row] for row in rows]


@given(st.text(alphabet="=+-@＝＋－＠' \t\n\"a,1\r", min_size=1, max_size=6))
def test_no_text_is_a_formula_in_a_sheet(text: str) -> None:
    [[shown, number]] = csv.reader(io.StringIO(csv_line([text, -1.5]), newline=""), strict=True)
    assert number == "-1.5"
    assert shown.lstrip()[:1] not in tuple("=+-@＝＋－＠")
    if visible(text)[0].isalnum():
        assert shown == visible(text)


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_tsv_is_a_line_a_row_and_reads_back_equal(rows: list[list[str]]) -> None:
    back: list[list[str]] = []
    for row in rows:
        line = tsv_line(row)
        assert visible(line) == line
        assert "\n" not in line
        back += read_tsv(line + "\n")
    assert back == [[visible(value) for value in row] for row in rows]


@given(st.lists(CELLS, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_markdown_row_has_as_many_cells(row: list[str]) -> None:
    line = markdown_line(row)
    assert "\n" not in line
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(row) + 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*a* _b_ [c](d) <e> `f` # g", r"\*a\* \_b\_ \[c\](d) \<e\> \`f\` \# g"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("1.5 mln", r"1\.5 mln"),
        ("AT&T", "AT&amp;T"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_a_markdown_table_begins_with_two_lines() -> None:
    assert markdown_head(["a", "b|c"]) == "| a | b\\|c |\n| --- | --- |"


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (True, "true"), (1.5, "1.5"), ({"a": ["\x1b"]}, '{"a": ["\\u001b"]}')]
)
def test_values_as_cells(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_fields_are_named_between_commas() -> None:
    assert parse_fields(" id, title,extras.places,id") == ("id", "title", "extras.places", "id")
    assert parse_fields(",".join(NAMES)) == NAMES
    for wrong in ("", ",", "id,nothing", "extras.", "\x1b[2J"):
        with pytest.raises(UsageProblem):
            parse_fields(wrong)
