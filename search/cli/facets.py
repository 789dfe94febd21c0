"""`byline facets`: how many of the articles found come from which source, author, folder and time."""

from __future__ import annotations

from typing import Any

import click

from index.amounts import count
from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import library_option, number_option
from search.cli.remarks import found_of
from search.cli.strict import StrictCommand
from search.facets import Facet, Facets
from search.listing import Listing
from search.searcher import Searcher
from search.terminal import one_line

_KINDS = ("source", "author", "folder", "year", "month")


@click.command(
    "facets", cls=StrictCommand, short_help="Count what is found by source, author, folder and date."
)
@asking()
@click.option("--by", type=click.Choice(_KINDS), help="Only these (default: all).")
@number_option("So many of each", 10)
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, by: str | None, limit: int, style: str, fields: str | None, library: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Count the articles that a query finds by source, author, folder, year and month.

    Exit code: 0 found, 1 nothing found, 2 error.

    Example: byline facets 'oil prices' --by source
    """
    columns = columns_of(style, fields, ("facet", "value", "articles"))
    text, how = text_of(options["query"]), how_of(options)
    with Searcher(Library.open(library)) as searcher:
        found = found_of(searcher, text, how)
        facets = found.facets()
    chosen = {kind: _values(facets, kind) for kind in _KINDS if by in (None, kind)}
    if columns is not None:
        every = [(kind, one) for kind, values in chosen.items() for one in values]
        rows = [{"facet": kind, "value": one.value, "articles": one.articles} for kind, one in every]
        head = {"query": text, "total": found.total}
        print_listing(Listing("facets", columns, rows, head), style)
    else:
        _print(chosen, limit)
        if found.total:
            if not any(chosen.values()):
                lacking = f"none of them has a {by or 'value'}: byline facets without --by"
                click.echo(f"byline: {lacking}", err=True)
            click.echo(f"{count(found.total, 'article')}, {found.stories:,} without copies", err=True)
    ctx.exit(0 if found.total else 1)


def _values(facets: Facets, kind: str) -> tuple[Facet, ...]:
    values: tuple[Facet, ...] = getattr(facets, f"{kind}s")
    return values


def _print(chosen: dict[str, tuple[Facet, ...]], limit: int) -> None:
    for kind, values in chosen.items():
        if len(chosen) > 1 and values:
            click.echo(kind)
        shown = values[: limit or None]
        for one in shown:
            click.echo(f"{one.articles:>9,}  {one_line(one.value)}")
        if len(shown) < len(values):
            click.echo(f"{'…':>9}  {len(values) - len(shown):,} more: -n 0")
