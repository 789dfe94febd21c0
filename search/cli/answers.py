"""Print the answer to a query, in the format that was asked for, hit by hit."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

import click

from search import output, records
from search.cli.remarks import echo_nothing, echo_remarks
from search.cli.streams import line_width
from search.cli.wanted import Wanted
from search.fields import OF_NUMBERS, TABLE, record_of, row_of
from search.results import Hit, Results
from search.searcher import Ranked, Searcher, results_of
from search.tables import TABLES, markdown, table_head, table_line
from search.terminal import one_line, visible
from search.trec import run_lines

#: An id up to the key of one of several articles in a file.
_FILE = re.compile(r"(?:[^\\#]|\\.)*")


def print_head(wanted: Wanted, batch: bool) -> None:
    """Print what comes before all answers: the names of the columns of a table."""
    names = _columns(wanted, batch)
    if not wanted.quiet and not wanted.count and names is not None:
        click.echo(table_head(wanted.style, names))


def _columns(wanted: Wanted, batch: bool) -> list[str] | None:
    """Return the names of the columns if the format is a table, else None."""
    if wanted.style not in TABLES or (wanted.style == "markdown" and wanted.fields is None):
        return None
    return [*(["query_id"] if batch else []), *(wanted.fields or TABLE)]


def print_answer(searcher: Searcher, number: str, text: str, wanted: Wanted) -> bool:
    """Print the answer to one query; return whether anything was found.

    `number` is the query's id in a batch, the empty text if there is but one query.
    """
    began = time.perf_counter()
    if wanted.quiet or wanted.count:
        ranked = searcher.rank(text, **wanted.how, upto=0)
        if wanted.count and not wanted.quiet:
            echo_remarks(number, text, ranked.plan)
            click.echo(f"{visible(number)}\t{ranked.total}" if number else str(ranked.total))
        return bool(ranked.total)
    upto = None if wanted.style == "paths" else wanted.stop
    ranked = searcher.rank(text, **wanted.how, upto=upto, more=wanted.style == "trec")
    read = wanted.style in ("text", "markdown", "json")
    told = not ranked.total and read
    found = searcher.diagnose(text, **wanted.reach) if told else None
    meant = searcher.suggest(text, ranked, **wanted.reach) if read else None
    if wanted.style == "json":
        answer = results_of(text, ranked, wanted.offset, (), found, time.perf_counter() - began, meant)
        _echo_json(searcher, ranked, answer, number, wanted)
        return bool(ranked.total)
    if number and wanted.style in ("text", "markdown"):
        _echo_heading(number, text, wanted)
    echo_remarks(number, text, ranked.plan)
    if wanted.style == "paths":
        _echo_paths(searcher, ranked, wanted)
    elif wanted.style == "trec":
        _echo_run(searcher, ranked, number or "1", wanted)
    else:
        shown = _echo_hits(searcher, ranked, number, wanted)
        if wanted.style == "text" and ranked.total:
            before = "\n" if wanted.color else ""
            click.echo(before + output.summary(ranked.total, wanted.offset, shown, ranked.stories), err=True)
    if told:
        echo_nothing(number, found)
    elif meant is not None:
        before = f"{one_line(number)}: " if number else ""
        click.echo(f"byline: {before}{output.suggestion_line(meant)}", err=True)
    return bool(ranked.total)


def print_hits(searcher: Searcher, ranked: Ranked, wanted: Wanted, text: str, name: str) -> list[str]:
    """Print the first articles of an answer to `text` that was ranked already; return their ids.

    `name` is that of a run. Of paths, the articles are those of the files that were printed.
    """
    print_head(wanted, batch=False)
    if text and wanted.style != "json":
        echo_remarks("", text, ranked.plan)
    if wanted.style == "json":
        _echo_json(searcher, ranked, results_of(text, ranked, 0, (), None, 0.0), "", wanted)
    elif wanted.style == "paths":
        files = _echo_paths(searcher, ranked, wanted)
        return [ident for ident in _ids(searcher, ranked) if _file_of(ident) in files]
    elif wanted.style == "trec":
        _echo_run(searcher, ranked, name, wanted)
    else:
        shown = _echo_hits(searcher, ranked, "", wanted)
        if wanted.style == "text" and ranked.total:
            click.echo(output.summary(ranked.total, 0, shown, ranked.stories), err=True)
    return list(_ids(searcher, ranked, 0, wanted.stop))


def _echo_heading(number: str, text: str, wanted: Wanted) -> None:
    if wanted.style == "text":
        click.echo(f"# {one_line(number)}\t{one_line(text)}")
    elif wanted.fields is None:
        click.echo(f"## {markdown(number)}: {markdown(text)}\n")


def _echo_json(searcher: Searcher, ranked: Ranked, answer: Results, number: str, wanted: Wanted) -> None:
    values = _records(searcher, ranked, wanted)
    head = records.results_head(answer, number or None)
    for piece in records.streamed(head, "hits", values, None if number else 2):
        click.echo(piece, nl=False)
    click.echo()


def _echo_hits(searcher: Searcher, ranked: Ranked, number: str, wanted: Wanted) -> int:
    """Print hits as they come; return how many there were."""
    shown = 0
    for text in _texts(searcher, ranked, number, wanted):
        click.echo(("\n" if shown and wanted.style == "text" else "") + text, color=wanted.color)
        shown += 1
    return shown


def _texts(searcher: Searcher, ranked: Ranked, number: str, wanted: Wanted) -> Iterator[str]:
    """Yield each hit as it is printed."""
    columns = _columns(wanted, False)
    if wanted.style == "jsonl":
        for record in _records(searcher, ranked, wanted):
            yield records.json_text({"query_id": number, **record} if number else record)
    elif columns is not None:
        for row in _rows(searcher, ranked, wanted, columns):
            yield table_line(wanted.style, [number, *row] if number else row)
    elif wanted.style == "text":
        width = line_width()
        for hit in _hits(searcher, ranked, wanted):
            yield output.hit_text(hit, wanted.color, width)
    else:
        for hit in _hits(searcher, ranked, wanted):
            yield output.hit_markdown(hit) + "\n"


def _hits(searcher: Searcher, ranked: Ranked, wanted: Wanted) -> Iterator[Hit]:
    return searcher.hits(ranked, wanted.offset, wanted.stop, passages=wanted.passages, explain=wanted.explain)


def _records(searcher: Searcher, ranked: Ranked, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Yield the fields asked for of each hit; no article is read where numbers are all that is wanted."""
    if wanted.fields is None or not OF_NUMBERS.issuperset(wanted.fields):
        for hit in _hits(searcher, ranked, wanted):
            yield record_of(hit, wanted.fields)
        return
    first, stop = wanted.offset, wanted.stop
    ids = _ids(searcher, ranked, first, stop)
    for rank, (ident, score) in enumerate(
        zip(ids, ranked.scores[first:stop].tolist(), strict=True), first + 1
    ):
        values = {"rank": rank, "score": round(score, 6), "id": ident}
        yield {name: values[name] for name in wanted.fields}


