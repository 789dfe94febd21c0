"""`byline copies`: the other articles that tell the same story."""

from __future__ import annotations

import click

from index.library import Library
from search import records
from search.cli.options import format_options, library_option
from search.cli.strict import StrictCommand
from search.searcher import Searcher
from search.terminal import one_line


@click.command("copies", cls=StrictCommand)
@click.argument("ident", metavar="ID")
@format_options("text", "json", "jsonl")
@library_option
@click.pass_context
def command(ctx: click.Context, ident: str, style: str, library: str | None) -> None:
    """List the copies of an article, the article itself among them, the earliest first.

    Copies share at least eight in ten of their runs of three words. `byline diff ID ID` shows what two of
    them say otherwise. Exit code: 0 it has copies, 1 it has none (or is not there), 2 error.

    Example: byline copies seeds/coalition.txt
    """
    with Searcher(Library.open(library)) as searcher:
        found = searcher.copies(ident)
        if found is None:
            click.echo(f"byline: no article {one_line(ident)}: byline search finds ids", err=True)
            ctx.exit(1)
    rows = [records.article_record(article) for article in found]
    if style == "json":
        click.echo(records.json_text({"schema": records.SCHEMA_VERSION, "copies": rows}, 2))
    for article, record in zip(found, rows, strict=True):
        if style == "jsonl":
            click.echo(records.json_text(record))
        elif style == "text":
            when = article.date.isoformat(" ", "minutes") if article.date else "no date"
            click.echo(f"{when:<16}  {one_line(article.title or '(no title)')}  {one_line(article.id)}")
    if not found:
        click.echo(f"byline: {one_line(ident)} has no copies", err=True)
    ctx.exit(0 if found else 1)
