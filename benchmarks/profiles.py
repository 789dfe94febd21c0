"""Where byline spends its time in each kind of query: a list for those who work on it."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path
from typing import Any

from benchmarks.child import built
from benchmarks.corpus import read
from benchmarks.queries import SAMPLE, WARM_UP, Query, draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Engine, Kind, engine
from benchmarks.setup import Setup

_MOST = 8
#: The steps of a query, by the end of their file and their name.
_STAGES = (
    ("search/query.py", "parse"),
    ("search/interpret.py", "plan"),
    ("search/evaluate.py", "best"),
    ("search/searcher.py", "ids"),
)


def profiles(setup: Setup) -> Section:
    """Ask queries under cProfile; functions are ranked by their own time, calls to numpy among them."""
    corpus = setup.corpus()
    byline = engine("byline")
    byline.open(built(setup.work, corpus, "byline"))
    sample = list(read(corpus, SAMPLE))
    asked, warm_up = draw(sample, setup.queries), draw(sample, min(WARM_UP, setup.queries), seed=11)
    del sample
    parts: list[str] = []
    for kind in Kind:
        for words in warm_up[kind]:
            byline.ask(kind, words)
        parts += _profile(byline, kind, asked[kind])
    byline.close()
    prose = f"""byline's functions by their own time, {setup.articles:,} articles, {setup.queries} queries of
        each kind. Under the profiler everything takes longer, small functions above all."""
    return section("profiles", setup.command("profiles"), prose, *parts)


def _profile(byline: Engine, kind: Kind, asked: list[Query]) -> tuple[str, str]:
    profile = cProfile.Profile()
    began = time.perf_counter()
    profile.enable()
    for words in asked:
        byline.ask(kind, words)
    profile.disable()
    passed = (time.perf_counter() - began) * 1000 / len(asked)
    found: Any = pstats.Stats(profile)
    stats: dict[Any, tuple[int, int, float, float, Any]] = found.stats
    total = sum(entry[2] for entry in stats.values())
    stages = [
        f"{name} {_ms(entry[3], asked)}"
        for file, name in _STAGES
        for (path, _, function), entry in stats.items()
        if function == name and path.endswith(file)
    ]
    rows = [
        [_place(where), number(own / total * 100, 2), number(calls / len(asked), 2), _ms(within, asked)]
        for where, (_, calls, own, within, _) in sorted(stats.items(), key=lambda item: -item[1][2])[:_MOST]
    ]
    headings = ["function", "own time, %", "calls a query", "with what it calls, ms a query"]
    return f"**{kind}**, {number(passed)} ms in the mean ({', '.join(stages)}):", table(headings, rows)


def _ms(seconds: float, asked: list[Query]) -> str:
    return number(seconds * 1000 / len(asked))


def _place(where: tuple[str, int, str]) -> str:
    file, line, name = where
    if file == "~":
        return f"`{name.strip('<>')}`"
    parts = Path(file).parts
    return f"`{'/'.join(parts[-2:])}:{line} {name}`"
