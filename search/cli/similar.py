"""`byline similar`: articles like one article."""

from __future__ import annotations

from typing import Any

import click

from index.library import Library
from search.cli.answers import print_hits
from search.cli.options import library_option, number_option
from search.cli.remarks import end_without
from search.cli.strict import StrictCommand
from search.cli.wanted import fold_option, hit_options, never_folded, wanted_of
from search.searcher import Searcher
from search.terminal import one_line


@click.command("similar", cls=StrictCommand, short_help="Find articles like one article.")
@click.argument("ident", metavar="ID")
@number_option("So many articles", 10)
@fold_option
@hit_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, ident: str, limit: int, fold: bool, library: str | None, **options: Any
) -> None:
    """Find articles like one article, by the words that tell it from others.

    ID is the last line of a hit of `byline search`. Copies of the article are not shown: `byline copies` has
    them. Exit code: 0 found, 1 nothing like it (or no such article), 2 error.

    Example: byline similar seeds/coalition.txt
    """
    wanted = wanted_of(options, limit or None)
    with Searcher(Library.open(library)) as searcher:
        ranked = searcher.similar(ident, limit or None, fold=fold and not never_folded(wanted.style))
        if ranked is None:
            end_without(ctx, ident)
        print_hits(searcher, ranked, wanted, "", ident)
    if not ranked.total:
        click.echo(f"byline: nothing is like it: byline copies {one_line(ident)} has its copies", err=True)
    ctx.exit(0 if ranked.total else 1)