def _rows(searcher: Searcher, ranked: Ranked, wanted: Wanted, columns: list[str]) -> Iterator[list[Any]]:
    """Yield the cells of each hit in a table."""
    if OF_NUMBERS.issuperset(columns):
        for record in _records(searcher, ranked, wanted):
            yield list(record.values())
    else:
        for hit in _hits(searcher, ranked, wanted):
            yield row_of(hit, columns)


def _echo_run(searcher: Searcher, ranked: Ranked, number: str, wanted: Wanted) -> None:
    """Print a run; no article is read for it."""
    chosen = slice(wanted.offset, wanted.stop)
    names = searcher.names(ranked, wanted.offset, wanted.stop)
    lines = run_lines(number, names, ranked.scores[chosen].tolist(), wanted.offset + 1)
    if text := "\n".join(lines):
        click.echo(text)


def _echo_paths(searcher: Searcher, ranked: Ranked, wanted: Wanted) -> set[str]:
    return print_paths(searcher, _ids(searcher, ranked), wanted.nul, wanted.offset, wanted.limit)


def print_paths(
    searcher: Searcher, ids: Iterable[str], nul: bool, skip: int = 0, left: int | None = None
) -> set[str]:
    """Print the path of each file that holds one of the articles, once; return the files as ids begin.

    Of the files, the first `skip` are left out, and of the others but `left` are printed.
    """
    seen: set[str] = set()
    printed: set[str] = set()
    for ident in ids:
        name = _file_of(ident)
        if name in seen or "/" not in name:
            continue  # "/": else it is a source, which came from no file
        seen.add(name)
        if skip:
            skip -= 1
            continue
        if left == 0:
            break
        article = searcher.article(ident)
        if article is None:
            continue
        if nul:
            click.echo(os.fsencode(article.path) + b"\0", nl=False)
        else:
            click.echo(visible(article.path).replace("\n", "\u240a"))
        printed.add(name)
        left = None if left is None else left - 1
    return printed


def _file_of(ident: str) -> str:
    file = _FILE.match(ident)
    return file[0] if file else ident


def _ids(searcher: Searcher, ranked: Ranked, first: int = 0, stop: int | None = None) -> Iterator[str]:
    """Yield the ids of an answer without ever having all of them."""
    places = range(len(ranked.docs))[first:stop]
    for at in range(0, len(places), 1000):
        part = places[at : at + 1000]
        yield from searcher.ids(ranked, part.start, part.stop)
