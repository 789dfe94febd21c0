"""`byline status`: tell what a library holds."""

from __future__ import annotations

from collections.abc import Iterator

import click

from index.amounts import count, size
from index.cli.options import format_options, library_option
from index.cli.printing import print_answer
from index.library import Library
from index.places import library_path
from index.report import Status
from index.roots import NO_FOLDER


@click.command("status", short_help="Tell what a library holds.")
@format_options
@library_option
def command(form: str, library: str | None) -> None:
    """Tell what the library holds: its folders, articles, and what was left out and why.

    Example: byline status --json
    """
    found = Library.open(library_path(library), check=False).status()
    print_answer(found.as_dict() if form == "json" else _lines(found))


def _lines(status: Status) -> Iterator[str]:
    yield f"library   {status.path}"
    yield f"language  {status.language}"
    yield f"articles  {status.articles:,} from {count(status.files, 'file')}, {size(status.bytes)}"
    yield f"on disk   {size(status.disk)}, generation {status.generation}"
    if status.updated is not None:
        yield f"updated   {status.updated.astimezone():%Y-%m-%d %H:%M}"
    for root in status.roots:
        if root.path == NO_FOLDER:
            yield f"source    {root.label}: {count(root.articles, 'article')}, from standard input"
            continue
        what = "" if root.whole else " (single files)"
        missing = "" if root.there else " (not there now)"
        yield f"folder    {root.path}{what}{missing}: {count(root.articles, 'article')}, label {root.label}"
    for reason, number in status.skipped.items():
        yield f"left out  {number:,} {reason}"
