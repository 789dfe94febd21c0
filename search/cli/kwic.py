"""`byline kwic`: every match of a query with the words around it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import click

from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.listing import in_rows, listing_options, print_listing
from search.cli.options import color_option, library_option
from search.cli.streams import line_width, use_color
from search.cli.strict import StrictCommand
from search.concordance import CONTEXT, Line, LineOrder, in_line_order, lines
from search.listing import Listing, Row
from search.results import MatchKind, Span
from search.searcher import Searcher
from search.styled import marked
from search.terminal import one_line

#: Articles, the best first, whose matches are read if not told otherwise.
_ARTICLES = 1000
#: Columns for a match and the blanks before the id.
_MATCH = 14


@click.command("kwic", cls=StrictCommand, short_help="Print each match with the words around it.")
@asking()
@click.option(
    "--sort", type=click.Choice([order.value for order in LineOrder]), default="hits", help="By which words."
)
@click.option("-n", "limit", type=click.IntRange(0), default=50, help="So many lines; 0 is all.")
@click.option("--articles", type=click.IntRange(0), default=_ARTICLES, help="Of the best so many; 0 is all.")
@click.option("--fold", is_flag=True, help="Of the copies of a story only the first.")
@click.option("--context", type=click.IntRange(1, 1000), help="Characters on either side.")
@listing_options()
@color_option
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, sort: str, limit: int, articles: int, fold: bool, context: int | None, style: str,
    fields: str | None, color: str, library: str | None, **options: Any,
) -> None:  # fmt: skip
    """Print a concordance: each match on a line of its own, with the words before and after it.

    `--sort left` or `right` sorts by the words beside the match, `date` by the articles' dates. Exit code: 0
    found, 1 nothing found, 2 error.

    Example: byline kwic '"interest rates"' --sort right
    """
    text, how = text_of(options["query"]), how_of(options)
    around = context or CONTEXT
    with Searcher(Library.open(library)) as searcher:
        ranked = searcher.rank(text, **how, upto=articles or None, fold=fold)
        if style == "text" and context is None:
            around = _room(searcher.ids(ranked, 0, limit or _ARTICLES), line_width())
        every = (
            line
            for hit in searcher.hits(ranked, 0, articles or None, passages=False)
            for line in lines(hit.article, searcher.spans(ranked, hit.article), around)
        )
        shown = islice(in_line_order(every, LineOrder(sort)), limit or None)
        if in_rows(style, fields):
            count = print_listing(Listing("lines", Line._fields, map(_row, shown)), style, fields)
        else:
            count = _print_text(shown, around, use_color(color))
    if style == "text":
        click.echo(f"{count:,} lines from {len(ranked.docs):,} articles", err=True)
    ctx.exit(0 if count else 1)


def _room(ids: list[str], width: int) -> int:
    """Return how many characters fit on either side of a match, with an id at the end of the line."""
    longest = max(map(len, ids), default=0)
    return min(CONTEXT, max(10, (width - longest - _MATCH) // 2))


def _row(line: Line) -> Row:
    date = line.date.isoformat() if line.date else None
    return {**line._asdict(), "date": date}


def _print_text(shown: Iterable[Line], around: int, color: bool) -> int:
    count = 0
    for line in shown:
        count += 1
        match = marked(line.match, (Span(0, len(line.match), MatchKind.EXACT),), color)
        left, right = one_line(line.left), one_line(line.right)
        click.echo(f"{left:>{around}}{match}{right:<{around}}  {one_line(line.id)}", color=color)
    return count
