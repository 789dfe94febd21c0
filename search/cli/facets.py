"""`byline facets`: how many of the articles found come from which source, author, folder and time."""

from __future__ import annotations

from typing import Any

import click

from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.listing import in_rows, listing_options, print_listing
from search.cli.options import library_option
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
@click.option("-n", "count", type=click.IntRange(0), default=10, help="So many of each; 0 is all.")
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, by: str | None, count: int, style: str, fields: str | None, library: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Count the articles that a query finds by source, author, folder, year and month.

    Exit code: 0 found, 1 nothing found, 2 error.

    Example: byline facets 'oil prices' --by source
    """
    text, how = text_of(options["query"]), how_of(options)
    with Searcher(Library.open(library)) as searcher:
        found = searcher.found(text, **how)
        facets = found.facets()
    chosen = {kind: _values(facets, kind) for kind in _KINDS if by in (None, kind)}
    if in_rows(style, fields):
        every = [(kind, one) for kind, values in chosen.items() for one in values]
        rows = [{"facet": kind, "value": one.value, "articles": one.articles} for kind, one in every]
        head = {"query": text, "total": found.total}
        print_listing(Listing("facets", ("facet", "value", "articles"), rows, head), style, fields)
    else:
        _print(chosen, count)
        if found.total and not any(chosen.values()):
            click.echo(f"byline: none of them has a {by or 'value'}: byline facets without --by", err=True)
        click.echo(f"{found.total:,} articles, {found.stories:,} without copies", err=True)
    ctx.exit(0 if found.total else 1)


def _values(facets: Facets, kind: str) -> tuple[Facet, ...]:
    values: tuple[Facet, ...] = getattr(facets, f"{kind}s")
    return values


def _print(chosen: dict[str, tuple[Facet, ...]], count: int) -> None:
    for kind, values in chosen.items():
        if len(chosen) > 1 and values:
            click.echo(kind)
        shown = values[: count or None]
        for one in shown:
            click.echo(f"{one.articles:>9,}  {one_line(one.value)}")
        if len(shown) < len(values):
            click.echo(f"{'…':>9}  {len(values) - len(shown):,} more: -n 0")
