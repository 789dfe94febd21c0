"""`byline copies`: the other articles that tell the same story."""

from __future__ import annotations

import click

from index.article import Article
from index.library import Library
from search.cli.answers import print_paths
from search.cli.listing import chosen_fields, listing_options, nul_option, print_listing
from search.cli.options import library_option
from search.cli.remarks import end_without
from search.cli.strict import StrictCommand
from search.cli.wanted import style_of
from search.fields import OF_ARTICLES, article_fields
from search.listing import Listing
from search.searcher import Searcher
from search.tables import TABLES
from search.terminal import one_line

#: What a table shows if nothing else is asked for.
_TABLE = ("id", "date", "title", "source", "author", "path")


@click.command("copies", cls=StrictCommand, short_help="List the copies of an article.")
@click.argument("ident", metavar="ID")
@listing_options("text", "paths")
@nul_option
@library_option
@click.pass_context
def command(
    ctx: click.Context, ident: str, style: str, fields: str | None, nul: bool, library: str | None
) -> None:
    """List the copies of an article, the article itself among them, the earliest first.

    Copies share at least eight in ten of their runs of three words. `byline diff ID ID` shows what two of
    them say otherwise. Exit code: 0 it has copies, 1 it has none (or is not there), 2 error.

    Example: byline copies seeds/coalition.txt
    """
    style = style_of({"style": style, "nul": nul})
    names = chosen_fields(fields, style, (*OF_ARTICLES, "text"), extras=True)
    names = names or (_TABLE if style in TABLES else OF_ARTICLES)
    with Searcher(Library.open(library)) as searcher:
        ids = searcher.copy_ids(ident)
        if ids is None:
            end_without(ctx, ident)
        articles = (article for one in ids if (article := searcher.article(one)) is not None)
        if style == "text":
            for article in articles:
                click.echo(_line(article))
        elif style == "paths":
            print_paths(searcher, ids, nul)
        else:
            rows = (article_fields(article, names) for article in articles)
            print_listing(Listing("copies", names, rows), style)
    if not ids:
        click.echo(f"byline: {one_line(ident)} has no copies", err=True)
    ctx.exit(0 if ids else 1)


def _line(article: Article) -> str:
    when = article.date.isoformat(" ", "minutes") if article.date else "no date"
    return f"{when:<16}  {one_line(article.title or '(no title)')}  {one_line(article.id)}"
