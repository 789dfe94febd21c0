"""A terminal of our own for the real program: a pseudo-terminal, read by pyte."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyte

from tests.conftest import process_environment

DEADLINE = 30.0
#: Makes the terminal the controlling one, as a shell in it would have done, then becomes the program.
_BEGIN = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of byline with `arguments`."""
    return [sys.executable, "-P", "-m", "tui", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return the environment of a program in a terminal, which itself tells its size."""
    known = process_environment(TERM="xterm-256color", LC_ALL="C.UTF-8", TEXTUAL_DISABLE_KITTY_KEY="1")
    return {name: value for name, value in known.items() if name not in ("COLUMNS", "LINES", "COLORTERM")}


class Terminal:
    """A running byline and the screen it draws on. `raw` is every byte that it has written."""

    def __init__(self, line: list[str], columns: int, rows: int, cwd: Path) -> None:
        self.master, slave = os.openpty()
        termios.tcsetwinsize(slave, (rows, columns))
        self.before = termios.tcgetattr(slave)
        self.raw = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN, *line],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=environment(),
            start_new_session=True,
        )
        self.slave = slave

    def lines(self) -> list[str]:
        """Return what stands on the screen now."""
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        cells = self._screen.buffer
        # A cell is empty behind a wide character, also where that was overwritten: pyte itself falls there.
        return ["".join(cells[row][column].data for column in columns) for row in rows]

    def text(self) -> str:
        """Return what stands on the screen now, in one piece."""
        return "\n".join(self.lines())

    def wait(self, seen: Callable[[], Any], what: str = "") -> None:
        """Read what the program writes until `seen` is true."""
        until = time.monotonic() + DEADLINE
        while not seen():
            assert time.monotonic() < until, f"never seen: {what}\n{self.text()}"
            assert self.process.poll() is None, f"ended before {what}: {self.raw[-2000:]!r}"
            self._read(0.05)

    def see(self, *texts: str) -> None:
        """Read until each of `texts` stands on the screen."""
        for text in texts:
            self.wait(lambda text=text: text in self.text(), text)  # type: ignore[misc]

    def press(self, keys: str) -> None:
        """Send `keys` as a terminal does."""
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Read until the program has ended; return how it did, as `subprocess` counts it."""
        until = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < until, f"does not end\n{self.text()}"
            self._read(0.05)
        while self._read(0):
            pass
        return self.process.returncode

    def is_clean(self) -> bool:
        """Tell whether the terminal is as it was: modes, main screen, cursor, no mouse, no paste."""
        modes = (b"?1049", b"?1000", b"?1003", b"?1006", b"?2004", b"?1004")
        off = all(self.raw.rfind(b"\x1b[%sl" % mode) > self.raw.rfind(b"\x1b[%sh" % mode) for mode in modes)
        cursor = self.raw.rfind(b"\x1b[?25h") > self.raw.rfind(b"\x1b[?25l")
        return off and cursor and termios.tcgetattr(self.slave) == self.before

    def hang_up(self) -> None:
        """Close the terminal, as a window does that is shut."""
        os.close(self.slave)
        os.close(self.master)
        self.slave = self.master = -1

    def close(self) -> None:
        """End the program if it has not ended, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for number in (self.slave, self.master):
            if number >= 0:
                os.close(number)

    def _read(self, wait: float) -> bool:
        if not select.select([self.master], [], [], wait)[0]:
            return False
        data = os.read(self.master, 65536)
        self.raw += data
        self._stream.feed(data)
        return bool(data)


@contextmanager
def terminal(
    *arguments: str | Path, size: tuple[int, int] = (100, 30), cwd: Path, program: list[str] | None = None
) -> Iterator[Terminal]:
    """Run byline (or `program`) with `arguments` in a terminal of `size` columns and rows."""
    it = Terminal([*(program or command()), *map(str, arguments)], *size, cwd)
    try:
        yield it
    finally:
        it.close()
