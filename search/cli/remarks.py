"""What a command tells on standard error of how a query was understood, and why it finds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import click

from search import output
from search.plan import Plan
from search.results import Diagnosis, Results
from search.searcher import Searcher
from search.terminal import one_line

if TYPE_CHECKING:
    from search.found import Found


def echo_remarks(number: str, query: str, understood: Results | Plan) -> None:
    """Print what was corrected in a query and what could not be meant; `number` is its id in a batch."""
    for line in output.remarks(query, understood.corrections, understood.notes):
        _echo(number, line)


def echo_nothing(number: str, diagnosis: Diagnosis | None) -> None:
    """Print that nothing was found, and what the diagnosis knows of the reasons."""
    for line in ["nothing found", *(output.diagnosis_lines(diagnosis) if diagnosis else ())]:
        _echo(number, line)


def _echo(number: str, line: str) -> None:
    before = f"{one_line(number)}: " if number else ""
    click.echo(f"byline: {before}{line}", err=True)


def found_of(searcher: Searcher, query: str, how: Mapping[str, Any]) -> Found:
    """Return all that a query finds, with the remarks of a search printed.

    `how` are the keyword arguments of `Searcher.found`.
    """
    found = searcher.found(query, **how)
    echo_remarks("", query, found.plan)
    if not found.total:
        echo_nothing("", searcher.diagnose(query, **how))
    return found


def end_without(ctx: click.Context, *idents: str) -> NoReturn:
    """Say that there are no articles of these ids, and end the command with exit code 1."""
    for ident in idents:
        click.echo(f"byline: no article {one_line(ident)}: byline search finds ids", err=True)
    ctx.exit(1)
