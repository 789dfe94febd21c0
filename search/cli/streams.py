"""What a command asks of its standard streams: what they bring, how wide and how colourful they are."""

from __future__ import annotations

import os
import sys

_WIDEST = 100


def read_stdin() -> str:
    """Return all of standard input; bytes that are not UTF-8 are no error."""
    return "" if sys.stdin is None else sys.stdin.buffer.read().decode("utf-8", "replace")


def use_color(choice: str) -> bool:
    """Return whether to style output: as `--color` says, else NO_COLOR, else if stdout is a terminal."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and on_terminal()


def line_width(elsewhere: int = _WIDEST) -> int:
    """Return the columns to print on: the terminal's up to 100, or `elsewhere` if stdout is none."""
    if not on_terminal():
        return elsewhere
    import shutil  # it brings two libraries to unpack archives

    return min(shutil.get_terminal_size().columns, _WIDEST)


def on_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()
