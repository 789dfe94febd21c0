"""`byline forget`: drop a folder, or a source, and its articles from a library."""

from __future__ import annotations

from pathlib import Path

import click

from index.cli.options import GivenPath, format_options, library_option
from index.cli.printing import print_answer
from index.cli.report_lines import report_lines
from index.errors import UsageProblem
from index.library import Library
from index.places import library_path


@click.command(
    "forget",
    short_help="Drop a folder or a source from a library.",
)
@click.argument("path", type=GivenPath(), required=False)
@click.option("--source", metavar="NAME", help="Drop what came through standard input under this name.")
@format_options
@library_option
def command(path: Path | None, source: str | None, form: str, library: str | None) -> None:
    """Drop the folder PATH (or its label) and its articles from the library; the files themselves stay.

    Example: byline forget ~/articles
    """
    if (path is None) == (source is None):
        raise UsageProblem("forget takes a PATH, or --source NAME", "byline status lists both")
    opened = Library.open(library_path(library), check=False)
    report = opened.forget(path) if path is not None else opened.forget_source(source or "")
    print_answer(report.as_dict() if form == "json" else report_lines(report))
