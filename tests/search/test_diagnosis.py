"""Queries that find nothing: what empties them, and searches that find what they promise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import output
from search.results import Diagnosis, RemedyKind
from search.searcher import Searcher
from tests.conftest import Run
from tests.search.shelf import article, library_with

BODIES = [
    "The coalition signed a trade pact",
    "The coalition fell and trade stalled",
    "A brigade marched at dawn",
    "Pact of the brigade",
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    made = [
        article(f"{at}", body, f"Title {at}", date=datetime(2020 + at, 5, 1, tzinfo=UTC))
        for at, body in enumerate(BODIES)
    ]
    with Searcher(library_with(tmp_path_factory.mktemp("diagnosis"), *made)) as one:
        yield one


def diagnosed(searcher: Searcher, query: str, mode: str = "auto") -> Diagnosis:
    results = searcher.search(query, mode=mode)
    assert results.total == 0
    assert results.diagnosis is not None
    assert results.diagnosis == searcher.diagnose(query, mode=mode)
    return results.diagnosis


def offers(diagnosis: Diagnosis) -> list[tuple[str, str, int]]:
    return [(remedy.kind.value, remedy.query, remedy.articles) for remedy in diagnosis.remedies]


def test_each_word_is_counted_and_the_absent_one_named(searcher: Searcher) -> None:
    found = diagnosed(searcher, "coalition AND zyzzyva")
    assert [(part.text, part.articles) for part in found.parts] == [("coalition", 2), ("zyzzyva", 0)]
    assert found.emptied_by == ("zyzzyva",)
    assert offers(found) == [("drop", "coalition", 2)]


def test_excluding_everything_is_named(searcher: Searcher) -> None:
    found = diagnosed(searcher, "-title:title")
    assert (found.parts, found.emptied_by) == ((), ("-title:title",))


def test_words_that_never_stand_together(searcher: Searcher) -> None:
    found = diagnosed(searcher, "coalition brigade pact", "all")
    assert [part.articles for part in found.parts] == [2, 2, 2]
    assert found.emptied_by == ("coalition", "brigade")
    assert offers(found) == [
        ("drop", "brigade pact", 1),
        ("drop", "coalition pact", 1),
        ("any", "coalition brigade pact", 4),
    ]


@pytest.mark.parametrize(
    ("query", "emptied", "offered"),
    [
        ("coalition AND NOT trade", ("-trade",), [("drop", "coalition", 2)]),
        ("coalition -trade", ("-trade",), [("drop", "coalition", 2)]),
        ("title:coalition", ("title:coalition",), [("widen", "coalition", 2)]),
        ('"trade coalition"', ('"trade coalition"',), [("widen", "trade coalition", 2)]),
        (
            '"coaltion fell"',
            ('"coaltion fell"',),
            [("correct", '"coalition fell"', 1), ("widen", "coaltion fell", 1)],
        ),
        ("=coaltion", ("=coaltion",), [("correct", "=coalition", 2)]),
        ("zyzzyva", ("zyzzyva",), []),
        ("(zyzzyva OR qqqq) AND pact", ("zyzzyva OR qqqq",), [("drop", "pact", 2)]),
    ],
)
def test_what_empties_a_query_and_what_helps(
    searcher: Searcher, query: str, emptied: tuple[str, ...], offered: list[tuple[str, str, int]]
) -> None:
    found = diagnosed(searcher, query)
    assert found.emptied_by == emptied
    assert [offer for offer in offers(found) if offer[0] != "any"] == offered


def test_corrections_that_are_off_are_offered(searcher: Searcher) -> None:
    found = searcher.search("coaltion pact", typos=False, mode="all").diagnosis
    assert found is not None
    assert offers(found)[0] == ("correct", "coalition pact", 1)


def test_the_days_asked_for_may_be_what_empties(searcher: Searcher) -> None:
    found = searcher.search("coalition", since=date(2024, 1, 1)).diagnosis
    assert found is not None
    assert found.by_date
    assert offers(found) == [("unfilter", "coalition", 2)]
    assert output.diagnosis_lines(found) == [
        "none of them in the days asked for (files' dates count with --file-dates only)",
        "try without --since and --until: 2 articles",
    ]


@pytest.mark.parametrize("query", ["", "(", '""', "!?", "-"])
def test_a_query_of_nothing_has_no_diagnosis(searcher: Searcher, query: str) -> None:
    assert searcher.search(query).diagnosis is None


def test_a_query_that_finds_something_has_none(searcher: Searcher) -> None:
    assert searcher.search("coalition").diagnosis is None


WORDS = st.sampled_from(
    [
        "coalition",
        "brigade",
        "pact",
        "dawn",
        "zyzzyva",
        "coaltion",
        "title:pact",
        '"pact trade"',
        "-the",
        "-pact",
    ]
)
JOINTS = st.sampled_from([" ", " AND ", " OR ", " NOT ", " (", ") ", " +"])


@given(st.lists(st.tuples(WORDS, JOINTS), min_size=1, max_size=6), st.sampled_from(["auto", "all", "any"]))
@settings(max_examples=150, deadline=None)
def test_every_remedy_finds_what_it_says(searcher: Searcher, parts: list[tuple[str, str]], mode: str) -> None:
    query = "".join(word + joint for word, joint in parts)
    found = searcher.search(query, mode=mode)
    if found.total:
        return
    diagnosis = found.diagnosis
    for remedy in diagnosis.remedies if diagnosis else ():
        again = searcher.search(remedy.query, mode="any" if remedy.kind is RemedyKind.ANY else mode)
        assert again.total == remedy.articles > 0
        assert remedy.change


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_may_be_diagnosed(query: str) -> None:
    with tempfile.TemporaryDirectory() as folder, Searcher(library_with(Path(folder))) as empty:
        results = empty.search(query)
    assert results.total == 0
    if results.diagnosis is not None:
        assert all(
            "\n" not in line and "\x1b" not in line for line in output.diagnosis_lines(results.diagnosis)
        )


def test_the_command_prints_the_diagnosis_on_standard_error(inside: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The coalition met in Rabat.\n")
    assert inside("index", "news").code == 0
    ran = inside("search", "coalition AND zyzzyva\x1b[2J")
    assert (ran.code, ran.out) == (1, "")
    assert "\x1b" not in ran.err
    assert "byline: try coalition (without" in ran.err
