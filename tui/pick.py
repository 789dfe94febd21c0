"""`byline pick`: the app as a chooser, which prints what was chosen."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from index.errors import UsageProblem
from index.library import Library
from tui.start import end_loading

if TYPE_CHECKING:
    from index.article import Article


@click.command("pick", short_help="Choose articles in the app, and print them.")
@click.argument("query", nargs=-1)
@click.option(
    "--print",
    "what",
    type=click.Choice(["path", "id", "json"]),
    default="path",
    help="What to print of each article chosen.",
)
@click.option("-0", "nul", is_flag=True, help="End each with a NUL byte; paths then are raw bytes.")
@click.option("-L", "--library", metavar="NAME|PATH", help="The library to use.")
@click.pass_context
def command(ctx: click.Context, query: tuple[str, ...], what: str, nul: bool, library: str | None) -> None:
    """Open the app to choose articles: enter prints those marked, or else the one selected, and leaves.

    The app draws on standard error, so the output may go to a file, a pipe or a shell's $(…). Exit code: 0
    chosen, 1 left without a choice, 2 error, 130 interrupted.

    Example: vim $(byline pick iraq)
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        hint = "byline search -l prints paths without one"
        raise UsageProblem("pick needs a terminal on standard input and standard error", hint)
    opened = Library.open(library)
    from tui.app import create_app

    end_loading()
    app = create_app(opened, opened.path, " ".join(query), chooser=True)
    with _drawing_on_stderr():
        app.run()
    if app.picked:
        _print(app.picked, what, nul)
    ctx.exit(app.return_code or (0 if app.picked else 1))


@contextmanager
def _drawing_on_stderr() -> Iterator[None]:
    """Let standard output be the terminal for a while, since it is asked for the size of the screen."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _print(articles: Sequence[Article], what: str, nul: bool) -> None:
    for text in dict.fromkeys(_texts(articles, what)):
        if not nul:
            from search.terminal import visible

            click.echo(visible(text).replace("\n", "\u240a"))
        else:
            click.echo(os.fsencode(text) + b"\0", nl=False)


def _texts(articles: Sequence[Article], what: str) -> Iterator[str]:
    """Yield what is to be printed of each article; of one that is in no file there is no path."""
    from search.records import article_record

    for article in articles:
        if what == "json":
            yield json.dumps(article_record(article))
        elif what == "id":
            yield article.id
        elif article.path:
            yield article.path
        else:
            click.echo(f"byline: {article.id} is in no file: take --print id", err=True)
