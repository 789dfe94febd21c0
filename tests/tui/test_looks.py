"""How the screens look, as pictures: after a change that is meant, `pytest tests/tui/test_looks.py
--snapshot-update`, and look at the pictures that changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.pilot import Pilot
from textual.widgets import Input

from index.article import Article, DateOrigin
from index.errors import LibraryDamaged
from search.results import Fold
from search.saved import SavedSearch
from tests.tui.fakes import FakeLibrary, FakeSearch, Shelf, article, services
from tests.tui.helpers import press, running, searching, settle, write
from tui.app import BylineApp
from tui.filters import Filter
from tui.screens.main import MainScreen

_WEB_FONTS = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
SIZES = [(60, 20), (100, 30), (160, 45)]
THEMES = ["byline-dark", "byline-light"]
HARBOUR = (
    "The harbour authority said on Tuesday that the dredging of the eastern channel would begin before the "
    "winter storms, although the coalition of fishing villages still objects to the depth that was agreed "
    "upon in spring.\n\nBoats of more than forty metres now wait for the tide. “We have lost two lines since "
    "the sand came,” said the harbour master, who has kept the tide book for thirty years.\n\n"
    "The coalition wants a channel of eight metres. The ministry pays for eleven."
)


def story(number: int, title: str, day: datetime | None, source: str, origin: DateOrigin) -> Article:
    made = article(number, HARBOUR if number % 3 == 0 else "", title)
    return replace(
        made, date=day, source=source, date_origin=origin, author="A. Writer" if number == 0 else ""
    )


FIELD = DateOrigin.FIELD
STORIES = [
    story(0, "Harbour to be dredged before winter", datetime(2021, 9, 14), "Coast Wire", DateOrigin.DATELINE),
    story(
        1, "Coalition keeps its forces in the valley", datetime(2019, 5, 2), "Valley Wire", DateOrigin.FIELD
    ),
    story(2, "A very long headline about the coalition " * 4, datetime(2020, 1, 31), "", DateOrigin.FILE),
    story(3, "漢字の見出し and a mixed title 𝕏", None, "東京", DateOrigin.NONE),
    *(article(number) for number in range(4, 40)),
]


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageSnapshotExtension)


def stories() -> FakeSearch:
    return FakeSearch(Shelf(0, STORIES))


async def drawn(pilot: Pilot[int]) -> str:
    """Return the screen as a picture, the cursor standing still."""
    for screen in pilot.app.screen_stack:
        for field in screen.query(Input):
            field.cursor_blink = False
    await settle(pilot)
    return _WEB_FONTS.sub("", pilot.app.export_screenshot(title="byline", simplify=True))


async def dressed(pilot: Pilot[int], theme: str) -> None:
    pilot.app.theme = theme
    await settle(pilot)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_main(picture: SnapshotAssertion, size: tuple[int, int], theme: str) -> None:
    async with searching("coaltion", size, search=stories()) as (pilot, _):
        await dressed(pilot, theme)
        assert await drawn(pilot) == picture


async def test_reading_alone(picture: SnapshotAssertion) -> None:
    async with searching("coaltion", (60, 20), search=stories()) as (pilot, _):
        await press(pilot, "enter", "n")
        assert await drawn(pilot) == picture


async def test_chips_marks_and_notes(picture: SnapshotAssertion) -> None:
    async with searching("coaltion (", (100, 24), search=stories()) as (pilot, main):
        main.toggle(Filter("source", "Valley Wire"))
        main.toggle(Filter("date", "2019"))
        await settle(pilot)  # m marks what is shown, which is the filtered answer only once it is there
        await press(pilot, "escape", "m")
        assert await drawn(pilot) == picture


async def test_high_contrast(picture: SnapshotAssertion) -> None:
    async with searching("coaltion", (100, 24), search=stories()) as (pilot, _):
        await dressed(pilot, "byline-contrast")
        assert await drawn(pilot) == picture


async def test_the_beginning(picture: SnapshotAssertion) -> None:
    async with searching("", (80, 24), search=stories()) as (pilot, _):
        assert await drawn(pilot) == picture


async def test_nothing_found(picture: SnapshotAssertion) -> None:
    async with searching("nowhere", (80, 24), search=stories()) as (pilot, _):
        assert await drawn(pilot) == picture


async def test_an_error(picture: SnapshotAssertion) -> None:
    search = stories()
    async with searching("valley", (80, 24), search=search) as (pilot, _):
        search.error = LibraryDamaged(Path("/nowhere/news/MAIN_1.byl"), "a file of the library is gone")
        await press(pilot, "f3")
        assert await drawn(pilot) == picture


@pytest.mark.parametrize("keys", ["f1", "f4", "escape y", "escape Y", "f7", "f6", "enter slash w a t e r"])
async def test_what_opens(picture: SnapshotAssertion, keys: str) -> None:
    async with searching("coaltion", (80, 24), search=stories()) as (pilot, _):
        await press(pilot, *keys.split())
        assert await drawn(pilot) == picture


async def test_the_history(picture: SnapshotAssertion) -> None:
    async with searching("", (80, 24), search=stories()) as (pilot, main):
        for query in ("harbour", '"enduring defeat"', "title:coalition OR talks"):
            main.query_line.history.add(query)
        await press(pilot, "ctrl+r")
        await write(pilot, "h")
        assert await drawn(pilot) == picture


async def test_the_first_run(picture: SnapshotAssertion) -> None:
    library = FakeLibrary(Path("/nowhere/news"))
    app = BylineApp(None, library.path, services=services(stories(), library))
    async with running(app, (80, 24)) as pilot:
        assert not isinstance(app.screen, MainScreen)
        assert await drawn(pilot) == picture


def many_stories() -> FakeSearch:
    """Return stories of two years, one of which is also there as copies."""
    fold = Fold(4, datetime(2021, 9, 14, 10, 32), datetime(2021, 9, 14, 14, 5))
    return FakeSearch(Shelf(0, STORIES), folds={STORIES[0].id: fold})


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", ["escape", "escape T L", "escape C s j"])
async def test_other_views(picture: SnapshotAssertion, keys: str, size: tuple[int, int]) -> None:
    async with searching("coalition", size, search=many_stories()) as (pilot, _):
        for key in keys.split():
            await press(pilot, key)
        assert await drawn(pilot) == picture


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_versions_of_a_story(picture: SnapshotAssertion, size: tuple[int, int]) -> None:
    after = HARBOUR.replace("Tuesday", "Wednesday").replace("The ministry pays for eleven.", "Nobody pays.")
    both = [STORIES[0], replace(STORIES[0], id="news/1.txt", text=after, title="Harbour to be dredged")]
    async with searching("harbour", size, search=FakeSearch(Shelf(0, both))) as (pilot, _):
        await press(pilot, "escape", "m", "m", "v")
        assert await drawn(pilot) == picture


async def test_saved_searches(picture: SnapshotAssertion) -> None:
    async with searching("coalition", (80, 24), search=stories()) as (pilot, main):
        for name, query in (("harbour", "harbour winter"), ("the valley", '"enduring defeat" OR drought')):
            main.session.save(SavedSearch(name, query), over=False)
        await press(pilot, "escape", "S")
        assert await drawn(pilot) == picture
