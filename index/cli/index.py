"""`byline index`: make a library, or bring it up to date."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from index.analysis import LANGUAGES
from index.cli.meter import progress_meter
from index.cli.names_from import paths_from
from index.cli.options import GivenPath, format_options, library_option
from index.cli.printing import print_answer
from index.cli.report_lines import report_lines
from index.errors import UsageProblem
from index.library import Library
from index.names import escape
from index.places import library_path
from index.report import Report
from index.roots import check_paths


@click.command(
    "index",
    short_help="Make a library, or bring it up to date.",
)
@click.argument("paths", nargs=-1, type=GivenPath())
@click.option("--rebuild", is_flag=True, help="Read everything again and build the index anew.")
@click.option("--prune", is_flag=True, help="Remove articles even if most files of a folder are gone.")
@click.option(
    "--files-from",
    metavar="FILE|-",
    help="Take more paths from a file, or from standard input: one a line, or NUL between them.",
)
@click.option("--stdin", is_flag=True, help="Bring in JSON lines from standard input; needs --source.")
@click.option("--source", metavar="NAME", help="The name that articles from standard input belong to.")
@click.option("--watch", is_flag=True, help="Then keep the library up to date until ctrl-c.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    metavar="L",
    help=f"Language of a new library: {', '.join(LANGUAGES)} (default: english).",
)
@format_options
@library_option
def command(
    paths: tuple[Path, ...],
    rebuild: bool,
    prune: bool,
    files_from: str | None,
    stdin: bool,
    source: str | None,
    watch: bool,
    language: str | None,
    form: str,
    library: str | None,
) -> None:
    """Bring in the articles below each PATH, a folder or a file; without PATH, look through all folders
    that the library knows.

    New and changed files are read, articles whose file is gone are removed, the rest stays as it is.

    Example: byline index ~/articles
    """
    where = library_path(library)
    if stdin or source is not None:
        if not stdin or source is None:
            raise UsageProblem("--stdin and --source NAME go together")
        if paths or rebuild or watch or files_from is not None:
            raise UsageProblem("--stdin takes no paths, --rebuild, --files-from or --watch")
        _print(_feed(Library.open_or_create(where, language), source, prune), form)
        return
    if watch:
        _check_watch()
    given = [*paths, *(paths_from(files_from) if files_from is not None else ())]
    check_paths(given)  # before a library is made for paths that are not there
    if not given:
        if files_from is not None:
            raise UsageProblem(f"no paths in {files_from}")
        Library.open(where, check=False)  # it must be there: without folders none is made
    opened = Library.open_or_create(where, language, check=not rebuild)
    _print(_update(opened, given, rebuild, prune), form)
    if watch:
        _keep_current(opened, form)


def _update(library: Library, paths: Sequence[Path], rebuild: bool, prune: bool) -> Report:
    meter = progress_meter()
    gc.disable()  # much is loaded and kept, and hardly anything of it is ever garbage
    try:
        return library.update(paths, rebuild=rebuild, prune=prune, progress=meter.show)
    finally:
        gc.enable()
        meter.close()


def _feed(library: Library, source: str, prune: bool) -> Report:
    if sys.stdin.isatty():
        click.echo("byline: reading JSON lines from the terminal, ctrl-d ends them", err=True)
    meter = progress_meter()
    try:
        return library.feed(sys.stdin.buffer, source, prune=prune, progress=meter.show)
    finally:
        meter.close()


def _check_watch() -> None:
    from index.follow import check_watchfiles

    check_watchfiles()


def _keep_current(library: Library, form: str) -> None:
    """Print a report for each update that changed something, until interrupted."""
    from index.follow import follow

    click.echo("byline: watching, ctrl-c ends it", err=True)
    for told in follow(library):
        if not isinstance(told, Report):
            click.echo(escape(f"byline: {told}"), err=True)
        elif told.added or told.changed or told.removed:
            _print(told, form)


def _print(report: Report, form: str) -> None:
    for note in report.notes:
        click.echo(escape(f"byline: {note}"), err=True)
    print_answer(report.as_dict() if form == "json" else report_lines(report))
    sys.stdout.flush()
