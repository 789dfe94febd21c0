"""The main screen: typing, answers, panes, what is hostile, and themes."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from textual.geometry import Size
from textual.screen import Screen

from index.article import Article, DateOrigin
from index.errors import LibraryDamaged
from search.saved import SavedSearch
from tests.tui.fakes import FakeSearch, Shelf, article
from tests.tui.helpers import (
    NEVER,
    fake_app,
    focused,
    press,
    running,
    said,
    screen_text,
    searching,
    send,
    settle,
    write,
)
from tui.contracts import Question
from tui.filters import Filter
from tui.screens.main import MainScreen
from tui.typeset import Sheet


async def test_typing_finds_while_typing() -> None:
    async with searching(pause=NEVER) as (pilot, main):
        send(pilot.app, *"valley")
        while not main.results.total:
            await pilot.pause(0)
        assert main.results.total == 300
        assert main.query_line.value == "valley"
        assert not main.settled  # the full search still waits for its pause


async def test_the_full_search_waits_for_a_pause_and_runs_once() -> None:
    search = FakeSearch(Shelf(20))
    async with searching(search=search, pause=0.5) as (pilot, main):
        await write(pilot, "coaltion")
        assert main.results.total == 20
        assert said(main) == "20 articles · 3 ms · coaltion → coalition"
        assert [query for query, _, _, _, typos in search.asked if typos] == ["coaltion"]


async def test_enter_does_not_wait_for_the_pause() -> None:
    async with searching(search=FakeSearch(Shelf(20)), pause=NEVER) as (pilot, main):
        send(pilot.app, *"coaltion", "enter")
        while focused(pilot) is not main.reader:
            await pilot.pause(0)
        assert main.results.total == 20
        await settle(pilot)
        assert main.reader.sheet is not None


async def test_letters_after_enter_are_keys_of_the_list() -> None:
    async with searching(search=FakeSearch(Shelf(20)), pause=NEVER) as (pilot, main):
        send(pilot.app, *"coaltion", "enter", "n", "s")
        while focused(pilot) is not main.reader:
            await pilot.pause(0)
        await settle(pilot)
        assert main.query_line.value == "coaltion"
        assert main.question.sort == "newest"


async def test_a_stale_answer_is_dropped() -> None:
    search = FakeSearch(Shelf(20))
    async with searching(search=search, pause=NEVER) as (pilot, main):
        search.gate.clear()
        send(pilot.app, *"valley")
        while not search.asked:
            await pilot.pause(0)
        send(pilot.app, *" number7")
        while main.query_line.value != "valley number7":  # keys do not wait for the search
            await pilot.pause(0)
        assert main.results.hit is None
        search.gate.set()
        while not main.results.total:
            await pilot.pause(0)
        assert main.results.total == 1
        asked = [query for query, *_ in search.asked]
        assert asked[-1] == "valley number7"
        assert len(asked) < len("valley number7")  # what was typed over while one ran was never asked


async def test_searches_run_off_the_main_thread() -> None:
    search = FakeSearch(Shelf(20))
    async with searching("valley", search=search):
        assert search.threads
        assert threading.get_ident() not in search.threads


async def test_an_answer_does_not_shuffle_a_list_that_is_being_read() -> None:
    search = FakeSearch(Shelf(20), corrections={"valley": "harvest"})
    async with searching(search=search, pause=NEVER) as (pilot, main):
        send(pilot.app, *"valley")
        while not main.results.total:
            await pilot.pause(0)
        before = dict(main.results.hits)
        send(pilot.app, "down")
        await pilot.pause(0)
        await pilot.pause(0)
        main.asking.fully()
        await settle(pilot)
        assert {at: main.results.hits[at] for at in before} == before
        assert main.results.cursor == 1


async def test_a_better_answer_to_the_same_question_begins_at_its_best() -> None:
    special = [article(n, "valley" if n > 4 else "valley harvest") for n in range(8)]
    search = FakeSearch(Shelf(0, special[::-1]), corrections={"harvst": "harvest"})
    async with searching(search=search, pause=NEVER) as (pilot, main):
        send(pilot.app, *"valley")
        while not main.results.total:
            await pilot.pause(0)
        search.shelf = Shelf(0, special)
        main.asking.fully()
        await settle(pilot)
        assert main.results.cursor == 0
        assert main.results.hit is not None
        assert main.results.hit.article.id == special[0].id


async def test_a_given_query_is_answered_at_once() -> None:
    async with searching("valley") as (_, main):
        assert main.query_line.value == "valley"
        assert main.results.total == 300
        assert main.reader.sheet is not None


async def test_an_emptied_query_begins_anew() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "ctrl+u")
        assert main.results.total == 0
        assert main.reader.sheet is None
        assert said(main) == "40 articles"
        assert any("Type to search." in line for line in screen_text(pilot))


async def test_nothing_found_is_said() -> None:
    async with searching("nowhere") as (pilot, main):
        assert said(main) == "0 articles · 3 ms"
        assert any("Nothing found." in line for line in screen_text(pilot))
        await press(pilot, "f2")
        assert any("F2 turns it on" in line for line in screen_text(pilot))
        await press(pilot, "enter")
        assert focused(pilot) is main.query_line
        await press(pilot, "escape", "j", "G", "enter", "d", "n")
        assert focused(pilot) is main.results


async def test_why_nothing_was_found_and_what_would_help() -> None:
    async with searching("valley nowhere") as (pilot, main):
        shown = screen_text(pilot)
        assert any("300  valley" in line for line in shown)
        assert any("0  nowhere" in line for line in shown)
        assert any("F5  valley  finds 300 articles" in line for line in shown)
        assert "F5 Try it" in shown[-1]
        await press(pilot, "f5")
        assert main.query_line.value == "valley"
        assert main.results.total == 300
        assert "Try it" not in screen_text(pilot)[-1]


async def test_of_several_remedies_one_is_chosen_and_can_be_taken_back() -> None:
    async with searching("nowhere valley harvest") as (pilot, main):
        await press(pilot, "f5")
        await write(pilot, "any")
        await press(pilot, "enter")
        assert main.question == Question("nowhere valley harvest", mode="any")
        assert main.results.total == 300
        assert any(" any of the words ✕ " in line for line in screen_text(pilot))
        await press(pilot, "escape", "escape")
        assert main.question.mode == "auto"
        assert main.results.total == 0


async def test_filters_that_leave_nothing_are_taken_off() -> None:
    async with searching("number7") as (pilot, main):
        main.toggle(Filter("source", "Nobody"))
        await settle(pilot)
        shown = screen_text(pilot)
        assert any("F5  without the filters  finds 1 article" in line for line in shown)
        assert any("Filters are on" in line for line in shown)
        await press(pilot, "f5")
        assert main.question == Question("number7")
        assert main.results.total == 1


#: keys, the part they are pressed in, and what is true afterwards.
def displayed(main: MainScreen) -> list[str | None]:
    return [part.id for part in (main.results, main.reader) if part.display]


async def test_list_and_reader_stand_side_by_side_from_100_columns() -> None:
    async with searching("valley", (100, 30)) as (pilot, main):
        assert main.results.region.width > 0
        assert main.reader.region.width > main.results.region.width
        await pilot.resize_terminal(99, 30)
        await settle(pilot)
        assert displayed(main) == ["results"]
        await press(pilot, "enter")
        assert displayed(main) == ["reader"]
        assert main.reader.region.width >= 98
        await press(pilot, "escape")
        assert displayed(main) == ["results"]
        await press(pilot, "enter", "i", "x")
        assert displayed(main) == ["results"]  # a new query shows its results
        await pilot.resize_terminal(100, 30)
        await settle(pilot)
        assert displayed(main) == ["results", "reader"]


@pytest.mark.parametrize("size", [(60, 20), (100, 30), (160, 45), (250, 60)])
async def test_every_size_shows_query_answer_keys_and_a_whole_hit(size: tuple[int, int]) -> None:
    async with searching("valley", size) as (pilot, _):
        lines = screen_text(pilot)
        assert "valley" in lines[0]
        assert "300 articles" in lines[1]
        assert "Report 0 from the valley" in lines[3]
        assert "valley" in lines[5]
        assert "Help" in lines[-1]
        assert all(len(line.rstrip()) <= size[0] for line in lines)


async def test_a_failing_search_is_a_message_and_the_app_goes_on() -> None:
    search = FakeSearch(Shelf(20))
    async with searching("valley", search=search) as (pilot, main):
        search.error = LibraryDamaged(main.session.library.path, "a file is \x1b[31mgone")
        await press(pilot, "f3")
        assert "a file is ␛[31mgone: run byline index --rebuild" in said(main)
        assert said(main).startswith("! ")
        search.error = ZeroDivisionError("unforeseen")
        await press(pilot, "f3")
        assert said(main) == "! ZeroDivisionError: unforeseen"
        search.error = None
        await press(pilot, "f3")
        assert said(main).startswith("20 articles")


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J[bold red]markup[/] \u202egnp.exe\u2069 \x9b31m tab\there \u200b\u0301 𝕏 漢字 "
    * 30
)


def hostile() -> Article:
    return Article(
        id="news/\x1b[31mred.txt",
        title=f"{HOSTILE[:80]}\nsecond line",
        text=f"needle {HOSTILE}\r\n\n{HOSTILE}",
        path="/nowhere/red.txt",
        date_origin=DateOrigin.NONE,
        source="[blink]\x1b[5mwire",
        author="\u202ekcab",
    )


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_hostile_text_is_shown_and_not_obeyed(size: tuple[int, int]) -> None:
    search = FakeSearch(Shelf(0, [hostile()]))
    async with searching("needle", size, search=search) as (pilot, main):
        for pressed in ([], ["enter"], ["n"], ["G"]):
            await press(pilot, *pressed)
            lines = screen_text(pilot)
            text = "".join(lines)
            assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2069" for c in text)
        await press(pilot, "g")
        assert any("[bold red]markup[/]" in line for line in screen_text(pilot))
        assert main.reader.sheet is not None


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_hostile_text_is_not_obeyed_in_other_views_either(size: tuple[int, int]) -> None:
    other = replace(hostile(), id="news/\x1b[32mgreen.txt", text=f"needle {HOSTILE}. \x9b2J gone.")
    search = FakeSearch(Shelf(0, [hostile(), other]))
    async with searching("needle", size, search=search) as (pilot, main):
        main.session.save(SavedSearch("a[b]", "needle \x1b[31m\u202e"), over=False)
        main.answers.change(Question("needle", like="x", like_title=HOSTILE))
        await settle(pilot)
        seen = []
        for pressed in ("escape", "escape m m v", "escape C", "s", "escape S", "escape escape T"):
            for key in pressed.split():
                await press(pilot, key)
            lines = screen_text(pilot)
            seen.append(lines)
            text = "".join(lines)
            assert not any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2069" for c in text)
            assert all(len(line.rstrip()) <= size[0] for line in lines)
        assert any("versions · " in line for line in seen[1])
        assert any("concordance · " in line for line in seen[2])
        assert any("a[b]" in line for line in seen[4])


async def test_marks_differ_by_more_than_colour() -> None:
    async with searching("valley") as (_, main):
        looks = set()
        for kind in keys_of_kinds():
            style = main.reader.accent_of(kind)
            look = (style.bold, style.underline, style.italic, style.reverse)
            assert any(look), kind
            looks.add(look)
        assert len(looks) == len(keys_of_kinds())


def keys_of_kinds() -> list[str]:
    from tui.marking import MARK_CLASSES

    return list(MARK_CLASSES.values())


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "nord"])
async def test_a_change_of_theme_is_taken_over(theme: str) -> None:
    async with searching("valley") as (pilot, main):
        pilot.app.theme = theme
        await settle(pilot)
        main.reader.notify_style_update()
        style, base = main.reader.accent_of("mark--exact"), main.reader.style_of("reader--body")
        assert style.color != base.bgcolor
        assert style.bold
        assert style.underline


async def test_leaving_closes_the_search() -> None:
    search = FakeSearch(Shelf(20))
    app = fake_app(search, "valley")
    async with running(app):
        assert not search.closed
    assert search.closed


async def test_typing_and_moving_lay_nothing_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with searching("valley") as (pilot, main):
        laid_out: list[bool] = []
        refresh = Screen._refresh_layout

        def counted(self: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
            laid_out.append(scroll)
            refresh(self, size, scroll)

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await write(pilot, " harvest drought")
        await press(pilot, "escape", "j", "j", "space", "G", "g")
        assert main.results.total
        assert laid_out == []
        await pilot.resize_terminal(70, 20)
        assert laid_out


async def test_the_reader_waits_for_a_key_that_is_held_down() -> None:
    async with searching("all") as (pilot, main):
        await press(pilot, "escape")
        shown: list[str] = []
        show = main.reader.show

        def noted(sheet: Sheet) -> None:
            shown.append(sheet.article.id)
            show(sheet)

        main.reader.show = noted  # type: ignore[method-assign]
        send(pilot.app, *"j" * 40)
        await settle(pilot)
        assert main.results.cursor == 40
        assert shown[-1] == "news/00040.txt"
        assert len(shown) < 20
