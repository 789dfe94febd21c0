"""Every format of a listing holds the same rows, whatever stands in them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from search.listing import FORMATS, Listing, Row, pieces
from search.records import SCHEMA_VERSION
from search.tables import cell
from tests.search.sheets import read_tsv, unguarded

NAMES = ("word", "articles", "more")
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from(",\"'\t\n\r\\|\x1b\x00\u2028\ud800[]"), st.characters()), max_size=10
)
VALUES = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.lists(TEXTS)
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES)), max_size=5)


def printed(rows: list[Row], style: str, names: tuple[str, ...] = NAMES) -> str:
    return "".join(pieces(Listing("words", names, iter(rows), {"query": "[]"}), style))


@given(ROWS, st.permutations(NAMES), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_every_format_reads_back_equal(rows: list[dict[str, Any]], names: list[str], count: int) -> None:
    chosen = tuple(names[:count])
    wanted = [{name: row[name] for name in chosen} for row in rows]
    whole = json.loads(printed(rows, "json", chosen))
    assert whole == {"schema": SCHEMA_VERSION, "query": "[]", "words": wanted}
    assert [json.loads(line) for line in printed(rows, "jsonl", chosen).splitlines()] == wanted
    table = [list(chosen), *([cell(row[name]) for name in chosen] for row in rows)]
    sheet = csv.reader(io.StringIO(printed(rows, "csv", chosen), newline=""), strict=True)
    assert [[unguarded(shown) for shown in line] for line in sheet] == table
    assert read_tsv(printed(rows, "tsv", chosen)) == table
    assert len(printed(rows, "markdown", chosen).splitlines()) == len(rows) + 2


def test_rows_are_printed_as_they_come() -> None:
    asked: list[int] = []

    def rows() -> Iterator[Row]:
        for at in range(3):
            asked.append(at)
            yield {"word": at}

    for style in FORMATS:
        asked.clear()
        for piece in pieces(Listing("words", ("word",), rows()), style):
            if "0" in piece and "schema" not in piece:
                break
        assert asked == [0], style
