"""How long `byline search` takes as a whole process, beside a Python that only imports what it must."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.child import built
from benchmarks.corpus import read
from benchmarks.queries import draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Kind
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile, ratio

_IMPORTS = "import numpy, whoosh.index, whoosh.query"


def process(setup: Setup) -> Section:
    """Run the command and the bare imports by turns."""
    corpus = setup.corpus(setup.small)
    library = built(setup.work, corpus, "byline", stored=True)
    rounds = 6 * setup.rounds
    commands = {
        "`byline search`, two words": [*byline(), "-L", str(library), "search"],
        f'`python -c "{_IMPORTS}"`': [sys.executable, "-c", _IMPORTS],
        '`python -c ""`': [sys.executable, "-c", ""],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for words in draw(read(corpus, 2000), rounds)[Kind.OR2]:
        for name, command in commands.items():
            query = [" OR ".join(words)] if "search" in command else []
            times[name].append(_run([*command, *query]))
    base = median(list(times.values())[1])
    rows = [
        [name, number(median(taken)), number(percentile(taken, 0.95)), number(ratio(median(taken), base), 3)]
        for name, taken in times.items()
    ]
    prose = f"{setup.small:,} articles; milliseconds of a whole process, {rounds} runs by turns."
    found = table(["", "p50", "p95", "p50 : that of the imports"], rows)
    return section("process", setup.command("process"), prose, found)


def byline() -> list[str]:
    """Return the command `byline` of this environment."""
    script = Path(sys.executable).with_name("byline")
    return [str(script)] if script.is_file() else [sys.executable, "-P", "-m", "tui"]


def _run(command: list[str]) -> float:
    """Run a command to its end; return the milliseconds. Raises `RuntimeError` if it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=os.environ, check=False)
    passed = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command} ended with code {done.returncode}: {done.stderr.decode()[-500:]}")
    return passed * 1000
