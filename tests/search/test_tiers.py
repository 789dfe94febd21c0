"""Articles with the words as typed come before those that only a neighbour of a known word brings."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.searcher import Ranked, Searcher
from tests.search.shelf import article, library_with

WORDS = ("horse", "river", "quick", "market", "stable")
#: Words that few articles have, each with a neighbour that very many have.
RARE = {"tine": "time", "stabler": "stable"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A library in which the rare words stand once each, in long articles, and their neighbours often."""
    dice = random.Random(11)
    made = []
    for number in range(700):
        held = dice.choices(WORDS, k=dice.randint(1, 6) if number % 9 else 0) + ["time"] * dice.randint(1, 9)
        made.append(article(f"{number:03}", " ".join(dice.sample(held, len(held)))))
    for number in range(4):
        rare = list(RARE)[number % 2]
        held = [rare, *dice.choices(WORDS, k=60)]
        made.append(article(f"rare{number}", " ".join(dice.sample(held, len(held)))))
    with Searcher(library_with(tmp_path_factory.mktemp("tiers"), *made)) as one:
        yield one


queries = st.lists(
    st.sampled_from([*RARE, *WORDS, "the", "absent", "OR", "-stable", "(", ")", '"quick river"']),
    min_size=1,
    max_size=7,
).map(" ".join)


def relaxed(ranked: Ranked) -> bool:
    return any("these have" in note.text for note in ranked.plan.notes)


@settings(deadline=None, max_examples=40)
@given(
    queries,
    st.sampled_from(["auto", "any", "all"]),
    st.sampled_from(["full", "fast"]),
    st.sampled_from([3, 90, 150, None]),
)
def test_what_is_found_as_typed_comes_first(
    searcher: Searcher, query: str, mode: str, rank: str, upto: int | None
) -> None:
    ranked = searcher.rank(query, mode=mode, rank=rank, upto=upto)
    typed = searcher.rank(query, mode=mode, rank=rank, typos=False)
    if relaxed(typed) or not all(correction.added for correction in ranked.plan.corrections):
        return  # what was typed finds nothing in full, or the library lacks a word of it
    first = set(searcher.ids(typed))
    behind = [ident not in first for ident in searcher.ids(ranked)]
    assert behind == sorted(behind)
    assert ranked.total >= typed.total
    assert behind.count(False) == min(typed.total, ranked.total if upto is None else upto)
    scores = ranked.scores.round(6).tolist()
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("rank", ["full", "fast"])
@pytest.mark.parametrize("query", ["tine", "tine quick", "tine AND (quick OR river)"])
def test_neighbours_are_added_behind(searcher: Searcher, query: str, rank: str) -> None:
    ranked = searcher.rank(query, rank=rank)
    assert [str(one) for one in ranked.plan.corrections if one.added] == ["tine → time"]
    typed = searcher.rank(query, rank=rank, typos=False)
    assert 0 < typed.total < ranked.total
    assert set(searcher.ids(ranked, 0, typed.total)) == set(searcher.ids(typed))
    told = [one.behind for one in searcher.explain(ranked, 0, typed.total + 1)]
    assert told == [False] * typed.total + [True]


def test_without_all_words_those_with_most_as_typed_come_first(searcher: Searcher) -> None:
    ranked = searcher.rank("tine zzgrx")
    assert relaxed(ranked)
    typed = searcher.rank("tine", typos=False)
    assert set(searcher.ids(ranked, 0, typed.total)) == set(searcher.ids(typed))
    assert ranked.total > typed.total


def test_pages_fit_each_other(searcher: Searcher) -> None:
    whole = searcher.rank("tine quick")
    for upto in (1, 5, 50, 100, 101, 300):
        part = searcher.rank("tine quick", upto=upto)
        assert searcher.ids(part) == searcher.ids(whole, 0, upto)
        assert part.scores.tolist() == pytest.approx(whole.scores[:upto].tolist())
