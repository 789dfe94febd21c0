"""Write what of these pages is made from the program: the page of keys, and the pictures in the README.

Run `python docs/make.py` after a change to the app; `python docs/make.py FOLDER` writes elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from index.library import Library

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

#: Of each picture the query, the keys pressed after it, and the theme. (The first search of a program loads
#: what it needs and says that it took long: typo tolerance off and on asks anew.)
PICTURES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "screen": ('"enduring defeat" coaltion', ("enter", "t", "t"), "byline-dark"),
    "filters": ("ship OR water", ("f2", "f2", "f4"), "byline-dark"),
    "reading": ("moon eclipse", ("enter", "t", "t", "n"), "byline-light"),
}
SIZE = (112, 30)
PATIENCE = 20.0
"""Seconds to wait at most for an answer."""

#: The exported picture asks a network for its font and links to its maker; one in a repository must not.
_FROM_OUTSIDE = re.compile(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", re.DOTALL)

INTRODUCTION = """\
# Keys

Made from `tui/keys.py` by `docs/make.py`. In a text field every key that prints something types; ctrl+p, F1
and ctrl+q work everywhere. The mouse works too: a click selects, a second one reads, chips and hints are
buttons.

## Keys of your own

Each action has a name, the last column below. In `config.toml`, which stands in the folder for settings
(`~/.config/byline` on Linux, `~/Library/Application Support/byline` on a Mac), a table gives actions other
keys; several are separated by commas:

```toml
theme = "byline-light"   # byline-dark, byline-light, byline-contrast, or any other in the palette

[keys]
"main.sort" = "s,ctrl+s"
"list.down" = "j,down,ctrl+n"
```

A mistake there (an action or a key that does not exist, one key for two actions in one place, a letter in
the query line) is named when the app opens, and the usual key stays. Without `theme` the one chosen last is
used.
"""


def keys_page() -> str:
    """Return the page of keys: a table for each part of the app."""
    from tui.keys import PLACES, key_names

    lines = [INTRODUCTION]
    for place in PLACES:
        lines += [f"## {place.title}", "", "| Key | What it does | Name |", "|---|---|---|"]
        for binding in place.bindings:
            keys = " ".join(f"`{key}`" for key in key_names(binding).split())
            name = f"`{binding.id}`" if binding.id else ""
            lines.append(f"| {keys} | {binding.tooltip or binding.description} | {name} |")
        lines.append("")
    return "\n".join(lines)


async def _settle(pilot: Pilot[int]) -> None:
    """Wait until nothing is being searched, read or typed."""
    from tui.screens.main import MainScreen

    until = time.monotonic() + PATIENCE
    quiet = 0
    while quiet < 3:
        await pilot.pause(0.02)
        mains = [one for one in pilot.app.screen_stack if isinstance(one, MainScreen)]
        quiet = quiet + 1 if mains and all(one.settled for one in mains) else 0
        if time.monotonic() > until:
            sys.exit("the app does not come to rest")


async def picture(library: Library, query: str, keys: tuple[str, ...], theme: str) -> str:
    """Return an SVG of the app over the seed articles, after a search and some keys."""
    from tui.app import create_app

    app = create_app(library, library.path, query)
    async with app.run_test(size=SIZE) as pilot:
        await _settle(pilot)
        app.theme = theme
        for key in keys:
            await pilot.press(key)
            await _settle(pilot)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await _settle(pilot)
        drawn = app.export_screenshot(title="byline", simplify=True)
    return _FROM_OUTSIDE.sub("", drawn).replace("<svg ", '<svg xml:space="preserve" ', 1)


def main() -> None:
    """Write the page and the pictures."""
    from index import Library

    where = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = folder
        library = Library.create(Path(folder) / "demo")
        library.update([HERE.parent / "seeds"])
        for name, (query, keys, theme) in PICTURES.items():
            drawn = asyncio.run(picture(library, query, keys, theme))
            (where / f"{name}.svg").write_text(drawn, encoding="utf-8")
    (where / "keys.md").write_text(keys_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
