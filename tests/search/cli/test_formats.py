"""The formats of `byline search` for programs: fields, the schema of the JSON, streams without end."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from index.library import Library
from search.fields import NAMES, TABLE
from search.records import SCHEMA_VERSION
from search.searcher import Searcher
from search.tables import cell
from tests.conftest import CHECKOUT, Ran, Run, process_environment
from tests.index.shelf import put

SCHEMA_FILE = CHECKOUT / "search" / "schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
TOWNS = ("Rabat", "Oslo", "Lima")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of a file with three articles and a file with one."""
    rows = [
        {
            "id": f"k{at}",
            "title": f"Talks in {town}",
            "text": f"The coalition met in {town}, and\tleft.\nTrade was easy.",
            "date": f"2022-05-1{at}",
            "pages": [at, None],
        }
        for at, town in enumerate(TOWNS)
    ]
    folder = tmp_path_factory.mktemp("formats")
    put(folder / "news" / "wire.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    put(folder / "news" / "pact.txt", "Pact signed\n\nThe coalition signed it.\n")
    Library.create(folder / "library").update([folder / "news"])
    return folder / "library"


def strict(definition: str) -> jsonschema.protocols.Validator:
    """Return a validator of one definition of the schema that takes no fields that are not in it."""
    schema = copy.deepcopy(SCHEMA)
    for node in _objects(schema):
        node.setdefault("additionalProperties", False)
    whole = {"$schema": schema["$schema"], "$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    return jsonschema.Draft202012Validator(whole)


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "properties" in node and "required" in node:
            yield node
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value)


def check(definition: str, text: str) -> Any:
    value = json.loads(text)
    strict(definition).validate(value)
    return value


# --- the schema ---------------------------------------------------------------------------------------


def test_the_schema_is_one_and_names_the_version() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["results"]["properties"]["schema"]["const"] == SCHEMA_VERSION
    assert SCHEMA["$defs"]["article"]["properties"]["schema"]["const"] == SCHEMA_VERSION
    assert f"version {SCHEMA_VERSION}" in SCHEMA["title"]
    assert {*SCHEMA["$defs"]["hit"]["properties"]} - {"query_id", "explanation"} == {*NAMES} - {
        "passage",
        "text",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("coalition",),
        ("coaltion OR (",),
        ("coaltion pact", "--any"),
        ('"enduring defeat" AND coaltion', "--typos", "off"),
        ("coalition", "--since", "2030"),
        ("title:rabat AND zyzzyva",),
        ("",),
        ("the coalition pact", "--any", "--explain"),
        ("coalition", "--explain", "--rank", "fast"),
    ],
)
def test_every_answer_is_as_the_schema_says(news: Run, arguments: tuple[str, ...]) -> None:
    ran = news("search", "--json", *arguments)
    answer = check("results", ran.out)
    for hit in answer["hits"]:
        strict("hit").validate(hit)
    assert (ran.code == 0) == bool(answer["hits"])
    assert (answer["diagnosis"] is None) == bool(answer["hits"] or arguments == ("",))
    for line in news("search", "--format", "jsonl", *arguments).out.splitlines():
        check("hit", line)


def test_the_other_commands_are_as_the_schema_says(news: Run) -> None:
    check("article", news("show", "news/wire.jsonl#k1", "--query", "coaltion", "--json").out)
    check("status", news("status", "--json").out)
    check("check", news("check", "--json").out)
    check("parsed_query", news("search", "--parse", "--json", "coaltion -(met the) title:x*").out)
    check("parsed_query", news("search", "--parse", "--json", "").out)
    check("report", news("index", "--json").out)


def test_what_forgets_is_as_the_schema_says(inside: Run, tmp_path: Path) -> None:
    put(tmp_path / "news" / "a.txt", "The coalition met.")
    put(tmp_path / "news" / "b.bin", "\0")
    check("report", inside("index", "news", "--json").out)
    check("report", inside("forget", "news", "--json").out)


