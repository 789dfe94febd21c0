"""Worker processes side by side: batches of rows in, segment files out.

Each process has a thread here that feeds it, so that the next batch goes to whoever is free. Processes are
started anew (`-P -m index.worker`), never forked from a program that has threads, and never import the
caller's main module.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from index.analysis import Analyzer
from index.errors import BuildFailed
from index.record import Row
from index.worker import read_frame, write_frame

#: The package's own parent: workers must import this very package, wherever the program was started.
_ROOT = str(Path(__file__).resolve().parent.parent)


@dataclass(slots=True)
class _Outcome:
    segments: list[tuple[str, int]] = field(default_factory=list)
    stems: dict[str, str] = field(default_factory=dict)
    error: str = ""


class WorkerPool:
    """`jobs` processes that write segments into `folder`. `finish` or `stop` ends them."""

    def __init__(self, folder: Path, analyzer: Analyzer, jobs: int, *, keep_articles: bool = True) -> None:
        self._analyzer = analyzer
        self._queue: queue.Queue[list[Row] | None] = queue.Queue(maxsize=jobs)
        self._outcomes = [_Outcome() for _ in range(jobs)]
        start = ("start", str(folder), analyzer.language, dict(analyzer.stems), keep_articles)
        self._processes = [_start() for _ in range(jobs)]
        self._threads = [
            threading.Thread(target=self._feed, args=(process, start, outcome), daemon=True)
            for process, outcome in zip(self._processes, self._outcomes, strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, rows: list[Row]) -> None:
        """Hand a batch to the next free process; waits while all are busy. Raises `BuildFailed`."""
        while True:
            self._check()
            try:
                self._queue.put(rows, timeout=1.0)
                return
            except queue.Full:
                continue

    def finish(self) -> list[tuple[str, int]]:
        """Wait for all; return the segments written (id, articles). Raises `BuildFailed`."""
        for _ in self._threads:
            while any(thread.is_alive() for thread in self._threads):
                try:
                    self._queue.put(None, timeout=0.2)
                    break
                except queue.Full:
                    self._check()
        for thread in self._threads:
            thread.join()
        for process in self._processes:
            process.wait()
            _close(process)
        self._check()
        for outcome in self._outcomes:
            self._analyzer.learn(outcome.stems)
        return [segment for outcome in self._outcomes for segment in outcome.segments]

    def stop(self) -> None:
        """End the processes at once; the files they wrote are left to the next clean-up."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            _close(process)

    def _check(self) -> None:
        for outcome in self._outcomes:
            if outcome.error:
                self.stop()
                raise BuildFailed(f"a worker process failed ({outcome.error})", "nothing was changed")

    def _feed(self, process: subprocess.Popen[bytes], start: tuple[object, ...], outcome: _Outcome) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            write_frame(process.stdin, start)
            while (rows := self._queue.get()) is not None:
                write_frame(process.stdin, ("rows", rows))
            write_frame(process.stdin, ("end",))
            self._receive(process, outcome)
        except (OSError, ValueError, EOFError):
            self._last_words(process, outcome)

    def _receive(self, process: subprocess.Popen[bytes], outcome: _Outcome) -> None:
        assert process.stdout is not None
        while True:
            message = read_frame(process.stdout)
            if message[0] == "segment":
                outcome.segments.append((message[1], message[2]))
            elif message[0] == "stems":
                outcome.stems = message[1]
                return
            else:
                outcome.error = str(message[1])
                return

    def _last_words(self, process: subprocess.Popen[bytes], outcome: _Outcome) -> None:
        """Note why a process that no longer listens has ended."""
        try:
            self._receive(process, outcome)
        except (OSError, ValueError, EOFError):
            pass
        outcome.error = outcome.error or f"it ended with code {process.wait()}"


def _start() -> subprocess.Popen[bytes]:
    paths = [_ROOT, *filter(None, (os.environ.get("PYTHONPATH"),))]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "index.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # ctrl-c is for the builder; it ends its workers itself
    )


def _close(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
