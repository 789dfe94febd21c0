"""“Did you mean”: what is suggested where words are not corrected, and that nothing is applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.searcher import Searcher
from search.suggestion import LONGEST
from tests.conftest import Run
from tests.search.shelf import article, library_with

WORDS = ("coalition", "coaltion", "brigade", "brigad", "trade", "pact", "pcat", "zyzzyva")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    bodies = ["The coalition signed a trade pact", "The coalition fell", "A brigade of the coalition"]
    bodies += ["Oman signed"] + ["The woman spoke"] * 60
    made = [article(f"{at:02}", body) for at, body in enumerate(bodies)]
    with Searcher(library_with(tmp_path_factory.mktemp("suggestion"), *made)) as one:
        yield one


@pytest.mark.parametrize(
    ("query", "suggested", "articles"),
    [
        ("coaltion", "coalition", 3),
        ("coaltion OR brigade", "coalition OR brigade", 3),
        ("coaltion pcat", "coalition pact", 1),
        ("text:coaltion^2 -brigade", "text:coalition^2 -brigade", 2),
    ],
)
def test_unknown_words_are_suggested_not_applied(
    searcher: Searcher, query: str, suggested: str, articles: int
) -> None:
    found = searcher.search(query, typos=False)
    assert found.corrections == ()
    assert found.total == searcher.search(query, typos=False, passages=False).total < articles
    assert found.suggestion is not None
    assert (found.suggestion.query, found.suggestion.articles) == (suggested, articles)
    if found.diagnosis is not None:
        assert found.diagnosis.remedies[0] == found.suggestion
    assert searcher.search(query).suggestion is None


@pytest.mark.parametrize(
    "query", ["coalition", "coalition brigade", "zyzzyva", "", "source:wire", "=coaltion"]
)
def test_nothing_is_suggested_without_need_or_help(searcher: Searcher, query: str) -> None:
    assert searcher.search(query, typos=False).suggestion is None


def test_a_pasted_text_is_not_suggested_again_with_its_words_changed(searcher: Searcher) -> None:
    longest = "coaltion".ljust(LONGEST)
    assert searcher.search(longest, typos=False).suggestion is not None
    assert searcher.search(f"{longest}brigade", typos=False).suggestion is None


@settings(deadline=None)
@given(st.lists(st.sampled_from([*WORDS, "OR", "AND", "-", '"', "(", ")"]), max_size=6).map(" ".join))
def test_a_suggestion_finds_what_it_promises(searcher: Searcher, query: str) -> None:
    found = searcher.search(query, typos=False, limit=0)
    if found.suggestion is not None:
        promised = searcher.search(found.suggestion.query, typos=False, limit=0)
        assert promised.total == found.suggestion.articles > found.total


def test_the_command_line_asks_on_standard_error(inside: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text("One\n\nThe coalition signed.")
    (folder / "two.txt").write_text("Two\n\nThe moon rose.")
    inside("index", folder)
    query = ("search", "coaltion OR moon", "--typos", "off")
    ran = inside(*query)
    assert "byline: did you mean 'coalition OR moon' (coaltion → coalition): 2 articles" in ran.err
    assert "coalition" not in ran.out
    answer = json.loads(inside(*query, "--json").out)
    assert (answer["suggestion"]["query"], answer["corrections"]) == ("coalition OR moon", [])
    assert json.loads(inside("search", "coaltion OR moon", "--json").out)["suggestion"] is None
