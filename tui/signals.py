"""Ending in good order when a signal asks for it: the terminal clean, the process ended by that signal.

Textual handles neither SIGTERM nor SIGHUP. The handlers here also work while the app cannot: if the
terminal takes no output any more, the main thread waits in a write for ever, and a watch ends the process.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

try:
    import termios
except ImportError:  # no terminal of that kind on this platform
    termios = None  # type: ignore[assignment]

GRACE = 3.0
"""Seconds that the app gets to end in good order."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_RESET = b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[0m"


class Signals:
    """Calls `end` with the number of the first signal that asks for the end, in the app's own loop."""

    def __init__(self, end: Callable[[int], None]) -> None:
        self._end = end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._old: dict[int, Any] = {}
        self._modes: list[Any] | None = None

    def remember_terminal(self) -> None:
        """Remember how the terminal is set before the app takes it."""
        if termios is not None:
            with suppress(OSError, ValueError, termios.error):
                self._modes = termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]

    def listen(self) -> None:
        """Begin to listen; only the main thread can."""
        if threading.current_thread() is threading.main_thread():
            self._loop = asyncio.get_running_loop()
            self._old = {number: signal.signal(number, self._came) for number in _SIGNALS}

    def leave(self) -> None:
        """Listen no longer."""
        while self._old:
            number, handler = self._old.popitem()
            signal.signal(number, handler)

    def _came(self, number: int, _frame: FrameType | None) -> None:
        watch = threading.Thread(target=self._watch, args=(number,), daemon=True)
        watch.start()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end, number)

    def _watch(self, number: int) -> None:
        """End the process if it has not ended by itself, the terminal as clean as it can be made."""
        threading.Event().wait(GRACE)
        with suppress(OSError, ValueError, AttributeError):
            terminal = sys.__stderr__.fileno()  # type: ignore[union-attr]
            os.set_blocking(terminal, False)
            os.write(terminal, _RESET)
        if termios is not None and self._modes is not None:
            with suppress(OSError, ValueError, termios.error):
                termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._modes)  # type: ignore[union-attr]
        os._exit(128 + number)
