"""What numpy itself takes for a query: the steps over arrays alone, in a straight line.

Two words with AND and a phrase of two, without reading the query, finding its terms, forms, the order of
equals and ids: what is left is what any evaluation of these arrays by numpy must do, one call after the
other. Queries are asked of tantivy and of byline in turn with it, as in `benchmarks.queries`, so that each
finds the processor's caches as the other left them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.child import built
from benchmarks.corpus import read
from benchmarks.queries import SAMPLE, WARM_UP, draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import BEST, Engine, Kind, engine
from benchmarks.setup import Setup
from benchmarks.timing import median, ratio
from search.matches import common_places

_K1 = 1.5
_KINDS = (Kind.AND2, Kind.PHRASE2)
#: Between the words of one article and those of the next.
_GAP = 8

Array = NDArray[Any]
Query = tuple[str, ...]
Times = dict[tuple[Kind, str], dict[int, list[float]]]


class Arrays:
    """The arrays of a library of one segment, and room to work in."""

    def __init__(self, folder: Path) -> None:
        from index.library import Library
        from search.generation import Generation

        now = Generation(Library.open(folder).reader())
        (segment,) = now.reader.segments
        words = segment.reader.words("text")
        assert words is not None
        self.field, self.analyzer = words, now.analyzer
        self.norms = now.evaluator.norms
        self.extents = now.reader.lengths("text").astype(np.int64) + _GAP
        self.flags = np.zeros(now.reader.size, dtype=np.bool_)
        self.marks = np.zeros(int(self.extents.sum()), dtype=np.bool_)

    def terms(self, words: Query) -> tuple[int, ...]:
        """Return the numbers of the words' terms, that in fewer articles first."""
        numbers = {self.field.terms.find(self.analyzer.stem(word).encode()) for word in words}
        return tuple(sorted(numbers - {-1}, key=lambda term: int(self.field.df[term])))

    def both(self, one: int, other: int) -> tuple[Array, Array, Array]:
        """Return the articles with both terms, and their places in the articles of each."""
        docs = self.field.docs(one)
        inside, where = common_places(docs, self.field.docs(other), self.flags)
        return docs.take(inside), inside, where

    def every(self, one: int, other: int) -> Array:
        """Return the best articles with both words."""
        docs, inside, where = self.both(one, other)
        norms = self.norms.take(docs)
        total = _scored(self.field.weights(one).take(inside), norms)
        total += _scored(self.field.weights(other).take(where), norms)
        return _best(docs, total)

    def phrase(self, one: int, other: int) -> Array:
        """Return the best articles in which the words stand side by side, the one first."""
        docs, inside, where = self.both(one, other)
        if not len(docs):
            return docs
        extents = self.extents.take(docs)
        origins = extents.cumsum()
        origins -= extents
        low, high = (inside, where) if one < other else (where, inside)
        found = self.field.occurrences_of((min(one, other), max(one, other)), (low, high), origins)
        first, second = found if one < other else found[::-1]
        starts, marks = first.positions, self.marks
        marks[starts + 1] = True
        ends = second.positions.compress(marks.take(second.positions))
        marks[starts + 1] = False
        counts = np.bincount(origins.searchsorted(ends, side="right") - 1, minlength=len(docs))
        there = counts.nonzero()[0]
        docs = docs.take(there)
        return _best(docs, _scored(counts.take(there).astype(np.float64), self.norms.take(docs)))


def _scored(weights: Array, norms: Array) -> Array:
    scores = weights + norms
    np.divide(weights, scores, out=scores)
    scores *= _K1 + 1.0
    return scores


def _best(docs: Array, scores: Array) -> Array:
    if len(docs) <= BEST:
        return docs
    least = np.partition(scores, len(scores) - BEST)[-BEST]
    return docs.compress(scores >= least)


def floor(setup: Setup) -> Section:
    """Measure the steps over arrays of two kinds of queries beside the whole of byline and of tantivy."""
    corpus = setup.corpus()
    names: list[str] = [name for name in ("byline", "tantivy") if name in setup.engines]
    folders = {name: built(setup.work, corpus, name) for name in {"byline", *names}}
    sample = list(read(corpus, SAMPLE))
    asked, warm_up = draw(sample, setup.queries), draw(sample, min(WARM_UP, setup.queries), seed=11)
    del sample
    times: Times = {(kind, name): {} for kind in _KINDS for name in (*names, "arrays")}
    order = random.Random(1)
    for _ in range(setup.rounds):
        arrays, engines = Arrays(folders["byline"]), [engine(name) for name in names]
        for name, opened in zip(names, engines, strict=True):
            opened.open(folders[name])
        for kind in _KINDS:
            for words in warm_up[kind]:
                _ask(arrays, engines, kind, words, order)
            for place, words in enumerate(asked[kind]):
                for name, passed in _ask(arrays, engines, kind, words, order).items():
                    times[kind, name].setdefault(place, []).append(passed * 1000)
        for opened in engines:
            opened.close()
    prose = f"""{setup.articles:,} articles; p50 in milliseconds of {setup.queries} queries of each kind,
        asked in turn: the steps over arrays alone, in a straight line, beside all that the engines do."""
    headings = ["", "arrays alone", *names, *(f"arrays : {name}" for name in names)]
    rows = [_row(kind, names, times) for kind in _KINDS]
    return section("floor", setup.command("floor"), prose, table(headings, rows))


def _ask(
    arrays: Arrays, engines: list[Engine], kind: Kind, words: Query, order: random.Random
) -> dict[str, float]:
    """Return how many seconds each way takes for a query; nothing if a word of it is lacking."""
    terms = arrays.terms(words)
    if len(terms) < 2:
        return {}
    ways: list[tuple[str, Callable[[], object]]] = [
        (opened.name.lower(), partial(opened.ask, kind, words)) for opened in engines
    ]
    ways.append(("arrays", partial(arrays.every if kind is Kind.AND2 else arrays.phrase, *terms)))
    passed = {}
    for name, way in order.sample(ways, len(ways)):
        began = time.perf_counter()
        way()
        passed[name] = time.perf_counter() - began
    return passed


def _row(kind: Kind, names: list[str], times: Times) -> list[str]:
    p50 = {
        name: median([median(one) for one in times[kind, name].values()] or [0.0])
        for name in (*names, "arrays")
    }
    shares = [number(ratio(p50["arrays"], p50[name]), 2) for name in names]
    return [kind.value, number(p50["arrays"]), *(number(p50[name]) for name in names), *shares]
