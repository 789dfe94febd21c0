"""Copies folded: the answer is the unfolded one with all but the first of each story left out."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.results import Fold
from search.searcher import Searcher
from tests.index.test_copies import text_of
from tests.search.shelf import Step, article, library_of

held = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None)
@given(held, st.integers(1, 5), st.integers(0, 4), st.sampled_from(["relevance", "newest"]))
def test_the_first_of_each_story_stands_for_it(
    made: list[tuple[int, int, int]], limit: int, offset: int, sort: str
) -> None:
    """Each article is (which story, how much of it is changed, on which day; 0 for none)."""
    start = datetime(2022, 5, 1, 9, 30)
    articles = tuple(
        article(
            str(at),
            "oil " * (at % 3) + text_of(seed, changed) + " oil",
            date=start + timedelta(hours=7 * day) if day else None,
        )
        for at, (seed, changed, day) in enumerate(made)
    )
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), Step(articles[:5]), Step(articles[5:]))
        with Searcher(library) as searcher:
            every = searcher.search("oil", None, sort=sort, fold=False, passages=False)
            page = searcher.search("oil", limit, offset, sort=sort, passages=False, fold=True)
            groups = {hit.article.id: searcher.copies(hit.article.id) or (hit.article,) for hit in every.hits}
    stories: dict[frozenset[str], str] = {}
    for hit in every.hits:
        stories.setdefault(frozenset(one.id for one in groups[hit.article.id]), hit.article.id)
    wanted = list(stories.values())
    assert [hit.article.id for hit in page.hits] == wanted[offset : offset + limit]
    assert (page.total, page.stories) == (len(every.hits), len(wanted))
    assert every.stories is None
    for hit in page.hits:
        group = groups[hit.article.id]
        dates = sorted(one.date for one in group if one.date is not None)
        ends = (dates[0], dates[-1]) if dates else (None, None)
        assert hit.fold == (Fold(len(group) - 1, *ends) if len(group) > 1 else None)


@pytest.mark.parametrize(
    ("fold", "text"),
    [
        (Fold(1), "+1 copy"),
        (
            Fold(4, datetime(2022, 5, 1, 10, 32), datetime(2022, 5, 1, 14, 5)),
            "+4 copies, first 2022-05-01 10:32, last 14:05",
        ),
        (
            Fold(1200, datetime(2022, 5, 1, 10), datetime(2022, 5, 2)),
            "+1,200 copies, first 2022-05-01 10:00, last 2022-05-02 00:00",
        ),
    ],
)
def test_a_fold_is_told_in_words(fold: Fold, text: str) -> None:
    assert str(fold) == text
