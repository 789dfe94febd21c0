"""Any schema of Whoosh's works on segments of arrays, through Whoosh's own writer and searcher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields, index, query
from whoosh.codec import default_codec

from index.schema import ArrayCodec

SCHEMA = fields.Schema(
    id=fields.ID(stored=True, unique=True),
    words=fields.TEXT(stored=True, vector=True),
    kind=fields.KEYWORD(sortable=True),
    number=fields.NUMERIC(stored=True, sortable=True),
    day=fields.DATETIME(stored=True),
    odd=fields.BOOLEAN(stored=True),
)
QUERIES = {
    "and": query.And([query.Term("words", "alfa"), query.Term("words", "charlie")]),
    "or": query.Or([query.Term("words", "delta"), query.Term("kind", "k1")]),
    "phrase": query.Phrase("words", ["alfa", "bravo"]),
    "range": query.NumericRange("number", 10, 14),
    "dates": query.DateRange("day", datetime(2020, 1, 3), datetime(2020, 1, 6)),
    "prefix": query.Prefix("words", "ch"),
    "id": query.Term("id", "4"),
    "gone": query.Term("id", "3"),
}


def answers(folder: Path, codec: Any, *, optimize: bool) -> dict[str, Any]:
    """Build the same index with `codec` and return what its searcher answers."""
    made = index.create_in(str(folder), SCHEMA)
    writer = made.writer(codec=codec)
    for number in range(50):
        writer.add_document(
            id=str(number),
            words=f"alfa bravo {number} " + "charlie " * (number % 5),
            kind=f"k{number % 3}",
            number=number,
            day=datetime(2020, 1, 1 + number % 28),
            odd=bool(number % 2),
        )
    writer.commit()
    writer = made.writer(codec=codec)
    writer.delete_by_term("id", "3")
    writer.update_document(id="4", words="delta alfa", number=400)
    writer.commit(optimize=optimize)
    with made.searcher() as searcher:
        found: dict[str, Any] = {
            name: sorted(searcher.stored_fields(doc)["id"] for doc in searcher.docs_for_query(wanted))
            for name, wanted in QUERIES.items()
        }
        found["stored"] = sorted(map(repr, searcher.reader().all_stored_fields()))
        found["sorted"] = [hit["id"] for hit in searcher.search(QUERIES["range"], sortedby="number")]
        found["best"] = {hit["id"] for hit in searcher.search(query.Term("words", "delta"))}
        found["vector"] = list(searcher.reader().vector_as("frequency", 5, "words"))
        found["terms"] = sorted(map(repr, searcher.reader().lexicon("words")))
        return found


@pytest.mark.parametrize("optimize", [False, True])
def test_answers_are_those_of_the_stock_codec(tmp_path: Path, optimize: bool) -> None:
    for name in ("arrays", "stock"):
        (tmp_path / name).mkdir()
    arrays = answers(tmp_path / "arrays", ArrayCodec(), optimize=optimize)
    assert arrays == answers(tmp_path / "stock", default_codec(), optimize=optimize)
    assert len(arrays["and"]) > 10
