"""The short way from plain words to a query finds, and later says, what the long one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering import answered, planned
from search.ordering import Sort
from search.plan import Mode, Plan
from search.quick import LatePlan
from search.ranked import Asked
from search.searcher import Searcher
from tests.search.shelf import article, library_with

#: Each word and in every which article it stands: frequent and rare ones, slips of others, ways of writing.
EVERY = {
    "the": 1, "harbour": 2, "harbor": 90, "reports": 1, "repots": 120, "cooperate": 7, "co-operate": 9,
    "trade": 3, "trades": 40, "trode": 200, "U.S.": 5, "us": 8, "percent": 6, "per cent": 11, "coalition": 4,
    "talks": 13, "tallks": 399, "fisher": 70, "man": 12, "fisherman": 60, "Zürich": 30,
}  # fmt: skip
WORDS = [
    *EVERY,
    "unheard",
    "reportz",
    "co",
    "operate",
    "cent",
    "a",
    "x1",
    "HARBOUR",
    "Trade",
    "title:trade",
    "trade^2",
]
TODAY = date(2024, 5, 11)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    articles = []
    for number in range(400):
        words = [word for word, every in EVERY.items() if number % every == 0]
        turned = words[number % 5 :] + words[: number % 5]
        articles.append(article(f"{number:03}", " ".join(turned * (1 + number % 3)), turned[0]))
    with Searcher(library_with(tmp_path_factory.mktemp("quick"), *articles)) as searcher:
        yield searcher


def shape(query: Any) -> Any:
    """All that tells queries apart."""
    names = ("fieldname", "text", "words", "forms", "ways", "slop", "boost")
    own = tuple((name, repr(getattr(query, name, None))) for name in names)
    return type(query), own, tuple(map(shape, getattr(query, "subqueries", ())))


def both(searcher: Searcher, query: str, mode: Mode, typos: bool) -> tuple[Plan, Plan]:
    asked = Asked(query, typos, None, None, mode, False)
    return (
        planned(searcher._now, asked, TODAY, short=True),
        planned(searcher._now, asked, TODAY),
    )


LISTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)
QUERIES = st.one_of(
    st.builds(
        lambda joint, words: joint.join(words), st.sampled_from([" ", "  ", " AND ", " OR ", ", "]), LISTS
    ),
    st.builds(lambda words: f'"{" ".join(words)}"', LISTS),
    st.builds(lambda words: f'"{" ".join(words)}"~3', LISTS),
    st.builds(lambda words: " -".join(words), LISTS),
)


@given(st.lists(st.tuples(QUERIES, st.sampled_from(Mode), st.booleans()), min_size=1, max_size=3))
def test_the_short_way_says_and_finds_what_the_long_one_does(
    shared: Searcher, asked: list[tuple[str, Mode, bool]]
) -> None:
    for query, mode, typos in asked:
        short, whole = both(shared, query, mode, typos)
        assert shape(short.query) == shape(whole.query)
        assert short.added == whole.added
        quick = answered(shared._now, short, Sort.RELEVANCE, 10)
        slow = answered(shared._now, whole, Sort.RELEVANCE, 10)
        assert quick.total == slow.total
        assert np.array_equal(quick.docs, slow.docs)
        assert np.array_equal(quick.scores, slow.scores)
        names: set[str] = set(Plan.__match_args__)
        for name in names - {"query", "parts", "excluded", "extra"}:
            assert getattr(short, name) == getattr(whole, name), name
        assert [part.shown for part in short.parts] == [part.shown for part in whole.parts]


@pytest.mark.parametrize(
    ("query", "is_short"),
    [
        ("reports", True),
        ("reports OR coalition", True),
        ("reports AND coalition", True),
        ("reports coalition", True),
        ('"reports coalition"', True),
        ("the OR reports", True),
        ("the reports", False),  # words without content only order what is found
        ("harbour", False),  # also harbor
        ("repots", False),  # perhaps reports
        ("unheard", False),  # perhaps another word
        ("fisher man", False),  # also one word
        ("Reports Coalition", False),  # perhaps a name
        ('"reports"', False),
        ("reports -coalition", False),
    ],
)
def test_words_that_stand_for_themselves_take_the_short_way(
    shared: Searcher, query: str, is_short: bool
) -> None:
    for _ in range(2):  # the second time from what is kept
        assert isinstance(both(shared, query, Mode.AUTO, True)[0], LatePlan) is is_short


def test_a_late_plan_has_no_other_names(shared: Searcher) -> None:
    plan = both(shared, "reports", Mode.AUTO, True)[0]
    assert isinstance(plan, LatePlan)
    with pytest.raises(AttributeError):
        plan.nothing_of_the_kind  # noqa: B018
    assert plan.understood == "reports"


def test_without_corrections_a_slip_stands_for_itself(shared: Searcher) -> None:
    assert isinstance(both(shared, "repots", Mode.AUTO, False)[0], LatePlan)
    assert not isinstance(both(shared, "repots", Mode.AUTO, True)[0], LatePlan)
