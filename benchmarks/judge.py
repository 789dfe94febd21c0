"""`python -m benchmarks.judge QRELS [RUN]`: how good a TREC run is (standard input without RUN).

Measures are those of trec_eval, through ir-measures. Queries that are judged but have no line in the run
count as 0, as they should.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

#: The score of each article by its key, for each query by its number.
Run = Mapping[str, Mapping[str, float]]
#: The grade of each judged article by its key, for each query; above 0 is relevant.
Grades = Mapping[str, Mapping[str, int]]

MEASURES = ("nDCG@10", "AP", "R@1000")


def judged(run: Run, grades: Grades) -> tuple[float, ...]:
    """Return `MEASURES` of a run, means over all queries that have grades."""
    tool: Any = importlib.import_module("ir_measures")
    measures = [tool.parse_measure(name) for name in MEASURES]
    found = tool.calc_aggregate(measures, dict(grades), {query: dict(run.get(query, {})) for query in grades})
    return tuple(float(found[measure]) for measure in measures)


def read_grades(path: Path) -> dict[str, dict[str, int]]:
    """Return the grades of a file in TREC's format (`query 0 article grade`)."""
    grades: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, key, grade = line.split()
        grades.setdefault(query, {})[key] = int(grade)
    return grades


def read_run(lines: Iterable[str]) -> dict[str, dict[str, float]]:
    """Return the scores of a run in TREC's format."""
    run: dict[str, dict[str, float]] = {}
    for line in lines:
        query, _, key, _, score, _ = line.split()
        run.setdefault(query, {})[key] = float(score)
    return run


def main() -> int:
    """Print the measures; return 2 if ir-measures is not there."""
    options = argparse.ArgumentParser("python -m benchmarks.judge", description=__doc__)
    options.add_argument("qrels", type=Path)
    options.add_argument("run", type=Path, nargs="?")
    given = options.parse_args()
    lines = sys.stdin if given.run is None else given.run.read_text(encoding="utf-8").splitlines()
    try:
        found = judged(read_run(lines), read_grades(given.qrels))
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: pip install ir-measures", file=sys.stderr)
        return 2
    for name, value in zip(MEASURES, found, strict=True):
        print(f"{name}\t{value:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
