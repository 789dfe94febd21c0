"""`byline words`: the words of a library that begin so, or that are near a word."""

from __future__ import annotations

import re

import click

from index.library import Library
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import EVERY, library_option, number_option
from search.cli.strict import StrictCommand
from search.listing import Listing
from search.searcher import Searcher
from search.terminal import one_line


@click.command("words", cls=StrictCommand, short_help="List words of the library.")
@click.argument("word", metavar="PREFIX|WORD~")
@number_option("So many words", 20)
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, word: str, limit: int, style: str, fields: str | None, library: str | None
) -> None:
    """List words of the library, each with the number of articles that have it.

    PREFIX lists the most frequent words that begin so; WORD~ and WORD~2 those at most one or two edits away,
    the nearest first. Exit code: 0 found, 1 no such word, 2 error.

    Example: byline words coalit
    """
    columns = columns_of(style, fields, ("word", "articles"))
    match = re.fullmatch(r"(.*)~([12]?)", word, re.DOTALL)
    with Searcher(Library.open(library)) as searcher:
        if match:
            found = searcher.words_near(match[1], int(match[2] or 1), limit or EVERY)
        else:
            found = searcher.complete(word.rstrip("*"), limit or EVERY)
    if columns is not None:
        rows = ({"word": one.form, "articles": one.articles} for one in found)
        print_listing(Listing("words", columns, rows), style)
    for one in found if style == "text" else ():
        click.echo(f"{one.articles:>9,}  {one_line(one.form)}")
    if not found:
        begin = one_line(word[:3].strip("*~ "))
        hint = f"byline words {begin} lists others" if begin else "give the beginning of one"
        click.echo(f"byline: no such words: {hint}", err=True)
    ctx.exit(0 if found else 1)
