"""Worker processes side by side: batches of rows, or of files to read, in; segment files out.

Each process has a thread here that feeds it, so that the next batch goes to whoever is free.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.analysis import Analyzer
from index.errors import BuildFailed
from index.forking import ForkedProcess
from index.frames import read_frame, write_frame
from index.processes import Process, close_pipes, end_workers
from index.record import Row


@dataclass(slots=True)
class _Outcome:
    """What one process has done.

    `segments` are those it wrote (id, articles); `pending` are the articles that were in no segment when all
    was read, and what it shares of them. `dropped` are places among all articles that were added there.
    """

    segments: list[tuple[str, int]] = field(default_factory=list)
    pending: int = 0
    shared: bytes = b""
    dropped: list[int] = field(default_factory=list)
    error: str = ""


class WorkerPool:
    """Processes of `start_workers`, which was given the same `analyzer`, that write segments into `folder`.
    `finish` or `stop` ends them."""

    def __init__(
        self,
        folder: Path,
        analyzer: Analyzer,
        processes: list[Process],
        *,
        keep_articles: bool = True,
    ) -> None:
        self._folder = folder
        self._analyzer = analyzer
        self._processes = processes
        jobs = len(processes)
        self._queue: queue.SimpleQueue[tuple[tuple[Any, ...], Any, bool] | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(2 * jobs)
        self._asked = 0
        self._closed = False
        self._answers: queue.SimpleQueue[tuple[Any, int, tuple[Any, ...]]] = queue.SimpleQueue()
        self._outcomes = [_Outcome() for _ in range(jobs)]
        start = ("start", str(folder), analyzer.language)
        self._threads = []
        for number, process in enumerate(processes):
            told = {} if isinstance(process, ForkedProcess) else dict(analyzer.stems)
            given = number, (*start, told, keep_articles)
            self._threads.append(threading.Thread(target=self._feed, args=given, daemon=True))
        for thread in self._threads:
            thread.start()

    def add(self, rows: list[Row]) -> None:
        """Hand a batch to the next free process; waits while all are busy. Raises `BuildFailed`."""
        self._put(("rows", rows), None, light=False)

    def ask(self, message: tuple[Any, ...], name: Any, *, light: bool = False) -> None:
        """Hand a message of `index.tasks` to the next free process, with anything that names it.

        Waits while all are busy, but not with a `light` one, of which many may wait. Raises `BuildFailed`.
        """
        self._asked += 1
        self._put(message, name, light=light)

    def answers(self, *, wait: bool = True) -> Iterator[tuple[Any, int, tuple[Any, ...]]]:
        """Yield the name of each message that was asked, the number of its worker and the answer, in the
        order in which they are done; without `wait` those that are here. Raises `BuildFailed`."""
        while self._asked and (wait or not self._answers.empty()):
            self._asked -= 1
            yield self._answer()

    def drop(self, worker: int, number: int) -> None:
        """Take back an article, named by its worker and its place among all that were added there."""
        self._outcomes[worker].dropped.append(number)

    def close(self) -> None:
        """Wait until all is read and analysed, and have it written, without waiting for that.

        What no process has written yet becomes one segment, of which each writes a part. Raises
        `BuildFailed`.
        """
        if self._closed:
            return
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            while thread.is_alive():
                thread.join(0.2)
                self._check()
        self._check()
        everyone = range(len(self._processes))
        for number in everyone:
            self._tell(number, ("end",))
        for number in everyone:
            outcome = self._outcomes[number]
            _, outcome.pending, outcome.shared, stems = self._hear(number)
            self._analyzer.learn(stems)
        shared = [outcome.shared for outcome in self._outcomes]
        any_pending = any(outcome.pending for outcome in self._outcomes)
        for number in everyone:
            others = [b"" if place == number else words for place, words in enumerate(shared)]
            self._tell(number, ("close", others if any_pending else [], number))
            self._outcomes[number].shared = b""

    def finish(self) -> list[tuple[str, int, set[int]]]:
        """Wait for all; return the segments written: id, number of articles, and which were taken back.

        Raises `BuildFailed`.
        """
        self.close()
        parts = []
        for number, outcome in enumerate(self._outcomes):
            while (message := self._hear(number))[0] != "written":
                if message[0] == "part":
                    parts.append(message[1])
                else:
                    outcome.segments.append((message[1], message[2]))
        for process in self._processes:
            process.wait()
            close_pipes(process)
        found = [segment for outcome in self._outcomes for segment in _with_dropped(outcome)]
        if parts:
            from index.parts import put_together  # not at the top: processes start before numpy loads

            found.append((put_together(self._folder, parts), *_pending(self._outcomes)))
        return found

    def stop(self) -> None:
        """End the processes at once; the files they wrote are left to the next clean-up."""
        end_workers(self._processes)

    def _check(self) -> None:
        for outcome in self._outcomes:
            if outcome.error:
                self.stop()
                raise BuildFailed(
                    f"a worker process failed ({outcome.error}), nothing was changed",
                    "see to that and run the command again",
                )

    def _put(self, message: tuple[Any, ...], name: Any, *, light: bool) -> None:
        self._check()
        while not (light or self._room.acquire(timeout=1.0)):
            self._check()
        self._queue.put((message, name, light))

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
                message, name, light = given
                if not light:
                    self._room.release()
                write_frame(process.stdin, message)
                if message[0] != "rows":
                    answer = read_frame(process.stdout)
                    if answer[0] == "error":
                        outcome.error = str(answer[1])
                        return
                    self._answers.put((name, number, answer[1]))
        except (OSError, ValueError, EOFError):
            self._last_words(number)

    def _tell(self, number: int, message: tuple[Any, ...]) -> None:
        """Send a message to a process that waits for one. Raises `BuildFailed`."""
        stream = self._processes[number].stdin
        assert stream is not None
        try:
            write_frame(stream, message)
        except (OSError, ValueError):
            self._last_words(number)
            self._check()

    def _hear(self, number: int) -> tuple[Any, ...]:
        """Return the next message of a process. Raises `BuildFailed`."""
        stream = self._processes[number].stdout
        assert stream is not None
        try:
            message = read_frame(stream)
        except (OSError, ValueError, EOFError):
            self._last_words(number)
        else:
            if message[0] != "error":
                return message
            self._outcomes[number].error = str(message[1])
        self._check()
        raise AssertionError("unreachable: the check raises")

    def _last_words(self, number: int) -> None:
        """Note why a process that no longer listens has ended."""
        process, outcome = self._processes[number], self._outcomes[number]
        assert process.stdout is not None
        try:
            while (message := read_frame(process.stdout))[0] != "error":
                pass
            outcome.error = str(message[1])
        except (OSError, ValueError, EOFError):
            outcome.error = f"it ended with code {process.wait()}"


def _with_dropped(outcome: _Outcome) -> Iterator[tuple[str, int, set[int]]]:
    """Yield a process's segments, each with the numbers in it of the articles that were taken back."""
    first = 0
    for name, count in outcome.segments:
        yield name, count, {number - first for number in outcome.dropped if 0 <= number - first < count}
        first += count


def _pending(outcomes: list[_Outcome]) -> tuple[int, set[int]]:
    """Return how many articles the segment of all has, and the numbers of those that were taken back."""
    base, dropped = 0, set()
    for outcome in outcomes:
        written = sum(count for _, count in outcome.segments)
        dropped |= {base + number - written for number in outcome.dropped if number >= written}
        base += outcome.pending
    return base, dropped
