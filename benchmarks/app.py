"""How quickly the app follows the keys, scrolls and starts, and how much memory it takes."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import Any

from benchmarks.corpus import read
from benchmarks.process import byline
from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile
from tui.start import FRAMES

#: Words of a query that is typed: as many as readers type.
_WORDS = (1, 2, 2, 3, 3, 4)
_TYPED = re.compile(r"[a-z]{3,}")
_PATIENCE = 60.0
_SEEN = b"ready to search"
#: What byline is compared with: an empty app that opens the library before it begins.
_EMPTY = f"""
import sys
from index.library import Library
from search.searcher import Searcher
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("{_SEEN.decode()}")

searcher = Searcher(Library.open(sys.argv[1]))
Empty().run()
"""


def app(setup: Setup) -> Section:
    """Type, scroll and wander in the app over the corpus, and start it beside an empty one."""
    library = _library(setup)
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as home:
        kinds = ("CONFIG", "STATE", "CACHE")
        settings = {**os.environ, **{f"XDG_{kind}_HOME": home for kind in kinds}, "TEXTUAL_FPS": FRAMES}
        found = _run(setup, library, settings)
        started = _starts(library, settings, max(1, setup.rounds * 3))
    typing, held, memory = found["typing"], found["held"], found["memory"]
    prose = f"""The app in a terminal of 160 by 45, over {setup.articles:,} articles. Keys come every 0.12
        seconds and make up {len(found["queries"])} queries; a key counts until the frame that shows its
        letter, and that with the answer to it, has been written; {typing["empty"]} keys that find nothing
        leave the list as it is. For the frames a key is pressed again as soon as the one before was seen
        ({held["j"]["found"]:,} hits); the app draws {FRAMES} a second at most."""
    rows = [_times("a letter, ms", typing["letters"]), _times("its answer, ms", typing["answers"])]
    frames = [
        [
            what,
            number(one["a second"]),
            *_times("", one["times"])[1:],
            number(one["work"]),
            f"{one['whole']:.0%}",
        ]
        for what, one in (("down", held["j"]), ("page down", held["space"]))
    ]
    headings = ["held down", "frames a second", "p50, ms", "p95, ms", "processor, ms", "all rows there"]
    own, empty = median(started["byline"]), median(started["empty"])
    ends = [
        [f"start to the first frame, ms (median of {len(started['byline'])})", number(own)],
        ["an empty Textual app that opens the library, ms", number(empty)],
        ["byline : the empty app", number(own / empty)],
        [f"memory after {setup.updates} random keys, MB", number(memory[0])],
        [f"memory after {10 * setup.updates}, MB", number(memory[-1])],
    ]
    tables = (table(["from a key to", "p50", "p95"], rows), table(headings, frames), table(["", ""], ends))
    return section("app", setup.command("app"), prose, *tables)


def _times(what: str, times: list[float]) -> list[str]:
    return [what, number(median(times)), number(percentile(times, 0.95))] if times else [what, "-", "-"]


def _library(setup: Setup) -> Path:
    """Return a library of the corpus, as `byline index` makes it."""
    corpus = setup.corpus()
    library = setup.work / "indexes" / f"library-{corpus.stem}"
    if not library.is_dir():
        part = library.with_name(library.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        command = [*byline(), "-L", str(part), "index", str(corpus)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        part.rename(library)
    return library


def _run(setup: Setup, library: Path, settings: dict[str, str]) -> dict[str, Any]:
    """Use the app in a process of its own. Raises `RuntimeError` with the end of its error if it fails."""
    dice = random.Random(3)
    texts = [words for doc in read(setup.corpus(), 2000) if len(words := _TYPED.findall(doc.text)) > 20]
    queries = []
    for _ in range(max(2, setup.queries // 5)):
        words = dice.choice(texts)
        at = dice.randrange(len(words) - 4)
        queries.append(" ".join(words[at : at + dice.choice(_WORDS)]))
    job = {
        "library": str(library),
        "queries": queries,
        "warm_up": ["company", "prices"],
        "common": "the said",
        "held": max(20, setup.queries * 2),
        "random": setup.updates * 10,
    }
    command = [sys.executable, "-P", "-m", "benchmarks.app_run"]
    done = subprocess.run(
        command, input=json.dumps(job) + "\n", text=True, capture_output=True, env=settings, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the app: {done.stderr.strip()[-500:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "queries": queries}


def _starts(library: Path, settings: dict[str, str], rounds: int) -> dict[str, list[float]]:
    """Start byline and the empty app by turns; return the milliseconds to their first frames."""
    commands = {
        "byline": ([*byline(), "-L", str(library)], "❯".encode()),
        "empty": ([sys.executable, "-P", "-c", _EMPTY, str(library)], _SEEN),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, sign) in commands.items():
            times[name].append(_first_frame(command, sign, settings))
    return times


def _first_frame(command: list[str], sign: bytes, settings: dict[str, str]) -> float:
    """Run a command in a terminal until it writes `sign`; return the milliseconds. Raises `RuntimeError`."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (45, 160))
    began = time.perf_counter()
    settings = {**settings, "TERM": "xterm-256color"}
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=settings, start_new_session=True
    )
    seen = b""
    try:
        while sign not in seen:
            if not select.select([master], [], [], _PATIENCE)[0] or process.poll() is not None:
                raise RuntimeError(f"{command} draws nothing: {seen[-500:]!r}")
            seen += os.read(master, 65536)
        return (time.perf_counter() - began) * 1000
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(master)
        os.close(slave)
