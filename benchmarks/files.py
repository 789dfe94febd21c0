"""What one small file costs: the steps that no program in Python can leave out, beside the whole command.

Each step is a straight line over all files: nothing is decided, counted, sorted or reported in it. What they
take together is what is left if all that `byline index` adds to them were free.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import zstandard

from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import median
from benchmarks.users import index_by_turns, small_files

_WORD = re.compile(r"\w+")
#: Bytes of text that are compressed together, and how hard: as the stored articles of a library are.
_GROUP, _LEVEL = 64 << 10, 3
_CATALOG = "CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, time INTEGER, digest BLOB, entries TEXT)"


def files(setup: Setup) -> Section:
    """Time the steps and the command, new and with kept stems."""
    folder = small_files(setup)
    listed = _listed(folder)
    count, size = len(listed), sum(status.st_size for _, status in listed)
    costs = {name: _cost(step, setup.rounds) / count for name, step in _steps(folder, setup.work).items()}
    costs["all of these"] = sum(costs.values())
    new, again = index_by_turns(setup, folder)
    costs["`byline index`, new"] = median([run.processor for run in new]) / count
    costs["`byline index --rebuild`"] = median([run.processor for run in again]) / count
    rows = [
        [name, number(1e6 * cost), number(size / count / 1e6 / cost * 2) if cost else "-"]
        for name, cost in costs.items()
    ]
    prose = f"""{count:,} files of {number(size / count)} bytes, in the system's cache; processor time of all
        processes for each, median of {setup.rounds}, and how many megabytes a second two cores would do if
        that were all, spread evenly and never waited for."""
    headings = ["", "µs a file", "MB/s on two cores"]
    return section("files", setup.command("files"), prose, table(headings, rows))


def _cost(step: Callable[[], object], rounds: int) -> float:
    """Return the median of the seconds of processor time that a step takes."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        step()
        times.append(time.process_time() - began)
    return median(times)


def _listed(folder: Path) -> list[tuple[str, os.stat_result]]:
    """Return all files below a folder, with what the system says of each."""
    found: list[tuple[str, os.stat_result]] = []
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting.append(entry.path)
                else:
                    found.append((entry.path, entry.stat()))
    return found


def _content(path: str) -> bytes:
    """Return what is in a file that stood still while it was read."""
    handle = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(handle).st_size
        content = os.read(handle, size + 1)
        os.fstat(handle)
    finally:
        os.close(handle)
    return content


def _steps(folder: Path, work: Path) -> dict[str, Callable[[], object]]:
    """Return the steps by what they do."""
    paths = [path for path, _ in _listed(folder)]
    contents = list(map(_content, paths))
    texts = [content.decode() for content in contents]

    def hashed() -> None:
        for content in contents:
            hashlib.blake2b(content, digest_size=16).digest()
            hashlib.blake2b(content, digest_size=8).hexdigest()

    return {
        "found: its name, size and time": lambda: _listed(folder),
        "opened, looked at twice, read, closed": lambda: [_content(path) for path in paths],
        "decoded": lambda: [content.decode() for content in contents],
        "hashed as a file and as an article": hashed,
        "cut into words by a regular expression": lambda: [_WORD.findall(text.lower()) for text in texts],
        "its text compressed, 64 KiB at a time": lambda: _compressed(contents),
        "a row in SQLite": lambda: _recorded(work / "files.sqlite", paths),
    }


def _compressed(contents: list[bytes]) -> int:
    """Return the size of the contents when they are compressed in groups."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL)
    group: list[bytes] = []
    size = held = 0
    for content in contents:
        group.append(content)
        held += len(content)
        if held >= _GROUP:
            size += len(compressor.compress(b"".join(group)))
            group, held = [], 0
    return size + len(compressor.compress(b"".join(group)))


def _recorded(path: Path, names: list[str]) -> None:
    """Write a row for each name, all in one transaction."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute(_CATALOG)
    rows = ((name.encode(), 1000, 10**18, b"0123456789abcdef", '{"": "0123456789abcdef"}') for name in names)
    base.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    path.unlink()
