"""Plans: which words of a query add to scores, and how they stood beside each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search.results import MatchKind
from search.searcher import Searcher
from tests.search.shelf import texts


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("plans")
    with Searcher(
        texts(folder, "the coalition trades", "quiet talks about a harbour", "trading")
    ) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("trades harbour", "trades harbour+"),
        ("the trades the harbour", "the trades+ the+ harbour+"),
        ("trades -quiet harbour", "trades harbour"),
        ("trades OR quiet harbour", "trades quiet harbour+"),
        ('trades "quiet harbour" talks', "trades talks"),
        ("(trades quiet) harbour", "trades quiet+ harbour"),
        ("+trades quiet", "trades quiet+"),
        ("quiet +trades talks", "quiet trades talks+"),
        ("NOT trades", ""),
        ("-(a -trades)", ""),
        ("trad*", ""),
        ("trades trades", "trades trades+"),
    ],
)
def test_the_words_that_score_and_which_stand_side_by_side(shared: Searcher, query: str, words: str) -> None:
    plan = shared.rank(query).plan
    assert " ".join(word.form + "+" * word.follows for word in plan.words) == words
    assert all(query[word.start : word.end] == word.form for word in plan.words)


def test_what_a_word_stands_for_and_weighs(shared: Searcher) -> None:
    the, coalition, title, body = shared.rank("the coaltion title:talks text:talks").plan.words
    assert (the.weight, the.stems) == (0.05, (("the", 1.0, MatchKind.STEM),))
    assert (coalition.weight, coalition.stems) == (1.0, (("coalit", 1.0, MatchKind.TYPO),))
    assert (title.part, body.part) == ("title", "body")
    assert len({coalition.item, title.item, body.item}) == 3
