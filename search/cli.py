"""`byline search` and `byline show`: parse the command line, ask a `Searcher`, print."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from index.errors import UsageProblem
from index.library import Library
from search import output
from search.interpret import Plan
from search.moments import parse_day
from search.results import Hit, Results
from search.searcher import Searcher
from search.terminal import one_line, visible

Command = TypeVar("Command", bound=Callable[..., Any])

#: Hits shown without -n, by format; None is all.
DEFAULT_LIMIT: dict[str, int | None] = {"text": 10, "json": 10, "jsonl": None, "paths": None, "trec": 1000}
WIDEST = 100


class StrictCommand(click.Command):
    """A command whose options are taken in their exact spelling only, so that `-word` cannot be misread."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options out in their exact spelling, all else as arguments; then parse as click does.

        A token of several words that starts with `-` is a quoted query. One of a single word that is no
        option is refused: only after `--` is it sure to be meant as a query.
        """
        options, arguments = self._sorted(ctx, args)
        return super().parse_args(ctx, [*options, "--", *arguments])

    def _sorted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        takes_value = {
            name: not option.is_flag
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        arguments: list[str] = []
        rest = iter(args)
        for token in rest:
            name, equals, _ = token.partition("=")
            if token == "--":
                arguments += rest
            elif not token.startswith("-") or token == "-" or " " in name.strip():
                arguments.append(token)
            elif name in takes_value and (not equals or (takes_value[name] and name.startswith("--"))):
                options.append(token)
                if takes_value[name] and not equals:
                    value = next(rest, None)
                    if value is None:
                        raise UsageProblem(f"{name} needs a value", f"see byline {self.name} --help")
                    options.append(value)
            else:
                message = f"{one_line(token)} is no option of byline {self.name}"
                raise UsageProblem(message, "put the query in quotes, or after --")
        return options, arguments


def _format(command: Command) -> Command:
    choices = click.Choice(["text", "json", "jsonl", "paths", "trec"])
    for option in (
        click.option("--format", "style", type=choices, default="text", help="What to print."),
        click.option("--json", "style", flag_value="json", help="Short for --format json."),
        click.option("-l", "style", flag_value="paths", help="Short for --format paths."),
    ):
        command = option(command)
    return command


def _shared(command: Command) -> Command:
    for option in (
        click.option(
            "-L",
            "--library",
            metavar="NAME|PATH",
            help="The library (default: BYLINE_LIBRARY, else 'default').",
        ),
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Styled marks."
        ),
        click.option(
            "--typos", type=click.Choice(["auto", "off"]), default="auto", help="Correct unknown words."
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one run of `byline search` was asked for."""

    style: str
    limit: int | None
    offset: int
    sort: str
    mode: str
    typos: bool
    since: date | None
    until: date | None
    count: bool
    quiet: bool
    nul: bool
    color: bool

    @property
    def how(self) -> dict[str, Any]:
        """The keyword arguments of `Searcher.search` and `rank`."""
        return {
            "sort": self.sort,
            "typos": self.typos,
            "since": self.since,
            "until": self.until,
            "mode": self.mode,
        }


@click.command(cls=StrictCommand)
@click.argument("query", nargs=-1)
@_format
@click.option("-n", "limit", type=click.IntRange(0), help="So many hits; 0 is all.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many hits first.")
@click.option(
    "--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="The order."
)
@click.option(
    "--since", metavar="DATE", help="Only from this day, month or year on (2022, 2022-05, 2022-05-11)."
)
@click.option("--until", metavar="DATE", help="Only up to this day, month or year.")
@click.option("--all", "mode", flag_value="all", help="Only articles with all the words.")
@click.option("--any", "mode", flag_value="any", help="Articles with any of the words.")
@click.option("--batch", metavar="FILE|-", help="Many queries, one a line: ID<TAB>QUERY, or only QUERY.")
@click.option("-c", "count", is_flag=True, help="Print only how many articles are found.")
@click.option("-q", "quiet", is_flag=True, help="Print nothing; the exit code tells.")
@click.option("-0", "nul", is_flag=True, help="Paths as they are, each ended by a NUL byte.")
@_shared
@click.pass_context
def search(
    ctx: click.Context, /, query: tuple[str, ...], library: str | None, batch: str | None, **options: Any
) -> None:
    """Search the articles of a library.

    QUERY is best one quoted argument: words, "exact phrases" in double quotes, AND OR NOT, -word, title:word,
    prefix*. `-` reads it from standard input. Exit code: 0 found, 1 nothing found, 2 error.

    Example: byline search '"enduring defeat" coaltion' --since 2022
    """
    wanted = _wanted(options)
    if batch is None and not query:
        raise UsageProblem("no query given", "byline search 'WORDS', or --batch FILE")
    if batch is not None and query:
        raise UsageProblem("a query and --batch cannot be given together", "give one of them")
    text = _stdin().strip() if query == ("-",) else " ".join(query)
    queries = [("", text)] if batch is None else list(_batch(batch))
    with Searcher(Library.open(library or ctx.find_root().params.get("library"))) as searcher:
        found = [_answer(searcher, number, text, wanted) for number, text in queries]
    ctx.exit(0 if any(found) else 1)


