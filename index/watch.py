"""Watching a run of indexing from outside: how far it is, and a way to stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from index.errors import UpdateStopped
from index.report import Progress

_EVERY = 0.1  # seconds


class Watch:
    """Counts what a run has done, tells it now and then, and ends the run when that is asked for.

    `files`, `articles` and `bytes` count what was read; `files_total` and `bytes_total` what has to be.
    """

    def __init__(
        self, progress: Callable[[Progress], None] | None = None, stop: threading.Event | None = None
    ) -> None:
        self._progress = progress
        self._stop = stop
        self._began = time.perf_counter()
        self._next = 0.0
        self.files = self.articles = self.bytes = 0
        self.files_total = self.bytes_total = 0

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._began

    def step(self, ahead: int = 0, *, writing: bool = False) -> None:
        """Come by: tell how far the run is, `ahead` bytes into a file, if it was not told just now.

        Raises `UpdateStopped` if the run is to end.
        """
        if self._stop is not None and self._stop.is_set():
            raise UpdateStopped("stopped", "the library is as it was before")
        if self._progress is None:
            return
        seconds = time.perf_counter() - self._began
        if writing or seconds >= self._next:
            self._next = seconds + _EVERY
            self._progress(
                Progress(
                    files_done=self.files,
                    files_total=self.files_total,
                    articles=self.articles,
                    bytes_done=self.bytes + ahead,
                    bytes_total=self.bytes_total,
                    seconds=seconds,
                    writing=writing,
                )
            )
