"""Facets equal to counting the articles one by one, in libraries of several segments with deletions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.library import Library
from search.facets import Facets, facets, folder_of
from search.searcher import Searcher

SOURCES = ("", "Coast Wire", "Dépêche", "Valley Wire")


def record(number: int) -> dict[str, str]:
    made = {
        "id": f"k{number}",
        "title": f"Number {number}",
        "text": f"words {'odd' if number % 2 else 'even'}",
    }
    if number % 5:
        made["date"] = f"{2018 + number % 3}-{number % 12 + 1:02}-{number % 28 + 1:02}T23:59:59"
    if SOURCES[number % 4]:
        made["source"] = SOURCES[number % 4]
    if number % 3 == 0:
        made["author"] = f"Writer {number % 7}"
    return made


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("facets")
    library = Library.create(folder / "library")
    for part in range(3):
        inside = folder / "news" / f"part{part}" / "deep"
        inside.mkdir(parents=True)
        rows = (json.dumps(record(number)) for number in range(part * 40, part * 40 + 40))
        (inside / "wire.jsonl").write_text("\n".join(rows), encoding="utf-8")
        library.update([folder / "news"])
    (folder / "news" / "part1" / "deep" / "wire.jsonl").write_text(json.dumps(record(50)), encoding="utf-8")
    library.update()
    return library


def counted(articles: list[Article]) -> dict[str, Counter[str]]:
    dated = [one.date for one in articles if one.date is not None and one.date_is_true]
    return {
        "years": Counter(f"{day:%Y}" for day in dated),
        "months": Counter(f"{day:%Y-%m}" for day in dated),
        "sources": Counter(one.source for one in articles if one.source),
        "authors": Counter(one.author for one in articles if one.author),
        "folders": Counter(folder_of(one.id) for one in articles),
    }


def as_counters(found: Facets) -> dict[str, Counter[str]]:
    names = ("years", "months", "sources", "authors", "folders")
    return {name: Counter({one.value: one.articles for one in getattr(found, name)}) for name in names}


@pytest.mark.parametrize("query", ["words", "odd", "even", "nothing"])
def test_facets_are_what_counting_gives(library: Library, query: str) -> None:
    with Searcher(library) as searcher:
        ranked = searcher.rank(query, typos=False)
        found = facets(ranked.generation.reader, ranked.docs)
        articles = [hit.article for hit in searcher.hits(ranked, passages=False)]
    assert found.articles == len(articles) == ranked.total
    assert as_counters(found) == counted(articles)
    assert [one.value for one in found.months] == sorted((one.value for one in found.months), reverse=True)
    assert list(found.sources) == sorted(found.sources, key=lambda one: (-one.articles, one.value))


def test_an_empty_library_has_no_facets(tmp_path: Path) -> None:
    with Searcher(Library.create(tmp_path / "library")) as searcher:
        ranked = searcher.rank("words")
        docs = np.zeros(0, dtype=np.intp)
        assert facets(ranked.generation.reader, docs) == Facets(0)
