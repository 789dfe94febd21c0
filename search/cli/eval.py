"""`byline eval`: how good the answers to judged queries are."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import click

from index.errors import UsageProblem
from index.library import Library
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import library_option, typos_option
from search.cli.queries import read_lines, read_queries
from search.cli.strict import StrictCommand
from search.judging import DEPTH, Judged, check_measures, judged, read_grades, run_of
from search.listing import Listing
from search.ordering import Rank
from search.searcher import Searcher
from search.terminal import one_line

#: The measures in their order, as they are printed and as they are called in rows.
_MEASURES = {"nDCG@10": "ndcg@10", "MAP": "map", f"R@{DEPTH}": f"recall@{DEPTH}"}
_COLUMNS = ("query_id", *_MEASURES.values())


@click.command("eval", cls=StrictCommand, short_help="Print how good answers to judged queries are.")
@click.argument("queries", metavar="QUERIES")
@click.argument("qrels", metavar="QRELS")
@click.option(
    "--rank",
    type=click.Choice([rank.value for rank in Rank]),
    default=Rank.FULL.value,
    help="With how much care hits are put in order.",
)
@click.option("--all", "mode", flag_value="all", default="any", help="Only articles with all the words.")
@typos_option
@listing_options()
@library_option
@click.pass_context
def command(
    ctx: click.Context, /, queries: str, qrels: str, style: str, fields: str | None, library: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Print how good the answers to judged queries are: nDCG@10, MAP and recall of the first 1000 articles.

    QUERIES is a file of queries, one a line: ID<TAB>QUERY. QRELS has the judgements in TREC's format, a line
    each: QUERY 0 ARTICLE GRADE, where ARTICLE is the article's own key, as in a TREC run. What is judged is
    the run that `byline search --batch QUERIES --format trec` prints. Exit code: 0 done, 2 error.

    Example: byline eval queries.tsv qrels.txt --rank fast
    """
    columns = columns_of(style, fields, _COLUMNS)
    check_measures()
    grades = read_grades(read_lines(qrels, "judgements"), one_line(qrels))
    asked = {number: text for number, text in read_queries(queries) if number in grades}
    if not asked:
        raise UsageProblem("no query is judged", "the ids of the queries must be those of the judgements")
    how = {"rank": options["rank"], "mode": options["mode"], "typos": options["typos"] == "auto"}
    with Searcher(Library.open(library)) as searcher:
        found = judged(run_of(searcher, asked, **how), grades)
    means = [fmean(values) for values in list(zip(*found, strict=True))[1:]]
    if columns is not None:
        rows = (dict(zip(_COLUMNS, one, strict=True)) for one in found)
        head = {"queries": len(found), **dict(zip(_MEASURES.values(), means, strict=True))}
        print_listing(Listing("judged", columns, rows, head), style)
    else:
        for name, mean in zip(_MEASURES, means, strict=True):
            click.echo(f"{name:<8}{mean:.4f}")
    _tell(found, asked)


def _tell(found: tuple[Judged, ...], asked: dict[str, str]) -> None:
    missing = len(found) - len(asked)
    not_asked = f", {missing:,} of them not among the queries, which count 0" if missing else ""
    click.echo(f"{len(found):,} judged queries{not_asked}", err=True)
