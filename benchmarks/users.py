"""How fast `byline index` is as people run it: small files or one JSONL, the whole process timed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.child import size_of
from benchmarks.corpus import read
from benchmarks.memory import peak_above
from benchmarks.process import byline
from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import median


class Run(NamedTuple):
    """One run of the command: its seconds, those of the processor in all its processes (0: not known), and
    how many bytes the library has then."""

    seconds: float
    processor: float
    library: int


def users(setup: Setup) -> Section:
    """Index both kinds of sources into a new library, then again with `--rebuild`, which keeps the stems."""
    sources = {
        f"{setup.files:,} text files": small_files(setup),
        f"one JSONL of {setup.articles:,} articles": setup.corpus(),
    }
    rows = []
    for what, source in sources.items():
        size = _text(source)
        turns = index_by_turns(setup, source)
        speeds = [number(median([size / 1e6 / run.seconds for run in runs])) for runs in turns]
        processor = [number(median([run.processor for run in runs])) for runs in turns]
        memory = _memory(setup, source)
        shares = f"{turns[1][0].library / size:.2f}", number(memory / 1e6) if memory else "-"
        rows.append([what, *speeds, *processor, *shares])
    headings = ["", "new, MB/s", "kept stems, MB/s", "new, processor s", "kept stems, processor s"]
    headings += ["library : text", "memory of all processes, MB"]
    prose = f"""The whole process, text stored; megabytes of text (title and body) a second and processor time
        of all processes, median of {setup.rounds}; memory in a run of its own. The files are in the system's
        cache."""
    return section("users", setup.command("users"), prose, table(headings, rows))


def index_by_turns(setup: Setup, source: Path) -> tuple[list[Run], list[Run]]:
    """Return the runs into a new library, and those with `--rebuild` that follow each."""
    new: list[Run] = []
    again: list[Run] = []
    library = setup.work / "library"
    for _ in range(setup.rounds):
        shutil.rmtree(library, ignore_errors=True)
        for runs, options in ((new, ()), (again, ("--rebuild",))):
            runs.append(_index(library, source, options))
        shutil.rmtree(library)
    return new, again


def small_files(setup: Setup) -> Path:
    """Return a folder of text files, one an article: its title, an empty line, its text."""
    folder = setup.work / f"files-{setup.files}"
    if not folder.is_dir():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        docs = (doc for doc in read(setup.corpus(max(setup.small, setup.files))) if doc.title and doc.text)
        for doc, _ in zip(docs, range(setup.files), strict=False):
            below = part / f"{doc.number // 1000:03}"
            below.mkdir(parents=True, exist_ok=True)
            (below / f"{doc.number}.txt").write_text(f"{doc.title}\n\n{doc.text}\n", encoding="utf-8")
        part.rename(folder)
    return folder


def _text(source: Path) -> int:
    if source.is_dir():
        return size_of(source)
    return sum(doc.size for doc in read(source))


def _command(library: Path, source: Path, options: tuple[str, ...]) -> list[str]:
    return [*byline(), "-L", str(library), "index", "--json", *options, str(source)]


def _index(library: Path, source: Path, options: tuple[str, ...]) -> Run:
    """Run `byline index`. Raises `RuntimeError`."""
    command = _command(library, source, options)
    before, began = _processor_of_children(), time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    seconds, processor = time.perf_counter() - began, _processor_of_children() - before
    if ran.returncode or not json.loads(ran.stdout)["articles"]:
        raise RuntimeError(f"{command} ended with code {ran.returncode}: {ran.stderr[-500:]}")
    return Run(seconds, processor, size_of(library))


def _memory(setup: Setup, source: Path) -> int:
    """Return the most memory in bytes that all processes of a run hold at one time, in runs of their own:
    looking takes time too."""
    library, quiet, most = setup.work / "library", subprocess.DEVNULL, 0
    for options in ((), ("--rebuild",)):
        command = _command(library, source, options)
        with subprocess.Popen(command, stdout=quiet, stderr=quiet, text=True, env=os.environ) as process:
            most = max(most, peak_above(process, {}).together)
    shutil.rmtree(library)
    return most


def _processor_of_children() -> float:
    """Return the seconds of processor time of all processes that have ended; 0 where nobody counts them."""
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
