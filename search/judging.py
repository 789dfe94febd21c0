"""How good answers are, by the judgements of people: nDCG@10, average precision and recall.

The measures are those of trec_eval, which ir-measures computes; it is a package of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from index.errors import UsageProblem
from search.searcher import Searcher
from search.trec import run_columns

#: The grade of each judged article by its key, for each query by its id; above 0 is relevant.
Grades = Mapping[str, Mapping[str, int]]
#: The score of each article found by its key, for each query by its id.
Run = Mapping[str, Mapping[str, float]]

#: Articles of an answer that are looked at.
DEPTH = 1000

_MEASURES = ("nDCG@10", "AP", f"R@{DEPTH}")


class Judged(NamedTuple):
    """How well a query was answered, each from 0 to 1; the recall is that of the first `DEPTH` articles."""

    query: str
    ndcg: float
    precision: float
    recall: float


def check_measures() -> None:
    """Raise `UsageProblem` if the package that computes the measures is not installed."""
    try:
        import_module("ir_measures")
    except ImportError:
        hint = "install it with pip install 'byline[eval]'"
        raise UsageProblem("judging answers needs the package ir-measures", hint) from None


def read_grades(lines: Iterable[str], name: str) -> dict[str, dict[str, int]]:
    """Return the judgements in lines of TREC's format (`query 0 article grade`).

    Raises `UsageProblem`, which names the file as `name`, for a line that is none.
    """
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if not parts:
            continue
        try:
            query, _, key, grade = parts
            grades.setdefault(query, {})[key] = int(grade)
        except ValueError:
            hint = "a line of judgements is QUERY 0 ARTICLE GRADE"
            raise UsageProblem(f"{name}, line {number}: not a judgement", hint) from None
    if not grades:
        raise UsageProblem(f"{name}: no judgements", "a line of judgements is QUERY 0 ARTICLE GRADE")
    return grades


def run_of(searcher: Searcher, queries: Mapping[str, str], **how: Any) -> dict[str, dict[str, float]]:
    """Return the first articles of each query as a run in TREC's format holds them (see `search/trec.py`).

    Queries are texts by their ids, and are asked for any of their words; `how` is for `Searcher.rank`.
    """
    run: dict[str, dict[str, float]] = {}
    for number, text in queries.items():
        ranked = searcher.rank(text, **{"mode": "any", **how}, upto=DEPTH, more=True)
        columns = run_columns(number, searcher.names(ranked), ranked.scores.tolist())
        run[number] = {key: float(score) for _, key, score in columns}
    return run


def judged(run: Run, grades: Grades) -> tuple[Judged, ...]:
    """Return the measures of each query that has judgements, in their order; one without an answer has 0."""
    check_measures()
    tool: Any = import_module("ir_measures")
    measures = {tool.parse_measure(name): at for at, name in enumerate(_MEASURES)}
    found = {query: [0.0] * len(measures) for query in grades}
    asked = {query: dict(run.get(query, {})) for query in grades}
    for one in tool.iter_calc(list(measures), {query: dict(by) for query, by in grades.items()}, asked):
        found[one.query_id][measures[one.measure]] = float(one.value)
    return tuple(Judged(query, *values) for query, values in found.items())
