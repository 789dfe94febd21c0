"""`byline show`: print one article, with what a query matches marked."""

from __future__ import annotations

import json

import click

from index.library import Library
from search import output, records
from search.cli.options import color_option, format_options, library_option, typos_option
from search.cli.remarks import end_without
from search.cli.streams import line_width, use_color
from search.cli.strict import StrictCommand
from search.searcher import Searcher


@click.command("show", cls=StrictCommand)
@click.argument("ident", metavar="ID")
@click.option("--query", default="", help="Mark what this query matches.")
@format_options("text", "json")
@typos_option
@color_option
@library_option
@click.pass_context
def command(
    ctx: click.Context, ident: str, query: str, style: str, library: str | None, color: str, typos: str
) -> None:
    """Show an article, with the matches of a query marked.

    ID is the last line of a hit of `byline search`. Exit code: 0 shown, 1 no such article, 2 error.

    Example: byline show seeds/coalition.txt --query 'coalition'
    """
    with Searcher(Library.open(library)) as searcher:
        article = searcher.article(ident)
        if article is None:
            end_without(ctx, ident)
        fuzzy = typos == "auto"
        heading = searcher.title_marks(article, query, fuzzy) if query else ()
        spans = searcher.marks(article, query, fuzzy) if query else ()
    if style == "json":
        record = records.article_record(article, text=True)
        rows = [[span.start, span.end, span.kind.value] for span in spans]
        click.echo(json.dumps({"schema": records.SCHEMA_VERSION, **record, "spans": rows}, indent=2))
        return
    styled = use_color(color)
    for line in output.article_text(article, heading, spans, styled, line_width(elsewhere=0)):
        click.echo(line, color=styled)
