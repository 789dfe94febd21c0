"""`byline search`: parse the command line, ask a `Searcher`, print."""

from __future__ import annotations

from typing import Any

import click

from index.errors import UsageProblem
from index.library import Library
from search.cli.answers import print_head
from search.cli.asking import asking, how_of, text_of
from search.cli.batch import answer_all
from search.cli.options import Whole, library_option, number_option
from search.cli.queries import read_queries
from search.cli.strict import StrictCommand
from search.cli.wanted import (
    DEFAULT_LIMIT,
    Wanted,
    fold_option,
    hit_options,
    never_folded,
    style_of,
    wanted_of,
)
from search.ordering import Rank, Sort
from search.searcher import Searcher
from search.terminal import one_line


@click.command("search", cls=StrictCommand)
@asking(sort=Sort.RELEVANCE)
@hit_options()
@number_option("So many hits", None, "10 to read, 1000 for trec, else all")
@click.option("--offset", type=Whole(), default=0, help="Leave out so many hits first.")
@fold_option
@click.option(
    "--rank",
    type=click.Choice([rank.value for rank in Rank]),
    default=Rank.FULL.value,
    help="With how much care hits are put in order by relevance.",
)
@click.option("--explain", is_flag=True, help="Say how the score of each hit came about.")
@click.option("--batch", metavar="FILE|-", help="Many queries, one a line: ID<TAB>QUERY, or only QUERY.")
@click.option("--parse", "parse_only", is_flag=True, help="Only print how the query is understood.")
@click.option("-c", "count", is_flag=True, help="Print only how many articles are found.")
@click.option("-q", "quiet", is_flag=True, help="Print nothing; the exit code tells.")
@library_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    query: tuple[str, ...],
    library: str | None,
    batch: str | None,
    parse_only: bool,
    **options: Any,
) -> None:
    """Search the articles of a library.

    QUERY is best one quoted argument: words, "exact phrases", "near words"~8, AND OR NOT, -word, =word,
    begin*, w?ld, typo~, title:word, source:name, date:2022-05, since:7d. `--parse` prints how it is
    understood, docs/query-language.md tells all. `-` reads it from standard input. Exit code: 0 found, 1
    nothing found, 2 error.

    Example: byline search '"enduring defeat" coaltion' --since 2022
    """
    wanted = _wanted(options)
    if batch is not None and query:
        raise UsageProblem("a query and --batch cannot be given together", "give one of them")
    hint = "byline search 'WORDS', or --batch FILE"
    queries = [("", text_of(query, hint))] if batch is None else list(read_queries(batch))
    if not queries:
        click.echo(f"byline: no queries in {one_line(batch or '')}", err=True)
    with Searcher(Library.open(library)) as searcher:
        if parse_only:
            from search.cli.understood import print_understood  # not at the top: few ask

            answers = [print_understood(searcher, number, text, wanted) for number, text in queries]
            found = any(answers)
        else:
            print_head(wanted, batch is not None)
            found = answer_all(searcher, queries, wanted)
    ctx.exit(0 if found else 1)


def _wanted(options: dict[str, Any]) -> Wanted:
    style, how = style_of(options), how_of(options)
    if style == "trec" and not options["mode"]:
        how["mode"] = "any"
    return wanted_of(
        options,
        DEFAULT_LIMIT[style] if options["limit"] is None else options["limit"] or None,
        offset=options["offset"],
        sort=how.pop("sort"),
        reach=how,
        count=options["count"],
        quiet=options["quiet"],
        rank=options["rank"],
        explain=_explained(options, style),
        fold=options["fold"] and not never_folded(style),
    )


def _explained(options: dict[str, Any], style: str) -> bool:
    explained = bool(options["explain"])
    if explained and (style not in ("text", "json", "jsonl") or options["fields"] is not None):
        raise UsageProblem("--explain goes with --format text, json or jsonl, without --fields", "choose one")
    if explained and options["sort"] != "relevance":
        raise UsageProblem("--explain goes with --sort relevance only", "leave one of them out")
    return explained
