"""The app over a real library and the real search."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.library import Library
from search.results import MatchKind
from search.searcher import Searcher
from tests.tui.helpers import main_of, press, running, said, screen, screen_text, settle, write
from tests.tui.wire import wire_library, write_wire
from tui.app import create_app
from tui.contracts import Question
from tui.engine import Engine
from tui.screens.first_run import FirstRunScreen
from tui.screens.menu import Prompt


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return wire_library(tmp_path_factory.mktemp("wire"))


async def test_what_is_typed_is_found_and_read(library: Library) -> None:
    app = create_app(library, library.path)
    async with running(app) as pilot:
        main = main_of(pilot)
        assert said(main) == "402 articles"
        await write(pilot, "harvests")
        with Searcher(library) as searcher:
            results = searcher.search("harvests", limit=100)
        assert main.results.total == results.total == 50
        assert [main.results.hits[n].article.id for n in range(10)] == [
            h.article.id for h in results.hits[:10]
        ]
        await press(pilot, "enter")
        sheet = main.reader.sheet
        assert sheet is not None
        assert {sheet.text[span.start : span.end].lower() for span in sheet.spans} == {"harvest"}
        assert {span.kind for span in sheet.spans} == {MatchKind.STEM}


async def test_a_typo_is_corrected_and_the_correction_taken_back(library: Library) -> None:
    async with running(create_app(library, library.path, "coaltion")) as pilot:
        main = main_of(pilot)
        assert main.results.total == 50
        assert "coaltion → coalition" in said(main)
        assert main.reader.sheet is not None
        assert {span.kind for span in main.reader.sheet.spans} == {MatchKind.TYPO}
        await press(pilot, "f2")
        assert main.results.total == 0
        assert "typos off" in said(main)


async def test_all_hits_can_be_scrolled_through(library: Library) -> None:
    async with running(create_app(library, library.path, "town")) as pilot:
        main = main_of(pilot)
        assert main.results.total == 400
        await press(pilot, "escape", "G")
        with Searcher(library) as searcher:
            last = searcher.search("town", limit=1, offset=399).hits[0]
        assert main.results.hit is not None
        assert main.results.hit.article.id == last.article.id
        assert main.reader.sheet is not None
        assert main.reader.sheet.article.id == last.article.id


async def test_the_orders_by_date(library: Library) -> None:
    async with running(create_app(library, library.path, "town")) as pilot:
        main = main_of(pilot)
        await press(pilot, "f3")
        newest = main.results.hits[main.results.first_visible].article.date
        await press(pilot, "f3")
        await press(pilot, "escape", "g")
        oldest = main.results.hits[0].article.date
        assert newest is not None
        assert oldest is not None
        assert (newest.year, oldest.year) == (2026, 2019)


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "(((",
        "title:",
        "AND OR NOT",
        "-",
        "*",
        "a" * 5000,
        "\x00",
        "𝕏 漢字",
        "[red]x[/red]",
        "-town",
        "~~~",
    ],
)
async def test_no_query_ends_the_app(library: Library, query: str) -> None:
    async with running(create_app(library, library.path, query), (60, 20)) as pilot:
        main = main_of(pilot)
        assert said(main)
        assert not said(main).startswith("!")


async def test_hostile_articles_are_shown(library: Library) -> None:
    async with running(create_app(library, library.path, "lamplighter")) as pilot:
        main = main_of(pilot)
        assert main.results.total == 1
        text = "".join(screen_text(pilot))
        assert "[b]bold[/b]" in text
        assert "\x1b" not in text
        assert "\u202e" not in text


async def test_the_first_run_makes_the_library(tmp_path: Path) -> None:
    folder = write_wire(tmp_path / "articles", 40)
    async with running(create_app(None, tmp_path / "library", "harvest")) as pilot:
        assert isinstance(screen(pilot), FirstRunScreen)
        await write(pilot, str(folder))
        await press(pilot, "enter")
        main = main_of(pilot)
        assert main.results.total == 5
        assert Library.open(tmp_path / "library").status().articles == 42


async def test_what_is_indexed_meanwhile_is_found(tmp_path: Path) -> None:
    library = wire_library(tmp_path, 40)
    app = create_app(library, library.path, "lighthouse")
    async with running(app) as pilot:
        main = main_of(pilot)
        assert main.results.total == 1
        (tmp_path / "articles" / "new.txt").write_text("New\n\nAnother lighthouse.\n", encoding="utf-8")
        app.action_index()
        await settle(pilot)
        assert isinstance(screen(pilot), Prompt)
        await press(pilot, "enter")
        assert screen(pilot) is main
        assert main.results.total == 2


async def test_a_library_that_vanished_is_a_message(tmp_path: Path) -> None:
    library = wire_library(tmp_path, 8)
    library.path.rename(tmp_path / "elsewhere")
    async with running(create_app(library, library.path, "harvest")) as pilot:
        main = main_of(pilot)
        assert said(main).startswith(f"! no library at {library.path}")
        await write(pilot, "x")
        assert pilot.app.is_running


def test_while_keys_come_nothing_is_asked_but_the_query(tmp_path: Path) -> None:
    library = wire_library(tmp_path, 40)
    engine = Engine(library)
    quick = engine.answer(Question("harvst valey"), 0, 8, quick=True)
    assert (quick.total, quick.diagnosis, quick.suggestion, quick.corrections) == (0, None, None, ())
    whole = engine.answer(Question("harvst nowherefound"), 0, 8)
    assert whole.corrections or whole.diagnosis
    engine.close()
