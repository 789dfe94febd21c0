"""The app over a library in this process (`python -P -m benchmarks.app_run`), typed into and scrolled.

A driver takes what the app would write to a terminal, and its time; nothing but the terminal is missing.
The job is a JSON object on stdin: `library`, `queries` to type, `keys` to hold and to press at random. The
result is a JSON object on stdout, times in milliseconds.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from benchmarks.memory import anonymous
from index.library import Library
from tui.app import BylineApp, create_app
from tui.contracts import Question
from tui.screens.main import MainScreen
from tui.start import end_loading

SIZE = (160, 45)
CADENCE = 0.12
"""Seconds between two keys of a reader who types quickly."""
PATIENCE = 60.0
_NAMES = {" ": "space", "-": "minus", "'": "apostrophe"}
_READING = ("j", "k", "space", "b", "d", "u", "g", "G", "n", "N", "enter", "escape", "s", "tab", "m")


class Painted(HeadlessDriver):
    """Counts what is written to the terminal that is not there; `at` is when the last frame was."""

    frames = 0
    size = 0
    at = 0.0
    told: Callable[[], None] = staticmethod(lambda: None)

    @property
    def is_headless(self) -> bool:
        """The app is to draw as it does for a reader."""
        return False

    def write(self, data: str) -> None:
        """Take the bytes of a frame."""
        Painted.frames += 1
        Painted.size += len(data)
        Painted.at = time.perf_counter()
        Painted.told()


class Watch:
    """Knows when what was painted: each query typed, each answer, each state of the list."""

    def __init__(self, app: BylineApp) -> None:
        assert isinstance(app.screen, MainScreen)
        self.app, self.main = app, app.screen
        self.letters: dict[str, float] = {}
        self.answers: dict[str, float] = {}
        self.lists = asyncio.Event()
        self._drawn: set[str] = set()
        self._watch(self.main.query_line, "letter")
        self._watch(self.main.understood, "answer")
        self._watch(self.main.results, "list")
        Painted.told = self._painted

    def _watch(self, widget: Any, what: str) -> None:
        """Notice each time that a part of the screen is made into lines: the next frame holds it."""
        render = widget.render_lines

        def rendered(crop: Any) -> Any:
            self._drawn.add(what)
            return render(crop)

        widget.render_lines = rendered

    def _painted(self) -> None:
        drawn, self._drawn = self._drawn, set()
        shown = self.main.asking.shown
        if "letter" in drawn:
            self.letters.setdefault(self.main.query_line.value, Painted.at)
        if "answer" in drawn and shown is not None:
            self.answers.setdefault(shown.question.query, Painted.at)
        if "list" in drawn:
            self.lists.set()

    def press(self, key: str) -> float:
        """Press a key, as a terminal sends it; return when."""
        name = _NAMES.get(key, key)
        character = key if len(key) == 1 else " " if key == "space" else None
        self.app.post_message(events.Key(name, character))
        return time.perf_counter()

    async def rest(self) -> None:
        """Wait until the app waits for a key."""
        until = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 3:
            await asyncio.sleep(0.02)
            mains = [one for one in self.app.screen_stack if isinstance(one, MainScreen)]
            quiet = quiet + 1 if all(one.settled for one in mains) else 0
            if time.monotonic() > until:
                raise RuntimeError("the app does not come to rest")


async def typing(watch: Watch, queries: list[str]) -> dict[str, Any]:
    """Type each query at a reader's pace; return the times of its keys until they and answers are painted.

    Of an answer only letters count whose quick stage finds something: others leave the list as it is. An
    answer to a later key counts for an earlier one that was overtaken.
    """
    search = watch.main.session.search()
    letters: list[float] = []
    answers: list[float] = []
    empty = 0
    for query in queries:
        watch.press("ctrl+u")
        await watch.rest()
        watch.letters.clear()
        watch.answers.clear()
        typed: dict[str, float] = {}
        due = time.perf_counter()
        for at, character in enumerate(query, 1):
            typed[query[:at]] = watch.press(character)
            due += CADENCE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await watch.rest()
        prefixes = list(typed)
        for at, prefix in enumerate(prefixes):
            if prefix in watch.letters:
                letters.append(watch.letters[prefix] - typed[prefix])
            if not search.answer(Question(prefix), 0, 1, True).total:
                empty += 1
            elif prefix[-1] != " ":
                seen = [watch.answers[one] for one in prefixes[at:] if one in watch.answers]
                answers += [min(seen) - typed[prefix]] if seen else []
    return {"letters": _ms(letters), "answers": _ms(answers), "empty": empty}


async def holding(watch: Watch, key: str, times: int) -> dict[str, Any]:
    """Press `key` again as soon as the list was painted; return the times, and how often all was there."""
    watch.press("g")
    await watch.rest()
    results = watch.main.results
    taken, whole = [], 0
    began, worked = time.perf_counter(), time.thread_time()
    for _ in range(times):
        watch.lists.clear()
        pressed = watch.press(key)
        await asyncio.wait_for(watch.lists.wait(), PATIENCE)
        taken.append(Painted.at - pressed)
        first = results.first_visible
        seen = range(first, min(results.total, first + results.rows_visible - 1))
        whole += all(place in results.hits for place in seen)
    seconds, worked = time.perf_counter() - began, time.thread_time() - worked
    await watch.rest()
    return {
        "times": _ms(taken),
        "a second": times / seconds,
        "work": worked / times * 1000,
        "whole": whole / times,
        "found": results.total,
    }


async def wandering(watch: Watch, words: list[str], keys: int, seed: int = 5) -> list[float]:
    """Press keys at random: type words, read, scroll; return the memory in MB after each tenth of them."""
    dice = random.Random(seed)
    sizes = []
    for turn in range(1, keys + 1):
        if turn % 10 == 1:
            line = ["ctrl+u", *dice.choice(words), "enter"]
            pressed = line if dice.random() < 0.4 else dice.choices(_READING, k=6)
            for key in ("slash", *pressed) if pressed is line else pressed:
                watch.press(key)
                await asyncio.sleep(0)
        watch.press(dice.choice(_READING))
        await asyncio.sleep(0.001)
        if turn % max(1, keys // 10) == 0:
            await watch.rest()
            sizes.append(_memory())
    return sizes


def _memory() -> float:
    gc.collect()
    if sys.platform == "linux":  # what Python has let go of, its allocator may still hold
        ctypes.CDLL(None).malloc_trim(0)
    return anonymous(os.getpid()).get(os.getpid(), 0) / 1e6


def _ms(seconds: list[float]) -> list[float]:
    return [round(one * 1000, 3) for one in seconds]


async def measured(job: dict[str, Any]) -> dict[str, Any]:
    """Run the app over the library of the job; return what `typing`, `holding` and `wandering` find."""
    library = Library.open(Path(job["library"]))
    app = create_app(library, library.path)
    app.driver_class = Painted
    found: dict[str, Any] = {}
    failed: list[BaseException] = []

    async def use(_pilot: object) -> None:
        try:
            while not isinstance(app.screen, MainScreen):
                await asyncio.sleep(0.01)
            found.update(await _used(Watch(app), job))
        except BaseException as error:
            failed.append(error)
        app.exit()

    steps: Callable[[Any], Awaitable[None]] = use
    await app.run_async(size=SIZE, auto_pilot=steps)  # type: ignore[arg-type]
    if failed:
        raise failed[0]
    return found


async def _used(watch: Watch, job: dict[str, Any]) -> dict[str, Any]:
    await watch.rest()
    for word in job["warm_up"]:
        for key in ("ctrl+u", *word):
            watch.press(key)
        await watch.rest()
    found: dict[str, Any] = {"typing": await typing(watch, job["queries"])}
    for key in ("ctrl+u", *job["common"]):
        watch.press(key)
    await watch.rest()
    watch.press("escape")
    await watch.rest()
    found["held"] = {key: await holding(watch, key, job["held"]) for key in ("j", "space")}
    found["memory"] = await wandering(watch, job["queries"], job["random"])
    return found


def main() -> None:
    """Do the job on stdin, with what is loaded out of the way of garbage collection as in the command."""
    gc.disable()
    end_loading()
    print(json.dumps(asyncio.run(measured(json.loads(sys.stdin.readline())))))


if __name__ == "__main__":
    main()
