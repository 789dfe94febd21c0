"""The options and the printing of every command that lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import click

from index.errors import UsageProblem
from index.value import replace
from search.cli.options import Command, format_options
from search.fields import parse_fields
from search.listing import FORMATS, Listing, Row, pieces

fields_option = click.option("--fields", metavar="NAME,…", help="What to print of each, in this order.")
nul_option = click.option("-0", "nul", is_flag=True, help="Paths as they are, each ended by a NUL byte.")


def listing_options(default: str = "text", *more: str) -> Callable[[Command], Command]:
    """Return the options `--format` (for `style`) and `--fields`; `more` are formats of one command."""
    formats = format_options(*dict.fromkeys((default, "text", *FORMATS, *more)))

    def add(command: Command) -> Command:
        return formats(fields_option(command))

    return add


def chosen_fields(
    text: str | None, style: str, names: Sequence[str], extras: bool = False
) -> tuple[str, ...] | None:
    """Return the fields that `--fields` names of `names`, None if it was not given.

    Raises `UsageProblem` for others, and for a format that has no fields.
    """
    if text is None:
        return None
    in_rows(style, text)
    return parse_fields(text, names, extras)


def in_rows(style: str, fields: str | None) -> bool:
    """Return whether a format is one of rows; raises `UsageProblem` where fields were asked of another."""
    if fields is not None and style not in FORMATS:
        raise UsageProblem(f"--fields does not go with --format {style}", f"one of {', '.join(FORMATS)}")
    return style in FORMATS


def print_listing(listing: Listing, style: str, fields: str | None = None) -> int:
    """Print a listing, row by row, in one of `FORMATS`; return the number of its rows."""
    names = chosen_fields(fields, style, listing.names) or listing.names
    counted = _Counted(listing.rows)
    for piece in pieces(replace(listing, names=names, rows=counted), style):
        click.echo(piece, nl=False)
    return counted.count


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row
