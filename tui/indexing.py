"""Indexing while searching goes on: one run at a time, in a thread that only posts messages."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual.dom import DOMNode
from textual.message import Message

from index.errors import RootProblem, UpdateStopped
from tui import reach
from tui.contracts import Collection, Progressing, Reporting
from tui.facts import count

_EVERY = 0.1  # seconds between two looks at the progress: more often than this nobody sees


class Progressed(Message):
    """Indexing has come on; a later one takes the place of an earlier."""

    def __init__(self, progress: Progressing) -> None:
        super().__init__()
        self.progress = progress

    def can_replace(self, message: Message) -> bool:
        """Let a later state take the place of one that nobody has seen yet."""
        return isinstance(message, Progressed)


class Finished(Message):
    """A run has ended: with a report, or with an error; both None if it was stopped."""

    def __init__(self, library: Collection | None, report: Reporting | None, error: Exception | None) -> None:
        super().__init__()
        self.library = library
        self.report = report
        self.error = error


class Indexing:
    """Runs of indexing that belong to `owner` (an app or a screen), which gets their messages."""

    def __init__(self, owner: DOMNode) -> None:
        self._owner = owner
        self._stop = threading.Event()
        self._told = 0.0
        self.running = False

    def start(self, make: Any, given: Sequence[str] = (), *, rebuild: bool = False) -> None:
        """Bring in the folders `given` (none: all that are known) into the library that `make()` gives."""
        assert not self.running
        self.running = True
        self._stop.clear()
        self._owner.run_worker(
            partial(self._run, make, given, rebuild), group="index", exclusive=True, thread=True
        )

    def stop(self) -> None:
        """Have the run end; the library stays as it was."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """True once the run was told to end."""
        return self._stop.is_set()

    def _run(self, make: Any, given: Sequence[str], rebuild: bool) -> None:
        """Index; runs in the thread."""
        library, report, failure = None, None, None
        try:
            reach.check("indexing")
            folders = [folder_given(one) for one in given]
            library = make()
            report = library.update(folders, rebuild=rebuild, progress=self._progress, stop=self._stop)
        except UpdateStopped:
            pass
        except Exception as error:  # whatever it was, it becomes a message in the app
            failure = None if self._stop.is_set() else error
        self.running = False
        self._owner.post_message(Finished(library, report, failure))

    def _progress(self, progress: Any) -> None:
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            self._owner.post_message(Progressed(progress))


def folder_given(given: str) -> Path:
    """Return the path that was typed; raises `RootProblem` if there is nothing, before a library is made."""
    try:
        folder = Path(given).expanduser().absolute()
        there = folder.exists()
    except (OSError, RuntimeError, ValueError):  # a name that no path or no home can have
        folder, there = Path(given.replace("\0", "?")), False
    if not there:
        raise RootProblem(folder, "there is no such folder")
    return folder


def in_progress(now: Progressing) -> str:
    """Return `1,204 of 21,578 files · 45,000 articles · 3.2 MB/s · 0:42 left`."""
    parts = [f"{now.files_done:,} of {count(now.files_total, 'file')}", count(now.articles, "article")]
    if now.seconds > 0 and now.bytes_done:
        rate = now.bytes_done / now.seconds
        left = round(max(0, now.bytes_total - now.bytes_done) / rate)
        parts += [f"{rate / 1e6:.1f} MB/s", f"{left // 60}:{left % 60:02} left"]
    return " · ".join(parts)


def in_short(now: Progressing) -> str:
    """Return `indexing 34%`."""
    share = 100 * now.bytes_done // now.bytes_total if now.bytes_total else 0
    return f"indexing {share}%"


def outcome(report: Reporting) -> str:
    """Return `12 added, 3 changed, 1 removed; 2 left out`."""
    counts = ((report.added, "added"), (report.changed, "changed"), (report.removed, "removed"))
    done = ", ".join(f"{number:,} {what}" for number, what in counts if number) or "nothing new"
    return f"{done}; {len(report.skipped):,} left out (F7 shows why)" if report.skipped else done


def skipped_reasons(report: Reporting) -> str:
    """Return why files were left out, in short."""
    reasons = sorted({str(skipped.reason) for skipped in report.skipped})
    return f": {count(len(report.skipped), 'file')} skipped ({', '.join(reasons[:3])})" if reasons else ""
