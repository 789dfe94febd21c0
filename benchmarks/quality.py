"""`make bench-quality`: how good the ranking is on judged collections, stage by stage, beside other engines.

A collection is a folder with `corpus.jsonl.gz` (or `corpus.jsonl`), `queries.tsv` and `qrels.txt`. The
queries are asked as they are written; and with a typing error in every word of five and more letters, thrice
over, of which the mean is told. Other engines are given the words of the query, lower case and without
and, or, not and near, joined by OR. byline takes part by its fast ranking and then with one more stage of
the full one after the other; the last of these rows is asked once more through the command line.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks import report
from benchmarks.corpus import CHECKOUT, Doc
from benchmarks.judge import Grades, judged, read_grades, read_run
from benchmarks.quality_typos import CORPORA, JUDGED, SEEDS, every_word, words_of
from benchmarks.rank_rivals import RANKINGS, Ranking, installed
from index.library import Library
from search.ranking.pipeline import FAST, FULL, Stages
from search.searcher import Searcher

DEPTH = 1000
PAGE = CHECKOUT / "docs" / "quality.md"

#: byline's rows: each has one stage more.
STAGES: dict[str, Stages] = {
    "byline, BM25 (`--rank fast`)": FAST,
    "… and dependence": Stages(True, False, False),
    "… and neighbours": Stages(True, True, False),
    "… and feedback (`--rank full`)": FULL,
}

#: The keys of the best articles for a query, with their scores.
Asked = Callable[[str], dict[str, float]]
Figures = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged collection: its folder, the queries that are judged, in their order, and the grades."""

    name: str
    folder: Path
    queries: dict[str, str]
    grades: Grades

    def records(self) -> Iterator[dict[str, str]]:
        """Yield the articles, each with `id`, `title` and `text`."""
        packed = self.folder / "corpus.jsonl.gz"
        path = packed if packed.is_file() else self.folder / "corpus.jsonl"
        with path.open("rb") as plain, gzip.open(plain) if path == packed else plain as lines:
            yield from map(json.loads, lines)

    def damaged(self, seed: int) -> dict[str, str]:
        """Return the queries with every long word misspelt."""
        rng = random.Random(seed)
        return {number: " ".join(every_word(words_of(text), rng)) for number, text in self.queries.items()}


def collection(folder: Path) -> Collection:
    """Read a collection, but for its articles. Raises `OSError` if a file is missing."""
    grades = read_grades(folder / "qrels.txt")
    lines = (folder / "queries.tsv").read_text(encoding="utf-8").splitlines()
    queries = dict(line.split("\t", 1) for line in lines)
    return Collection(folder.name, folder, {q: text for q, text in queries.items() if q in grades}, grades)


class Rows:
    """The figures of every engine on one collection."""

    def __init__(self, asked: Collection, work: Path, names: Sequence[str]) -> None:
        self._asked = asked
        self.clean: dict[str, Figures] = {}
        self.damaged: dict[str, Figures] = {}
        self.library = self._library(work)
        with Searcher(Library.open(str(self.library))) as searcher:
            for name, stages in STAGES.items():
                self._measure(name, lambda text, stages=stages: _byline(searcher, text, stages))  # type: ignore[misc]
        for name in names:
            self._rival(name, work)

    def _measure(self, name: str, ask: Asked) -> None:
        collection = self._asked
        plain = {number: ask(text) for number, text in collection.queries.items()}
        self.clean[name] = judged(plain, collection.grades)
        found = []
        for seed in SEEDS:
            run = {number: ask(text) for number, text in collection.damaged(seed).items()}
            found.append(judged(run, collection.grades))
        self.damaged[name] = tuple(map(fmean, zip(*found, strict=True)))

    def _library(self, work: Path) -> Path:
        path = work / self._asked.name / "byline"
        if not path.exists():
            source = path.with_suffix(".jsonl")
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_text("".join(json.dumps(one) + "\n" for one in self._asked.records()))
            Library.create(path).update([source])
        return path

    def _rival(self, name: str, work: Path) -> None:
        made = RANKINGS[name]()
        made.load()
        keys = [record["id"] for record in self._asked.records()]
        folder = work / self._asked.name / name
        if not folder.exists():
            records = enumerate(self._asked.records())
            docs = (Doc(number, one.get("title", ""), one["text"]) for number, one in records)
            made.build(docs, folder, jobs=1, stored=False)
        made.open(folder)
        self._measure(made.name, lambda text: _rivals(made, text, keys))
        made.close()


