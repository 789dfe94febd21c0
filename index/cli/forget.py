"""`byline forget`: drop a folder and its articles from a library."""

from __future__ import annotations

from pathlib import Path

import click

from index.cli.options import format_options, library_option
from index.cli.printing import print_answer
from index.cli.report_lines import report_lines
from index.library import Library
from index.places import library_path


@click.command("forget", short_help="Drop a folder from a library.")
@click.argument("path", type=click.Path(path_type=Path))
@format_options
@library_option
def command(path: Path, form: str, library: str | None) -> None:
    """Drop the folder PATH (or its label) and its articles from the library; the files themselves stay."""
    report = Library.open(library_path(library), check=False).forget(path)
    print_answer(report.as_dict() if form == "json" else report_lines(report))
