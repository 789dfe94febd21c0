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
    if style not in FORMATS:
        raise UsageProblem(f"--fields does not go with --format {style}", f"one of {', '.join(FORMATS)}")
    return parse_fields(text, names, extras)


def columns_of(style: str, fields: str | None, names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the columns of what is listed: `names`, or those of them that `--fields` has; None for text.

    To be asked before anything is searched: raises `UsageProblem`, as `chosen_fields` does.
    """
    chosen = chosen_fields(fields, style, names)
    return None if style not in FORMATS else chosen or tuple(names)


def print_listing(listing: Listing, style: str) -> int:
    """Print a listing, row by row, in one of `FORMATS`; return the number of its rows."""
    counted = _Counted(listing.rows)
    for piece in pieces(replace(listing, rows=counted), style):
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
