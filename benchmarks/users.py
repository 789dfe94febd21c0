"""How fast `byline index` is as people run it: small files or one JSONL, the whole process timed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from benchmarks.child import size_of
from benchmarks.corpus import read
from benchmarks.memory import peak_above
from benchmarks.process import byline
from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import median


def users(setup: Setup) -> Section:
    """Index both kinds of sources into a new library, then again with `--rebuild`, which keeps the stems."""
    sources = {
        f"{setup.files:,} text files": _files(setup),
        f"one JSONL of {setup.articles:,} articles": setup.corpus(),
    }
    rows = []
    for what, source in sources.items():
        size = _text(source)
        new: list[float] = []
        again: list[float] = []
        memory = 0
        for _ in range(setup.rounds):
            library = setup.work / "library"
            shutil.rmtree(library, ignore_errors=True)
            for times, options in ((new, ()), (again, ("--rebuild",))):
                seconds, peak = _index(library, source, options)
                times.append(size / 1e6 / seconds)
                memory = max(memory, peak)
            share = size_of(library) / size
            shutil.rmtree(library)
        row = [what, number(median(new)), number(median(again)), f"{share:.2f}"]
        rows.append([*row, number(memory / 1e6) if memory else "-"])
    headings = ["", "new, MB/s", "kept stems, MB/s", "library : text", "memory of all processes, MB"]
    prose = f"""The whole process, text stored; megabytes of text (title and body) a second, median of
        {setup.rounds}. The files are in the system's cache."""
    return section("users", setup.command("users"), prose, table(headings, rows))


def _files(setup: Setup) -> Path:
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


def _index(library: Path, source: Path, options: tuple[str, ...]) -> tuple[float, int]:
    """Run `byline index`; return the seconds and the peak memory in bytes. Raises `RuntimeError`."""
    command = [*byline(), "-L", str(library), "index", "--json", *options, str(source)]
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        peak = peak_above(process, {})
        seconds = time.perf_counter() - began
        out, errors = process.stdout.read(), process.stderr.read()
    if process.returncode or not json.loads(out)["articles"]:
        raise RuntimeError(f"{command} ended with code {process.returncode}: {errors[-500:]}")
    return seconds, peak.together
