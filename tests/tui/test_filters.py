"""Filters: the list to choose from, the chips, and what they become outside the app."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.tui.fakes import FakeSearch, Shelf
from tests.tui.helpers import press, screen, screen_text, searching, send, settle, write
from tui.contracts import Question
from tui.filters import Filter, as_query, query_start
from tui.narrowing import chips, without_chip, without_chips
from tui.screens.filters import FilterScreen
from tui.screens.main import MainScreen

WIRE = Filter("source", "Valley Wire")
YEAR = Filter("date", "2019")


def filters(main: MainScreen) -> list[Filter]:
    return list(main.question.filters)


async def test_a_filter_is_chosen_by_typing_and_taken_off_again() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "escape", "f")
        assert isinstance(screen(pilot), FilterScreen)
        assert any("Valley Wire" in line and "150" in line for line in screen_text(pilot))
        await write(pilot, "wire")
        await press(pilot, "enter")
        assert isinstance(screen(pilot), FilterScreen)  # more can be chosen
        assert main.question.filters == (WIRE,)
        assert main.results.total == 150
        assert any("✓" in line and "Valley Wire" in line for line in screen_text(pilot))
        await press(pilot, "escape")
        assert screen(pilot) is main
        assert any("source Valley Wire ✕" in line for line in screen_text(pilot))
        await press(pilot, "f4")
        await write(pilot, "wire")
        await press(pilot, "enter", "escape")
        assert main.results.total == 300
        assert not any("✕" in line for line in screen_text(pilot))


async def test_keys_that_come_at_once_are_obeyed_in_their_order() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "f4")
        send(pilot.app, *"wire", "enter", "ctrl+u", "down", "up", "enter")
        await settle(pilot)
        assert filters(main) == [WIRE, YEAR]


async def test_esc_in_the_list_clears_marks_and_then_filters() -> None:
    async with searching("valley") as (pilot, main):
        main.toggle(WIRE)
        main.toggle(YEAR)
        await press(pilot, "escape", "m")
        assert main.results.marked
        await press(pilot, "escape")
        assert not main.results.marked
        assert filters(main) == [WIRE, YEAR]
        await press(pilot, "backspace")
        assert filters(main) == [WIRE]
        await press(pilot, "escape")
        assert filters(main) == []
        assert main.focused is main.results


async def test_a_click_on_a_chip_takes_it_off() -> None:
    async with searching("valley") as (pilot, main):
        main.toggle(WIRE)
        main.toggle(YEAR)
        await settle(pilot)
        await pilot.click(main.chips, offset=(5, 0))
        await settle(pilot)
        assert main.question.filters == (YEAR,)


async def test_a_click_chooses() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "f4")
        assert isinstance(screen(pilot), FilterScreen)
        await pilot.click("#choices", offset=(10, 1))  # below the heading
        await settle(pilot)
        assert main.question.filters == (YEAR,)


async def test_filters_of_a_field_widen_and_survive_a_new_query() -> None:
    async with searching("valley", search=FakeSearch(Shelf(300))) as (pilot, main):
        main.toggle(YEAR)
        await settle(pilot)
        assert main.results.total == 300  # the first year and ten more days are in it
        await press(pilot, *" number7")
        assert main.question.filters == (YEAR,)
        assert main.results.total == 1


def test_filters_are_said_in_the_query_language() -> None:
    folder = Filter("folder", "news/1987")
    assert as_query("grain", ()) == "grain"
    assert as_query("grain", [WIRE]) == 'source:="Valley Wire" grain'
    assert as_query("grain OR wheat", [YEAR]) == "date:2019 (grain OR wheat)"
    both = [WIRE, Filter("source", "Reuters"), folder]
    assert as_query("", both) == '(source:="Valley Wire" OR source:=Reuters) id:news/1987/*'
    assert as_query("a", [Filter("author", 'The "X"')]) == 'author:="The  X " a'
    assert as_query("a", [Filter("folder", "my (old) news")]) == "id:my??old??news/* a"


@pytest.mark.parametrize("query", ["grain", "grain OR wheat", '"a b" -c', "(", ""])
@pytest.mark.parametrize("filters", [(), (YEAR,), (WIRE, YEAR, Filter("date", "2020"))])
def test_the_query_begins_where_it_is_said_to(query: str, filters: tuple[Filter, ...]) -> None:
    asked = as_query(query, filters)
    start = query_start(query, filters)
    assert asked[start : start + len(query)] == query


def test_each_chip_takes_off_what_it_stands_for() -> None:
    question = Question("a", filters=(WIRE, YEAR), mode="any")
    assert chips(question) == ("any of the words", "source Valley Wire", "2019")
    for number in range(3):
        left = chips(without_chip(question, number))
        assert left == tuple(one for at, one in enumerate(chips(question)) if at != number)
    assert without_chip(question, -1) == replace(question, filters=(WIRE,))
    assert without_chip(question, 3) == question
    assert without_chips(question) == Question("a")
