"""Files read by worker processes give the same library, and the same account of it, as files read here."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import Library, Report, intake, large_file, plan, processes, side_by_side
from index.errors import BuildFailed
from index.pool import WorkerPool
from index.readers import gzipped
from tests.index.shelf import LONG_AGO, holdings, put


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every run a large one, and every file of lines one to be cut into ranges of some lines."""
    monkeypatch.setattr(intake, "_MANY", 0)
    monkeypatch.setattr(processes, "may_fork", lambda: False)
    monkeypatch.setattr(side_by_side, "_BATCH", 400)
    monkeypatch.setattr(plan, "_BYTES", 400)
    monkeypatch.setattr(large_file, "_LARGE", 1)
    monkeypatch.setattr(large_file, "_RANGE", 150)
    monkeypatch.setattr(gzipped, "_CHUNK", 100)


def line(key: str, text: str, **more: str) -> str:
    """Return a record as a line."""
    return json.dumps({"id": key, "title": f"Story {key}", "text": text, **more}) + "\n"


def lines(count: int) -> list[str]:
    """Return records with dates, and others between them that are broken, empty or without an id."""
    made = [line(f"k{number}", f"traders trade {number}", date="2020-01-02") for number in range(count)]
    made.insert(3, "{broken\n")
    made.insert(5, "\n")
    made.insert(8, '{"text": "No id and no date."}\n')
    made.insert(9, line("long", "a very long line " * 60))
    return made


def fill(folder: Path) -> None:
    """Write some files of every kind, good and bad."""
    for number in range(30):
        put(folder / f"part{number % 3}" / f"{number}.txt", f"Story {number}\n\nTrade talks number {number}.")
    put(folder / "empty.txt", "")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "packed.md.gz").write_bytes(gzip.compress(b"# Packed\n\nA story that was packed."))
    (folder / "damaged.txt.gz").write_bytes(b"no gzip data")
    put(folder / "many.jsonl", "".join(lines(40)) + line("k1", "comes again") + line("k39", "so does this"))
    put(folder / "wide.jsonl", "")
    (folder / "wide.jsonl").write_bytes("\ufeff".join(("", line("w", "two bytes each"))).encode("utf-16-le"))
    put(
        folder / "marked.ndjson",
        "\ufeff" + line("m", "begins with a mark") + line("n", "without an end")[:-1],
    )
    put(folder / "blank.jsonl", "\n \n" * 200)
    packed = gzip.compress("".join(lines(20)).encode())
    (folder / "packed.jsonl.gz").write_bytes(packed + gzip.compress(line("k3", "comes again").encode()))
    (folder / "cut.jsonl.gz").write_bytes(packed[:-20])
    (folder / "garbage.jsonl.gz").write_bytes(packed + b"no gzip data")
    (folder / "nothing.jsonl.gz").write_bytes(gzip.compress(b""))
    for path in folder.rglob(
        "*"
    ):  # a file that was just written is read again, which would count bytes twice
        os.utime(path, ns=(LONG_AGO, LONG_AGO))


def told(report: Report) -> Report:
    """Return what a report says that does not depend on time."""
    return replace(report, seconds=0.0)


def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[Report, Report]:
    """Bring two libraries up to date with a folder, one here and one with workers; compare what they hold."""
    side = Library.open_or_create(tmp_path / "side").update([folder])
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_MANY", 1 << 40)
        here = Library.open_or_create(tmp_path / "here").update([folder])
    one, other = (holdings(Library.open(tmp_path / name)) for name in ("side", "here"))
    assert one == other
    assert not Library.open(tmp_path / "side").check()
    return told(side), told(here)


@pytest.mark.usefixtures("workers")
def test_workers_do_what_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "news"
    fill(folder)
    side, here = both(tmp_path, monkeypatch, folder)
    assert side == here
    assert side.added == 30 + 1 + 42 + 1 + 2 + 22
    reasons = {skip.reason for skip in side.skipped}
    assert {"empty", "binary, not text", "key used again in line 45: k1", "gzip data is cut short"} <= reasons

    side, here = both(tmp_path, monkeypatch, folder)
    assert side == here
    assert (side.added, side.changed, side.removed, side.unchanged) == (0, 0, 0, 98)

    changed = lines(41)
    changed[0], changed[20] = line("k0", "told anew"), line("k0", "told once more")
    put(folder / "many.jsonl", "".join(changed), mtime_ns=LONG_AGO + 1)
    put(folder / "part0" / "0.txt", "Another story", mtime_ns=LONG_AGO + 1)
    (folder / "part1" / "1.txt").unlink()
    side, here = both(tmp_path, monkeypatch, folder)
    assert side == here
    assert side.changed
    assert side.removed