def test_a_batch_is_an_object_a_line(news: Run, tmp_path: Path) -> None:
    queries = put(tmp_path / "queries.tsv", "q1\tcoalition\nq2\tzyzzyva\n")
    lines = news("search", "--batch", queries, "--json").out.splitlines()
    assert [check("results", line)["id"] for line in lines] == ["q1", "q2"]
    rows = [
        check("hit", line)
        for line in news("search", "--batch", queries, "--format", "jsonl").out.splitlines()
    ]
    assert [row["query_id"] for row in rows] == ["q1"] * 4


# --- tables and fields --------------------------------------------------------------------------------


def read_csv(ran: Ran) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ran.out, newline=""), strict=True))


def read_tsv(ran: Ran) -> list[list[str]]:
    rows = [line.split("\t") for line in ran.out.splitlines()]
    return [[cell.replace("\\t", "\t").replace("\\n", "\n") for cell in row] for row in rows]


def test_tables_hold_what_the_json_holds(news: Run) -> None:
    hits = json.loads(news("search", "coalition", "--json").out)["hits"]
    head, *rows = read_csv(news("search", "coalition", "--format", "csv"))
    assert head == list(TABLE)
    assert read_tsv(news("search", "coalition", "--format", "tsv")) == [head, *rows]
    for hit, row in zip(hits, rows, strict=True):
        there = dict(zip(head, row, strict=True))
        assert there.pop("passage") == hit["passages"][0]["text"]
        assert there == {name: str(hit[name] or "") for name in there}


def test_fields_are_printed_in_the_order_asked_for(news: Run) -> None:
    wanted = "title,extras.pages,key,text,reasons,extras.odd"
    asked = ("search", "rabat coaltion zyzzyva", "--any", "--sort", "oldest", "--fields", wanted)
    ran = news(*asked, "--format", "csv")
    assert read_csv(ran)[0] == wanted.split(",")
    text = "The coalition met in Rabat, and\tleft.\nTrade was easy."
    reasons = "coaltion → coalition (1 typo); missing: zyzzyva"
    row = next(row for row in read_csv(ran) if row[0] == "Talks in Rabat")
    assert row == ["Talks in Rabat", "[0,null]", "k0", text, reasons, ""]
    records = [json.loads(line) for line in news(*asked, "--format", "jsonl").out.splitlines()]
    assert all(list(record) == wanted.split(",") for record in records)
    assert json.loads(news(*asked, "--json").out)["hits"] == records
    assert [record["extras.pages"] for record in records if record["key"] == "k0"] == ["[0,null]"]


