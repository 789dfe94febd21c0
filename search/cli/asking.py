"""The query and the options that every command with a query takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from index.errors import UsageProblem
from search.cli.options import Command, typos_option
from search.cli.streams import read_stdin
from search.moments import parse_day

_SORTS = ("relevance", "newest", "oldest")


def asking(sort: str = "") -> Callable[[Command], Command]:
    """Return a decorator that gives a command a QUERY and the options that say how it is asked.

    With `sort`, the default order, there is an option for the order too. The command gets them as keyword
    arguments, for `asked`.
    """
    options = [
        click.argument("query", nargs=-1),
        click.option(
            "--since", metavar="DATE", help="Only from this day, month or year on (or 7d, 3m, 1y back)."
        ),
        click.option("--until", metavar="DATE", help="Only up to this day, month or year."),
        click.option("--all", "mode", flag_value="all", help="Only articles with all the words."),
        click.option("--any", "mode", flag_value="any", help="Articles with any of the words."),
        click.option("--file-dates", is_flag=True, help="An article without a date has its file's."),
        typos_option,
    ]
    if sort:
        options.append(click.option("--sort", type=click.Choice(_SORTS), default=sort, help="The order."))

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def asked(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the text of the query and the keyword arguments for `Searcher`'s methods; `-` reads stdin.

    Raises `UsageProblem` if there is no query.
    """
    query: tuple[str, ...] = options["query"]
    if not query:
        raise UsageProblem("no query given", "put it in quotes: byline search 'WORDS'")
    text = read_stdin().strip() if query == ("-",) else " ".join(query)
    how: dict[str, Any] = {
        "typos": options["typos"] == "auto",
        "mode": options["mode"] or "auto",
        "since": parse_day(options["since"]) if options["since"] else None,
        "until": parse_day(options["until"], last=True) if options["until"] else None,
        "file_dates": options["file_dates"],
    }
    if "sort" in options:
        how["sort"] = options["sort"]
    return text, how
