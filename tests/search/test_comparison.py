"""Two periods of an answer compared, against counting in plain Python."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, DateOrigin
from search.comparison import Trend
from search.moments import Days
from search.searcher import Searcher
from tests.search.shelf import Step, article, library_of
from tests.search.test_keyness import by_hand

START = date(1987, 3, 1)
FORMS = ["prices", "rose", "cocoa", "ghana", "bank", "the", "7", "x"]
bodies = st.lists(
    st.tuples(st.lists(st.sampled_from(FORMS), max_size=8), st.integers(0, 5) | st.none()), max_size=14
)
days = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted)


def days_of(time: list[int]) -> Days:
    return Days(*(START + timedelta(days=day) for day in time))


def articles_of(name: str, part: list[tuple[list[str], int | None]]) -> tuple[Article, ...]:
    """Return an article on oil for each list of words, dated so many days after the start."""
    return tuple(
        article(
            f"{name}{at}",
            " ".join(["oil", *words]),
            date=None if day is None else datetime(1987, 3, 1, 23, 59, 59) + timedelta(days=day),
        )
        for at, (words, day) in enumerate(part)
    )


@settings(max_examples=25, deadline=None)
@given(bodies, bodies, days, days)
def test_words_are_counted_in_each_period(
    one: list[tuple[list[str], int | None]],
    two: list[tuple[list[str], int | None]],
    first: list[int],
    second: list[int],
) -> None:
    made = [articles_of(name, part) for name, part in (("a", one), ("b", two))]
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *(Step(add=part) for part in made))
        with Searcher(library) as searcher:
            times = days_of(first), days_of(second)
            compared = searcher.found("oil", typos=False).compare(*times, 100)
    held = [
        [{"oil", *words} for words, day in one + two if day is not None and time[0] <= day <= time[1]]
        for time in (first, second)
    ]
    sizes = [len(part) for part in held]
    assert [compared.first.articles, compared.second.articles] == sizes
    assert (compared.first.start, compared.first.end) == times[0]
    wanted = set()
    for form in {"prices", "rose", "cocoa", "ghana", "bank"} if all(sizes) else ():
        before, after = (sum(form in words for words in part) for part in held)
        value = by_hand(after, before, sizes[1], sizes[0]) if before + after else 0.0
        more, size = (after, sizes[1]) if value > 0 else (before, sizes[0])
        if more >= min(3, max(1, size // 3)):
            wanted.add((form, before, after, round(value, 2)))
    told = {(word.form, word.first, word.second, word.surprise) for word in compared.words}
    assert told == {row for row in wanted if row[3]}
    for word in compared.words:
        assert (
            word.trend
            is {
                (True, False): Trend.NEW,
                (True, True): Trend.RISES,
                (False, True): Trend.FALLS if word.second else Trend.GONE,
                (False, False): Trend.FALLS,
            }[word.surprise > 0, bool(word.first)]
        )


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    days = [datetime(1987, 3, 1), datetime(1987, 4, 2), datetime(1987, 6, 30)]
    told = [article(f"{day:%m}", "oil cocoa", date=day) for day in days]
    undated = article("file", "oil", date=datetime(1980, 1, 1), origin=DateOrigin.FILE)
    return Searcher(library_of(tmp_path, Step(add=(*told, undated))))


def test_an_open_time_reaches_to_the_first_and_the_last_date(searcher: Searcher) -> None:
    found = searcher.found("oil")
    compared = found.compare(Days(None, date(1987, 4, 1)), Days(date(1987, 4, 2), None))
    assert compared.first == (date(1987, 3, 1), date(1987, 4, 1), 1)
    assert compared.second == (date(1987, 4, 2), date(1987, 6, 30), 2)
    assert found.compare(Days(None, date(1987, 3, 1)), Days(), file_dates=True).first.articles == 2


def test_nothing_found_has_periods_all_the_same(searcher: Searcher) -> None:
    compared = searcher.found("zyzzyva", typos=False).compare(Days(None, START), Days(START, None))
    assert compared == ((START, START, 0), (START, START, 0), ())
