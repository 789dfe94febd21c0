"""The timeline: its periods, its keys, and what it narrows to."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from search.searcher import Searcher
from search.timeline import Period, Step, Timeline
from tests.conftest import Run
from tests.tui.helpers import focused, main_of, press, running, said, screen_text, searching, settle
from tests.tui.wire import wire_library
from tui import keys
from tui.app import create_app
from tui.filters import Filter
from tui.periods import MOST, STEPS, Bars, bars, number_of
from tui.screens.main import MainScreen

SIZES = [(60, 20), (120, 40)]


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return wire_library(tmp_path_factory.mktemp("wire"))


def found(main: MainScreen) -> int:
    """Return how many articles were found."""
    assert main.asking.results is not None
    return main.asking.results.total


def strip(main: MainScreen) -> Bars:
    found = main.timeline.bars
    assert found is not None
    return found


DAYS = st.dictionaries(
    st.dates(date(1880, 1, 1), date(2100, 1, 1)), st.integers(1, 9), min_size=1, max_size=30
)


def by_day(days: dict[date, int]) -> Timeline:
    periods = tuple(Period(day, day, days[day]) for day in sorted(days))
    return Timeline(Step.DAY, periods, sum(days.values()), 0)


KEYS: dict[str, Callable[[Bars], Bars | None]] = {
    "finer": Bars.finer,
    "longer": Bars.longer,
    "right": lambda now: now.move(3),
    "left": lambda now: now.move(-3),
    "grow": lambda now: now.grow(2),
    "shrink": lambda now: now.grow(-1),
}


@given(DAYS, st.lists(st.sampled_from(sorted(KEYS)), max_size=12))
def test_whatever_is_pressed_the_range_says_what_it_holds(days: dict[date, int], pressed: list[str]) -> None:
    now = bars(by_day(days))
    assert now is not None
    for key in pressed:
        now = KEYS[key](now) or now
        assert 0 <= now.low <= now.high < len(now.counts) <= MOST
        first, _, last = now.value.partition("..")
        inside = [n for day, n in days.items() if first <= day.isoformat()[: len(first)] <= (last or first)]
        assert now.articles == sum(inside)
        assert now.start(now.low).isoformat().startswith(first)


@given(DAYS, st.data())
def test_a_range_that_was_chosen_is_chosen_again(days: dict[date, int], data: st.DataObject) -> None:
    now = bars(by_day(days))
    assert now is not None
    low = data.draw(st.integers(0, len(now.counts) - 1))
    now = now.choose(low, data.draw(st.integers(low, len(now.counts) - 1)))
    again = bars(by_day(days), now.value)
    assert again is not None
    assert again.value == now.value


@given(st.dates(), st.sampled_from(STEPS))
def test_a_period_begins_where_its_number_says(day: date, step: Step) -> None:
    one = Bars(step, number_of(day, step), number_of(day, step), 0, 0, (1,), ((day, 1),))
    assert day.isoformat().startswith(one.name(0))
    assert one.start(0) <= day < one.start(0) + timedelta(days=367)


def test_nothing_dated_has_no_bars() -> None:
    assert bars(Timeline(Step.DAY, (), 0, 7)) is None


#: keys pressed in a timeline over 2019 to 2026 that stands on 2021, and what is chosen then.
MOVES = [
    ("right", "2022"),
    ("l l", "2023"),
    ("left", "2020"),
    ("h h h h", "2019"),
    ("shift+right L", "2021..2023"),
    ("L shift+left", "2021"),
    ("H", "2021"),
    ("L space", "2023..2024"),
    ("pagedown b pageup", "2020"),
    ("g", "2019"),
    ("home", "2019"),
    ("G", "2026"),
    ("end", "2026"),
    ("plus", "2021-03"),
    ("j down", "2021-03-03"),
    ("equals_sign minus", "2021"),
    ("j k", "2021"),
    ("down up", "2021"),
]


async def test_the_keys_move_the_range(wire: Library) -> None:
    async with running(create_app(wire, wire.path, "town")) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "T")
        for pressed, value in MOVES:
            main.timeline.bars = strip(main).choose(2, 2)
            await press(pilot, *pressed.split())
            assert strip(main).value == value, pressed
            while strip(main).coarser is not None:
                await press(pilot, "minus")


def test_every_key_of_the_timeline_is_tried() -> None:
    bound = {key for binding in keys.TIMELINE for key in binding.key.split(",")}
    assert bound - {"enter", "escape"} == {key for pressed, _ in MOVES for key in pressed.split()}


@pytest.mark.parametrize("size", SIZES)
async def test_a_range_becomes_a_filter(wire: Library, size: tuple[int, int]) -> None:
    with Searcher(wire) as searcher:
        wanted = searcher.search("report date:2021..2023", None).total
    async with running(create_app(wire, wire.path, "report"), size) as pilot:
        main = main_of(pilot)
        every = found(main)
        await press(pilot, "escape", "T")
        assert focused(pilot) is main.timeline
        lines = screen_text(pilot)
        assert any("Timeline · by year" in line for line in lines)
        assert any("█" in line for line in lines)
        assert any("2019" in line and "2026" in line for line in lines)
        await press(pilot, "g", "l", "l", "L", "L", "enter")
        assert main.question.filters == (Filter("date", "2021..2023"),)
        assert found(main) == wanted < every
        assert focused(pilot) is main.results
        assert any("2021..2023 ✕" in line for line in screen_text(pilot))
        assert strip(main).value == "2021..2023"  # it stays in sight
        assert sum(strip(main).counts) == every  # and counts as if not narrowed
        await press(pilot, "T", "l", "enter")  # the new range takes the place of the old one
        assert main.question.filters == (Filter("date", "2022..2024"),)
        await press(pilot, "escape")
        assert found(main) == every
        assert main.timeline.display
        await press(pilot, "escape")
        assert not [one for one in (main.timeline,) if one.display]
        assert focused(pilot) is main.results


async def test_the_timeline_follows_the_query_and_is_left_in_several_ways(wire: Library) -> None:
    async with running(create_app(wire, wire.path, "report"), (60, 20)) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "T", "slash", *" harvest")
        assert sum(strip(main).counts) == found(main)
        await press(pilot, "tab")
        assert focused(pilot) is main.timeline
        await press(pilot, "tab")
        assert focused(pilot) is main.results
        await press(pilot, "T", "T")
        assert not main.timeline.display
        await press(pilot, "T", "escape")
        assert not main.timeline.display
        assert focused(pilot) is main.results


async def test_it_takes_less_room_where_there_is_less(wire: Library) -> None:
    async with running(create_app(wire, wire.path, "town")) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "T")
        high = main.timeline.size.height
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert main.timeline.size.height < high
        assert main.results.content_height >= 2 * main.results.row_height


async def test_a_click_chooses_a_period_and_a_second_one_narrows(wire: Library) -> None:
    async with running(create_app(wire, wire.path, "report")) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "T")
        await pilot.click(main.timeline, offset=(1 + 8 * 3, 2))
        await settle(pilot)
        assert strip(main).value == "2022"
        await pilot.click(main.timeline, offset=(1 + 8 * 4, 2), times=2)
        await settle(pilot)
        assert main.question.filters == (Filter("date", "2023"),)


async def test_without_a_query_or_dates_it_says_so() -> None:
    async with searching() as (pilot, main):
        await press(pilot, "escape", "T")
        assert not main.timeline.display
        assert "search first" in next(iter(pilot.app._notifications)).message
    async with searching("nowhere") as (pilot, main):
        await press(pilot, "escape", "T", "l", "enter", "plus")
        assert main.timeline.bars is None
        await press(pilot, "escape")
        assert not main.timeline.display


async def test_the_command_line_counts_what_the_bars_show(
    wire: Library, byline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    async with running(create_app(wire, wire.path, "coaltion -tariff")) as pilot:
        main = main_of(pilot)
        main.toggle(Filter("source", "Coast Wire"))
        await settle(pilot)
        await press(pilot, "escape", "T")
        for pressed in ("home", "plus", "plus"):
            await press(pilot, pressed, "c")
            ran = byline(*shlex.split(pilot.app.clipboard)[1:], "--json")
            shown = {strip(main).start(at).isoformat(): n for at, n in enumerate(strip(main).counts) if n}
            assert {one["start"]: one["articles"] for one in json.loads(ran.out)["periods"]} == shown
        assert "coaltion → coalition" in said(main)
