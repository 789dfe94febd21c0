"""How long it takes to open an index and to answer the first query, in a fresh process."""

from __future__ import annotations

from benchmarks.child import built, run
from benchmarks.corpus import read
from benchmarks.queries import draw
from benchmarks.report import Section, number, section, table
from benchmarks.rivals import Kind, engine
from benchmarks.setup import Setup
from benchmarks.timing import median


def opening(setup: Setup) -> Section:
    """Measure the opening of each engine's index of the corpus; a process asks one query of two words."""
    corpus = setup.corpus()
    rounds = 3 * setup.rounds
    folders = {name: built(setup.work, corpus, name) for name in setup.engines}
    asked = draw(read(corpus, 2000), rounds)[Kind.OR2]
    opened: dict[str, list[float]] = {name: [] for name in folders}
    first: dict[str, list[float]] = {name: [] for name in folders}
    for words in asked:
        for name, folder in folders.items():
            job = {"do": "open", "engine": name, "folder": str(folder), "kind": Kind.OR2.value}
            result, _ = run({**job, "words": words})
            opened[name].append(result["open"] * 1000)
            first[name].append(result["first"] * 1000)
    rows = [
        [engine(name).name, number(median(opened[name])), number(median(first[name]))] for name in folders
    ]
    prose = f"""{setup.articles:,} articles; milliseconds in a fresh process, its imports left out and the
        files in the system's cache, median of {rounds}."""
    return section("opening", setup.command("opening"), prose, table(["", "open", "first query"], rows))
