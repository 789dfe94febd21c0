"""What ranking costs: the engine's bare answer to words joined by OR, the fast order and the full one.

Queries are words that stand together in an article. Each is asked once, of an index that was opened for this
row and warmed up with other queries; what its words stand for is found out before and timed by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.child import built
from benchmarks.corpus import read
from benchmarks.queries import draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import BEST, Kind
from benchmarks.setup import Setup
from benchmarks.timing import percentile
from index.library import Library
from search.answering import answered
from search.ordering import Sort
from search.plan import Plan
from search.ranking.pipeline import FAST, FULL
from search.searcher import Searcher

_SAMPLE = 20_000
_WARM_UP = 20

Answer = Callable[[Any, Plan], object]


def _bare(now: Any, plan: Plan) -> object:
    return now.evaluator.best(plan.query, BEST)


def _fast(now: Any, plan: Plan) -> object:
    return answered(now, plan, Sort.RELEVANCE, BEST, FAST)


def _full(now: Any, plan: Plan) -> object:
    return answered(now, plan, Sort.RELEVANCE, BEST, FULL)


def ranking(setup: Setup) -> Section:
    """Measure the ways to rank."""
    corpus = setup.corpus()
    path = built(setup.work, corpus, "byline")
    drawn = draw(read(corpus, _SAMPLE), setup.queries + _WARM_UP)
    queries = {
        "2 words, OR": [" OR ".join(words) for words in drawn[Kind.OR2]],
        "4 words, OR": [" OR ".join(words) for words in drawn[Kind.OR4]],
        "2 words, side by side": [" ".join(words) for words in drawn[Kind.AND2]],
        "4 words, side by side": [" ".join(words) for words in drawn[Kind.OR4]],
    }
    rows = []
    for name, texts in queries.items():
        row = [name]
        for way in (None, _bare, _fast, _full):
            with Searcher(Library.open(path)) as searcher:
                times = _times(searcher, texts, way)
            row += [number(1000 * times[len(times) // 2]), number(1000 * percentile(times, 0.95))]
        rows.append(row)
    headings = ["", "reading the words, p50", "p95", "bare answer, p50", "p95"]
    headings += ["fast, p50", "p95", "full, p50", "p95"]
    prose = f"""{setup.articles:,} articles; milliseconds of processor time for the ten best and the exact
        count of {setup.queries} queries of each kind. The last six columns leave out reading the words."""
    return section("ranking", setup.command("ranking"), prose, table(headings, rows))


def _times(searcher: Searcher, texts: list[str], way: Answer | None) -> list[float]:
    """Return the seconds of processor time that each query but the first ones takes, sorted."""
    now = searcher.rank("").generation
    times = []
    for text in texts:
        began = time.process_time()
        plan = searcher.understand(text)
        if way is not None:
            began = time.process_time()
            way(now, plan)
        times.append(time.process_time() - began)
    return sorted(times[_WARM_UP:] or times)
