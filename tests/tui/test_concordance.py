"""The concordance: its lines, their order, and the way from a line to the article."""

from __future__ import annotations

import json
import shlex

import pytest
from rich.cells import cell_len

from index.library import Library
from tests.conftest import Run
from tests.tui.fakes import FakeSearch, Shelf
from tests.tui.helpers import focused, main_of, press, running, screen, screen_text, searching, settle
from tui import keys
from tui.app import create_app
from tui.screens import concordance
from tui.screens.concordance import ORDERS, ConcordanceScreen
from tui.widgets.concordance import _ending

SIZES = [(60, 20), (120, 40)]


@pytest.fixture(autouse=True)
def no_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)


def shown(pilot: object) -> ConcordanceScreen:
    found = screen(pilot)  # type: ignore[arg-type]
    assert isinstance(found, ConcordanceScreen)
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_every_order_is_that_of_the_command_line(
    seeds: Library, byline: Run, size: tuple[int, int]
) -> None:
    async with running(create_app(seeds, seeds.path, "oil OR sea*"), size) as pilot:
        await press(pilot, "escape", "C")
        for order in (*ORDERS, ORDERS[0]):
            view = shown(pilot)
            assert view.order is order
            await press(pilot, "c")
            ran = byline(*shlex.split(pilot.app.clipboard)[1:], "--json")
            wanted = [(one["id"], one["start"], one["match"]) for one in json.loads(ran.out)["lines"]]
            assert [(one.id, one.start, one.match) for one in view.listed.lines] == wanted
            assert len(wanted) > 20
            await press(pilot, "s")
        await press(pilot, "S")
        assert shown(pilot).order is ORDERS[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_line_leads_to_its_match_and_back(seeds: Library, size: tuple[int, int]) -> None:
    async with running(create_app(seeds, seeds.path, "oil OR sea"), size) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "s", "C", "s")  # in another order than the list
        await press(pilot, "G", "k")
        line = shown(pilot).listed.chosen
        assert line is not None
        assert shown(pilot).listed.cursor == shown(pilot).listed.total - 2
        assert any(line.match in row for row in screen_text(pilot))
        await press(pilot, "enter")
        assert screen(pilot) is main
        assert focused(pilot) is main.reader
        sheet = main.reader.sheet
        assert sheet is not None
        assert sheet.article.id == line.id
        assert main.reader.offset_in_text == line.start
        assert main.results.hit is not None
        assert main.results.hit.article.id == line.id
        await press(pilot, "escape", "C", "escape")
        assert screen(pilot) is main
        assert focused(pilot) is main.results


async def test_it_comes_bit_by_bit_and_stops_when_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance, "MOST_LINES", 30)
    async with searching("valley", search=FakeSearch(Shelf(300))) as (pilot, _main):
        await press(pilot, "escape", "C")
        view = shown(pilot)
        assert 30 <= view.listed.total < 60  # one article of the fake a time, none after enough
        assert "of 300 articles" in screen_text(pilot)[0]
        await press(pilot, "c")
        assert f"--articles {view._read}" in pilot.app.clipboard
        await press(pilot, "q")


async def test_the_keys_and_the_mouse_move_in_it(seeds: Library) -> None:
    async with running(create_app(seeds, seeds.path, "oil OR sea")) as pilot:
        await press(pilot, "escape", "C")
        listed = shown(pilot).listed
        for pressed, place in [
            ("j j k", 1),
            ("g space", min(listed.page, listed.total - 1)),
            ("b", 0),
            ("d", min(listed.page // 2, listed.total - 1)),
            ("u", 0),
            ("G", listed.total - 1),
            ("home down up end", listed.total - 1),
            ("home pagedown pageup", 0),
        ]:
            await press(pilot, *pressed.split())
            assert listed.cursor == place, pressed
        await pilot.click(listed, offset=(5, 3))
        await settle(pilot)
        assert listed.cursor == 3
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert all(len(line.rstrip()) <= 60 for line in screen_text(pilot))
        await pilot.click(listed, offset=(5, 2), times=2)
        await settle(pilot)
        assert focused(pilot) is main_of(pilot).reader


def test_every_key_is_tried() -> None:
    bound = {key for binding in keys.GROUPS["concordance"] for key in binding.key.split(",")}
    tried = "enter escape q s S c j k down up space b d u g G home end pagedown pageup"
    assert bound == set(tried.split())


async def test_without_a_query_it_says_so() -> None:
    async with searching() as (pilot, main):
        await press(pilot, "escape", "C")
        assert screen(pilot) is main
        assert "search first" in next(iter(pilot.app._notifications)).message


@pytest.mark.parametrize("text", ["", "abc", "漢字の見出し", "a漢b字" * 9, "e\u0301" * 40])
@pytest.mark.parametrize("width", [0, 1, 2, 7, 30])
def test_the_left_side_ends_at_the_match(text: str, width: int) -> None:
    end = _ending(text, width)
    assert cell_len(end) == width
    assert text.endswith(end.lstrip(" "))