def _byline(searcher: Searcher, text: str, stages: Stages) -> dict[str, float]:
    ranked = searcher.rank(text, mode="any", upto=DEPTH, stages=stages, more=True)
    return dict(zip(searcher.names(ranked), ranked.scores.round(6).tolist(), strict=True))


def _rivals(engine: Ranking, text: str, keys: Sequence[str]) -> dict[str, float]:
    return {keys[number]: score for number, score in engine.top(words_of(text), DEPTH)}


def through_the_command_line(library: Path, asked: Collection) -> Figures:
    """Return the figures of what `byline search` prints."""
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder) / "queries.tsv"
        batch.write_text("".join(f"{number}\t{text}\n" for number, text in asked.queries.items()))
        command = [sys.executable, "-P", "-m", "tui", "-L", str(library)]
        command += ["search", "--batch", str(batch), "--format", "trec", "-n", str(DEPTH)]
        paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(CHECKOUT))))
        ran = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        )
    return judged(read_run(ran.stdout.splitlines()), asked.grades)


def _told(figures: Figures) -> str:
    return " / ".join(f"{value:.3f}".removeprefix("0") for value in figures)


def _table(rows: dict[str, dict[str, Figures]]) -> str:
    """Return the table of the figures by collection and engine, with the mean of the collections."""
    names = list(next(iter(rows.values())))
    body = []
    for name in names:
        every = [figures[name] for figures in rows.values()]
        mean = tuple(map(fmean, zip(*every, strict=True)))
        body.append([name, *map(_told, every), _told(mean)])
    return report.table(["", *rows, "mean"], body)


def quality(
    collections: Sequence[Collection], work: Path, names: Sequence[str], command: str
) -> report.Section:
    """Measure everything."""
    rows = {}
    for one in collections:
        rows[one.name] = Rows(one, work, names)
        print(f"{one.name}: done", file=sys.stderr)
    told = [_told(through_the_command_line(rows[one.name].library, one)) for one in collections]
    return report.section(
        "quality",
        f"Made by `{command}`.",
        """nDCG@10 / MAP / R@1000, as trec_eval has them, the mean of the collections last. The queries as
        they are written.""",
        _table({name: found.clean for name, found in rows.items()}),
        f"""The full ranking through `byline search --batch queries.tsv --format trec -n {DEPTH}`:
            {"; ".join(told)}.""",
        "With a typing error in every word of five and more letters, which byline corrects:",
        _table({name: found.damaged for name, found in rows.items()}),
    )


def main() -> int:
    """Print the tables; return 2 if there is nothing to measure with."""
    options = argparse.ArgumentParser("benchmarks/run.py quality", description=__doc__)
    options.add_argument("--corpora", type=Path, default=CORPORA, help="the folder of the collections")
    options.add_argument("--collections", default=",".join(JUDGED))
    options.add_argument("--engines", help=f"of {', '.join(RANKINGS)}; all that are installed without it")
    options.add_argument("--work", type=Path, help="keep indexes here and use them again")
    options.add_argument("--write", action="store_true", help=f"write the tables to docs/{PAGE.name}")
    given = options.parse_args()
    names = [name for name in RANKINGS if installed(name)]
    if given.engines is not None:
        names = [name for name in given.engines.split(",") if name]
        if unknown := [name for name in names if name not in RANKINGS or not installed(name)]:
            print(f"no such engine here: {', '.join(unknown)}", file=sys.stderr)
            return 2
    try:
        collections = [collection(given.corpora / name) for name in given.collections.split(",")]
    except OSError as error:
        print(
            f"{error.filename} is not there: --corpora names the folder of judged collections",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="byline-quality-") as folder:
        found = quality(collections, given.work or Path(folder), names, "make bench-quality")
    print(found.text)
    if given.write:
        report.put(found, PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
