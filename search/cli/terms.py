"""`byline terms`: words typical of what a query finds, to narrow the search or to widen it."""

from __future__ import annotations

from typing import Any

import click

from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.listing import in_rows, listing_options, print_listing
from search.cli.options import library_option
from search.cli.strict import StrictCommand
from search.listing import Listing
from search.searcher import Searcher
from search.terminal import one_line


@click.command("terms", cls=StrictCommand, short_help="Print words typical of what is found.")
@asking()
@click.option("-n", "count", type=click.IntRange(1), default=20, help="So many words.")
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, count: int, style: str, fields: str | None, library: str | None, **options: Any
) -> None:
    """Print the words that are typical of the articles a query finds, against all others.

    Each with the number of these articles that have it, of all that have it, and how surprising that is
    (log-likelihood). Add one with + to narrow the search, with OR to widen it. Exit code: 0 found, 1 nothing
    found, 2 error.

    Example: byline terms cocoa -n 10
    """
    text, how = text_of(options["query"]), how_of(options)
    with Searcher(Library.open(library)) as searcher:
        found = searcher.found(text, **how)
        words = found.terms(count)
    if in_rows(style, fields):
        names = ("word", "articles", "others", "surprise")
        rows = (dict(zip(names, word, strict=True)) for word in words)
        print_listing(Listing("words", names, rows, {"query": text, "total": found.total}), style, fields)
    else:
        width = max((len(word.form) for word in words), default=0)
        for word in words:
            share = f"{word.articles:>7,} of {word.articles + word.others:<9,}"
            click.echo(f"{one_line(word.form):<{width}}  {share}  {word.surprise:>10,.1f}")
        click.echo(f"words of {found.total:,} articles", err=True)
    ctx.exit(0 if found.total else 1)
