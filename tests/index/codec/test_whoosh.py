"""Any schema of Whoosh's works on segments of arrays, through Whoosh's own writer and searcher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields, query
from whoosh.codec import default_codec
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.sorting import FieldFacet, add_sortable

from index.analysis import Analyzer
from index.article import Article
from index.builder import Builder
from index.check import check
from index.codec.whoosh_codec import ArrayCodec
from index.reading import LibraryReader
from index.toc import LibraryIndex, create_index

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


def answers(storage: Storage, codec: Any, *, optimize: bool) -> dict[str, Any]:
    """Build the same index with `codec` and return what its searcher answers."""
    made = storage.create_index(SCHEMA)
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
@pytest.mark.parametrize("place", ["folder", "memory"])
def test_answers_are_those_of_the_stock_codec(tmp_path: Path, place: str, optimize: bool) -> None:
    arrays = answers(storage_in(tmp_path / "arrays", place), ArrayCodec(), optimize=optimize)
    assert arrays == answers(storage_in(tmp_path / "stock", place), default_codec(), optimize=optimize)
    assert len(arrays["and"]) > 10
    assert [path.suffix for path in tmp_path.glob("arrays/*.byl")] == [".byl"] * (2 - optimize) * (
        place == "folder"
    )


def storage_in(folder: Path, place: str) -> Storage:
    return FileStorage(str(folder)).create() if place == "folder" else RamStorage()


def test_a_column_may_be_added_later(tmp_path: Path) -> None:
    made = FileStorage(str(tmp_path)).create_index(fields.Schema(id=fields.ID(stored=True), n=fields.NUMERIC))
    for numbers in ((5, 3), (4, 1)):
        writer = made.writer(codec=ArrayCodec())
        for number in numbers:
            writer.add_document(id=str(number), n=number)
        writer.commit(merge=False)
    writer = made.writer(codec=ArrayCodec())
    add_sortable(writer, "n", FieldFacet("n"))
    writer.commit(merge=False)
    for _ in range(2):
        with made.searcher() as searcher:
            column = searcher.reader().column_reader("n")
            assert [column[doc] for doc in range(4)] == [5, 3, 4, 1]
            found = searcher.search(query.Every(), sortedby="n")
            assert [hit["id"] for hit in found] == ["1", "3", "4", "5"]
        writer = made.writer(codec=ArrayCodec())
        writer.commit(optimize=True)


def test_a_library_emptied_by_whoosh_still_opens(tmp_path: Path) -> None:
    article = Article(id="a", title="Trade", text="Talks on trade.", path="/a")
    create_index(tmp_path, "english")
    for optimize in (True, False):
        with Builder(tmp_path, Analyzer()) as builder:
            builder.add(article)
            builder.commit()
        writer = LibraryIndex(tmp_path).writer()
        writer.delete_by_term("id", "a")
        writer.commit(optimize=optimize)
        with LibraryReader(tmp_path) as reader:
            assert reader.count == 0
            assert len(reader.postings("text", "trade").docs) == 0
            assert reader.number("a") is None
    with Builder(tmp_path, Analyzer()) as builder:
        builder.add(article)
        builder.commit()
    with LibraryReader(tmp_path) as reader:
        assert reader.count == 1
        assert len(reader.postings("text", "trade").docs) == 1
    assert check(tmp_path) == ()
