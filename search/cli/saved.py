"""`byline saved`: searches kept by name, and what is new for them."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from index.amounts import count
from index.errors import UsageProblem
from index.library import Library
from index.places import library_path
from search.cli.answers import print_hits
from search.cli.asking import asking, how_of, text_of
from search.cli.columns import in_columns
from search.cli.listing import columns_of, print_listing
from search.cli.options import library_option, number_option
from search.cli.strict import StrictCommand
from search.cli.wanted import hit_options, style_of, wanted_of
from search.listing import FORMATS, Listing, Row
from search.ordering import Sort
from search.saved import SavedSearch, SavedSearches
from search.searcher import Ranked, Searcher
from search.terminal import one_line

_ACTIONS = ("add", "list", "run", "remove")
_COLUMNS = ("name", "query", "total", "new")
_HINTS = {"add": "byline saved add NAME 'WORDS'"}


@click.command("saved", cls=StrictCommand)
@click.argument("action", type=click.Choice(_ACTIONS))
@click.argument("name", default="")
@asking(sort=Sort.NEWEST)
@click.option("--new", is_flag=True, help="run: only what was not there the last time.")
@click.option("--peek", is_flag=True, help="run: do not remember that it was looked at.")
@click.option("--replace", is_flag=True, help="add: in the place of the search of this name.")
@number_option("run: so many hits", 0, "all")
@click.option("-c", "count_only", is_flag=True, help="run: print only how many articles there are.")
@click.option("-q", "quiet", is_flag=True, help="run: print nothing; the exit code tells.")
@hit_options()
@library_option
@click.pass_context
def command(ctx: click.Context, /, action: str, name: str, library: str | None, **options: Any) -> None:
    """Keep searches by name and tell what is new for them.

    \b
    byline saved add NAME QUERY…   keep a search; what it finds now is not new
    byline saved list              all of them, with how many articles they find, and how many new ones
    byline saved run NAME --new    the articles that are new since the last run (for cron)
    byline saved remove NAME       forget it

    They are kept apart from the library and survive a rebuild. Exit code: 0 found (with --new: something
    new), 1 nothing, 2 error.

    Example: byline saved add opec 'opec AND quota' && byline saved run opec --new
    """
    shelf = SavedSearches(library_path(library))
    if action == "list":
        _list(shelf, library, options)
        return
    if not name:
        raise UsageProblem(f"no name given to {action}", _HINTS.get(action, f"byline saved {action} NAME"))
    if action == "add":
        _add(shelf, name, library, options)
    elif action == "remove":
        shelf.remove(name)
    else:
        ctx.exit(0 if _run(shelf, name, library, options) else 1)


def _add(shelf: SavedSearches, name: str, library: str | None, options: dict[str, Any]) -> None:
    text, how = text_of(options["query"], _HINTS["add"]), how_of(options)
    how |= {limit: options[limit] or "" for limit in ("since", "until")}  # as typed
    saved = SavedSearch(name, text, **how)
    with Searcher(Library.open(library)) as searcher:
        ranked = _rank(searcher, saved)
        shelf.add(saved, options["replace"])
        shelf.look(name, searcher.ids(ranked))
    click.echo(f"saved {one_line(name)}: {count(ranked.total, 'article')} now", err=True)


def _list(shelf: SavedSearches, library: str | None, options: dict[str, Any]) -> None:
    style = style_of(options)
    if style not in ("text", *FORMATS):
        raise UsageProblem(f"list has no --format {style}", f"text or one of {', '.join(FORMATS)}")
    columns = columns_of(style, options["fields"], _COLUMNS)
    with Searcher(Library.open(library)) as searcher:
        rows = [_row(shelf, saved, searcher) for saved in shelf.all()]
    if columns is not None:
        print_listing(Listing("saved", columns, rows), style)
    else:
        shown = [
            (row["name"], f"{row['total']:,}", f"{row['new']:,} new" if row["new"] else "", row["query"])
            for row in rows
        ]
        for line in in_columns(shown, "<>><"):
            click.echo(line)
    if not rows:
        click.echo("byline: no saved searches: byline saved add NAME QUERY keeps one", err=True)


def _row(shelf: SavedSearches, saved: SavedSearch, searcher: Searcher) -> Row:
    ranked = _rank(searcher, saved)
    unseen = shelf.unseen(saved.name, searcher.ids(ranked))
    new = 0 if unseen is None else int(unseen.sum())
    return {"name": saved.name, "query": saved.query, "total": ranked.total, "new": new}


def _run(shelf: SavedSearches, name: str, library: str | None, options: dict[str, Any]) -> bool:
    saved = shelf.get(name)
    wanted = wanted_of(options, options["limit"] or None)
    with Searcher(Library.open(library)) as searcher:
        ranked = _rank(searcher, saved)
        ids = searcher.ids(ranked)
        new = shelf.unseen(name, ids)
        if options["new"]:
            ranked = ranked.where(np.zeros(0, dtype=np.intp) if new is None else np.flatnonzero(new))
        if options["quiet"]:
            return bool(ranked.total)
        if options["count_only"]:
            click.echo(str(ranked.total))
            return bool(ranked.total)
        printed = print_hits(searcher, ranked, wanted, saved.query, name)
        if wanted.style == "text" and not ranked.total:
            click.echo(f"byline: nothing {'new' if options['new'] else 'found'}", err=True)
        if not options["peek"]:
            shelf.look(name, printed)
    return bool(ranked.total)


def _rank(searcher: Searcher, saved: SavedSearch) -> Ranked:
    return searcher.rank(saved.query, **saved.how())
