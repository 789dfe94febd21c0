"""Conditions on dates, sources, authors, paths and ids, against looking at each article."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, DateOrigin
from index.library import Library
from search.searcher import Searcher
from search.values import ids_fit, names_fit, paths_fit
from tests.search.shelf import Step, article, library_of, library_with, living

ANALYZER = Analyzer()
TODAY = date(2022, 6, 15)
EPOCH = date(2022, 6, 1)

SOURCES = ["The Times", "Times of Malta", "Reuters", "", "RÉUTERS wire"]
MOMENTS = st.none() | st.integers(-800, 30).map(
    lambda days: datetime(2022, 6, 1, 23, 59, 59) + timedelta(days=days)
)


@st.composite
def shelves(draw: st.DrawFn) -> list[Step]:
    """Two commits of articles with facts; some of the first are deleted by the second."""
    made = [
        article(
            f"news/{at}.txt",
            draw(st.sampled_from(["trade talks", "trade", "harbour"])),
            date=draw(MOMENTS),
            origin=draw(st.sampled_from([DateOrigin.FIELD, DateOrigin.FILE])),
            source=draw(st.sampled_from(SOURCES)),
            author=draw(st.sampled_from(["Ann Smith", "Bo Smithson", ""])),
            path=f"/data/{'old' if at % 2 else 'New'}/{at}.txt",
        )
        for at in range(draw(st.integers(1, 8)))
    ]
    half = len(made) // 2
    return [Step(tuple(made[:half])), Step(tuple(made[half:]), tuple(one.id for one in made[: half // 2]))]


def dated(first: date, last: date) -> Callable[[Article, bool], bool]:
    def holds(one: Article, files: bool) -> bool:
        counts = one.date is not None and (one.date_is_true or files)
        return counts and one.date is not None and first <= one.date.date() <= last

    return holds


CONDITIONS: dict[str, Callable[[Article, bool], bool]] = {
    "date:2022": dated(date(2022, 1, 1), date(2022, 12, 31)),
    "date:2022-05": dated(date(2022, 5, 1), date(2022, 5, 31)),
    "date:2022/05/31": dated(date(2022, 5, 31), date(2022, 5, 31)),
    "date:2021..2022-05": dated(date(2021, 1, 1), date(2022, 5, 31)),
    "date:2021-07..": dated(date(2021, 7, 1), date.max),
    "date:..2021-07": dated(date.min, date(2021, 7, 31)),
    "date:1y..6m": dated(date(2021, 6, 15), date(2021, 12, 15)),
    "date:3w": dated(date(2022, 5, 25), date.max),
    "since:30d": dated(date(2022, 5, 16), date.max),
    "until:1Y": dated(date.min, date(2021, 6, 15)),
    "since:yesterday": dated(date(2022, 6, 14), date.max),
    "source:times": lambda one, _: "Times" in one.source,
    'source:"the times"': lambda one, _: one.source == "The Times",
    "source:=times": lambda one, _: False,
    "source:=réuters": lambda one, _: one.source == "Reuters",
    "source:reuters": lambda one, _: "uters" in one.source.lower(),
    "source:=reuters": lambda one, _: one.source == "Reuters",
    "source:t*": lambda one, _: "Times" in one.source,
    "source:*": lambda one, _: bool(one.source),
    "author:smith": lambda one, _: one.author == "Ann Smith",
    "author:smith*": lambda one, _: bool(one.author),
    "author:sm?th": lambda one, _: one.author == "Ann Smith",
    "path:new": lambda one, _: "/New/" in one.path,
    "path:ne": lambda one, _: False,
    "path:*ew*": lambda one, _: "/New/" in one.path,
    "path:data/old": lambda one, _: "/old/" in one.path,
    "path:/data/old/1.txt": lambda one, _: one.path == "/data/old/1.txt",
    "path:=/data/old/1.txt": lambda one, _: one.path == "/data/old/1.txt",
    "path:=1.txt": lambda one, _: False,
    "path:?.txt": lambda one, _: True,
    "id:news/1.txt": lambda one, _: one.id == "news/1.txt",
    "id:1.txt": lambda one, _: one.id == "news/1.txt",
    "id:=1.txt": lambda one, _: False,
    "id:news/*": lambda one, _: True,
}
QUERIES = st.sampled_from(sorted(CONDITIONS))


@given(shelves(), QUERIES, QUERIES, st.booleans())
@settings(max_examples=80, deadline=None)
def test_conditions_keep_what_looking_at_each_article_keeps(
    history: list[Step], one: str, other: str, files: bool
) -> None:
    there = living(history)
    first, second = CONDITIONS[one], CONDITIONS[other]
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *history)
        with Searcher(library, today=lambda: TODAY) as searcher:

            def found(query: str) -> set[str]:
                results = searcher.search(query, None, file_dates=files, typos=False, fold=False)
                assert results.total == len(results.hits)
                return {hit.article.id for hit in results.hits}

            def wanted(test: Callable[[Article], bool]) -> set[str]:
                return {it.id for it in there if test(it)}

            def has(it: Article) -> bool:
                return "trade" in it.text

            assert found(one) == wanted(lambda it: first(it, files))
            assert found(f"-{one}") == wanted(lambda it: not first(it, files))
            assert found(f"{one} {other}") == wanted(lambda it: first(it, files) and second(it, files))
            assert found(f"{one} OR {other}") == wanted(lambda it: first(it, files) or second(it, files))
            assert found(f"trade {one}") == wanted(lambda it: has(it) and first(it, files))
            assert found(f"trade AND {one}") == wanted(lambda it: has(it) and first(it, files))
            assert found(f"trade -{one}") == wanted(lambda it: has(it) and not first(it, files))
            assert found(f"trade OR {one}") == wanted(lambda it: has(it) or first(it, files))
            assert found(f"trade ({one} OR -{other})") == wanted(
                lambda it: has(it) and (first(it, files) or not second(it, files))
            )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    made = (
        article("a", "trade talks", date=datetime(2022, 5, 11)),
        article("b", "trade trade", date=datetime(2021, 5, 11)),
        article("c", "talks", date=datetime(2022, 5, 12), origin=DateOrigin.FILE),
    )
    return library_with(tmp_path_factory.mktemp("conditions"), *made)


def test_conditions_change_no_score_and_no_order(library: Library) -> None:
    with Searcher(library) as searcher:
        plain, kept = (
            {hit.article.id: hit.score for hit in searcher.search(query, rank="fast").hits}
            for query in ("trade OR talks", "(trade OR talks) date:2022")
        )
    assert kept == {"a": plain["a"]}


def test_a_query_is_relaxed_within_its_conditions(library: Library) -> None:
    with Searcher(library) as searcher:
        results = searcher.search("trade talks date:2021")
        assert [hit.article.id for hit in results.hits] == ["b"]
        assert [note.text for note in results.notes] == ["no article has all 2; these have 1 of them"]


def test_days_beside_the_query_mean_what_they_mean_in_it(library: Library) -> None:
    with Searcher(library) as searcher:
        for words in ("trade", "talks OR trade", "-harbour"):
            beside = searcher.search(words, since=date(2022, 1, 1), until=date(2022, 12, 31))
            inside = searcher.search(f"({words}) since:2022-01-01 until:2022-12-31")
            assert [hit.article.id for hit in beside.hits] == [hit.article.id for hit in inside.hits] == ["a"]
            assert beside.understood == inside.understood
        assert searcher.search("", since=date(2022, 1, 1)).total == 0


def test_file_dates_count_only_when_asked_for(library: Library) -> None:
    with Searcher(library) as searcher:
        assert searcher.search("talks date:2022").total == 1
        assert searcher.search("talks date:2022", file_dates=True).total == 2
        assert searcher.search("talks", since=date(2022, 5, 12), file_dates=True).total == 1


@pytest.mark.parametrize(
    ("query", "note"),
    [
        (
            "trade date:1990",
            "no article has a date of its own in date:1990; dates are 2021-05-11 to 2022-05-11",
        ),
        ("trade source:times", "no article has this source; none has a known source"),
        ("trade id:z", "no article has this id; there are a, b, c"),
    ],
)
def test_a_condition_that_nothing_meets_says_so(library: Library, query: str, note: str) -> None:
    with Searcher(library) as searcher:
        (found,) = searcher.search(query).notes
    assert found.text == note
    assert query[found.start : found.end] == query.partition(":")[2]


def test_a_pattern_of_many_stars_takes_no_time() -> None:
    pattern = "*a" * 40 + "*b"
    assert not paths_fit(pattern, False, False)("/a" * 200)
    assert not names_fit(pattern, False, False, ANALYZER)("a" * 60)
    assert not ids_fit(pattern, False, False)("a" * 500)


def test_the_real_day_is_that_of_utc(library: Library) -> None:
    before = datetime.now(UTC).date()
    with Searcher(library) as searcher:
        parsed = searcher.understand("trade since:0d").parsed
    assert parsed is not None
    assert searcher._today() in (before, datetime.now(UTC).date())
