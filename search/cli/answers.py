"""Print the answer to a query, in the format that was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from typing import Any

import click
import numpy as np

from index.value import Value
from search import output, records
from search.cli.streams import line_width
from search.parsed_output import understood_lines, understood_record
from search.plan import Plan
from search.results import Diagnosis, Hit, Results
from search.searcher import Ranked, Searcher
from search.terminal import one_line, visible


class Wanted(Value):
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
    file_dates: bool = False
    parse_only: bool = False

    @property
    def how(self) -> dict[str, Any]:
        """The keyword arguments of `Searcher.search` and `rank`."""
        return {
            "sort": self.sort,
            "typos": self.typos,
            "since": self.since,
            "until": self.until,
            "mode": self.mode,
            "file_dates": self.file_dates,
        }


def print_answer(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    """Print the answer to one query; return whether anything was found.

    `number` is the query's id in a batch, the empty text if there is but one query.
    """
    if wanted.parse_only:
        return _understood(searcher, number, text, wanted)
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
    _echo_hits(hits, number, wanted.style, wanted.nul)
    return bool(ranked.total)


def print_hits(searcher: Searcher, ranked: Ranked, style: str, limit: int | None, color: bool) -> None:
    """Print the first `limit` articles of an answer (all, if None) in a format of `byline search`."""
    shown = ranked if limit is None else ranked.where(np.arange(min(limit, len(ranked.docs))))
    hits = searcher.hits(shown, passages=style in ("text", "json", "jsonl"))
    if style == "json":
        record = {"schema": records.SCHEMA_VERSION, "total": ranked.total}
        click.echo(records.json_text({**record, "hits": [records.hit_record(hit) for hit in hits]}, 2))
    elif style == "text":
        width = line_width()
        for at, hit in enumerate(hits):
            click.echo(("\n" if at else "") + output.hit_text(hit, color, width), color=color)
        click.echo(f"{len(shown.docs):,} of {ranked.total:,}", err=True)
    else:
        _echo_hits(hits, "", style)


def _understood(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    """Print how a query is understood; return whether there is anything in it to search for."""
    how = {name: value for name, value in wanted.how.items() if name != "sort"}
    plan = searcher.understand(text, **how)
    if wanted.style in ("json", "jsonl"):
        record = {"schema": records.SCHEMA_VERSION, **understood_record(text, plan)}
        record |= {"id": number} if number else {}
        click.echo(records.json_text(record, None if number or wanted.style == "jsonl" else 2))
    elif not wanted.quiet:
        if number:
            click.echo(f"# {one_line(number)}\t{one_line(text)}")
        for line in understood_lines(text, plan):
            click.echo(line)
    return plan.parsed is not None


def _page(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    results = searcher.search(text, wanted.limit, wanted.offset, **wanted.how)
    if wanted.style == "json":
        record = records.results_record(results, number or None)
        click.echo(records.json_text(record, None if number else 2))
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
    width = line_width()
    for at, hit in enumerate(results.hits):
        click.echo(("\n" if at else "") + output.hit_text(hit, wanted.color, width), color=wanted.color)
    if results.total:
        click.echo(("\n" if wanted.color else "") + output.summary(results), err=True)
    else:
        _echo_diagnosis("", results.diagnosis)


def _echo_diagnosis(number: str, diagnosis: Diagnosis | None) -> None:
    before = f"{one_line(number)}: " if number else ""
    lines = ["nothing found", *(output.diagnosis_lines(diagnosis) if diagnosis else ())]
    for line in lines:
        click.echo(f"byline: {before}{line}", err=True)


def _echo_hits(hits: Iterable[Hit], number: str, style: str, nul: bool = False) -> None:
    seen: set[str] = set()
    for hit in hits:
        if style == "jsonl":
            record = {"query_id": number, **records.hit_record(hit)} if number else records.hit_record(hit)
            click.echo(records.json_text(record))
        elif style == "trec":
            click.echo(records.trec_line(number or "1", hit))
        elif hit.article.path not in seen:
            seen.add(hit.article.path)
            if nul:
                click.echo(os.fsencode(hit.article.path) + b"\0", nl=False)
            else:
                click.echo(visible(hit.article.path).replace("\n", "\u240a"))
