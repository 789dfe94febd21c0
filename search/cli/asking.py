"""The query and the options that every command with a query takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from index.errors import UsageProblem
from search.cli.options import Command, typos_option
from search.cli.streams import read_stdin
from search.moments import parse_limits
from search.ordering import Sort


def asking(sort: Sort | None = None) -> Callable[[Command], Command]:
    """Return a decorator that gives a command a QUERY and the options that say how it is asked.

    With `sort`, the default order, there is an option for the order too. The command gets them as keyword
    arguments, for `text_of` and `how_of`.
    """
    options = [
        click.argument("query", nargs=-1),
        click.option(
            "--since",
            metavar="DATE",
            help="Only from this day, month or year on, or 7d, 3m, 1y back.",
        ),
        click.option("--until", metavar="DATE", help="Only up to this day, month or year."),
        click.option("--all", "mode", flag_value="all", help="Only articles with all the words."),
        click.option("--any", "mode", flag_value="any", help="Articles with any of the words."),
        click.option("--file-dates", is_flag=True, help="An article without a date has its file's."),
        typos_option,
    ]
    if sort is not None:
        orders = click.Choice([order.value for order in Sort])
        options.append(click.option("--sort", type=orders, default=sort.value, help="The order."))

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def text_of(query: tuple[str, ...], hint: str = "") -> str:
    """Return the text of a query; `-` alone reads it from stdin.

    Raises `UsageProblem` without one, with `hint` or else how the command is called with one.
    """
    if not query:
        raise UsageProblem("no query given", hint or f"{click.get_current_context().command_path} 'WORDS'")
    return read_stdin().strip() if query == ("-",) else " ".join(query)


def how_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the options of `asking` say, as keyword arguments of `Searcher`'s methods.

    Raises `UsageProblem` for dates that are none, or that leave no day between them.
    """
    since, until = parse_limits(options["since"], options["until"])
    if since and until and since > until:
        raise UsageProblem(f"--since {since} is later than --until {until}", "exchange them")
    how = {
        "typos": options["typos"] == "auto",
        "mode": options["mode"] or "auto",
        "since": since,
        "until": until,
        "file_dates": options["file_dates"],
    }
    return {**how, "sort": options["sort"]} if "sort" in options else how
