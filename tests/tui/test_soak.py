"""Keys at random, always the same ones: no exception, no growing memory, and at the end the app answers.

A few hundred of them are pressed by every run of the tests, ten thousand by `make soak`.
"""

from __future__ import annotations

import ctypes
import gc
import random
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.tui.helpers import press, running, send, settle
from tests.tui.wire import wire_library
from tui import keys, outside
from tui.app import BylineApp, create_app
from tui.screens.main import MainScreen

BOUND = sorted(
    {
        key
        for bindings in keys.GROUPS.values()
        for binding in bindings
        for key in binding.key.split(",")
        if key not in ("ctrl+q", "ctrl+c")
    }
)
WORDS = (
    "harvest",
    "coaltion",
    '"talk of the town"',
    "tar*",
    "-vaccine",
    "date:2021..",
    "(",
    "~2",
    "lamplighter",
)
TYPED = "aeinrst 0159\"'()*:-~é漢\u202e"
OFTEN = ("enter", "escape", "tab", "up", "down", "backspace", "j", "k", "space", "slash", "ctrl+u")
SIZES = ((120, 40), (60, 20), (100, 30), (200, 50))
TURN = 25
#: Bytes by which the process may grow while it is walked through: what caches hold that are bounded.
MOST_GROWTH = 40_000_000


def _some_keys(dice: random.Random) -> list[str]:
    """Return a few keys that belong together, as readers press them, or that do not."""
    match dice.randrange(6):
        case 0:
            return [
                "ctrl+u",
                *dice.choice(WORDS),
                *([" ", *dice.choice(WORDS)] if dice.random() < 0.3 else ()),
            ]
        case 1:
            return dice.choices(TYPED, k=3)
        case 2 | 3:
            return dice.choices(OFTEN, k=3)
        case _:
            return dice.choices(BOUND, k=2)


async def walk(pilot: Pilot[int], seed: int, count: int, *, halts: bool) -> list[int]:
    """Press `count` keys; return the memory in bytes after each tenth of them.

    With `halts` nothing moves for a moment now and then, as on a machine that does something else: keys wait
    for screens, screens for keys, and answers come all at once.
    """
    dice = random.Random(seed)
    sizes = []
    for turn in range(count // TURN):
        pressed: list[str] = []
        while len(pressed) < TURN:
            pressed += _some_keys(dice)
        for key in pressed[:TURN]:
            send(pilot.app, key)
            if halts and dice.random() < 0.15:
                time.sleep(dice.choice((0.02, 0.1)))
            if dice.random() < 0.5:
                await pilot.pause(0)
        if dice.random() < 0.1:
            await pilot.resize_terminal(*dice.choice(SIZES))
        await settle(pilot)
        if (turn + 1) % max(1, count // TURN // 10) == 0:
            sizes.append(_memory())
    return sizes


def _memory() -> int:
    gc.collect()
    if sys.platform != "linux":
        return 0
    ctypes.CDLL(None).malloc_trim(0)
    anonymous = Path("/proc/self/status").read_text(encoding="ascii").partition("RssAnon:")[2]
    return int(anonymous.split()[0]) * 1024


async def still_answers(pilot: Pilot[int]) -> None:
    """Leave all that is open, and search."""
    while not isinstance(pilot.app.screen, MainScreen):
        pilot.app.pop_screen()
        await settle(pilot)
    main = pilot.app.screen
    main.set_focus(main.query_line)
    main.answers.run(type(main.question)("harvest"), frozenset())
    main.query_line.value = ""
    await press(pilot, "ctrl+u", *"lighthouse")
    assert main.results.total == 1


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app neither end by a key nor reach a program, and write its files into a folder of its own."""

    async def stay(self: App[Any]) -> None:
        pass

    monkeypatch.setattr(BylineApp, "action_quit", stay)
    monkeypatch.setattr(outside, "in_tmux", lambda: False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


async def _walked(tmp_path: Path, articles: int, seed: int, count: int, *, halts: bool = False) -> list[int]:
    library = wire_library(tmp_path, articles)
    app = create_app(library, library.path)
    async with running(app) as pilot:
        sizes = await walk(pilot, seed, count, halts=halts)
        await still_answers(pilot)
    return sizes


@pytest.mark.usefixtures("alone")
async def test_a_few_keys_at_random(tmp_path: Path) -> None:
    await _walked(tmp_path, 120, 1, 200)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("seed", [11, 12])
async def test_ten_thousand_keys_at_random(tmp_path: Path, seed: int) -> None:
    sizes = await _walked(tmp_path, 400, seed, 10_000)
    settled = sizes[2:]
    assert max(settled) - settled[0] < MOST_GROWTH, sizes


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("seed", range(21, 31))
async def test_keys_at_random_on_a_machine_that_halts(tmp_path: Path, seed: int) -> None:
    await _walked(tmp_path, 60, seed, 500, halts=True)
