"""The commands that write a library or tell what it holds: `index`, `status`, `check`, `forget`."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from index.analysis import LANGUAGES
from index.errors import LibraryDamaged
from index.library import Library
from index.names import escape
from index.places import library_path
from index.report import Progress, Report, Skipped, Status
from index.roots import check_paths

_SHOWN_SKIPS = 10
_SHOWN_REASONS = 8
_PLAIN_EVERY = 5.0  # seconds between progress lines that nobody watches as they come

Command = Callable[..., Any]


def _library_option(command: Command) -> Command:
    return click.option("-L", "--library", metavar="NAME|PATH", help="The library to use.")(command)


def _format_options(command: Command) -> Command:
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help="How to print the report.",
    )
    json_short = click.option("--json", "form", flag_value="json", help="Short for --format json.")
    return form(json_short(command))


@click.command(short_help="Make a library, or bring it up to date.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Read everything again and build the index anew.")
@click.option("--prune", is_flag=True, help="Remove articles even if most files of a folder are gone.")
@click.option("--language", type=click.Choice(LANGUAGES), metavar="L", help="Language of a new library.")
@_format_options
@_library_option
def index(
    paths: tuple[Path, ...], rebuild: bool, prune: bool, language: str | None, form: str, library: str | None
) -> None:
    """Bring in the articles below each PATH, a folder or a file; without PATH, look through all folders
    that the library knows.

    New and changed files are read, articles whose file is gone are removed, the rest stays as it is.
    """
    where = library_path(library)
    check_paths(paths)  # before a library is made for paths that are not there
    if not paths:
        Library.open(where, check=False)  # it must be there: without folders none is made
    opened = Library.open_or_create(where, language, check=not rebuild)
    meter = _meter()
    try:
        report = opened.update(paths, rebuild=rebuild, prune=prune, progress=meter.show)
    finally:
        meter.close()
    for note in report.notes:
        click.echo(escape(f"byline: {note}"), err=True)
    _print(report.as_dict() if form == "json" else _report_lines(report))


@click.command(short_help="Tell what a library holds.")
@_format_options
@_library_option
def status(form: str, library: str | None) -> None:
    """Tell what the library holds: its folders, articles, and what was left out and why."""
    found = Library.open(library_path(library), check=False).status()
    _print(found.as_dict() if form == "json" else _status_lines(found))


@click.command(short_help="Verify every byte of a library.")
@_format_options
@_library_option
def check(form: str, library: str | None) -> None:
    """Verify the checksums of a library, and its parts against each other; exit code 2 if any is damaged."""
    opened = Library.open(library_path(library), check=False)
    damage = opened.check()
    if form == "json":
        rows = [{"path": str(found.path), "what": found.what, "hint": found.hint} for found in damage]
        _print({"library": str(opened.path), "sound": not damage, "damage": rows})
    else:
        _print([escape(str(found)) for found in damage] or [f"{escape(str(opened.path))} is sound"])
    if damage:
        raise LibraryDamaged(opened.path, f"{len(damage)} part{'s' * (len(damage) > 1)} damaged")


@click.command(short_help="Drop a folder from a library.")
@click.argument("path", type=click.Path(path_type=Path))
@_format_options
@_library_option
def forget(path: Path, form: str, library: str | None) -> None:
    """Drop the folder PATH (or its label) and its articles from the library; the files themselves stay."""
    report = Library.open(library_path(library), check=False).forget(path)
    _print(report.as_dict() if form == "json" else _report_lines(report))


def _print(answer: dict[str, object] | Iterable[str]) -> None:
    if isinstance(answer, dict):
        click.echo(json.dumps(answer))
        return
    for line in answer:
        click.echo(escape(line))


def _report_lines(report: Report) -> Iterable[str]:
    yield (
        f"added {report.added:,}, changed {report.changed:,}, removed {report.removed:,}, "
        f"unchanged {report.unchanged:,}: {_count(report.articles, 'article')} in the library"
    )
    if report.skipped:
        yield from _skip_lines(report.skipped)
    if report.bytes:
        rate = report.bytes / max(report.seconds, 1e-3)
        yield f"read {_size(report.bytes)} in {report.seconds:.1f} s ({_size(rate)}/s)"


def _skip_lines(skipped: tuple[Skipped, ...]) -> Iterable[str]:
    """Yield the number of places left out by reason, then the first few of them, hidden ones apart."""
    reasons = Counter(skip.reason for skip in skipped)
    named = [f"{count:,} {reason}" for reason, count in reasons.most_common(_SHOWN_REASONS)]
    rest = len(reasons) - len(named)
    yield f"left out {len(skipped):,}: {', '.join(named)}{f', {rest} other reasons' if rest else ''}"
    worth = [skip for skip in skipped if skip.reason != "hidden"]
    for skip in worth[:_SHOWN_SKIPS]:
        line = f":{skip.line}" if skip.line else ""
        yield f"  {skip.path}{line}: {skip.reason}"
    if len(worth) > _SHOWN_SKIPS:
        yield f"  and {len(worth) - _SHOWN_SKIPS:,} more (--json lists all)"


def _status_lines(status: Status) -> Iterable[str]:
    yield f"library   {status.path}"
    yield f"language  {status.language}"
    yield f"articles  {status.articles:,} from {_count(status.files, 'file')}, {_size(status.bytes)}"
    yield f"on disk   {_size(status.disk)}, generation {status.generation}"
    if status.updated is not None:
        yield f"updated   {status.updated.astimezone():%Y-%m-%d %H:%M}"
    for root in status.roots:
        what = "" if root.whole else " (single files)"
        missing = "" if root.there else " (not there now)"
        yield f"folder    {root.path}{what}{missing}: {_count(root.articles, 'article')}, label {root.label}"
    for reason, count in status.skipped.items():
        yield f"left out  {count:,} {reason}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"


def _progress_text(progress: Progress) -> str:
    done = f"{progress.files_done:,} of {_count(progress.files_total, 'file')}"
    text = f"{done}, {_count(progress.articles, 'article')}, {_size(progress.bytes_done)}"
    if progress.writing:
        return f"{text}, writing the index"
    if progress.bytes_done:
        text += f", {_size(progress.rate)}/s"
    if progress.remaining is not None and progress.seconds > 1:
        text += f", {_duration(progress.remaining)} left"
    return text


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class _Meter:
    """Progress as plain lines, few of them, for a log."""

    def __init__(self) -> None:
        self._next = _PLAIN_EVERY

    def show(self, progress: Progress) -> None:
        if progress.seconds >= self._next:
            self._next = progress.seconds + _PLAIN_EVERY
            click.echo(_progress_text(progress), err=True)

    def close(self) -> None:
        """Leave the place clean for what is printed next."""


class _LiveMeter(_Meter):
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


def _meter() -> _Meter:
    return _LiveMeter() if sys.stderr is not None and sys.stderr.isatty() else _Meter()
