"""Following folders: what changes is brought in, in bursts, and a root that vanishes costs nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import BylineError
from index.follow import follow
from index.library import Library
from index.report import Report
from tests.index.shelf import ids, put

pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")


def changes(told: Iterator[Report | BylineError]) -> Report | BylineError:
    """Return the next report of something that changed, or the next trouble."""
    for found in told:
        if isinstance(found, BylineError) or found.added or found.changed or found.removed:
            return found
    raise AssertionError("it ended")


def test_a_library_follows_its_folder_and_outlives_its_vanishing(tmp_path: Path) -> None:
    news = tmp_path / "news"
    put(news / "a.txt", "Ports\n\nPorts opened.")
    library = Library.create(news / "library")  # inside: what it writes itself is no change
    library.update([news])
    stop = threading.Event()
    told = follow(library, stop)
    assert isinstance(first := next(told), Report)
    assert (first.added, first.unchanged) == (0, 1)
    for number in range(30):
        put(news / f"burst{number}.txt", f"Ships\n\nShip {number} sailed.", mtime_ns=None)
    came = 0
    bursts = 0
    while came < 30:
        report = changes(told)
        assert isinstance(report, Report)
        came, bursts = came + report.added, bursts + 1
    assert bursts < 5
    (news / "a.txt").unlink()
    gone = changes(told)
    assert isinstance(gone, Report)
    assert gone.removed == 1
    stop.set()
    assert list(told) == []


def test_a_root_that_vanishes_is_told_and_taken_up_again(tmp_path: Path) -> None:
    news = tmp_path / "news"
    put(news / "a.txt", "Ports\n\nPorts opened.")
    library = Library.create(tmp_path / "library")
    library.update([news])
    told = follow(library)
    assert isinstance(next(told), Report)
    news.rename(tmp_path / "away")
    trouble = changes(told)
    assert isinstance(trouble, BylineError)
    assert "not there" in str(trouble)
    assert ids(library) == {"news/a.txt"}
    put(tmp_path / "away" / "b.txt", "Ships\n\nShips sailed.")
    (tmp_path / "away").rename(news)
    back = changes(told)
    assert isinstance(back, Report)
    assert back.added == 1
    shutil.rmtree(news)
    assert isinstance(changes(told), BylineError)
    assert ids(library) == {"news/a.txt", "news/b.txt"}
