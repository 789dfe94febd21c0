"""A few thousand queries that nobody would type: each is answered, and what is said of it makes sense."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.library import Library
from search.query import parse
from search.results import Part
from search.searcher import Searcher
from tests.conftest import CHECKOUT
from tests.search.hostile import EVERYDAY, hostile

COUNT = 3_000
WORDS = ["coalition", "coaltion", "enduring", "defeat", "grain", "the", "of", "U.S.", "20.04", "co-ordinate"]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    library = Library.create(tmp_path_factory.mktemp("hostile") / "library")
    library.update([CHECKOUT / "seeds"])
    with Searcher(library) as made:
        yield made


def parts(part: Part | None) -> Iterator[Part]:
    if part is not None:
        yield part
        for inside in part.parts:
            yield from parts(inside)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_query_is_answered(searcher: Searcher, seed: int) -> None:
    for turn, query in enumerate(hostile(seed, COUNT // 2, WORDS)):
        results = searcher.search(query, limit=1, typos=turn % 5 == 0)
        assert results.total >= len(results.hits)
        assert (results.parsed is None) == (results.understood == "")
        for part in parts(results.parsed):
            assert 0 <= part.start <= part.end <= len(query), query
        for note in results.notes:
            assert 0 <= note.start <= note.end <= len(query), query
        assert results.parsed is not None or results.notes, query
        told = results.diagnosis is not None and results.diagnosis.emptied_by
        assert results.total or results.notes or told, query


@pytest.mark.parametrize("query", ["", " ", "-", "- NOT .. -", '"."', "()", "* ?", "NOT ..", "+ +", "\x00"])
def test_without_a_word_it_says_so(searcher: Searcher, query: str) -> None:
    results = searcher.search(query)
    assert results.total == 0
    assert [note.text for note in results.notes] == ["there is no word in this to search for"]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([*"-+=~*()", "NOT", "AND", "OR", '"', "..", "the", "grain", "coaltion"]), max_size=9
    )
)
def test_nothing_is_found_for_a_reason(searcher: Searcher, pieces: list[str]) -> None:
    results = searcher.search(" ".join(pieces), limit=0)
    told = results.diagnosis is not None and results.diagnosis.emptied_by
    assert results.total or results.notes or told


@pytest.mark.parametrize("query", EVERYDAY)
def test_everyday_queries_are_read_whole(query: str) -> None:
    assert parse(query).tree is not None
    assert parse(query).notes == ()


def test_the_queries_are_the_same_each_time() -> None:
    assert list(hostile(3, 50, WORDS)) == list(hostile(3, 50, WORDS)) != list(hostile(4, 50, WORDS))
