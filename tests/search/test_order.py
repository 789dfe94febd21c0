"""The order of answers, in pages and after a rebuild, and the days that are kept of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, DateOrigin
from search.matches import Matches
from search.ordering import Sort, in_order
from search.searcher import Searcher
from tests.search.shelf import Step, article, commit, found, library_of, library_with, living

# --- order and pages ---------------------------------------------------------------------------------

DAYS = [
    datetime(2022, 5, 11, 9),
    datetime(2019, 1, 1),
    datetime(1987, 2, 26, 15, 1, 2),
    datetime(2022, 5, 11, 8),
]
MADE = st.tuples(
    st.sampled_from("abcdefghij"),
    st.sampled_from(["Trade talks.", "Talks, talks.", "Trade and trade talks in the harbour."]),
    st.sampled_from([None, *DAYS]),
    st.sampled_from([DateOrigin.FIELD, DateOrigin.FILE]),
)


def made(rows: list[tuple[str, str, datetime | None, DateOrigin]]) -> list[Article]:
    return [
        article(ident, text, date=when, origin=origin if when else None) for ident, text, when, origin in rows
    ]


ARTICLES = st.lists(MADE, max_size=10, unique_by=lambda row: row[0]).map(made)


def rank_key(sort: Sort, one: Article, score: float) -> tuple[float, int, float, str]:
    """What an answer is ordered by, as documented."""
    group = 0 if one.date_is_true else 1 if one.date is not None else 2
    when = 0.0 if one.date is None else (one.date - datetime(1970, 1, 1)).total_seconds()
    newest_first = when if sort is Sort.OLDEST else -when
    return (-round(score, 6) if sort is Sort.RELEVANCE else 0.0), group, newest_first, one.id


@given(ARTICLES, ARTICLES, st.sampled_from(list(Sort)), st.sampled_from(["talks", "trade OR talks", "-war"]))
@settings(max_examples=20, deadline=None)
def test_the_order_is_the_same_in_pages_and_after_a_rebuild(
    first: list[Article], second: list[Article], sort: Sort, query: str
) -> None:
    replaced = {one.id for one in second}
    steps = [Step(tuple(first)), Step(tuple(second), tuple(replaced))]
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *steps)
        with Searcher(library) as searcher:
            scores = {hit.article.id: hit.score for hit in searcher.search(query, None).hits}
            whole = searcher.search(query, None, sort=sort)
            order = sorted(
                (hit.article for hit in whole.hits), key=lambda one: rank_key(sort, one, scores[one.id])
            )
            assert found(whole) == [one.id for one in order]
            assert [hit.rank for hit in whole.hits] == list(range(1, whole.total + 1))
            if sort is not Sort.RELEVANCE:
                assert {hit.score for hit in whole.hits} <= {0.0}
            for size in (1, 3):
                pages = [
                    searcher.search(query, size, at, sort=sort) for at in range(0, whole.total + size, size)
                ]
                assert [hit for page in pages for hit in page.hits] == list(whole.hits)
                assert {page.total for page in pages} == {whole.total}
            ranked = searcher.rank(query, sort=sort)
            assert searcher.ids(ranked) == found(whole)
            assert list(searcher.hits(ranked)) == list(whole.hits)
        commit(library, Step(tuple(sorted(living(steps), key=lambda one: one.text))), rebuild=True)
        with Searcher(library) as searcher:
            assert searcher.search(query, None, sort=sort).hits == whole.hits


def test_many_equal_articles_are_in_the_order_of_their_ids(tmp_path: Path) -> None:
    names = [f"{'x' * (at % 7)}{at * 7919 % 1000:03}é" for at in range(700)]
    with Searcher(library_with(tmp_path, *(article(name, "talks") for name in names))) as searcher:
        for sort, limit in product(Sort, (1, 10, 650, None)):
            assert found(searcher.search("talks", limit, sort=sort, passages=False)) == sorted(names)[:limit]
        assert found(searcher.search("talks", 20, 300, passages=False)) == sorted(names)[300:320]


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0, 1.0000001, 2.0]), st.integers(0, 2)), max_size=30),
    st.integers(0, 31),
    st.sampled_from(list(Sort)),
)
@settings(max_examples=15, deadline=None)
def test_the_first_places_are_right_without_ordering_the_rest(
    rows: list[tuple[float, int]], upto: int, sort: Sort
) -> None:
    made = [
        article(f"{at * 7 % 31:02}", "talks", date=None if day == 0 else datetime(2022, 1, day))
        for at, (_, day) in enumerate(rows)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        library_with(Path(folder), *made).reader() as reader,
    ):
        matches = Matches(np.arange(len(rows)), np.array([score for score, _ in rows], dtype=np.float64))
        whole = in_order(reader, matches, sort).tolist()
        some = in_order(reader, matches, sort, upto).tolist()
    assert some == whole[:upto]
    assert sorted(whole) == list(range(len(rows)))


# --- days --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher over articles at the edges of days, one dated by its file, one not at all."""
    moments = {
        "start": datetime(2022, 5, 11),
        "end": datetime(2022, 5, 11, 23, 59, 59, 999_999),
        "next": datetime(2022, 5, 12),
        "old": datetime(1963, 11, 22, 18, 30),
        "first": datetime(1, 1, 1),
        "last": datetime(9999, 12, 31, 23, 59, 59),
    }
    made = [article(ident, "talks", date=when) for ident, when in moments.items()]
    made.append(article("file", "talks", date=datetime(2022, 5, 11, 12), origin=DateOrigin.FILE))
    made.append(article("undated", "talks"))
    with Searcher(library_with(tmp_path_factory.mktemp("dated"), *made)) as searcher:
        yield searcher


DAY = date(2022, 5, 11)


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (DAY, DAY, {"start", "end"}),
        (DAY, None, {"start", "end", "next", "last"}),
        (None, DAY, {"start", "end", "old", "first"}),
        (None, DAY - timedelta(1), {"old", "first"}),
        (DAY + timedelta(1), None, {"next", "last"}),
        (date(1963, 11, 22), date(1963, 11, 22), {"old"}),
        (date.min, date.max, {"start", "end", "next", "old", "first", "last"}),
        (date.max, None, {"last"}),
        (DAY, DAY - timedelta(1), set()),
    ],
)
def test_days_are_whole_and_files_times_stay_out(
    dated: Searcher, since: date | None, until: date | None, wanted: set[str]
) -> None:
    results = dated.search("talks", None, since=since, until=until)
    assert set(found(results)) == wanted
    assert results.total == len(wanted)


def test_by_date_true_dates_come_first_then_files_times_then_none(dated: Searcher) -> None:
    true = ["last", "next", "end", "start", "old", "first"]
    assert found(dated.search("talks", sort="newest")) == [*true, "file", "undated"]
    assert found(dated.search("talks", sort="oldest")) == [*reversed(true), "file", "undated"]


@given(st.dates(), st.dates())
@settings(max_examples=50, deadline=None)
def test_any_days_may_be_asked_for(dated: Searcher, one: date, other: date) -> None:
    since, until = min(one, other), max(one, other)
    wanted = {
        hit.article.id
        for hit in dated.search("talks", None).hits
        if hit.article.date_is_true and hit.article.date and since <= hit.article.date.date() <= until
    }
    assert set(found(dated.search("talks", None, since=since, until=until))) == wanted
