"""The commands of the palette: every deed by name, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import Screen
from textual.widget import Widget

from tui import keys
from tui.screens.main import MainScreen
from tui.widgets.find_line import FindLine
from tui.widgets.query_line import QueryLine
from tui.widgets.timeline import TimelineStrip

if TYPE_CHECKING:
    from tui.app import BylineApp

#: Name in the palette, and the binding whose deed it is.
_DEEDS = {
    "Sort": "main.sort",
    "Typo tolerance": "main.typos",
    "Word as typed": "main.as-typed",
    "Filters": "main.filter",
    "Saved searches": "main.saved",
    "Timeline": "main.timeline",
    "Concordance": "main.concordance",
    "More like this": "main.like",
    "Copies apart or folded": "main.fold",
    "Versions of the story": "main.copies",
    "Mark": "main.mark",
    "Marks off": "main.unmark",
    "Copy": "main.copy",
    "Write to a file": "main.write",
    "Export": "main.export",
    "Open in the pager": "main.pager",
    "Edit": "main.editor",
    "Command line": "main.command",
    "One part alone": "main.zoom",
}


def commands(app: BylineApp, screen: Screen[object]) -> Iterator[SystemCommand]:
    """Yield the commands that make sense on `screen`."""
    if isinstance(screen, MainScreen):
        bound = {binding.id: binding for binding in keys.MAIN}
        for name, ident in _DEEDS.items():
            binding = bound[ident]
            what = f"{binding.tooltip}  ({keys.key_names(binding, app.settings.keys)})"
            yield SystemCommand(name, what, partial(_act, screen, binding.action))
        yield SystemCommand("Libraries", "Another library  (F6)", app.action_libraries)
        yield SystemCommand("Health", "What this library holds and what it left out  (F7)", app.action_health)
        yield SystemCommand("Index", "Add a folder, or look for changes  (F9)", app.action_index)
        yield SystemCommand("Rebuild", "Read everything again; searches go on meanwhile", app.action_rebuild)
    yield SystemCommand("Help", "All keys", app.action_help)
    yield SystemCommand("Theme", "Choose colours: dark, light, high contrast", app.action_change_theme)
    yield SystemCommand("Quit", "Leave byline", app.action_quit)


async def _act(screen: MainScreen, action: str) -> None:
    """Do what a command stands for, unless the screen was left meanwhile."""
    if screen.is_current and screen.is_running:
        await screen.run_action(action)


def place_of(focused: Widget | None) -> str:
    """Return the title of the part of the help that is about the widget with the focus."""
    if isinstance(focused, FindLine):
        return "Find in the text"
    if isinstance(focused, QueryLine):
        return "Query"
    if isinstance(focused, TimelineStrip):
        return "Timeline"
    return "Search"
