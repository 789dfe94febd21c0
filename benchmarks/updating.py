"""How long it takes until a changed article can be found, and what a thousand such changes leave behind."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from benchmarks.child import built, size_of
from benchmarks.corpus import Doc, read
from benchmarks.queries import Query, draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Engine, Kind, engine
from benchmarks.setup import Setup
from benchmarks.timing import median, percentile, ratio

#: Engines that change an index in place and wait for the disk.
_ENGINES = ("byline", "tantivy", "fts5")


def updating(setup: Setup) -> Section:
    """Change articles one by one, each on the disk and found before the next."""
    corpus = setup.corpus()
    docs = list(read(corpus, max(setup.updates, 2000)))
    asked = draw(docs, setup.queries)[Kind.OR2]
    names = [name for name in setup.engines if name in _ENGINES]
    engines: dict[str, Engine] = {}
    folders: dict[str, Path] = {}
    for name in names:
        folders[name] = setup.work / f"updated-{name}"
        shutil.rmtree(folders[name], ignore_errors=True)
        shutil.copytree(built(setup.work, corpus, name, stored=True), folders[name])
        engines[name] = engine(name)
        engines[name].begin(folders[name])
    before = {name: _asked(engines[name], asked) for name in names}
    sizes = {name: size_of(folders[name]) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    for at, doc in enumerate(docs[: setup.updates]):
        for name in names:
            times[name].append(_changed(engines[name], doc, at))
    after = {name: _asked(engines[name], asked) for name in names}
    rows = []
    for name in names:
        row = [engines[name].name, number(median(times[name])), number(percentile(times[name], 0.95))]
        row += [number(before[name]), number(after[name]), number(ratio(after[name], before[name]), 2)]
        rows.append([*row, number(ratio(size_of(folders[name]), sizes[name]), 3)])
        engines[name].close()
        shutil.rmtree(folders[name])
    headings = ["", "update p50", "update p95", "query before", "query after", "after : before", "size"]
    prose = f"""{setup.articles:,} articles, stored; milliseconds for one changed article until it is on the
        disk and found by a word that only it has; then the median {Kind.OR2} before and after
        {setup.updates:,} of these, and the size of the index after them as a multiple of that before."""
    return section("updating", setup.command("updating"), prose, table(headings, rows))


def _changed(opened: Engine, doc: Doc, at: int) -> float:
    """Change an article and find it; return the milliseconds. Raises `RuntimeError` if it is not found."""
    word = f"changed{at}x"
    began = time.perf_counter()
    opened.replace(doc, Doc(doc.number, doc.title, f"{doc.text}\n{word}"))
    answer = opened.ask(Kind.COMMON, (word,))
    passed = time.perf_counter() - began
    if answer is None or answer.best != (doc.number,):
        raise RuntimeError(f"{opened.name} does not find the article that was changed: {answer}")
    return passed * 1000


def _asked(opened: Engine, asked: list[Query]) -> float:
    """Return the median milliseconds of queries, each asked for the first time after a warm-up."""
    half = len(asked) // 2
    for words in asked[:half]:
        opened.ask(Kind.OR2, words)
    times = []
    for words in asked[half:]:
        began = time.perf_counter()
        opened.ask(Kind.OR2, words)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)
