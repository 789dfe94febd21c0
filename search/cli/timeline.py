"""`byline timeline`: when the articles that a query finds appeared."""

from __future__ import annotations

import sys
from typing import Any

import click

from index.library import Library
from search import records
from search.cli.asking import asking, how_of, text_of
from search.cli.options import format_options, library_option
from search.cli.streams import line_width
from search.cli.strict import StrictCommand
from search.searcher import Searcher
from search.timeline import Step, Timeline, gaps

_EIGHTHS = " ▏▎▍▌▋▊▉█"


@click.command("timeline", cls=StrictCommand)
@asking()
@click.option(
    "--by", type=click.Choice([step.value for step in Step]), help="The period (default: what fits)."
)
@format_options("auto", "text", "json")
@library_option
@click.pass_context
def command(ctx: click.Context, /, by: str | None, style: str, library: str | None, **options: Any) -> None:
    """Count the articles that a query finds by day, week, month or year.

    On a terminal they are bars, elsewhere JSON. Articles without a date are counted apart. Exit code: 0
    found, 1 nothing found, 2 error.

    Example: byline timeline 'oil prices' --by week
    """
    text, how = text_of(options["query"]), how_of(options)
    with Searcher(Library.open(library)) as searcher:
        found = searcher.found(text, **how).timeline(by, how["file_dates"])
    if style == "json" or (style == "auto" and not sys.stdout.isatty()):
        click.echo(records.json_text(_record(text, found), 2))
    else:
        for line in _bars(found, line_width()):
            click.echo(line)
        click.echo(_summary(found), err=True)
    ctx.exit(0 if found.dated + found.undated else 1)


def _record(query: str, found: Timeline) -> dict[str, Any]:
    return {
        "schema": records.SCHEMA_VERSION,
        "query": query,
        "by": found.step.value,
        "total": found.dated + found.undated,
        "undated": found.undated,
        "periods": [
            {"start": one.start.isoformat(), "end": one.end.isoformat(), "articles": one.articles}
            for one in found.periods
        ],
    }


def _bars(found: Timeline, width: int) -> list[str]:
    most = max((one.articles for one in found.periods), default=1)
    digits = len(f"{most:,}")
    room = max(8, width - digits - 13)
    lines = []
    for gap, one in zip(gaps(found.periods, found.step), found.periods, strict=True):
        if gap:
            lines.append(f"{'⋮':>10}  {found.step}s without: {gap:,}")
        label = {Step.MONTH: f"{one.start:%Y-%m}", Step.YEAR: f"{one.start:%Y}"}.get(
            found.step, f"{one.start}"
        )
        eighths = max(1, round(one.articles * room * 8 / most))
        bar = "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
        lines.append(f"{label:>10}  {one.articles:>{digits},} {bar}")
    return lines


def _summary(found: Timeline) -> str:
    total = found.dated + found.undated
    articles = f"{total:,} article{'' if total == 1 else 's'} by {found.step}"
    return f"{articles}, {found.undated:,} of them without a date" if found.undated else articles
