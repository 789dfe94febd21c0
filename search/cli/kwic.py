"""`byline kwic`: every match of a query with the words around it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import click

from index.amounts import count as amount
from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import Whole, color_option, library_option, number_option
from search.cli.remarks import echo_nothing, echo_remarks
from search.cli.streams import line_width, on_terminal, use_color
from search.cli.strict import StrictCommand
from search.concordance import CONTEXT, Line, LineOrder, in_line_order, lines
from search.listing import Listing, Row
from search.results import MatchKind, Span
from search.searcher import Searcher
from search.styled import columns, marked
from search.terminal import one_line

#: Articles, the best first, whose matches are read if not told otherwise.
_ARTICLES = 1000
#: Columns for a match and the blanks before the id.
_MATCH = 14
#: Columns on both sides together that an id leaves to the words on a narrow terminal, and its least own.
_LEFT, _SHORTEST = 24, 10


@click.command("kwic", cls=StrictCommand, short_help="Print each match with the words around it.")
@asking()
@click.option(
    "--sort", type=click.Choice([order.value for order in LineOrder]), default="hits", help="By which words."
)
@number_option("So many lines", 50)
@click.option("--articles", type=Whole(), default=_ARTICLES, help="Of the best so many; 0 is all.")
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
    listed = columns_of(style, fields, Line._fields)
    text, how = text_of(options["query"]), how_of(options)
    around, room = context or CONTEXT, None
    with Searcher(Library.open(library)) as searcher:
        ranked = searcher.rank(text, **how, upto=articles or None, fold=fold)
        echo_remarks("", text, ranked.plan)
        if not ranked.total:
            echo_nothing("", searcher.diagnose(text, **how))
        if style == "text" and context is None:
            around, room = _room(searcher.ids(ranked, 0, limit or _ARTICLES))
        every = (
            line
            for hit in searcher.hits(ranked, 0, articles or None, passages=False)
            for line in lines(hit.article, searcher.spans(ranked, hit.article), around)
        )
        shown = islice(in_line_order(every, LineOrder(sort)), limit or None)
        if listed is not None:
            count = print_listing(Listing("lines", listed, map(_row, shown)), style)
        else:
            count = _print_text(shown, around, room, use_color(color))
    if style == "text" and ranked.total:
        click.echo(_summary(count, len(ranked.docs)), err=True)
    ctx.exit(0 if count else 1)


def _room(ids: list[str]) -> tuple[int, int | None]:
    """Return how many columns there are on either side of a match, and for an id at the end of the line.

    Ids are cut on a narrow terminal alone; elsewhere (None) they may be needed as they are.
    """
    width, longest = line_width(), max(map(len, ids), default=0)
    room = max(_SHORTEST, width - _MATCH - _LEFT) if on_terminal() else None
    if room is not None:
        longest = min(longest, room)
        return min(CONTEXT, max(1, (width - longest - _MATCH) // 2)), room
    return min(CONTEXT, max(10, (width - longest - _MATCH) // 2)), None


def _summary(shown: int, articles: int) -> str:
    if not shown:
        return f"byline: {amount(articles, 'article')}, but no match in the text of any"
    return f"{amount(shown, 'line')} from {amount(articles, 'article')}"


def _row(line: Line) -> Row:
    date = line.date.isoformat() if line.date else None
    return {**line._asdict(), "date": date}


def _print_text(shown: Iterable[Line], around: int, room: int | None, color: bool) -> int:
    count = 0
    for line in shown:
        count += 1
        match = marked(line.match, (Span(0, len(line.match), MatchKind.EXACT),), color)
        left, right, ident = one_line(line.left), one_line(line.right), one_line(line.id)
        if room is not None and len(ident) > room:
            ident = f"…{ident[1 - room :]}"
        before, after = (" " * (around - columns(side)) for side in (left, right))
        click.echo(f"{before}{left}{match}{right}{after}  {ident}", color=color)
    return count
