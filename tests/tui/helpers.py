"""Running the app in a test, and the one way to wait for it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.content import Content
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.tui.fakes import FakeLibrary, FakeSearch, Shelf, services
from tui.app import BylineApp
from tui.screens.first_run import FirstRunScreen
from tui.screens.main import MainScreen

DEADLINE = 60.0
QUIET = 3  # rounds without work after which nothing is on its way any more
_CHARACTERS = {"question_mark": "?", "colon": ":", "slash": "/", "space": " "}
NEVER = 3600.0
"""A pause that no test lives to see the end of."""


async def settle(pilot: Pilot[int]) -> None:
    """Let the app run until it waits for a key: no message, no thread, no timer of its own is left."""
    until = time.monotonic() + DEADLINE
    quiet = 0
    while quiet < QUIET and pilot.app.is_running:
        assert time.monotonic() < until, "the app does not come to rest"
        await pilot.pause(0)
        busy = any(not getattr(one, "settled", True) for one in pilot.app.screen_stack)
        busy |= any(isinstance(one, FirstRunScreen) and one.working for one in pilot.app.screen_stack)
        busy |= isinstance(pilot.app, BylineApp) and pilot.app.indexing.running
        busy |= any(one.is_running for one in pilot.app.workers)  # a palette that looks for commands
        busy |= pilot.app._batch_count > 0 or not pilot.app._message_queue.empty()
        quiet = 0 if busy else quiet + 1


def send(app: App[Any], *keys: str) -> None:
    """Press keys, all at once and without waiting; each is a name of Textual's, or a character."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        character = key if len(key) == 1 else _CHARACTERS.get(key)
        if key.startswith("alt+") and len(key) == len("alt+x"):
            character = key[-1]  # as terminals send it
        app.post_message(events.Key(name, character))


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after the other, and let the app come to rest."""
    for key in keys:
        send(pilot.app, key)
        await pilot.pause(0)
    await settle(pilot)


async def write(pilot: Pilot[int], text: str) -> None:
    """Type `text`, fast, and let the app come to rest."""
    send(pilot.app, *text)
    await settle(pilot)


def screen(pilot: Pilot[int]) -> Screen[Any]:
    """Return the screen of the moment (a call, since it changes between two looks)."""
    return pilot.app.screen


def focused(pilot: Pilot[int]) -> Widget | None:
    """Return the widget that has the focus at the moment."""
    return pilot.app.focused


def fake_app(search: FakeSearch, query: str = "", *, pause: float = 0.001) -> BylineApp:
    """Return an app over `search`."""
    library = FakeLibrary(Path("/nowhere/news"))
    return BylineApp(library, library.path, query, services=services(search, library), pause=pause)


@asynccontextmanager
async def running(app: BylineApp, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[int]]:
    """Run `app` without a terminal and yield its pilot once it is at rest."""
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


@asynccontextmanager
async def searching(
    query: str = "",
    size: tuple[int, int] = (120, 40),
    *,
    search: FakeSearch | None = None,
    pause: float = 0.001,
) -> AsyncIterator[tuple[Pilot[int], MainScreen]]:
    """Run the app over `search` (300 articles by default) and yield pilot and main screen."""
    app = fake_app(search or FakeSearch(Shelf(300)), query, pause=pause)
    async with running(app, size) as pilot:
        assert isinstance(app.screen, MainScreen)
        yield pilot, app.screen


def screen_text(pilot: Pilot[int]) -> list[str]:
    """Return what stands on the screen, line by line."""
    width, height = pilot.app.size
    return [
        "".join(segment.text for segment in line).ljust(width)
        for line in pilot.app.screen._compositor.render_strips()
    ][:height]


def main_of(pilot: Pilot[int]) -> MainScreen:
    """Return the screen of the moment, which is the main screen."""
    main = pilot.app.screen
    assert isinstance(main, MainScreen)
    return main


def said(main: MainScreen) -> str:
    """Return what the line below the query says."""
    content = main.understood.content
    assert isinstance(content, Content)
    return content.plain
