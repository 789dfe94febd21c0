"""When garbage is collected: while the reader rests, since a collection between a key and its frame is felt.

Python looks for garbage whenever some hundreds of objects more are there, and each frame makes thousands.
Here it looks once no key has come for a while, as thoroughly as it would have by then; before that only if
very much is left behind.
"""

from __future__ import annotations

import gc
from typing import Any

from textual.app import App
from textual.timer import Timer

REST = 0.25
"""Seconds without a key after which garbage is collected."""
_FEW = 2_000
"""Objects for which it is not worth the while."""
_MANY = 100_000
"""Objects at which Python collects all the same."""
_TIMES = 10
"""Collections of one generation after which the next is looked at as well, as Python counts."""


class Garbage:
    """Collects the garbage of `app`, from `begin` to `end`; `stir` is to be called for each key."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._timer: Timer | None = None
        self._usual = gc.get_threshold()
        self._started = False

    def begin(self) -> None:
        """Collect at rest from now on."""
        gc.set_threshold(_MANY, *self._usual[1:])
        self._timer = self._app.set_interval(REST, self._collect)

    def end(self) -> None:
        """Collect as Python does."""
        gc.set_threshold(*self._usual)

    def stir(self) -> None:
        """Wait: the reader does something."""
        if self._timer is not None:
            self._timer.reset()

    def _collect(self) -> None:
        if self._timer is not None:
            self._timer.pause()
        young, middle, old = gc.get_count()
        if not self._started:  # what the start has made stays
            self._started = True
            gc.freeze()
        elif young > _FEW:
            gc.collect(2 if old > _TIMES else 1 if middle > _TIMES else 0)