def _wanted(options: dict[str, Any]) -> Wanted:
    nul = bool(options["nul"])
    style = "paths" if nul and options["style"] == "text" else str(options["style"])
    if nul and style != "paths":
        raise UsageProblem("-0 goes with --format paths only", "leave one of them out")
    limit = DEFAULT_LIMIT[style] if options["limit"] is None else options["limit"] or None
    mode = options["mode"] or ("any" if style == "trec" else "auto")
    return Wanted(
        style=style,
        limit=limit,
        offset=options["offset"],
        sort=options["sort"],
        mode=mode,
        typos=options["typos"] == "auto",
        since=parse_day(options["since"]) if options["since"] else None,
        until=parse_day(options["until"], last=True) if options["until"] else None,
        count=options["count"],
        quiet=options["quiet"],
        nul=nul,
        color=use_color(options["color"]),
    )


def use_color(choice: str) -> bool:
    """Return whether to style output: as `--color` says, else NO_COLOR, else if stdout is a terminal."""
    if choice != "auto":
        return choice == "always"
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and _on_terminal()


def _on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _stdin() -> str:
    """Return all of standard input; bytes that are not UTF-8 are no error."""
    return "" if sys.stdin is None else sys.stdin.buffer.read().decode("utf-8", "replace")


def _batch(name: str) -> Iterator[tuple[str, str]]:
    """Yield (id, query) of each line that is not blank; without a tab, the id is the line's number."""
    try:
        lines = _stdin() if name == "-" else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageProblem(f"{one_line(name)}: {error.strerror}", "give a file of queries, or -") from None
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip():
            ident, tab, text = line.partition("\t")
            yield (ident.strip(), text) if tab else (str(number), line)


def _answer(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    """Print the answer to one query; return whether anything was found."""
    if wanted.quiet or wanted.count:
        ranked = searcher.rank(text, **wanted.how, upto=0)
        if wanted.count and not wanted.quiet:
            _echo_remarks(number, text, ranked.plan)
            click.echo(f"{visible(number)}\t{ranked.total}" if number else str(ranked.total))
        return bool(ranked.total)
    if wanted.style in ("text", "json"):
        return _page(searcher, number, text, wanted)
    stop = None if wanted.limit is None else wanted.offset + wanted.limit
    ranked = searcher.rank(text, **wanted.how, upto=stop)
    _echo_remarks(number, text, ranked.plan)
    hits = searcher.hits(ranked, wanted.offset, stop, passages=wanted.style == "jsonl")
    _echo_hits(hits, number, wanted)
    return bool(ranked.total)


def _page(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    results = searcher.search(text, wanted.limit, wanted.offset, **wanted.how)
    if wanted.style == "json":
        record = output.results_record(results, number or None)
        click.echo(output.json_text(record, None if number else 2))
        return bool(results.total)
    if number:
        click.echo(f"# {one_line(number)}\t{one_line(text)}")
    _echo_remarks(number, text, results)
    _echo_text(results, wanted)
    return bool(results.total)


def _echo_remarks(number: str, query: str, understood: Results | Plan) -> None:
    before = f"{one_line(number)}: " if number else ""
    for line in output.remarks(query, understood.corrections, understood.notes):
        click.echo(f"byline: {before}{line}", err=True)


def _echo_text(results: Results, wanted: Wanted) -> None:
    width = min(shutil.get_terminal_size().columns, WIDEST) if _on_terminal() else WIDEST
    for at, hit in enumerate(results.hits):
        click.echo(("\n" if at else "") + output.hit_text(hit, wanted.color, width), color=wanted.color)
    if results.total:
        click.echo(output.summary(results), err=True)
    else:
        click.echo("byline: nothing found", err=True)


def _echo_hits(hits: Iterable[Hit], number: str, wanted: Wanted) -> None:
    seen: set[str] = set()
    for hit in hits:
        if wanted.style == "jsonl":
            record = {"query_id": number, **output.hit_record(hit)} if number else output.hit_record(hit)
            click.echo(output.json_text(record))
        elif wanted.style == "trec":
            click.echo(output.trec_line(number or "1", hit))
        elif hit.article.path not in seen:
            seen.add(hit.article.path)
            if wanted.nul:
                click.echo(os.fsencode(hit.article.path) + b"\0", nl=False)
            else:
                click.echo(visible(hit.article.path).replace("\n", "\u240a"))


@click.command(cls=StrictCommand)
@click.argument("ident", metavar="ID")
@click.option("--query", default="", help="Mark what this query matches.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="What to print.")
@click.option("--json", "style", flag_value="json", help="Short for --format json.")
@_shared
@click.pass_context
def show(
    ctx: click.Context, ident: str, query: str, style: str, library: str | None, color: str, typos: str
) -> None:
    """Show an article, with the matches of a query marked.

    ID is the last line of a hit of `byline search`. Exit code: 0 shown, 1 no such article, 2 error.

    Example: byline show seeds/coalition.txt --query 'coalition'
    """
    with Searcher(Library.open(library or ctx.find_root().params.get("library"))) as searcher:
        article = searcher.article(ident)
        if article is None:
            click.echo(f"byline: no article {one_line(ident)}: byline search finds ids", err=True)
            ctx.exit(1)
        fuzzy = typos == "auto"
        heading = searcher.title_marks(article, query, fuzzy) if query else ()
        spans = searcher.marks(article, query, fuzzy) if query else ()
    if style == "json":
        record = output.article_record(article, text=True)
        rows = [[span.start, span.end, span.kind.value] for span in spans]
        click.echo(json.dumps({"schema": output.SCHEMA_VERSION, **record, "spans": rows}, indent=2))
        return
    styled = use_color(color)
    width = min(shutil.get_terminal_size().columns, WIDEST) if _on_terminal() else 0
    for line in output.article_text(article, heading, spans, styled, width):
        click.echo(line, color=styled)
