"""Every key of the main screen: what it does, where it is told, and how commands are run by name."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from tests.tui.fakes import FakeSearch, Shelf
from tests.tui.helpers import (
    NEVER,
    press,
    said,
    screen,
    screen_text,
    searching,
    send,
    settle,
    write,
)
from tui import keys
from tui.screens.help import HelpScreen

ANYWHERE = [
    ("slash", "results", "main.focused is main.query_line and main.query_line.value == 'coaltion'"),
    ("i", "reader", "main.focused is main.query_line and main.query_line.value == 'coaltion'"),
    ("escape", "query", "main.focused is main.results"),
    ("escape", "reader", "main.focused is main.results"),
    ("escape", "results", "main.focused is main.results"),
    ("tab", "query", "main.focused is main.results"),
    ("tab", "results", "main.focused is main.reader"),
    ("tab", "reader", "main.focused is main.query_line"),
    ("shift+tab", "query", "main.focused is main.reader"),
    ("n", "results", "main.reader.current == 1"),
    ("n", "reader", "main.reader.current == 1"),
    ("N", "reader", "main.reader.current == len(main.reader.sheet.spans) - 1"),
    ("s", "results", "main.question.sort == 'newest' and 'newest first' in said(main)"),
    ("f3", "query", "main.question.sort == 'newest' and main.query_line.value == 'coaltion'"),
    (
        "f3 f3",
        "query",
        "main.question.sort == 'oldest' and main.results.hits[0].article.id[-6:] == '19.txt'",
    ),
    ("f3 f3 f3", "query", "main.question.sort == 'relevance'"),
    ("t", "reader", "not main.question.typos and main.results.total == 0 and 'typos off' in said(main)"),
    ("f2", "query", "not main.question.typos and main.query_line.value == 'coaltion'"),
    ("f2 f2", "query", "main.question.typos and main.results.total == 20"),
    ("colon", "results", "isinstance(pilot.app.screen, CommandPalette)"),
    ("ctrl+p", "query", "isinstance(pilot.app.screen, CommandPalette)"),
    ("question_mark", "reader", "isinstance(pilot.app.screen, HelpScreen)"),
    ("f1", "query", "isinstance(pilot.app.screen, HelpScreen)"),
    ("enter", "results", "main.focused is main.reader"),
    ("enter", "query", "main.focused is main.reader"),
    ("J", "reader", "main.results.cursor == 1 and main.focused is main.reader"),
    ("right_square_bracket J", "reader", "main.results.cursor == 2"),
    ("J J K left_square_bracket", "reader", "main.results.cursor == 0"),
    ("slash", "reader", "main.focused is main.find_line"),
    ("r", "results", "main.query_line.value == '=coaltion' and main.results.total == 0"),
    ("f5", "query", "main.query_line.value == '=coaltion' and main.focused is main.query_line"),
    ("m m j m", "results", "list(main.results.marked) == [f'news/{n:05}.txt' for n in (0, 1, 3)]"),
    ("m k m", "results", "not main.results.marked"),
    ("m m M", "results", "not main.results.marked"),
    ("m escape", "results", "not main.results.marked and main.focused is main.results"),
    ("z", "reader", "not main.results.display"),
    ("z f8 f8", "results", "not main.reader.display"),
    ("q", "results", "not pilot.app.is_running"),
    ("ctrl+q", "query", "not pilot.app.is_running"),
]


@pytest.mark.parametrize(("pressed", "part", "outcome"), ANYWHERE)
@pytest.mark.parametrize("size", [(120, 40), (60, 20)], ids=["wide", "narrow"])
async def test_a_key_does_what_it_says(pressed: str, part: str, outcome: str, size: tuple[int, int]) -> None:
    async with searching("coaltion", size, search=FakeSearch(Shelf(20))) as (pilot, main):
        await press(pilot, *{"query": [], "results": ["escape"], "reader": ["enter"]}[part])
        await press(pilot, *pressed.split())
        assert eval(outcome, {**globals(), "said": said, "main": main, "pilot": pilot})


def test_every_key_of_the_screen_is_tried() -> None:
    bound = {key for binding in (*keys.APP, *keys.MAIN) for key in binding.key.split(",")}
    elsewhere = {
        *"fyYxoecavTCLS",
        "f4",
        "backspace",
        "f6",
        "f7",
        "f9",
        "ctrl+l",
    }  # in tests of their own
    assert bound <= {key for pressed, _, _ in ANYWHERE for key in pressed.split()} | elsewhere


async def test_in_the_field_every_printable_key_types() -> None:
    async with searching(pause=NEVER) as (pilot, main):
        typed = "?:q/intsjkgGdub N"
        send(pilot.app, *typed)
        await pilot.pause(0)
        await pilot.pause(0)
        assert main.query_line.value == typed
        assert main.focused is main.query_line


async def test_letters_typed_right_after_a_change_of_place_go_to_the_new_place() -> None:
    async with searching("valley") as (pilot, main):
        send(pilot.app, "escape", "slash", *" quiet")
        await settle(pilot)
        assert main.query_line.value == "valley quiet"
        assert pilot.app.is_running


async def test_the_help_lists_every_key_and_closes() -> None:
    async with searching("valley", (100, 60)) as (pilot, main):
        seen = ""
        await press(pilot, "f1")
        for _ in range(4):
            seen += "\n".join(screen_text(pilot)) + "\n"
            await press(pilot, "space")
        for place in keys.PLACES:
            assert place.title in seen
            for binding in place.bindings:
                name = keys.key_names(binding)
                assert any(name in line and binding.tooltip[:30] in line for line in seen.splitlines()), name
        for key in ("escape", "q", "question_mark", "f1"):
            if screen(pilot) is main:
                await press(pilot, "f1")
            assert isinstance(screen(pilot), HelpScreen)
            await press(pilot, key)
            assert screen(pilot) is main


async def test_the_palette_runs_commands() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "ctrl+p")
        await write(pilot, "typo")
        palette = screen(pilot)
        assert isinstance(palette, CommandPalette)
        while not palette.query_one(OptionList).option_count:
            await pilot.pause(0)
        await settle(pilot)
        await press(pilot, "enter")
        assert screen(pilot) is main
        assert not main.question.typos


def test_every_binding_has_a_name_of_its_own_and_says_what_it_does() -> None:
    everything = [binding for group in keys.GROUPS.values() for binding in group]
    names = [binding.id for binding in everything]
    assert None not in names
    assert len(set(names)) == len(names)
    assert all(binding.tooltip for binding in everything)


async def test_the_footer_names_keys_that_work_where_the_focus_is() -> None:
    async with searching("valley", (60, 20)) as (pilot, _):
        assert screen_text(pilot)[-1].split("  ")[0].strip() == "enter Read"
        assert "F4 Filter" in screen_text(pilot)[-1]
        assert "/ Query" not in screen_text(pilot)[-1]
        await press(pilot, "escape")
        assert "f Filter" in screen_text(pilot)[-1]
        assert "/ Query" in screen_text(pilot)[-1]
        assert screen_text(pilot)[-1].rstrip().endswith("? Help")
