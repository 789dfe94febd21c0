"""Every command that lists, in every format: as the schema says, and the same rows in all of them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from search.cli.timeline import command as timeline
from search.listing import FORMATS
from tests.conftest import Ran, Run, process_environment
from tests.index.shelf import put
from tests.search.cli.test_formats import SCHEMA, check, strict
from tests.search.sheets import read_tsv, unguarded

TEXT = (
    "The coalition met in {0} on the first day of spring and agreed on a price for wheat, oil and copper. "
    "Ministers of all members signed what they called the pact of {0}, and left by the last train."
)
STORY = TEXT.format("Rabat")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two copies of a story, others of the same words, and one that is hostile."""
    folder = tmp_path_factory.mktemp("listing")
    towns = ("Oslo wheat", "Lima copper", "Quito oil", "Turin wheat", "Split copper", "Bergen oil")
    rows = [
        {"id": "r1", "title": "Pact", "text": STORY, "date": "2022-05-01", "source": "Herald"},
        {"id": "r2", "title": "Pact, again", "text": f"{STORY} More, later.", "date": "2022-05-02T10:00"},
        *(
            {
                "id": f"t{at}",
                "title": town,
                "text": f"Coalition, {town}, {town}.",
                "date": f"2022-0{at + 1}-09",
            }
            for at, town in enumerate(towns)
        ),
        {
            "id": "h",
            "title": "\x1b[2J",
            "text": 'coalition \x1b[2J, "quoted"\nand\twheat',
            "source": "\x1b[7m",
        },
    ]
    put(folder / "news" / "wire.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    put(folder / "news" / "plain.txt", "Plain\n\nThe coalition is plain.")
    Library.create(folder / "library").update([folder / "news"])
    return folder / "library"


#: A command, the definition of its JSON, the list in it and the definition of a row.
LISTINGS = [
    (("copies", "news/wire.jsonl#r1"), "copies", "copies", "copy"),
    (("diff", "news/wire.jsonl#r1", "news/wire.jsonl#r2"), "differences", "sentences", "sentence"),
    (("timeline", "coalition", "--by", "month"), "timeline", "periods", "period"),
    (("timeline", "coalition", "--compare", "2022-01", "2022-05.."), "comparison", "words", "changed_word"),
    (("facets", "coalition"), "facets", "facets", "facet"),
    (("terms", "wheat OR h"), "typical_words", "words", "typical_word"),
    (("kwic", "coalition", "--sort", "left"), "concordance", "lines", "line"),
    (("kwic", "wheat"), "concordance", "lines", "line"),
    (("words", "co"), "words", "words", "word"),
    (("words", "coalitoin~2"), "words", "words", "word"),
    (("saved", "list"), "saved_searches", "saved", "saved_search"),
]


def ready(news: Run, arguments: tuple[str, ...]) -> tuple[str, ...]:
    if arguments == ("saved", "list"):
        assert news("saved", "add", "wheat", "wheat", "--replace").code == 0
    return arguments


@pytest.mark.parametrize(("arguments", "whole", "key", "row"), LISTINGS)
def test_every_listing_is_the_same_in_every_format(
    news: Run, arguments: tuple[str, ...], whole: str, key: str, row: str
) -> None:
    asked = ready(news, arguments)
    ran = news(*asked, "--json")
    assert ran.code == 0
    rows = check(whole, ran.out)[key]
    assert rows
    names = list(rows[0])
    assert set(SCHEMA["$defs"][row]["properties"]) - set(names) <= {"text"}
    lines = news(*asked, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    for one in rows:
        strict(row).validate(one)
    chosen = names[1::-1]
    fields = ("--fields", ",".join(chosen))
    assert json.loads(news(*asked, "--json", *fields).out)[key] == [
        {name: one[name] for name in chosen} for one in rows
    ]
    shown = news(*asked, "--format", "csv", *fields).out
    sheet = csv.reader(io.StringIO(shown, newline=""), strict=True)
    table = [[unguarded(text) for text in line] for line in sheet]
    assert table[0] == chosen
    assert len(table) == len(rows) + 1
    assert read_tsv(news(*asked, "--format", "tsv", *fields).out) == table
    assert len(news(*asked, "--format", "markdown", *fields).out.splitlines()) == len(rows) + 2
    assert "\x1b" not in news(*asked).out + news(*asked, "--format", "csv").out + shown


@pytest.mark.parametrize("arguments", [row[0] for row in LISTINGS])
def test_a_field_that_is_none_is_named(news: Run, arguments: tuple[str, ...]) -> None:
    ran = news(*ready(news, arguments), "--json", "--fields", "\x1bnothing")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "is no field" in ran.err
    ran = news(*arguments, "--format", "text", "--fields", "id")
    assert (ran.code, ran.out) == (2, "")


HITS = [("similar", "news/wire.jsonl#t1", "--no-fold"), ("saved", "run", "wheat", "--peek")]


@pytest.mark.parametrize("arguments", HITS)
def test_hits_have_every_format_of_a_search(news: Run, arguments: tuple[str, ...]) -> None:
    news("saved", "add", "wheat", "wheat", "--replace")
    answer = check("results", news(*arguments, "--json").out)
    ids = [hit["id"] for hit in answer["hits"]]
    assert ids
    assert answer["query"] == ("wheat" if arguments[0] == "saved" else "")
    lines = [check("hit", line) for line in news(*arguments, "--format", "jsonl").out.splitlines()]
    assert [line["id"] for line in lines] == ids
    table = news(*arguments, "--format", "csv", "--fields", "id").out.splitlines()
    assert table == ["id", *ids]
    assert news(*arguments, "--format", "tsv", "--fields", "id").out.splitlines() == table
    assert len(news(*arguments, "--format", "markdown", "--fields", "id").out.splitlines()) == len(ids) + 2
    run = [line.split() for line in news(*arguments, "--format", "trec").out.splitlines()]
    assert [row[2] for row in run] == [ident.rpartition("#")[2] for ident in ids]
    assert {row[0] for row in run} == {arguments[1] if arguments[0] == "similar" else "wheat"}
    files = news(*arguments, "-l").out.splitlines()
    assert len(files) == len({ident.partition("#")[0] for ident in ids})
    assert news(*arguments, "-0").out == "".join(f"{file}\0" for file in files)


def test_copies_are_in_files(news: Run) -> None:
    ran = news("copies", "news/wire.jsonl#r2", "-0")
    assert ran.out.endswith("/news/wire.jsonl\0")
    assert news("copies", "news/wire.jsonl#r2", "--format", "paths").out.splitlines() == [ran.out[:-1]]
    assert news("copies", "news/wire.jsonl#r2", "-0", "--json").code == 2
    lines = news("copies", "news/wire.jsonl#r2", "--format", "jsonl", "--fields", "key,text,extras.no").out
    assert json.loads(lines.splitlines()[0]) == {"key": "r1", "text": STORY, "extras.no": None}


@pytest.mark.parametrize(
    "arguments",
    [
        ("timeline", "coalition", "--compare", "2022"),
        ("timeline", "coalition", "--compare", "2022", "never"),
        ("timeline", "coalition", "--compare", "..", "2022"),
        ("timeline", "coalition", "--compare", "2022..2021", "2022"),
        ("timeline", "coalition", "--compare", "2021", "2022", "--by", "day"),
        ("timeline", "coalition", "--compare=2021", "2022"),
        ("saved", "list", "--format", "trec"),
        ("saved", "list", "-0"),
        ("similar", "news/plain.txt", "-0", "--json"),
    ],
)
def test_what_cannot_be_is_one_line(news: Run, arguments: tuple[str, ...]) -> None:
    ran = news(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_two_times_are_compared_for_reading(news: Run) -> None:
    assert "--compare" in {name for option in timeline.params for name in option.opts}
    ran = news("timeline", "coalition", "--compare", "2022-01", "2022-02..2022-05", "--format", "text")
    assert ran.code == 0
    assert ran.err == "articles: 2022-01-01 to 2022-01-31 1 → 2022-02-01 to 2022-05-31 6\n"
    assert {line.split()[0] for line in ran.out.splitlines()} <= {"new", "rises", "falls", "gone"}
    nothing = news("timeline", "coalition", "--compare", "2001", "2002", "--json")
    assert nothing.code == 1
    assert check("comparison", nothing.out)["words"] == []


@pytest.mark.parametrize("command", ["facets", "terms", "timeline", "kwic"])
def test_what_a_query_was_read_as_is_told_by_every_command(news: Run, command: str) -> None:
    corrected = news(command, "coaltion", "--json")
    assert (corrected.code, corrected.err) == (0, "byline: searched for coaltion → coalition\n")
    reason = "byline: no article has zeppelin\nbyline: nothing found\n"
    for style in ("text", "jsonl"):
        assert news(command, "zeppelin", "--format", style) == Ran(1, "", reason)
    assert "try wheat" in news(command, "wheat AND zeppelin", "--format", "text").err


@pytest.mark.parametrize("command", ["facets", "terms", "timeline", "kwic", "search", "saved add x"])
def test_every_command_says_how_it_takes_a_query(news: Run, command: str) -> None:
    ran = news(*command.split())
    shown = "byline saved add NAME" if "saved" in command else f"byline {command}"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"byline: no query given: {shown} 'WORDS'")


def test_days_in_the_wrong_order_are_refused(news: Run) -> None:
    told = "byline: --since 2022-05-01 is later than --until 2021-12-31: exchange them\n"
    for command in ("search", "facets"):
        assert news(command, "wheat", "--since", "2022-05", "--until", "2021") == Ran(2, "", told)


@pytest.mark.parametrize(
    "command",
    [
        ("kwic", "coalition"),
        ("words", "co"),
        ("terms", "wheat"),
        ("similar", "news/plain.txt"),
        ("facets", "oil"),
        ("timeline", "oil", "--compare", "2022-01", "2022-05"),
    ],
)
def test_all_is_0_and_any_greater_number(news: Run, command: tuple[str, ...]) -> None:
    every = news(*command, "-n", "0", "--json")
    assert every.code == 0
    for number in (2**63, 10**30):
        ran = news(*command, "-n", str(number), "--json")
        assert re.sub(r'"seconds": .*', "", ran.out) == re.sub(r'"seconds": .*', "", every.out)
    assert "'many' is no whole number" in news(*command, "-n", "many").err


@pytest.mark.parametrize(
    ("word", "hint"), [("zyz", "byline words zyz lists others"), ("", "give the beginning")]
)
def test_words_that_are_not_there_come_with_a_hint(news: Run, word: str, hint: str) -> None:
    ran = news("words", word)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"byline: no such words: {hint}")


def test_a_match_in_a_title_alone_has_no_line(news: Run) -> None:
    told = "byline: 2 articles, but no match in the text of any\n"
    assert news("kwic", "title:pact") == Ran(1, "", told)


def test_what_is_like_an_article_is_folded_as_a_search_is(news: Run) -> None:
    folded = json.loads(news("similar", "news/wire.jsonl#h", "--json").out)
    every = json.loads(news("similar", "news/wire.jsonl#h", "--no-fold", "--json").out)
    ids = [[hit["id"] for hit in answer["hits"]] for answer in (folded, every)]
    stories = {ident.replace("#r2", "#r1") for ident in ids[1]}
    assert len(ids[0]) == folded["stories"] == len(stories) < folded["total"] == len(ids[1])
    assert [ident for ident in ids[1] if ident in ids[0]] == ids[0]
    assert {hit["fold"]["copies"] for hit in folded["hits"] if hit["fold"]} == {1}
    assert len(json.loads(news("similar", "news/wire.jsonl#h", "-n", "1", "--json").out)["hits"]) == 1


@pytest.mark.parametrize(
    "arguments", [("kwic", "coalition"), ("facets", "coalition"), ("similar", "news/plain.txt")]
)
def test_a_reader_that_went_away_is_no_error(library: Path, arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ran: Any = subprocess.run(
            [sys.executable, "-P", "-m", "tui", *arguments, "--format", "csv"],
            stdout=write,
            stderr=subprocess.PIPE,
            env=process_environment(BYLINE_LIBRARY=str(library)),
            check=False,
        )
    finally:
        os.close(write)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_every_format_is_one_of_a_search(news: Run) -> None:
    for style in FORMATS:
        assert news("search", "coalition", "--format", style).code == 0
