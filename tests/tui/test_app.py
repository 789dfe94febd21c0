"""What the app keeps between runs, libraries, indexing beside searches, settings."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.errors import LibraryDamaged
from tests.tui.fakes import FakeLibrary, FakeSearch, Shelf, services
from tests.tui.helpers import (
    fake_app,
    focused,
    main_of,
    press,
    running,
    screen,
    screen_text,
    searching,
    send,
    settle,
    write,
)
from tui import themes
from tui.app import BylineApp
from tui.contracts import Question
from tui.filters import Filter
from tui.keymap import checked
from tui.screens.chooser import Chooser
from tui.screens.health import HealthScreen, status_rows
from tui.screens.menu import Prompt
from tui.settings import settings_path, understood
from tui.state import MOST_QUERIES, Place, State


def told(pilot: Pilot[int]) -> str:
    return " ".join(one.message for one in pilot.app._notifications)


async def test_query_place_filters_and_history_come_back() -> None:
    async with running(fake_app(FakeSearch(Shelf(300)), "valley")) as pilot:
        main_of(pilot).toggle(Filter("source", "Valley Wire"))
        await press(pilot, "escape", "s", "s", "j", "j")
        hit = main_of(pilot).results.hit
        assert hit is not None
        await press(pilot, "ctrl+q")
    async with running(fake_app(FakeSearch(Shelf(300)))) as pilot:
        main = main_of(pilot)
        assert main.question == Question("valley", "oldest", True, (Filter("source", "Valley Wire"),))
        assert main.query_line.value == "valley"
        assert main.results.hit is not None
        assert main.results.hit.article.id == hit.article.id
        await write(pilot, "harvest")  # what comes back is selected: typing replaces it
        assert main.query_line.value == "harvest"
        await press(pilot, "ctrl+u", "alt+p")
        assert main.query_line.value == "valley"


async def test_a_query_that_is_given_wins_over_the_one_kept() -> None:
    async with running(fake_app(FakeSearch(Shelf(20)), "valley")) as pilot:
        await press(pilot, "escape", "s", "ctrl+q")
    async with running(fake_app(FakeSearch(Shelf(20)), "harvest")) as pilot:
        assert main_of(pilot).question == Question("harvest")


async def test_the_history_is_searched() -> None:
    async with searching() as (pilot, main):
        for query in ("valley harvest", "quiet drought", "valley monday"):
            await press(pilot, "ctrl+u", *query, "escape", "slash")
        await press(pilot, "ctrl+r")
        assert isinstance(screen(pilot), Chooser)
        await write(pilot, "HARV")
        await press(pilot, "enter")
        assert main.query_line.value == "valley harvest"
        assert main.question.query == "valley harvest"
        await press(pilot, "ctrl+r", *"zzz", "enter")
        assert any("nothing has that in it" in line for line in screen_text(pilot))
        await press(pilot, "escape")
        assert main.query_line.value == "valley harvest"


def test_the_history_is_bounded_has_no_doubles_and_is_shared(tmp_path: Path) -> None:
    one, other = State(tmp_path / "s"), State(tmp_path / "s")
    for number in range(MOST_QUERIES + 5):
        if number > MOST_QUERIES - 3:
            (one if number % 2 else other).remember(f"query {number}")
    one.remember("query  1001\n")
    one.remember("x" * 5000)
    assert one.queries()[-1] == "query 1001"
    assert one.queries().count("query 1001") == 1
    (tmp_path / "s" / "history").write_text("q\n" * 5000, encoding="utf-8")
    assert len(one.queries()) == MOST_QUERIES


@pytest.mark.parametrize("kept", ["", "{", "[]", "{}", '{"question": {"query": 1}}', '"\\ud800"', "null"])
def test_a_place_that_makes_no_sense_is_none(kept: str, tmp_path: Path) -> None:
    (tmp_path / "place.json").write_text(kept, encoding="utf-8")
    assert State(tmp_path).place() == Place()


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    state = State(tmp_path / "file" / "folder")
    state.remember("q")
    assert "Not a directory" in state.trouble
    assert state.queries() == []
    place = Place(Question("a", "newest", False, (Filter("date", "2019"),)), "news/1")
    good = State(tmp_path / "good")
    good.keep(place)
    assert good.place() == place
    assert good.trouble == ""


async def test_another_library_is_chosen(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "one")
    search = FakeSearch(Shelf(20))
    known = [tmp_path / "one", tmp_path / "two", tmp_path / "broken"]
    app = BylineApp(library, library.path, "valley", services=services(search, library, known), pause=0.001)
    async with running(app) as pilot:
        await press(pilot, "f6")
        shown = "\n".join(screen_text(pilot))
        assert "one" in shown
        assert "two" in shown
        await write(pilot, "two")
        await press(pilot, "enter")
        assert app.where == tmp_path / "two"
        assert main_of(pilot).query_line.value == ""
        await press(pilot, "f6")
        await write(pilot, "broken")
        await press(pilot, "enter")
        assert "no library at" in told(pilot)
        assert app.where == tmp_path / "two"
        await press(pilot, "f6")
        await write(pilot, "one")
        await press(pilot, "enter")
        assert main_of(pilot).query_line.value == "valley"  # where it was left


async def test_libraries_far_down_are_told_apart(tmp_path: Path) -> None:
    far = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 5)
    known = [far / "first" / "news", far / "second" / "news", far / "third\x1b[31m" / "letters"]
    library = FakeLibrary(known[0])
    app = BylineApp(library, library.path, services=services(FakeSearch(Shelf(1)), library, known))
    async with running(app, size=(60, 20)) as pilot:
        await press(pilot, "f6")
        lines = [line.strip(" │▌✓") for line in screen_text(pilot)]
        shown = [line.split() for line in lines if line.startswith(("news", "letters"))]
        assert [line[0] for line in shown] == ["news", "news", "letters"]
        assert [line[-1][0] for line in shown] == ["…"] * 3
        assert shown[0][-1].endswith("/first")
        assert shown[1][-1].endswith("/second")
        assert shown[2][-1].endswith("/third␛[31m")


async def test_searching_goes_on_while_indexing(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    search = FakeSearch(Shelf(20))
    app = BylineApp(library, library.path, "valley", services=services(search, library), pause=0.001)
    async with running(app) as pilot:
        library.gate.clear()
        await pilot.press("f9")
        assert isinstance(screen(pilot), Prompt)
        await pilot.press("enter")
        while "indexing 30%" not in "\n".join(screen_text(pilot)):
            await pilot.pause(0)
        await pilot.press("ctrl+u", *"harvest")
        while main_of(pilot).results.total != 20 or not main_of(pilot).settled:
            await pilot.pause(0)
        await pilot.press("f6")
        await pilot.press("escape")
        search.shelf = Shelf(30)
        library.gate.set()
        await settle(pilot)
        assert main_of(pilot).results.total == 30
        assert "nothing new" in told(pilot)
        assert "indexing" not in screen_text(pilot)[1]


async def test_indexing_is_stopped_fails_and_begins_again(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    app = BylineApp(library, library.path, services=services(FakeSearch(Shelf(20)), library), pause=0.001)
    async with running(app) as pilot:
        library.gate.clear()
        await pilot.press("f9", "enter")
        while not library.reached.is_set():
            await pilot.pause(0)
        await press(pilot, "f9")
        assert "stopped: the library is as it was" in told(pilot)
        library.gate.set()
        await press(pilot, "f9")
        await write(pilot, str(tmp_path / "missing"))
        await press(pilot, "enter")
        assert "there is no such folder" in told(pilot)
        await press(pilot, "f9")
        await write(pilot, str(tmp_path))
        await press(pilot, "enter")
        assert library.updated == [tmp_path]
        app.action_rebuild()
        await settle(pilot)
        assert library.rebuilt == 1
        await press(pilot, "f9", "escape")
        assert focused(pilot) is main_of(pilot).query_line


async def test_health_is_shown_and_checked(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    library.damage = [LibraryDamaged(tmp_path / "seg", "2 damaged blocks")]
    app = BylineApp(library, library.path, services=services(FakeSearch(Shelf(2)), library), pause=0.001)
    async with running(app) as pilot:
        await press(pilot, "f7")
        assert isinstance(screen(pilot), HealthScreen)
        shown = "\n".join(screen_text(pilot))
        assert "binary" in shown
        await press(pilot, "c")
        assert "2 damaged blocks" in "\n".join(screen_text(pilot))
        library.damage = []
        await press(pilot, "c")
        assert "every checksum holds" in "\n".join(screen_text(pilot))
        await press(pilot, "q")
        assert screen(pilot) is main_of(pilot)


def test_a_folder_that_is_gone_is_said() -> None:
    root = {"label": "news", "path": "/n", "there": False, "articles": 3}
    assert any("GONE" in right for _, right, _ in status_rows({"roots": [root], "skipped": {}}))


async def test_the_screen_is_drawn_anew() -> None:
    async with searching("valley") as (pilot, main):
        before = screen_text(pilot)
        await press(pilot, "escape", "slash", "ctrl+l")
        assert screen_text(pilot) == before
        assert main.focused is main.query_line


def configure(text: str) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def test_keys_of_the_readers_own() -> None:
    configure('theme = "byline-light"\n[keys]\n"main.sort" = "ctrl+s,w"\n"list.down" = "j,down,h"\n')
    async with searching("valley", search=FakeSearch(Shelf(20))) as (pilot, main):
        assert pilot.app.theme == "byline-light"
        assert told(pilot) == ""
        sorts = []
        for keys in ("escape s", "w", "slash ctrl+s escape h"):
            await press(pilot, *keys.split())
            sorts.append(main.question.sort)
        assert sorts == ["relevance", "newest", "oldest"]
        assert main.results.cursor == 1
        assert "ctrl+s Sort" in screen_text(pilot)[-1] or "w Sort" in screen_text(pilot)[-1]
        await press(pilot, "f1")
        assert any("ctrl+s w" in line for line in screen_text(pilot))


async def test_mistakes_in_the_settings_are_named() -> None:
    configure('theme = "byline-lihgt"\n[keys]\n"main.srot" = "x"\n"main.copy" = "y"\n')
    async with searching("valley") as (pilot, main):
        assert "did you mean byline-light?" in told(pilot)
        assert "did you mean main.sort?" in told(pilot)
        await press(pilot, "escape", "s")
        assert main.question.sort == "newest"


async def test_settings_that_cannot_be_read_are_named() -> None:
    configure("theme = [")
    async with searching("valley") as (pilot, _):
        assert "this is not TOML" in told(pilot)


@pytest.mark.parametrize(
    ("name", "pressed", "wrong"),
    [
        ("main.sort", "ctrl+s", ""),
        ("main.sort", "?", "app"),
        ("main.sort", "crtl+s", "no key"),
        ("main.sort", "pgup", "did you mean"),
        ("main.sort", "n", "is both"),
        ("main.sort", 7, "in quotes"),
        ("main.sort", "", "in quotes"),
        ("query.left", "h", "types in the query line"),
        ("query.left", "alt+h", ""),
        ("main.nothing", "x", "no action"),
        ("list.down", "ctrl+n,down", ""),
    ],
)
def test_keys_are_checked(name: str, pressed: object, wrong: str) -> None:
    good, mistakes = checked({name: pressed})
    if wrong and wrong != "app":
        assert wrong in mistakes[0]
        assert good == {}
    else:
        assert mistakes == ()
        assert list(good) == [name]


def test_settings_that_are_unknown_are_named() -> None:
    found = understood({"themes": 1, "keys": 3, "theme": 4}, frozenset({"nord"}))
    assert len(found.mistakes) == 3
    assert "did you mean theme?" in found.mistakes[0]


async def test_the_theme_is_kept() -> None:
    async with searching() as (pilot, _):
        assert pilot.app.theme == themes.USUAL
        pilot.app.theme = "byline-contrast"
        await settle(pilot)
    async with searching() as (pilot, _):
        assert pilot.app.theme == "byline-contrast"


def luminance(colour: tuple[int, ...]) -> float:
    parts = (value / 255 for value in colour)
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("theme", "least"), [(one.name, 7.0 if one is themes.CONTRAST else 4.5) for one in themes.THEMES]
)
async def test_every_text_can_be_told_from_its_ground(theme: str, least: float) -> None:
    async with searching("valley") as (pilot, main):
        pilot.app.theme = theme
        await settle(pilot)
        for widget in (main.results, main.reader):
            for name in widget.COMPONENT_CLASSES:
                if name.endswith(("--bar", "--selected", "--current", "--map")):
                    continue
                style = widget.get_component_rich_style(name)
                assert style.color is not None
                assert style.bgcolor is not None
                both = [luminance(tuple(one.get_truecolor())) for one in (style.color, style.bgcolor)]
                contrast = (max(both) + 0.05) / (min(both) + 0.05)
                assert contrast >= least, (name, contrast)


async def test_completion_is_offered_and_taken() -> None:
    async with searching() as (pilot, main):
        await write(pilot, "the harv")
        assert "the harvest" in screen_text(pilot)[0]
        assert main.query_line.value == "the harv"
        await press(pilot, "ctrl+e")
        assert main.query_line.value == "the harvest"
        await write(pilot, " prot")
        await press(pilot, "right")
        assert main.query_line.value == "the harvest protection"
        await write(pilot, " 12")
        await press(pilot, "right", "end")
        assert main.query_line.value == "the harvest protection 12"


async def test_what_was_not_understood_is_underlined() -> None:
    async with searching("valley (coaltion") as (pilot, main):
        strip = main.query_line.render_line(0)
        looks = {
            s.text: s.style
            for s in strip
            if s.style is not None and (s.style.underline or s.style.underline2)
        }
        assert set(looks) == {"(", "coaltion"}
        assert "brackets are left out" in screen_text(pilot)[1]


async def test_finding_in_the_text() -> None:
    async with searching("valley", search=FakeSearch(Shelf(20))) as (pilot, main):
        await press(pilot, "enter", "slash")
        await write(pilot, "enduring  DEFEAT")
        assert main.reader.stops == ()
        assert "not found" in str(main.reader.border_title)
        await press(pilot, "ctrl+u", *"enduring defeat")
        assert len(main.reader.stops) == 12
        await press(pilot, "enter")
        assert focused(pilot) is main.reader
        assert not main.find_line.display
        await press(pilot, "n", "n")
        assert main.reader.current == 2
        assert "3 of 12: enduring defeat" in str(main.reader.border_title)
        await press(pilot, "escape")
        assert focused(pilot) is main.reader
        assert main.reader.stops == main.reader.sheet.spans if main.reader.sheet else False
        await press(pilot, "slash", "x", "escape")
        assert main.reader.sought == ""
        assert focused(pilot) is main.reader
        await press(pilot, "escape")
        assert focused(pilot) is main.results


async def test_the_map_shows_matches_and_goes_there() -> None:
    async with searching("harvest", (120, 20), search=FakeSearch(Shelf(20))) as (pilot, main):
        await press(pilot, "enter")
        edge = "".join(line[118] for line in screen_text(pilot))
        assert "━" in edge
        assert "─" in edge
        assert main.reader.scroll_offset.y == 0
        await pilot.click(main.reader, offset=(main.reader.content_width, main.reader.content_height))
        await settle(pilot)
        assert main.reader.scroll_offset.y > 0


async def test_a_library_that_breaks_down_later_is_a_message(tmp_path: Path) -> None:
    search = FakeSearch(Shelf(40))
    async with searching("valley", search=search) as (pilot, main):
        search.error = LibraryDamaged(tmp_path, "a segment is gone")
        await press(pilot, "escape", "G", "f")
        assert "a segment is gone" in "\n".join(screen_text(pilot))
        search.error = None
        await press(pilot, "escape", "s")
        assert main.results.total == 40


def test_state_is_written_whole_from_many_threads(tmp_path: Path) -> None:
    state = State(tmp_path)
    threads = [threading.Thread(target=state.keep, args=(Place(Question("q" * 2000)),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads((tmp_path / "place.json").read_text())["question"]["query"] == "q" * 2000


@pytest.mark.parametrize(
    ("opens", "leaves"),
    [
        ("ctrl+p", "escape"),
        ("Y", "enter"),
        ("Y", "escape"),
        ("y", "escape"),
        ("f6", "escape"),
        ("f1", "escape"),
        ("f7", "q"),
    ],
)
async def test_a_key_pressed_twice_leaves_one_screen(opens: str, leaves: str) -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "escape", opens)
        assert screen(pilot) is not main
        send(pilot.app, leaves, leaves, leaves)
        await settle(pilot)
        assert main in pilot.app.screen_stack


async def test_the_main_screen_is_never_taken_away() -> None:
    async with searching("valley") as (pilot, main):
        await pilot.app.pop_screen()
        await settle(pilot)
        assert screen(pilot) is main
        await press(pilot, "ctrl+p", "down", "enter", "enter", "enter", "escape", "escape", "escape")
        assert main in pilot.app.screen_stack
