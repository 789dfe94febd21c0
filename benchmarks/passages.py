"""What a page of ten hits costs: reading the articles, and choosing and marking their passages.

Processor time, the ranking left out; the least of several runs of each query, so that other work on the
machine counts little. The long article is put together from the articles of the corpus.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import read
from benchmarks.queries import draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Kind
from benchmarks.setup import Setup
from benchmarks.timing import percentile
from index.library import Library
from search.searcher import Ranked, Searcher

_PAGE = 10
_RUNS = 5
_LONG = 1_000_000


def passages(setup: Setup) -> Section:
    """Measure pages of hits of queries of two words, and one of a hit with a million characters."""
    corpus = setup.corpus(setup.small)
    asked = [" ".join(words) for words in draw(read(corpus, 2000), setup.queries)[Kind.OR2]]
    rows = []
    sources = {"ten articles": corpus, f"one article of {_LONG:,} characters": _long_article(corpus)}
    for what, source in sources.items():
        with Searcher(_library(setup.work / f"stored-{source.stem}", source)) as searcher:
            ranked = [searcher.rank(query, mode="any", upto=_PAGE) for query in asked]
            read_only = [_least(lambda one: _page(searcher, one, False), one) for one in ranked]
            whole = [_least(lambda one: _page(searcher, one, True), one) for one in ranked]
        cells = [percentile(times, share) for times in (read_only, whole) for share in (0.5, 0.95)]
        rows.append([what, *(number(1000 * value) for value in cells), number(1000 * max(whole))])
    prose = f"""Milliseconds of processor time for a page of hits, without and with their passages, marks and
        reasons; the ranking is left out. The least of {_RUNS} runs of each of {len(asked):,} queries of two
        words, p50 and p95 over the queries."""
    headings = ("", "read, p50", "p95", "with passages, p50", "p95", "most")
    return section("passages", setup.command("passages"), prose, table(headings, rows))


def _library(folder: Path, source: Path) -> Library:
    """Return the library of a JSONL file, with its texts."""
    if folder.is_dir():
        return Library.open(folder)
    library = Library.create(folder)
    library.update([source])
    return library


def _page(searcher: Searcher, ranked: Ranked, passages: bool) -> int:
    return len(list(searcher.hits(ranked, 0, _PAGE, passages=passages)))


def _least(page: Callable[[Ranked], int], ranked: Ranked) -> float:
    """Return the least processor time of several runs, in seconds."""
    times = []
    for _ in range(_RUNS):
        began = time.process_time()
        page(ranked)
        times.append(time.process_time() - began)
    return min(times)


def _long_article(corpus: Path) -> Path:
    """Return a corpus of one long article beside `corpus`."""
    path = corpus.with_name(f"long-{_LONG}.jsonl")
    if not path.is_file():
        parts: list[str] = []
        while sum(map(len, parts)) < _LONG:
            parts += [doc.text for doc in read(corpus, 2000)]
        record = {"id": "long", "title": "Everything", "text": "\n\n".join(parts)[:_LONG]}
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path
