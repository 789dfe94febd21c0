"""What looking at an answer as a whole costs: its timeline and facets, like articles, and finding copies."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import run
from benchmarks.corpus import Doc, read
from benchmarks.report import Section, number, section, table
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile
from index.article import Article, DateOrigin
from index.builder import Builder
from index.errors import LibraryMismatch, LibraryMissing
from index.library import Library
from index.value import replace
from search.moments import Days
from search.searcher import Searcher

#: Hits that are counted, or all if there are fewer articles.
_HITS = 100_000
_START = datetime(1987, 2, 26)
_DAYS = 240


def research(setup: Setup) -> Section:
    """Measure on the whole corpus, with dates and sources made up; copies on the smaller one."""
    corpus = setup.corpus()
    rows = []
    with Searcher(_library(setup.work / "indexes" / f"research-{corpus.stem}", corpus)) as searcher:
        numbers = random.Random(3).sample(range(setup.articles), min(setup.queries, setup.articles))
        ids = [_ident(at) for at in numbers]
        rows += _counting(searcher, setup)
        for name, way in (("like articles", searcher.similar), ("copies of an article", searcher.copies)):
            rows.append([name, "-", *_spread([partial(way, ident) for ident in ids])])
    hits = min(_HITS, setup.articles)
    prose = f"""{setup.articles:,} articles with dates over {_DAYS} days, 20 sources, 500 authors and 40
        folders, made up; milliseconds of processor time to look at an answer of {hits:,} articles (the first
        time for a library, p50 and p95), and to find like articles and copies of {len(ids):,}."""
    share, _ = run({"do": "copies", "engine": "byline", "folder": str(setup.work / "copies.part"),
                    "corpus": str(setup.corpus(setup.small)), "articles": setup.small})  # fmt: skip
    shutil.rmtree(setup.work / "copies.part", ignore_errors=True)
    part = share["copies"] / share["seconds"]
    cost = f"""Finding the copies of {setup.small:,} articles takes {part:.1%} of the time of their build:
        {share["signatures"]:.2f} s for signatures and {share["pairs"]:.2f} s for pairs and groups, of
        {share["seconds"]:.1f} s in one process."""
    headings = ["", "first", "p50", "p95"]
    return section("research", setup.command("research"), prose, table(headings, rows), cost)


def _counting(searcher: Searcher, setup: Setup) -> list[list[str]]:
    found = searcher.found("the", mode="any")
    some = np.random.RandomState(1).permutation(setup.articles)[:_HITS]
    found = replace(found, docs=np.sort(some))
    half = Days(None, (_START + timedelta(days=_DAYS // 2)).date())
    rest = Days((_START + timedelta(days=_DAYS // 2 + 1)).date(), None)
    ways: dict[str, Callable[[], Any]] = {
        "timeline": found.timeline,
        "facets": found.facets,
        "stories": lambda: found.stories,
        "typical words": found.terms,
        "two times compared": lambda: found.compare(half, rest),
    }
    return [[name, *_first_and_later(way, setup)] for name, way in ways.items()]


def _first_and_later(way: Callable[[], Any], setup: Setup) -> list[str]:
    first = _milliseconds(way)
    return [number(first), *_spread([way] * (10 * setup.rounds))]


def _spread(ways: list[Callable[[], Any]]) -> list[str]:
    times = [_milliseconds(way) for way in ways]
    return [number(median(times)), number(percentile(times, 0.95))]


def _milliseconds(way: Callable[[], Any]) -> float:
    began = time.process_time()
    way()
    return (time.process_time() - began) * 1000


def _library(folder: Path, corpus: Path) -> Library:
    """Return a library of a corpus with dates, sources, authors and folders, made at the first call.

    It is made anew if the words of articles are other ones now.
    """
    try:
        return Library.open(folder)
    except (LibraryMismatch, LibraryMissing):
        shutil.rmtree(folder, ignore_errors=True)
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        library = Library.create(part)
        with Builder(library.path, library.analyzer, jobs=2) as builder:
            for doc in read(corpus):
                builder.add(_article(doc))
            builder.commit()
        part.rename(folder)
    return Library.open(folder)


def _ident(number: int) -> str:
    return f"news/{number * 7 % 40:02}/{number}"


def _article(doc: Doc) -> Article:
    rng = random.Random(doc.number)
    return Article(
        id=_ident(doc.number),
        title=doc.title,
        text=doc.text,
        path="",
        date=_START + timedelta(minutes=rng.randrange(_DAYS * 1440)),
        date_origin=DateOrigin.FIELD,
        source=f"Source {rng.randrange(20)}",
        author=f"Author {rng.randrange(500)}",
    )
