"""Explanations: their parts add up to the score, and name the words, pairs and neighbours of the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.analysis import Analyzer
from search.ranking import pipeline
from search.searcher import Searcher
from tests.search.ranking import plain
from tests.search.shelf import article, library_with

ANALYZER = Analyzer()
ARTICLES = [
    article("both", "The grain ships left the harbour with grain for the sea."),
    article("apart", "Grain was dear. Much later, as many said, ships came to the harbour."),
    article("grain", "Grain and silo, silo and grain."),
    article("ships", "Ships at sea, far from any harbour."),
    article("other", "The moon over the harbour."),
]


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    with Searcher(library_with(tmp_path, *ARTICLES)) as made:
        yield made


def test_the_parts_add_up_to_the_score(searcher: Searcher) -> None:
    ranked = searcher.rank("the grain ships", mode="any")
    found = searcher.explain(ranked)
    shelf = plain.Shelf(ARTICLES, ANALYZER)
    for ident, one in zip(searcher.ids(ranked), found, strict=True):
        assert [part.word for part in one.words] == ["the", "grain", "ships"]
        assert one.by_words == pytest.approx(sum(part.score for part in one.words), abs=1e-9)
        assert one.other == pytest.approx(0.0, abs=1e-9)
        (pair,) = one.pairs
        assert pair.words == "grain ships"
        assert pair.ordered == shelf.ordered(ident, "grain", "ship")
        assert pair.near == shelf.near(ident, "grain", "ship")
        assert one.together == pytest.approx(0.85 * one.by_words + pair.score)
        assert one.smoothed == pytest.approx(one.own + sum(part.given for part in one.neighbours))
        assert one.smoothed == pytest.approx(one.score)
        assert ident not in [part.id for part in one.neighbours]
        for part in one.neighbours:
            alike = plain.cosine(shelf.vector(ident), shelf.vector(part.id))
            assert part.likeness == pytest.approx(alike, abs=1e-6)


def test_what_phrases_give_is_told_apart(searcher: Searcher) -> None:
    ranked = searcher.rank('grain "grain ships"', mode="any")
    first = searcher.explain(ranked, 0, 1)[0]
    assert searcher.ids(ranked, 0, 1) == ["both"]
    assert first.other > 0
    assert first.by_words == pytest.approx(first.words[0].score + first.other)


def test_the_fast_ranking_has_words_only(searcher: Searcher) -> None:
    ranked = searcher.rank("grain ships", mode="any", rank="fast")
    for one in searcher.explain(ranked):
        assert one.score == pytest.approx(one.by_words)
        assert (one.pairs, one.together, one.neighbours, one.smoothed) == ((), None, (), None)


def test_a_relaxed_query_is_explained_by_the_words_that_are_there(searcher: Searcher) -> None:
    ranked = searcher.rank("moon grain", rank="fast")
    for one in searcher.explain(ranked):
        assert one.score == pytest.approx(one.by_words)


def test_beyond_the_head_feedback_is_told(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "HEAD", 1)
    ranked = searcher.rank("grain", mode="any")
    head, *rest = searcher.explain(ranked)
    assert head.feedback is None
    assert rest
    for one in rest:
        assert one.feedback is not None
        assert {part.word for part in one.feedback} == {"grain", "silo"}
        assert one.smoothed is None
