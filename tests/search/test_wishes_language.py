"""What people who search articles keep asking for, as far as it is the query language: each as a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.results import Results
from search.searcher import Searcher
from tests.search.shelf import article, library_with

BODIES = {
    "ferry": "The ferry keeps its bell. The bell rings twice.",
    "harbour": "To be, or not to be, is what the harbour master asked. The ferry left.",
    "trade": "Trade talks went on. The coalition was trading.",
    "trading": "Trading talk only.",
    "colour": "Don't use a multi-agent system on Ubuntu 20.04, wrote @x in and/or.",
    "coalition": "The coalition against the other coalition.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    library = library_with(
        tmp_path_factory.mktemp("wishes"), *(article(ident, BODIES[ident]) for ident in BODIES)
    )
    with Searcher(library) as made:
        yield made


def ids(results: Results) -> set[str]:
    return {hit.article.id for hit in results.hits}


def test_all_words_in_one_article_with_not_and_brackets(searcher: Searcher) -> None:
    assert ids(searcher.search("ferry bell")) == {"ferry"}
    assert ids(searcher.search("ferry NOT bell")) == {"harbour"}
    assert ids(searcher.search("ferry -bell")) == {"harbour"}
    assert ids(searcher.search("(ferry OR coalition) AND NOT (bell OR trade)")) == {"harbour", "coalition"}
    assert ids(searcher.search("-(ferry OR coalition)")) == {"trading", "colour"}


def test_what_is_typed_comes_before_what_is_like_it(tmp_path: Path) -> None:
    common = [article(f"time{at:03}", "time after time " * (1 + at % 3)) for at in range(700)]
    rare = article(
        "tine", "One tine of the fork broke, and of all that was said that day this was the least."
    )
    with Searcher(library_with(tmp_path, rare, *common)) as searcher:
        found = searcher.search("tine", limit=3)
        assert found.total == 701
        assert found.hits[0].article.id == "tine"
        assert [str(reason) for reason in found.hits[1].reasons] == ["tine → time (1 typo)"]
        assert ids(searcher.search("tine~1", limit=1)) == {"tine"}
        assert ids(searcher.search("=tine")) == {"tine"}


def test_plural_and_singular_are_one_and_a_part_of_a_word_can_be_asked_for(searcher: Searcher) -> None:
    assert ids(searcher.search("bells")) == ids(searcher.search("bell")) == {"ferry"}
    assert ids(searcher.search("ferries")) == ids(searcher.search("ferry")) == {"ferry", "harbour"}
    assert ids(searcher.search("coalitions trade")) == {"trade"}
    assert ids(searcher.search("harb*")) == ids(searcher.search("*bour")) == ids(searcher.search("h*r"))
    assert ids(searcher.search("harb*")) == {"harbour"}
    assert [word.form for word in searcher.complete("coal")] == ["coalition"]


def test_typos_are_switched_off_for_a_search_a_word_or_a_field(searcher: Searcher) -> None:
    assert ids(searcher.search("coaltion")) == {"trade", "coalition"}
    assert ids(searcher.search("coaltion", typos=False)) == set()
    assert ids(searcher.search("coaltion~0")) == set()
    assert ids(searcher.search("=coaltion")) == set()
    assert ids(searcher.search('"coaltion"')) == set()
    assert ids(searcher.search("coaltion~0 OR fery")) == {"ferry", "harbour"}
    assert ids(searcher.search("coaltion~1", typos=False)) == {"trade", "coalition"}
    assert ids(searcher.search("source:coaltion")) == set()


def test_quotes_mean_exactly_what_they_hold(searcher: Searcher) -> None:
    assert ids(searcher.search('"trading"')) == {"trade", "trading"}
    assert ids(searcher.search('"trade talks"')) == {"trade"}
    assert ids(searcher.search('"trading talk"')) == {"trading"}
    assert ids(searcher.search('"trading talks"')) == set()
    assert ids(searcher.search("trading")) == {"trade", "trading"}
    assert ids(searcher.search('"a the coalition"')) == set()


def test_words_without_content_break_neither_phrases_nor_and(searcher: Searcher) -> None:
    assert ids(searcher.search('"to be, or not to be"')) == {"harbour"}
    assert ids(searcher.search('"not to be, or to be"')) == set()
    assert ids(searcher.search("the ferry of the bell")) == {"ferry"}
    assert ids(searcher.search("ferry AND the AND bell")) == {"ferry"}
    assert ids(searcher.search("to be or not")) == {"harbour"}


@pytest.mark.parametrize(
    "query",
    [
        "don't",
        "don’t",
        "multi-agent",
        "20.04",
        "@x",
        "and/or",
        "multi-agent, 20.04 (@x",
        '"multi-agent',
        "-a.b @x",
    ],
)
def test_ordinary_punctuation_is_text(searcher: Searcher, query: str) -> None:
    assert "colour" in ids(searcher.search(query))


@pytest.mark.parametrize(
    "query",
    [
        "C++ nowhere",
        "a:b:c:d",
        "x/y/z",
        "nowhere@example.org",
        "30.11",
        "that's-not-there",
        '"',
        "()",
        "=",
        "*",
        "~2",
    ],
)
def test_what_finds_nothing_says_why_or_holds_no_word(searcher: Searcher, query: str) -> None:
    results = searcher.search(query, typos=False)
    assert results.total == 0
    assert results.notes
