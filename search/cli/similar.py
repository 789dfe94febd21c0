"""`byline similar`: articles like one article."""

from __future__ import annotations

from typing import Any

import click

from index.library import Library
from search.cli.answers import print_hits
from search.cli.options import library_option
from search.cli.strict import StrictCommand
from search.cli.wanted import hit_options, wanted_of
from search.searcher import Searcher
from search.terminal import one_line


@click.command("similar", cls=StrictCommand, short_help="Find articles like one article.")
@click.argument("ident", metavar="ID")
@click.option("-n", "limit", type=click.IntRange(0), default=10, help="So many articles; 0 is all.")
@hit_options()
@library_option
@click.pass_context
def command(ctx: click.Context, /, ident: str, limit: int, library: str | None, **options: Any) -> None:
    """Find articles like one article, by the words that tell it from others.

    ID is the last line of a hit of `byline search`. Copies of the article are not shown: `byline copies` has
    them. Exit code: 0 found, 1 nothing like it (or no such article), 2 error.

    Example: byline similar seeds/coalition.txt
    """
    wanted = wanted_of(options, limit or None)
    with Searcher(Library.open(library)) as searcher:
        ranked = searcher.similar(ident, limit or None)
        if ranked is None:
            click.echo(f"byline: no article {one_line(ident)}: byline search finds ids", err=True)
            ctx.exit(1)
        print_hits(searcher, ranked, wanted, "", ident)
    if not ranked.total:
        click.echo(f"byline: nothing is like it: byline copies {one_line(ident)} has its copies", err=True)
    ctx.exit(0 if ranked.total else 1)
