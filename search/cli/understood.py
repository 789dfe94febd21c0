"""Print how a query is understood, without searching."""

from __future__ import annotations

import click

from search import records
from search.cli.wanted import Wanted
from search.parsed_output import understood_lines, understood_record
from search.searcher import Searcher
from search.terminal import one_line


def print_understood(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    """Print how one query is understood; return whether there is anything in it to search for.

    `number` is the query's id in a batch, the empty text if there is but one query.
    """
    plan = searcher.understand(text, **wanted.reach)
    if wanted.style in ("json", "jsonl"):
        record = {"schema": records.SCHEMA_VERSION, **({"id": number} if number else {})}
        record |= understood_record(text, plan)
        click.echo(records.json_text(record, None if number or wanted.style == "jsonl" else 2))
    elif not wanted.quiet:
        if number:
            click.echo(f"# {one_line(number)}\t{one_line(text)}")
        for line in understood_lines(text, plan):
            click.echo(line)
    return plan.parsed is not None