@pytest.mark.usefixtures("workers")
def test_what_was_read_and_gave_nothing_new_makes_no_generation(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    fill(folder)
    library = Library.create(tmp_path / "library")
    first = library.update([folder])
    for path in folder.glob("part*/*.txt"):
        put(path, path.read_text(), mtime_ns=LONG_AGO + 5_000_000_000)
    put(folder / "many.jsonl", (folder / "many.jsonl").read_text(), mtime_ns=LONG_AGO + 5_000_000_000)
    again = library.update([folder])
    assert again.changed == 34  # what says no date has its file's
    put(folder / "many.jsonl", (folder / "many.jsonl").read_text() + "\n", mtime_ns=LONG_AGO + 5_000_000_000)
    third = library.update([folder])
    assert third.generation == again.generation
    assert third.unchanged == first.added


@pytest.mark.usefixtures("workers")
def test_bytes_are_those_of_the_text(tmp_path: Path) -> None:
    text = b"Trade talks. " * 1000
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "packed.txt.gz").write_bytes(gzip.compress(text))
    assert Library.create(tmp_path / "library").update([tmp_path / "news"]).bytes == len(text)


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("name", ["many.jsonl", "many.jsonl.gz"])
def test_a_file_of_lines_is_shared_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = "".join(lines(40)).encode()
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    asked: list[str] = []
    plain = WorkerPool._put

    def watched(pool: WorkerPool, message: tuple[Any, ...], name: Any, *, light: bool) -> None:
        asked.append(message[0])
        plain(pool, message, name, light=light)

    monkeypatch.setattr(WorkerPool, "_put", watched)
    assert Library.create(tmp_path / "library").update([tmp_path / "news"]).added == 42
    assert set(asked) == {"text" if name.endswith(".gz") else "lines"}
    assert len(asked) > 5


#: A worker that ends itself at its second task with files.
_DIES = """
import os, signal, sys
from index import tasks, worker
plain, calls = tasks.do, 0
def do(segments, message):
    global calls
    calls += 1
    if calls == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(segments, message)
worker.do = do
worker.main()
"""

#: A worker that finds no room: for what it gathers, for its terms of all articles, for the rest of its own.
_FULL = """
import errno, os
from index import run, worker, word_spool
from index.codec.segment_writer import SegmentWriter
def full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "segment")
{place} = full
worker.main()
"""
_PLACES = ("worker.do", "word_spool.WordSpool._spill", "SegmentWriter.close", "run.Fields.vectors")


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("place", _PLACES)
def test_a_full_disk_is_told_without_the_names_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    fill(tmp_path / "news")
    library = Library.create(tmp_path / "library")
    monkeypatch.setattr(processes, "_WORKER", ("-c", _FULL.format(place=place)))
    with pytest.raises(BuildFailed, match=re.escape(f"({os.strerror(errno.ENOSPC)}), nothing was changed")):
        library.update([tmp_path / "news"])
    assert not library.check()
    assert not list(library.path.glob("MAIN_*.*")), "what was written meanwhile is cleared away"


@pytest.mark.usefixtures("workers")
def test_a_worker_that_dies_is_a_clear_error_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "news"
    put(folder / "first.txt", "Story\n\nThe first talks.")
    library = Library.create(tmp_path / "library")
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_MANY", 1 << 40)
        library.update([folder])
    before = holdings(library)
    fill(folder)
    with monkeypatch.context() as patch:
        patch.setattr(processes, "_WORKER", ("-c", _DIES))
        with pytest.raises(
            BuildFailed,
            match=r"a worker process failed \(it ended with code -9\), nothing was changed",
        ):
            library.update([folder])
    assert holdings(library) == before
    assert not library.check()
    segments = {path.name for path in library.path.glob("MAIN_*.byl")}
    assert len(segments) == 1, "what the other process wrote is cleared away"
    report = library.update([folder])
    assert report.added == 98
    side, here = both(tmp_path, monkeypatch, folder)
    assert holdings(Library.open(tmp_path / "side")) == holdings(library)
    assert side == here
