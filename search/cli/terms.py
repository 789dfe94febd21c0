"""`byline terms`: words typical of what a query finds, to narrow the search or to widen it."""

from __future__ import annotations

from typing import Any

import click

from index.amounts import count
from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.columns import in_columns
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import EVERY, library_option, number_option
from search.cli.remarks import found_of
from search.cli.strict import StrictCommand
from search.listing import Listing
from search.searcher import Searcher

_COLUMNS = ("word", "articles", "others", "surprise")


@click.command("terms", cls=StrictCommand, short_help="Print words typical of what is found.")
@asking()
@number_option("So many words", 20)
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, limit: int, style: str, fields: str | None, library: str | None, **options: Any
) -> None:
    """Print the words that are typical of the articles a query finds, against all others.

    Each with the number of these articles that have it, of all that have it, and how surprising that is
    (log-likelihood). Add one with + to narrow the search, with OR to widen it. Exit code: 0 found, 1 nothing
    found, 2 error.

    Example: byline terms cocoa -n 10
    """
    columns = columns_of(style, fields, _COLUMNS)
    text, how = text_of(options["query"]), how_of(options)
    with Searcher(Library.open(library)) as searcher:
        found = found_of(searcher, text, how)
        words = found.terms(limit or EVERY)
    if columns is not None:
        rows = (dict(zip(_COLUMNS, word, strict=True)) for word in words)
        print_listing(Listing("words", columns, rows, {"query": text, "total": found.total}), style)
    else:
        shown = [
            (word.form, f"{word.articles:,} of", f"{word.articles + word.others:,}", f"{word.surprise:,.1f}")
            for word in words
        ]
        for line in in_columns(shown, "<>>>"):
            click.echo(line)
        if found.total:
            click.echo(f"words of {count(found.total, 'article')}", err=True)
    ctx.exit(0 if found.total else 1)
