"""How many queries a second are answered in a batch: ids and scores of the ten best, and nothing else.

byline is run as people run it, the whole command with its own workers; beside it byline and the other engines
from Python, in one process and in as many as there are processors, each of which answers its share.
"""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.child import built, run
from benchmarks.corpus import read
from benchmarks.process import byline
from benchmarks.queries import SAMPLE, draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import BEST, Kind, engine, typed
from benchmarks.setup import Setup
from benchmarks.timing import median

KINDS = (Kind.OR2, Kind.AND2, Kind.OR4, Kind.PHRASE2)
#: Queries of a batch for each one of `--queries`.
_TIMES = 20
#: What is asked for on the command line.
_OPTIONS = ("--rank", "fast", "--format", "trec", "-n", str(BEST))


def batch(setup: Setup) -> Section:
    """Answer the same queries by the command and from Python, by turns."""
    corpus = setup.corpus(setup.small)
    names = [name for name in setup.engines if engine(name).jobs != (1,)]
    folders = {name: built(setup.work, corpus, name, stored=name == "byline") for name in names}
    asked = draw(read(corpus, SAMPLE), setup.queries * _TIMES // len(KINDS), seed=5)
    queries = [(kind, words) for at in zip(*(asked[kind] for kind in KINDS), strict=True) for kind, words in
               zip(KINDS, at, strict=True)]  # fmt: skip
    file = setup.work / "batch.tsv"
    lines = (f"q{at}\t{typed(kind, words)}\n" for at, (kind, words) in enumerate(queries))
    file.write_text("".join(lines), encoding="utf-8")
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    rates: dict[tuple[str, int], list[float]] = {}
    for _ in range(setup.rounds):
        if "byline" in names:
            seconds = _command(folders["byline"], file)
            rates.setdefault(("`byline search --batch`", processors), []).append(len(queries) / seconds)
        for name, folder in folders.items():
            for jobs in dict.fromkeys((1, processors)):
                seconds = _from_python(name, folder, file, jobs)
                what = f"{engine(name).name} from Python"
                rates.setdefault((what, jobs), []).append(len(queries) / seconds)
    rows = [[what, str(jobs), number(median(found))] for (what, jobs), found in rates.items()]
    prose = f"""{setup.small:,} articles; queries a second in a batch of {len(queries):,} (OR and AND of 2, OR
        of 4, phrases of 2 words): ids and scores of the {BEST} best of each, written to a file, median of
        {setup.rounds}. The command is timed as a whole process, with `{" ".join(_OPTIONS)}`; from Python the
        opening of the index counts and the start of the processes does not."""
    return section(
        "batch", setup.command("batch"), prose, table(["", "processors", "queries a second"], rows)
    )


def _command(library: Path, file: Path) -> float:
    """Return the seconds of `byline search --batch`. Raises `RuntimeError` if it fails."""
    command = [*byline(), "-L", str(library), "search", "--batch", str(file), *_OPTIONS]
    began = time.perf_counter()
    with file.with_suffix(".run").open("wb") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
    passed = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command} ended with code {done.returncode}: {done.stderr.decode()[-500:]}")
    return passed


def _from_python(name: str, folder: Path, file: Path, jobs: int) -> float:
    """Return the seconds that the slowest of `jobs` processes takes for its share."""

    def share(part: int) -> float:
        job = {"do": "batch", "engine": name, "folder": str(folder), "queries": str(file)}
        result, _ = run({**job, "part": part, "parts": jobs})
        return float(result["seconds"])

    with ThreadPoolExecutor(jobs) as pool:
        return max(pool.map(share, range(jobs)))
