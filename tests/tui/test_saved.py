"""Saved searches in the app, which are those of `byline saved`."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.library import Library
from search.saved import SavedSearch, SavedSearches
from tests.conftest import Run
from tests.tui.helpers import focused, main_of, press, running, said, screen, screen_text, settle, write
from tests.tui.wire import wire_library
from tui import reach
from tui.app import create_app
from tui.contracts import Question
from tui.filters import Filter
from tui.narrowing import chips
from tui.saved import question_of, saved_of
from tui.screens.menu import Menu, Prompt
from tui.screens.saved import SavedScreen

SIZES = [(60, 20), (120, 40)]


@pytest.fixture
def wire(tmp_path: Path) -> Library:
    return wire_library(tmp_path, 40)


def told(pilot: Pilot[int]) -> str:
    return next(iter(reversed(list(pilot.app._notifications)))).message


@pytest.mark.parametrize("size", SIZES)
async def test_a_search_is_saved_and_tells_what_is_new(
    wire: Library, tmp_path: Path, byline: Run, size: tuple[int, int]
) -> None:
    async with running(create_app(wire, wire.path, "harvest OR lighthouse"), size) as pilot:
        main = main_of(pilot)
        main.toggle(Filter("source", "Coast Wire"))
        await settle(pilot)
        main.toggle(Filter("source", "Coast Wire"))
        await press(pilot, "escape", "s", "S")
        assert isinstance(screen(pilot), SavedScreen)
        await press(pilot, "ctrl+s")
        prompt = screen(pilot)
        assert isinstance(prompt, Prompt)
        assert prompt.field.value == "harvest OR lighthouse"
        await press(pilot, "ctrl+u", *"mine", "enter")
        assert "saved mine: 6 articles now" in told(pilot)
        assert any("mine" in line and "harvest" in line and " 6" in line for line in screen_text(pilot))
        await press(pilot, "escape")
        assert screen(pilot) is main

        late = json.dumps(
            {"id": "late", "title": "Late harvest", "text": "The harvest.", "date": "2030-01-01"}
        )
        (tmp_path / "articles" / "late.jsonl").write_text(late + "\n", encoding="utf-8")
        wire.update([])
        main.library_changed()
        await settle(pilot)
        await press(pilot, "slash", "ctrl+u", *"mayor", "escape", "S")
        assert any("mine" in line and "1 new of 7" in line for line in screen_text(pilot))
        listed = json.loads(byline("-L", str(wire.path), "saved", "list", "--json").out)["saved"]
        assert [(one["name"], one["total"], one["new"]) for one in listed] == [("mine", 7, 1)]
        await write(pilot, "min")
        await press(pilot, "enter")
        assert screen(pilot) is main
        assert focused(pilot) is main.results
        assert main.query_line.value == "harvest OR lighthouse"
        assert main.question == Question("harvest OR lighthouse", "newest")
        assert "7 articles, 1 new" in said(main)
        assert any("new · 2030-01-01" in line for line in screen_text(pilot))
        await press(pilot, "c")
        ran = byline(*shlex.split(pilot.app.clipboard)[1:], "--json", "-n", "0")
        found = [one["id"] for one in json.loads(ran.out)["hits"]]
        assert found == [main.results.hits[n].article.id for n in range(7)]
        await press(pilot, "slash", *" x", "ctrl+u", *"mayor", "escape", "S")
        assert any("mine" in line and " 7" in line and "new" not in line for line in screen_text(pilot))


async def test_a_search_is_replaced_or_forgotten_only_if_that_is_meant(wire: Library) -> None:
    shelf = SavedSearches(wire.path)
    async with running(create_app(wire, wire.path, "harvest"), (60, 20)) as pilot:
        for answer, kept in (("", "harvest"), ("escape", "harvest"), ("y", "mayor")):
            await press(pilot, "escape", "S", "ctrl+s")
            await press(pilot, "ctrl+u", *"mine", "enter")
            if answer:
                assert isinstance(screen(pilot), Menu)
                await press(pilot, answer)
            assert shelf.get("mine").query == kept
            await press(pilot, "escape")
            await press(pilot, "slash", "ctrl+u", *"mayor", "escape")
        await press(pilot, "S")
        for answer, left in (("escape", 1), ("n", 1), ("y", 0)):
            await press(pilot, "ctrl+x")
            assert isinstance(screen(pilot), Menu)
            await press(pilot, answer)
            assert len(shelf.all()) == left
            assert isinstance(screen(pilot), SavedScreen)
        assert not any("mine" in line for line in screen_text(pilot))
        await press(pilot, "ctrl+x", "enter")  # the line that saves is no search, and is chosen like one
        assert isinstance(screen(pilot), Prompt)


async def test_a_page_in_a_browser_runs_searches_and_keeps_none(
    wire: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = SavedSearches(wire.path)
    shelf.add(SavedSearch("mine", "harvest"))
    monkeypatch.setattr(reach, "_shows_only", True)
    before = {path: path.read_bytes() for path in shelf.folder.iterdir()}
    async with running(create_app(wire, wire.path, "mayor")) as pilot:
        await press(pilot, "escape", "S", "ctrl+s", "ctrl+u", *"other", "enter")
        assert told(pilot) == "saving searches is off in the browser: run byline in a terminal for it"
        await press(pilot, *"mine", "ctrl+x", "y")
        assert told(pilot) == "saving searches is off in the browser: run byline in a terminal for it"
        await press(pilot, "enter")
        assert main_of(pilot).query_line.value == "harvest"
    assert {path: path.read_bytes() for path in shelf.folder.iterdir()} == before


async def test_without_a_question_there_is_nothing_to_save(wire: Library) -> None:
    async with running(create_app(wire, wire.path)) as pilot:
        await press(pilot, "escape", "S")
        assert any("none yet" in line for line in screen_text(pilot))
        await press(pilot, "ctrl+s", "ctrl+x", "enter")
        assert isinstance(screen(pilot), SavedScreen)


async def test_what_is_damaged_or_no_name_is_a_message(wire: Library) -> None:
    shelf = SavedSearches(wire.path)
    shelf.add(SavedSearch("mine", "harvest"))
    next(shelf.folder.glob("*.json")).write_text("{", encoding="utf-8")
    async with running(create_app(wire, wire.path, "harvest")) as pilot:
        await press(pilot, "escape", "S")
        assert "not a saved search" in told(pilot)
        await press(pilot, "ctrl+s")
        await press(pilot, "ctrl+u", *("x" * 101), "enter")
        assert "not a name" in told(pilot)
        assert isinstance(screen(pilot), SavedScreen)


@pytest.mark.parametrize(
    "saved",
    [
        SavedSearch("a", "harvest OR mayor", "relevance", "auto", True, "2020", "2024-03"),
        SavedSearch("a", "harvest mayor lamp", "oldest", "any", False),
        SavedSearch("a", "mayor", since="2021-03-07"),
        SavedSearch("a", "quiet OR mayor", since="2023", file_dates=True),
    ],
)
async def test_the_command_and_the_app_find_the_same(saved: SavedSearch, wire: Library, byline: Run) -> None:
    SavedSearches(wire.path).add(saved)
    ran = byline("-L", str(wire.path), "saved", "run", "a", "--peek", "--json")
    async with running(create_app(wire, wire.path)) as pilot:
        await press(pilot, "escape", "S")
        await press(pilot, "enter")
        main = main_of(pilot)
        found = main.session.search().ids(main.question)
        assert list(found) == [one["id"] for one in json.loads(ran.out)["hits"]]
        assert len(found) > 0


def test_what_is_saved_is_what_is_asked() -> None:
    question = Question("a OR b", "oldest", False, (Filter("date", "2019"),), "any", file_dates=True)
    again = question_of(saved_of("x", question))
    assert again.asked == question.asked
    assert (again.sort, again.typos, again.mode, again.file_dates) == ("oldest", False, "any", True)
    assert chips(again) == ("any of the words", "dates of files too")
