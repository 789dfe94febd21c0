"""`byline check`: verify every byte of a library."""

from __future__ import annotations

import click

from index.cli.options import format_options, library_option
from index.cli.printing import print_answer
from index.errors import LibraryDamaged
from index.library import Library
from index.names import escape
from index.places import library_path


@click.command("check", short_help="Verify every byte of a library.")
@format_options
@library_option
def command(form: str, library: str | None) -> None:
    """Verify the checksums of a library, and its parts against each other; exit code 2 if any is damaged.

    Example: byline check -L news
    """
    opened = Library.open(library_path(library), check=False)
    damage = opened.check()
    if form == "json":
        rows = [{"path": str(found.path), "what": found.what, "hint": found.hint} for found in damage]
        print_answer({"library": str(opened.path), "sound": not damage, "damage": rows})
    else:
        print_answer([escape(str(found)) for found in damage] or [f"{escape(str(opened.path))} is sound"])
    if damage:
        raise LibraryDamaged(opened.path, f"{len(damage)} part{'s' * (len(damage) > 1)} damaged")