@pytest.mark.parametrize("more", [(), ("--offset", "1", "-n", "2"), ("--no-fold", "--sort", "newest")])
def test_numbers_are_printed_without_reading_articles(
    news: Run, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    asked = ("search", "coalition", *more, "--fields")
    whole = [
        json.loads(line) for line in news(*asked, "id,rank,score,title", "--format", "jsonl").out.splitlines()
    ]
    wanted = [{name: hit[name] for name in ("id", "rank", "score")} for hit in whole]
    monkeypatch.setattr(Searcher, "hits", lambda *_, **__: pytest.fail("an article was read"))
    lines = news(*asked, "id,rank,score", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == wanted
    assert json.loads(news(*asked, "id,rank,score", "--json").out)["hits"] == wanted
    rows = read_csv(news(*asked, "id,rank,score", "--format", "csv"))
    assert rows[1:] == [[cell(value) for value in hit.values()] for hit in wanted]


def test_a_table_of_a_batch_names_the_query(news: Run, tmp_path: Path) -> None:
    queries = put(tmp_path / "queries.tsv", "q1\tcoalition\nq2\toslo\n")
    rows = read_csv(news("search", "--batch", queries, "--format", "csv", "--fields", "key"))
    assert rows[0] == ["query_id", "key"]
    assert sorted(rows[1:]) == [["q1", ""], ["q1", "k0"], ["q1", "k1"], ["q1", "k2"], ["q2", "k1"]]


def test_markdown_is_a_list_of_quotations_or_a_table(news: Run) -> None:
    listed = news("search", "oslo", "--format", "markdown").out
    assert listed.startswith("1. Talks in **Oslo**\n   2022-05-11 · news/wire.jsonl\\#k1\n\n   > ")
    assert "met in **Oslo**, and left." in listed
    table = news("search", "oslo", "--format", "markdown", "--fields", "rank,title").out
    assert table == "| rank | title |\n| --- | --- |\n| 1 | Talks in Oslo |\n"


@pytest.mark.parametrize("style", ["csv", "tsv", "markdown"])
def test_nothing_found_is_a_table_without_rows(news: Run, style: str) -> None:
    ran = news("search", "zyzzyva", "--format", style)
    assert ran.code == 1
    assert len(ran.out.splitlines()) == (0 if style == "markdown" else 1)


@pytest.mark.parametrize(
    "arguments", [("--fields", "nothing"), ("--fields", "id"), ("--fields", "", "--json"), ("-0", "--json")]
)
def test_what_does_not_go_together_is_exit_code_2(news: Run, arguments: tuple[str, ...]) -> None:
    ran = news("search", "coalition", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_paths_are_counted_not_hits(news: Run) -> None:
    every = news("search", "-l", "coalition").out.splitlines()
    assert sorted(Path(path).name for path in every) == ["pact.txt", "wire.jsonl"]
    assert news("search", "-l", "-n", "2", "coalition").out.splitlines() == every
    assert news("search", "-l", "-n", "1", "coalition").out.splitlines() == every[:1]
    assert news("search", "-l", "--offset", "1", "coalition").out.splitlines() == every[1:]
    assert news("search", "-0", "-n", "1", "coalition").out == f"{every[0]}\0"


#: A search that prints all that it finds.
ALL = ["search", "coalition", "--no-fold", "-n", "0"]


# --- without end --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of forty articles of a million characters each, most of them in a field of their own."""
    folder = tmp_path_factory.mktemp("heavy")
    filler = "quiet words " * 80_000
    rows = ({"id": str(at), "text": "The coalition met.", "more": filler} for at in range(40))
    put(folder / "news" / "wire.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    Library.create(folder / "library").update([folder / "news"])
    return folder / "library"


def _capped(library: Path, megabytes: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    import resource

    def cap() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))

    return subprocess.run(
        [sys.executable, "-P", "-m", "tui", *arguments],
        env=process_environment(BYLINE_LIBRARY=str(library), OPENBLAS_NUM_THREADS="1"),
        capture_output=True,
        preexec_fn=cap,
        check=False,
    )


@pytest.fixture(scope="module")
def room(heavy: Path) -> int:
    """About the least memory, in MB, in which one hit can be printed."""
    sizes = range(64, 512, 16)
    found = (
        size
        for size in sizes
        if _capped(heavy, size, "search", "coalition", "--json", "-n", "1").returncode == 0
    )
    return next(found) + 8


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux caps what a process may hold")
@pytest.mark.parametrize(
    "arguments",
    [
        [*ALL, "--json"],
        [*ALL, "--format", "jsonl"],
        [*ALL, "--format", "tsv", "--fields", "id,extras"],
        ["copies", "news/wire.jsonl#1", "--json"],
        ["copies", "news/wire.jsonl#1", "--format", "csv", "--fields", "id,extras"],
    ],
)
def test_all_hits_are_printed_in_the_memory_of_one(heavy: Path, room: int, arguments: list[str]) -> None:
    ran = _capped(heavy, room, *arguments)
    assert ran.returncode == 0, ran.stderr[-500:]
    assert len(ran.stdout) > 38_000_000
    if arguments[-1] == "--json":
        answer = json.loads(ran.stdout)
        assert len(answer["hits" if arguments[0] == "search" else "copies"]) == 40


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux caps what a process may hold")
@pytest.mark.parametrize("order", ["hits", "left"])
def test_a_concordance_needs_the_memory_of_one_article(heavy: Path, room: int, order: str) -> None:
    ran = _capped(heavy, room, "kwic", "coalition", "--sort", order, "--format", "jsonl")
    assert ran.returncode == 0, ran.stderr[-500:]
    assert len(ran.stdout.splitlines()) == 40


@pytest.mark.parametrize("style", ["json", "csv"])
def test_a_reader_that_goes_away_is_no_error(heavy: Path, style: str) -> None:
    arguments = ["search", "coalition", "--no-fold", "-n", "0", "--format", style, "--fields", "id,extras"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(BYLINE_LIBRARY=str(heavy)),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert os.read(process.stdout.fileno(), 10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (0, b"")
