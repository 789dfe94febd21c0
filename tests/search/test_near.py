"""Words near each other, against counting by hand."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from search.evaluate import Evaluator
from search.near import Near, stretches
from search.searcher import Searcher
from tests.search.brute import Shelf
from tests.search.shelf import Step, library_of, living, texts
from tests.search.test_evaluate import FORMS, agree, by_id, histories

ANALYZER = Analyzer()


def ends(words: list[str], wanted: list[str], within: int) -> list[int]:
    """Return where a stretch of at most `within` + 1 words that has all the wanted ones ends."""
    need = Counter(wanted)
    found = []
    for place, word in enumerate(words):
        there = Counter(words[max(0, place - within) : place + 1])
        if word in need and all(there[form] >= times for form, times in need.items()):
            found.append(place)
    return found


@given(
    st.lists(st.sampled_from("abcx"), max_size=30), st.text("abc", min_size=1, max_size=4), st.integers(1, 9)
)
@settings(max_examples=300, deadline=None)
def test_stretches_end_where_counting_says(words: list[str], wanted: str, within: int) -> None:
    need = Counter(wanted)
    places = [np.array([at for at, word in enumerate(words) if word == one], dtype=np.int64) for one in need]
    found = stretches(places, list(need.values()), within).tolist()
    assert found == ends(words, list(wanted), within)


@given(
    histories(),
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=3),
    st.integers(1, 6),
    st.sampled_from(["text", "title", "body"]),
    st.sampled_from([1.0, 2.0]),
)
@settings(max_examples=60, deadline=None)
def test_near_words_are_found_and_scored_as_by_hand(
    history: list[Step], forms: list[str], within: int, field: str, boost: float
) -> None:
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        shelf = Shelf(living(history), reader, ANALYZER)
        parts = {"title": ["title_forms"], "body": ["body_forms"], "text": ["title_forms", "body_forms"]}[
            field
        ]
        wanted = shelf.scored(
            lambda words: sum(len(ends(getattr(words, part), forms, within)) for part in parts), boost
        )
        words = [(ANALYZER.term(form)[1], form) for form in forms]
        found = by_id(reader, Evaluator(reader).matches(Near(field, words, within, boost)))
    assert agree(found, wanted)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ('"harbour master"', {"00"}),
        ('"master harbour"~1', {"00"}),
        ('"harbour grain"~4', {"01"}),
        ('"grain harbour"~3', set()),
        ('"harbour harbour"~9', {"02"}),
        ('"grains harbour"~9', set()),
        ('"the harbour"~3', {"00", "01"}),
        ('"harbour master"~1 OR "grain harbour"~4', {"00", "01"}),
        ('-"harbour master"~1', {"01", "02"}),
    ],
)
def test_what_stands_near(tmp_path: Path, query: str, wanted: set[str]) -> None:
    bodies = (
        "the harbour master",
        "grain for the old harbour",
        "a harbour, not a master: this harbour",
    )
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        results = searcher.search(query, typos=False)
        assert {hit.article.id for hit in results.hits} == wanted
        for hit in results.hits:
            assert hit.passages[0].spans or query.startswith("-")
