"""Worker processes side by side: batches of rows, or of files to read, in; segment files out.

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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from index.analysis import Analyzer
from index.errors import BuildFailed
from index.record import Row
from index.worker import read_frame, write_frame

#: The package's own parent: workers must import this very package, wherever the program was started.
_ROOT = str(Path(__file__).resolve().parent.parent)

H = TypeVar("H")


@dataclass(slots=True)
class _Outcome:
    segments: list[tuple[str, int]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    stems: dict[str, str] = field(default_factory=dict)
    error: str = ""


class WorkerPool:
    """`jobs` processes that write segments into `folder`. `finish` or `stop` ends them."""

    def __init__(self, folder: Path, analyzer: Analyzer, jobs: int, *, keep_articles: bool = True) -> None:
        self._analyzer = analyzer
        self._queue: queue.Queue[tuple[tuple[Any, ...], Any] | None] = queue.Queue(maxsize=jobs)
        self._answers: queue.Queue[tuple[Any, int, tuple[Any, ...]]] = queue.Queue()
        self._outcomes = [_Outcome() for _ in range(jobs)]
        start = ("start", str(folder), analyzer.language, dict(analyzer.stems), keep_articles)
        self._processes = [_start() for _ in range(jobs)]
        self._threads = [
            threading.Thread(target=self._feed, args=(number, start), daemon=True) for number in range(jobs)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, rows: list[Row]) -> None:
        """Hand a batch to the next free process; waits while all are busy. Raises `BuildFailed`."""
        self._put(("rows", rows), None)

    def answers(
        self, tasks: Iterable[tuple[tuple[Any, ...] | None, H]]
    ) -> Iterator[tuple[H, int, tuple[Any, ...]]]:
        """Hand out messages of `index.tasks`, each with anything that names it; yield that, the number of the
        worker and its answer, in the order in which they are done. A message of None is answered by nothing.

        Raises `BuildFailed`.
        """
        asked = 0
        for message, name in tasks:
            if message is None:
                yield name, -1, ()
                continue
            self._put(message, name)
            asked += 1
            while asked and (asked >= 2 * len(self._threads) or not self._answers.empty()):
                yield self._answer()
                asked -= 1
        for _ in range(asked):
            yield self._answer()

    def drop(self, worker: int, number: int) -> None:
        """Take back an article, named by its worker and its place among all that were added there."""
        self._outcomes[worker].dropped.append(number)

    def finish(self) -> list[tuple[str, int, set[int]]]:
        """Wait for all; return the segments written: id, number of articles, and which were taken back.

        Raises `BuildFailed`.
        """
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
        return [segment for outcome in self._outcomes for segment in _with_dropped(outcome)]

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

    def _put(self, message: tuple[Any, ...], name: Any) -> None:
        while True:
            self._check()
            try:
                self._queue.put((message, name), timeout=1.0)
                return
            except queue.Full:
                continue

    def _answer(self) -> tuple[Any, int, tuple[Any, ...]]:
        while True:
            self._check()
            try:
                return self._answers.get(timeout=0.5)
            except queue.Empty:
                continue

    def _feed(self, number: int, start: tuple[object, ...]) -> None:
        process, outcome = self._processes[number], self._outcomes[number]
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            write_frame(process.stdin, start)
            while (given := self._queue.get()) is not None:
                message, name = given
                write_frame(process.stdin, message)
                if message[0] != "rows":
                    answer = read_frame(process.stdout)
                    if answer[0] == "error":
                        outcome.error = str(answer[1])
                        return
                    self._answers.put((name, number, answer[1]))
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


def _with_dropped(outcome: _Outcome) -> Iterator[tuple[str, int, set[int]]]:
    """Yield a worker's segments, each with the numbers in it of the articles that were taken back."""
    first = 0
    for name, count in outcome.segments:
        yield name, count, {number - first for number in outcome.dropped if 0 <= number - first < count}
        first += count


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
