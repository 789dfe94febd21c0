"""The first run: no library, a folder, progress, and on to the search."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from textual.content import Content
from textual.pilot import Pilot

from tests.tui.fakes import FakeLibrary, FakeSearch, Shelf, services
from tests.tui.helpers import press, running, screen, screen_text, send, settle
from tui.app import BylineApp
from tui.screens.first_run import FirstRunScreen
from tui.screens.main import MainScreen


def first_app(library: FakeLibrary, query: str = "") -> BylineApp:
    return BylineApp(
        None, library.path, query, services=services(FakeSearch(Shelf(20)), library), pause=0.001
    )


def state(pilot: Pilot[int]) -> str:
    first = screen(pilot)
    assert isinstance(first, FirstRunScreen)
    content = first.state.content
    assert isinstance(content, Content)
    return content.plain


def found(pilot: Pilot[int]) -> int:
    main = screen(pilot)
    assert isinstance(main, MainScreen)
    return main.results.total


async def give(pilot: Pilot[int], folder: Path | str) -> None:
    send(pilot.app, "ctrl+u", *str(folder), "enter")
    await pilot.pause(0)


async def test_a_folder_is_indexed_and_then_searched(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    async with running(first_app(library, "valley"), (80, 24)) as pilot:
        assert any("Which folder holds your articles?" in line for line in screen_text(pilot))
        await give(pilot, tmp_path)
        await settle(pilot)
        assert library.updated == [tmp_path]
        assert found(pilot) == 20


async def test_progress_is_shown_and_esc_stops(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    library.gate.clear()
    async with running(first_app(library), (80, 24)) as pilot:
        await give(pilot, tmp_path)
        while "files" not in state(pilot):
            await pilot.pause(0)
        assert state(pilot) == "3 of 10 files · 30 articles · 3.0 MB/s · 0:02 left"
        assert any("30%" in line for line in screen_text(pilot))
        while "esc Stop" not in screen_text(pilot)[-1]:
            await pilot.pause(0)
        await press(pilot, "escape")
        assert state(pilot) == "stopped; enter begins again"
        library.gate.set()
        await press(pilot, "enter")
        assert isinstance(screen(pilot), MainScreen)


async def test_trouble_is_a_message_and_another_folder_can_be_given(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library", articles=0)
    library.skipped = [SimpleNamespace(reason="empty"), SimpleNamespace(reason="binary")]
    (tmp_path / "refused").mkdir()
    async with running(first_app(library), (80, 24)) as pilot:
        await press(pilot, "enter")
        assert library.updated == []
        await give(pilot, "/no/such/folder")
        await settle(pilot)
        assert state(pilot) == "! /no/such/folder: there is no such folder"
        await give(pilot, "~nobody-of-this-name/x")
        await settle(pilot)
        assert state(pilot).endswith("there is no such folder")
        await give(pilot, "x" * 300)
        await settle(pilot)
        assert state(pilot).endswith("there is no such folder")
        await give(pilot, tmp_path / "refused")
        await settle(pilot)
        assert state(pilot) == f"! {tmp_path / 'refused'}: cannot be read: choose another folder"
        await give(pilot, tmp_path)
        await settle(pilot)
        assert state(pilot) == "! no articles found there: 2 files skipped (binary, empty)"
        library.articles = 3
        await press(pilot, "enter")
        assert isinstance(screen(pilot), MainScreen)


async def test_help_and_quit_work_there(tmp_path: Path) -> None:
    async with running(first_app(FakeLibrary(tmp_path / "library")), (60, 20)) as pilot:
        await press(pilot, "escape", "f1")
        assert any("help" in line for line in screen_text(pilot)[:3])
        await press(pilot, "escape")
        assert isinstance(screen(pilot), FirstRunScreen)
        await press(pilot, "ctrl+q")
        assert not pilot.app.is_running


async def test_quitting_stops_the_indexing(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library")
    library.gate.clear()
    async with first_app(library).run_test() as pilot:
        await settle(pilot)
        await give(pilot, tmp_path)
        while not library.reached.is_set():
            await pilot.pause(0)
        send(pilot.app, "ctrl+q")
    assert not library.gate.is_set()  # leaving did not wait for the indexing to end by itself


async def test_a_library_without_articles_asks_for_a_folder(tmp_path: Path) -> None:
    library = FakeLibrary(tmp_path / "library", held=0)
    app = BylineApp(library, library.path, services=services(FakeSearch(Shelf(20)), library), pause=0.001)
    async with running(app) as pilot:
        assert isinstance(screen(pilot), FirstRunScreen)
        await give(pilot, tmp_path)
        await settle(pilot)
        assert isinstance(screen(pilot), MainScreen)
