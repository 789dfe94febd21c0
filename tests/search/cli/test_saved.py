"""`byline saved` on the command line: what is new, and when it stops being so."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import Ran, Run
from tests.index.shelf import put


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library of one file with an article on wheat."""
    put(tmp_path / "news" / "a.txt", "Wheat\n\nWheat is dear.")
    Library.create(tmp_path / "library").update([tmp_path / "news"])
    return tmp_path / "library"


@pytest.fixture
def wheat(news: Run, library: Path) -> Run:
    """Return the command, with a search for wheat kept before four more articles came, one from a stream."""
    assert news("saved", "add", "wheat", "wheat").err == "saved wheat: 1 article now\n"
    for name in "bcd":
        put(library.parent / "news" / f"{name}.txt", f"Wheat {name}\n\nWheat from {name}.")
    Library.open(library).update()
    Library.open(library).feed(io.BytesIO(b'{"id": "1", "title": "Wheat wire", "text": "Wheat."}'), "wire")
    return news


def test_nothing_new_is_said_in_words(news: Run) -> None:
    news("saved", "add", "wheat", "wheat")
    assert news("saved", "run", "wheat", "--new") == Ran(1, "", "byline: nothing new\n")
    assert news("saved", "run", "wheat", "--new", "--format", "jsonl") == Ran(1, "", "")
    news("saved", "add", "fog", "fog")
    assert news("saved", "run", "fog").err == "byline: no article has fog\nbyline: nothing found\n"


def test_what_was_not_printed_stays_new(wheat: Run) -> None:
    seen: set[str] = set()
    for left in (4, 2, 0):
        assert wheat("saved", "run", "wheat", "--new", "-c") == Ran(0 if left else 1, f"{left}\n", "")
        assert wheat("saved", "run", "wheat", "--new", "-q") == Ran(0 if left else 1, "", "")
        rows = wheat("saved", "run", "wheat", "--new", "-n", "2", "--format", "jsonl").out.splitlines()
        found = {json.loads(row)["id"] for row in rows}
        assert len(found) == min(left, 2)
        assert not seen & found
        seen |= found
    assert seen == {"news/b.txt", "news/c.txt", "news/d.txt", "wire#1"}


def test_a_run_of_paths_leaves_new_what_has_no_path(wheat: Run) -> None:
    assert len(wheat("saved", "run", "wheat", "--new", "-l", "-n", "1").out.splitlines()) == 1
    assert wheat("saved", "run", "wheat", "--new", "-c").out == "3\n"
    assert len(wheat("saved", "run", "wheat", "--new", "-l").out.splitlines()) == 2
    [row] = wheat("saved", "run", "wheat", "--new", "--format", "jsonl").out.splitlines()
    assert json.loads(row)["id"] == "wire#1"


def test_a_look_leaves_new_what_it_shows(wheat: Run) -> None:
    shown = wheat("saved", "run", "wheat", "--new", "--peek", "--format", "jsonl")
    again = wheat("saved", "run", "wheat", "--new", "--format", "jsonl")
    assert (shown.code, shown.out) == (again.code, again.out) == (0, again.out)
    assert wheat("saved", "run", "wheat", "--new", "-q").code == 1


def test_a_corrected_word_is_told_at_every_run(news: Run) -> None:
    news("saved", "add", "wheat", "wheet")
    assert news("saved", "run", "wheat").err == "byline: searched for wheet → wheat\n1 of 1\n"
