"""`byline index`: make a library, or bring it up to date."""

from __future__ import annotations

from pathlib import Path

import click

from index.analysis import LANGUAGES
from index.cli.meter import progress_meter
from index.cli.options import format_options, library_option
from index.cli.printing import print_answer
from index.cli.report_lines import report_lines
from index.library import Library
from index.names import escape
from index.places import library_path
from index.roots import check_paths


@click.command("index", short_help="Make a library, or bring it up to date.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Read everything again and build the index anew.")
@click.option("--prune", is_flag=True, help="Remove articles even if most files of a folder are gone.")
@click.option("--language", type=click.Choice(LANGUAGES), metavar="L", help="Language of a new library.")
@format_options
@library_option
def command(
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
    meter = progress_meter()
    try:
        report = opened.update(paths, rebuild=rebuild, prune=prune, progress=meter.show)
    finally:
        meter.close()
    for note in report.notes:
        click.echo(escape(f"byline: {note}"), err=True)
    print_answer(report.as_dict() if form == "json" else report_lines(report))
