"""Progress of an update on standard error: one line written over and over on a terminal, else a few lines."""

from __future__ import annotations

import shutil
import sys

import click

from index.amounts import count, size
from index.report import Progress

_PLAIN_EVERY = 5.0  # seconds between progress lines that nobody watches as they come


def _progress_text(progress: Progress) -> str:
    done = f"{progress.files_done:,} of {count(progress.files_total, 'file')}"
    text = f"{done}, {count(progress.articles, 'article')}, {size(progress.bytes_done)}"
    if progress.writing:
        return f"{text}, writing the index"
    if progress.bytes_done:
        text += f", {size(progress.rate)}/s"
    if progress.remaining is not None and progress.seconds > 1:
        text += f", {_duration(progress.remaining)} left"
    return text


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class Meter:
    """Progress as plain lines, few of them, for a log."""

    def __init__(self) -> None:
        self._next = _PLAIN_EVERY

    def show(self, progress: Progress) -> None:
        """Print how far the update is, if enough time has passed."""
        if progress.seconds >= self._next:
            self._next = progress.seconds + _PLAIN_EVERY
            click.echo(_progress_text(progress), err=True)

    def close(self) -> None:
        """Leave the place clean for what is printed next."""


class _LiveMeter(Meter):
    """Progress as one line of a terminal that is written over and over."""

    def __init__(self) -> None:
        super().__init__()
        self._width = 0

    def show(self, progress: Progress) -> None:
        if progress.files_total:
            self._write(_progress_text(progress))

    def close(self) -> None:
        if self._width:
            self._write("")
            click.echo("\r", err=True, nl=False)

    def _write(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        # Blanks, not an erasing sequence: every terminal knows them.
        click.echo(f"\r{text.ljust(self._width)}", err=True, nl=False)
        self._width = len(text)


def progress_meter() -> Meter:
    """Return the meter that suits standard error."""
    return _LiveMeter() if sys.stderr is not None and sys.stderr.isatty() else Meter()
