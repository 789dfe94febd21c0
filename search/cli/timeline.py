"""`byline timeline`: when the articles that a query finds appeared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from index.amounts import count
from index.errors import UsageProblem
from index.library import Library
from search.cli.asking import asking, how_of, text_of
from search.cli.columns import in_columns
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import EVERY, library_option, number_option
from search.cli.remarks import found_of
from search.cli.streams import line_width, on_terminal
from search.cli.strict import StrictCommand
from search.comparison import Comparison
from search.listing import Listing, Row
from search.moments import HINT, Days, NoDate, parse_days
from search.searcher import Searcher
from search.timeline import Period, Step, Timeline, gaps

_OF_WORDS = ("change", "word", "first", "second", "surprise")
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@click.command("timeline", cls=StrictCommand, short_help="Count what is found by time, or compare two times.")
@asking()
@click.option(
    "--by", type=click.Choice([step.value for step in Step]), help="The period (default: what fits)."
)
@click.option(
    "--compare",
    nargs=2,
    metavar="TIME TIME",
    help="Which words come, go, rise and fall between two times: 1987-03, or 1987-03-01..1987-04-15.",
)
@number_option("--compare: so many words of each", 20)
@listing_options("auto")
@library_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    by: str | None,
    compare: tuple[str, str] | None,
    limit: int,
    style: str,
    fields: str | None,
    library: str | None,
    **options: Any,
) -> None:
    """Count the articles that a query finds by day, week, month or year, or compare two times.

    On a terminal they are bars, elsewhere JSON. Articles without a date are counted apart. `--compare`
    prints the words that stand in one time only (new, gone) and those that rise and fall: in how many
    articles of each, and how surprising that is (log-likelihood). Exit code: 0 found, 1 nothing found, 2
    error.

    Example: byline timeline 'oil prices' --by week
    """
    if compare is not None and by is not None:
        raise UsageProblem("--compare and --by do not go together", "leave one of them out")
    if style == "auto":
        style = "text" if on_terminal() else "json"
    columns = columns_of(style, fields, Period._fields if compare is None else _OF_WORDS)
    text, how = text_of(options["query"]), how_of(options)
    times = None if compare is None else (_days(compare[0]), _days(compare[1]))
    with Searcher(Library.open(library)) as searcher:
        every = found_of(searcher, text, how)
        compared = every.compare(*times, limit or EVERY, how["file_dates"]) if times else None
        found = every.timeline(by, how["file_dates"])
    if compared is not None:
        _print_comparison(text, compared, style, columns)
        ctx.exit(0 if compared.first.articles + compared.second.articles else 1)
    if columns is not None:
        rows = (_row(period) for period in found.periods)
        head = {
            "query": text,
            "by": found.step.value,
            "total": found.dated + found.undated,
            "undated": found.undated,
        }
        print_listing(Listing("periods", columns, rows, head), style)
    else:
        for line in _bars(found, line_width()):
            click.echo(line)
        if every.total:
            click.echo(_summary(found), err=True)
    ctx.exit(0 if found.dated + found.undated else 1)


def _row(period: Period) -> Row:
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "articles": period.articles}


def _days(text: str) -> Days:
    try:
        return parse_days("date", text)
    except NoDate as problem:
        raise UsageProblem(str(problem), f"{HINT}, or two with .. between them") from None


def _print_comparison(query: str, compared: Comparison, style: str, columns: Sequence[str] | None) -> None:
    if columns is not None:
        rows = (dict(zip(_OF_WORDS, (word.trend.value, *word[1:]), strict=True)) for word in compared.words)
        head = {"query": query, "first": _row(compared.first), "second": _row(compared.second)}
        print_listing(Listing("words", columns, rows, head), style)
        return
    shown = [
        (word.trend.value, word.form, f"{word.first:,} →", f"{word.second:,}", f"{word.surprise:+,.1f}")
        for word in compared.words
    ]
    for line in in_columns(shown, "<<>>>"):
        click.echo(line)
    periods = [f"{one.start} to {one.end} {one.articles:,}" for one in (compared.first, compared.second)]
    click.echo(f"articles: {' → '.join(periods)}", err=True)


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
    articles = f"{count(total, 'article')} by {found.step}"
    return f"{articles}, {found.undated:,} of them without a date" if found.undated else articles
