"""The full ranking on judged collections, where they lie beside the checkout: it keeps its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import pytest

from benchmarks.judge import Grades
from benchmarks.quality import Collection, collection
from benchmarks.quality_typos import CORPORA, JUDGED, ndcg
from index.library import Library
from search.searcher import Searcher

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not (CORPORA / "cran").is_dir(), reason="no judged collections beside the checkout"),
]


def average_precision(ranked: Sequence[str], grades: dict[str, int]) -> float:
    relevant = {key for key, grade in grades.items() if grade > 0}
    hits = [rank for rank, key in enumerate(ranked, 1) if key in relevant]
    return sum(at / rank for at, rank in enumerate(hits, 1)) / len(relevant)


def figures(asked: Collection, folder: Path, rank: str) -> tuple[float, float]:
    """Return the means of nDCG@10 and of average precision over the queries of a collection."""
    library = Library.create(folder / asked.name)
    library.update([asked.folder / "corpus.jsonl.gz"])
    grades: Grades = asked.grades
    gains, precisions = [], []
    with Searcher(library) as searcher:
        for number, text in asked.queries.items():
            keys = searcher.names(searcher.rank(text, mode="any", upto=1000, rank=rank, more=True))
            gains.append(ndcg(keys, dict(grades[number])))
            precisions.append(average_precision(keys, dict(grades[number])))
    return fmean(gains), fmean(precisions)


def test_the_full_ranking_is_as_good_as_it_was(tmp_path: Path) -> None:
    found = [figures(collection(CORPORA / name), tmp_path, "full") for name in JUDGED]
    gain, precision = (fmean(values) for values in zip(*found, strict=True))
    assert gain >= 0.580
    assert precision >= 0.470
