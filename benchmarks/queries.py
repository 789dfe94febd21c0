"""How long a query takes, reading it included, to the numbers of the ten best and the exact count.

Every query is asked once of every engine in turn, in an order that changes; then again in the next round,
with the index opened anew, so that no engine can answer from what it kept of the round before. Other
queries of the same kinds are asked first, to warm up.
"""

from __future__ import annotations

import gc
import random
import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.child import built
from benchmarks.corpus import Doc, read
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import BEST, Engine, Kind, engine
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile, ratio

_WORD = re.compile(r"[a-z]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHARE = 0.7
WARM_UP = 20
SAMPLE = 20_000
#: So few queries of each kind are asked of an engine that takes a hundred times as long, in one round.
SLOW_QUERIES = 30
SLOW_WARM_UP = 3

Query = tuple[str, ...]


def draw(docs: Iterable[Doc], count: int, seed: int = 7) -> dict[Kind, list[Query]]:
    """Return `count` queries of each kind, made of words that stand together in an article.

    Words are drawn as often as they occur, from four letters on; a phrase is two such words side by side.
    Of the words in seven of ten articles there are only a few, which are asked again and again.
    """
    rng = random.Random(seed)
    texts = [words for doc in docs if len(words := _WORD.findall(doc.text.lower())) >= 20]
    share = Counter(word for words in texts for word in set(words))
    known = set(share)
    common = sorted(share, key=lambda word: abs(share[word] / len(texts) - _SHARE))[:5]
    found: dict[Kind, list[Query]] = {kind: [] for kind in Kind}
    found[Kind.COMMON] = [(common[number % len(common)],) for number in range(count)]
    while any(len(queries) < count for queries in found.values()):
        for kind, query in _from(rng.choice(texts), rng, known):
            if len(found[kind]) < count:
                found[kind].append(query)
    return found


def _from(words: list[str], rng: random.Random, known: set[str]) -> Iterable[tuple[Kind, Query]]:
    long = [word for word in words if len(word) >= 4]
    if len(set(long)) < 6:
        return
    distinct = sorted(set(long), key=long.index)
    yield Kind.OR2, tuple(rng.sample(distinct, 2))
    yield Kind.OR4, tuple(rng.sample(distinct, 4))
    yield Kind.AND2, tuple(rng.sample(distinct, 2))
    at = rng.randrange(len(words) - 1)
    if len(words[at]) >= 4 and len(words[at + 1]) >= 4:
        yield Kind.PHRASE2, (words[at], words[at + 1])
    word = rng.choice(long)
    if len(word) >= 6:
        yield Kind.PREFIX, (word[: rng.randint(4, len(word) - 2)],)
        place = rng.randrange(1, len(word) - 1)
        typo = word[:place] + rng.choice(_LETTERS) + word[place + 1 :]
        if typo not in known:
            yield Kind.TYPO, (typo,)


@dataclass(slots=True)
class Measured:
    """One engine's times in milliseconds, by kind and query, and what it found."""

    times: dict[Kind, dict[int, list[float]]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    found: dict[Kind, dict[int, int | None]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    best: dict[Kind, dict[int, tuple[int, ...]]] = field(default_factory=lambda: {kind: {} for kind in Kind})

    def typical(self, kind: Kind) -> list[float]:
        """Return each query's median over the rounds."""
        return [median(times) for times in self.times[kind].values()]


def measure(
    folders: dict[str, Path],
    asked: dict[Kind, list[Query]],
    warm_up: dict[Kind, list[Query]],
    rounds: int,
) -> dict[str, Measured]:
    """Ask every query of every engine; `folders` are their indexes by name."""
    results = {name: Measured() for name in folders}
    engines = {name: engine(name) for name in folders}
    order = random.Random(1)
    gc.collect()
    gc.freeze()
    for turn in range(rounds):
        taking_part = [name for name, opened in engines.items() if turn == 0 or not opened.slow]
        for name in taking_part:
            engines[name].open(folders[name])
            for kind, queries in warm_up.items():
                for words in queries[: SLOW_WARM_UP if engines[name].slow else None]:
                    engines[name].ask(kind, words)
        for kind, queries in asked.items():
            for place, words in enumerate(queries):
                for name in order.sample(taking_part, len(taking_part)):
                    if place < SLOW_QUERIES or not engines[name].slow:
                        _ask(engines[name], results[name], kind, place, words)
        for name in taking_part:
            engines[name].close()
    return results


def _ask(opened: Engine, result: Measured, kind: Kind, place: int, words: Query) -> None:
    began = time.perf_counter()
    answer = opened.ask(kind, words)
    passed = time.perf_counter() - began
    if answer is not None:
        result.times[kind].setdefault(place, []).append(passed * 1000)
        result.found[kind][place] = answer.found
        result.best[kind][place] = answer.best


def queries(setup: Setup) -> Section:
    """Measure all kinds of queries on the corpus."""
    corpus = setup.corpus()
    folders = {name: built(setup.work, corpus, name) for name in setup.engines}
    sample = list(read(corpus, SAMPLE))
    asked, warm_up = draw(sample, setup.queries), draw(sample, min(WARM_UP, setup.queries), seed=11)
    del sample
    results = measure(folders, asked, warm_up, setup.rounds)
    names = {name: engine(name).name for name in folders}
    prose = f"""{setup.articles:,} articles; p50 / p95 in milliseconds of {setup.queries} queries of each
        kind. Reading the query is included, and so are the numbers of the {BEST} best articles and the
        exact count of all (bm25s does not count). Engines that take far longer were asked the first
        {SLOW_QUERIES} of each kind, once."""
    found = f"""What they found, so that the same work is compared: articles a query, in the mean, and how
        many of byline's {BEST} best the other has among its own."""
    parts = (prose, _times(results, names), found, _found(results, names))
    return section("queries", setup.command("queries"), *parts)


def _times(results: dict[str, Measured], names: dict[str, str]) -> str:
    others = [name for name in results if name != "byline"]
    rows = []
    for kind in Kind:
        typical = {name: result.typical(kind) for name, result in results.items()}
        p50 = {name: median(times) if times else None for name, times in typical.items()}
        row = [kind.value]
        for name in results:
            p95 = percentile(typical[name], 0.95) if typical[name] else None
            row.append("-" if p95 is None else f"{number(p50[name])} / {number(p95)}")
        row += [number(ratio(p50.get("byline"), p50[name]), 2) for name in others]
        rows.append(row)
    headings = ["", *names.values(), *(f"byline : {names[name]}" for name in others)]
    return table(headings, rows)


def _found(results: dict[str, Measured], names: dict[str, str]) -> str:
    others = [name for name in results if name != "byline"]
    rows = []
    for kind in Kind:
        row = [kind.value]
        asked = set.intersection(
            *(set(result.found[kind]) for result in results.values() if result.found[kind])
        )
        for result in results.values():
            counts = [count for at in asked if (count := result.found[kind].get(at)) is not None]
            row.append(number(sum(counts) / len(counts), 1) if counts else "-")
        own = results.get("byline", Measured())
        rows.append([*row, *(_shared(own, results[name], kind) for name in others)])
    return table(["", *names.values(), *(f"shared with {names[name]}" for name in others)], rows)


def _shared(one: Measured, other: Measured, kind: Kind) -> str:
    both = [(one.best[kind][at], other.best[kind][at]) for at in one.best[kind] if at in other.best[kind]]
    most = sum(len(first) for first, _ in both)
    same = sum(len(set(first) & set(second)) for first, second in both)
    return f"{same / most:.0%}" if most else "-"
