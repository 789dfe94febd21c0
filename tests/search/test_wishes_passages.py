"""What people ask of search engines again and again, as far as passages, marks and reasons can give it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyzer
from search.marks import Marker
from search.reasons import reasons
from search.results import Hit, MatchKind, Passage, ReasonKind
from search.searcher import Searcher
from tests.search.shelf import texts

TEXT = (
    "The Party of Art met. Its coalitions’ artists, all of them Élan’s own, praised the coalition. "
    "A brigade marched far away from there. "
    "Nobody in the enduring night of defeat saw the enduring defeat of it. "
    "The stabilisation of stables is a stabling matter, wrote the coalition's brigade."
)


def words(passage: Passage) -> list[str]:
    return [passage.text[span.start : span.end] for span in passage.spans]


def marked(hit: Hit) -> list[str]:
    return [word for passage in hit.passages for word in words(passage)]


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    others = ["A trade of words"] * 3
    return Searcher(texts(tmp_path, TEXT, *others))


# Highlights that show the stem or the wrong letters.


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("coalition", {"coalitions’", "coalition", "coalition's"}),
        ("art", {"Art"}),
        ("elan", {"Élan’s"}),
        ("stable", {"stables", "stabling"}),
    ],
)
def test_whole_words_are_marked_as_they_stand_there(searcher: Searcher, query: str, shown: set[str]) -> None:
    hit = next(hit for hit in searcher.search(query).hits if hit.article.id == "00")
    every = {hit.article.text[span.start : span.end] for span in searcher.marks(hit.article, query)}
    assert every == {word.rstrip("’") for word in shown}
    assert set(marked(hit)) <= every


# Wildcard hits that are not highlighted, and excerpts that show only one of the terms.


def test_what_a_wildcard_matches_is_marked_as_such(searcher: Searcher) -> None:
    (hit,) = searcher.search("stab*").hits
    assert marked(hit) == ["stabilisation", "stables", "stabling"]
    assert {span.kind for span in hit.passages[0].spans} == {MatchKind.PREFIX}


def test_every_word_of_the_query_is_in_some_passage(searcher: Searcher) -> None:
    (hit,) = searcher.search("party brigade night").hits
    assert {word.lower() for word in marked(hit)} == {"party", "brigade", "night"}
    (hit,) = searcher.search("coalition brigade").hits
    assert words(hit.passages[0]) == ["coalition's", "brigade"], "one sentence has both"


# Only the phrase highlighted, whole sentences, and misspelt matches never as if exact.


def test_only_the_phrase_is_marked_and_as_one(searcher: Searcher) -> None:
    (hit,) = searcher.search('"enduring defeat"').hits
    assert marked(hit) == ["enduring defeat"]
    assert hit.passages[0].text.startswith("Nobody in the enduring night of defeat saw")
    assert hit.passages[0].text.endswith("of it.")


def test_a_misspelt_match_never_looks_exact(searcher: Searcher) -> None:
    (hit,) = searcher.search("coaltion brigade").hits
    kinds = {
        passage.text[span.start : span.end]: span.kind for passage in hit.passages for span in passage.spans
    }
    assert kinds == {"coalition's": MatchKind.TYPO, "brigade": MatchKind.EXACT}


# Why did this match: which typo, which spelling, and what is missing.


def test_a_hit_says_which_typo_and_what_is_missing(searcher: Searcher) -> None:
    hits = {hit.article.id: hit for hit in searcher.search("coaltion brigade trade", mode="any").hits}
    assert [str(reason) for reason in hits["00"].reasons] == [
        "coaltion → coalition (1 typo)",
        "missing: trade",
    ]
    assert [str(reason) for reason in hits["01"].reasons] == ["missing: coaltion", "missing: brigade"]
    typo, missing = hits["00"].reasons
    assert (typo.kind, typo.typed, typo.matched, typo.edits) == (
        ReasonKind.TYPO,
        "coaltion",
        ("coalition",),
        1,
    )
    assert (missing.kind, missing.typed, missing.matched) == (ReasonKind.MISSING, "trade", ())


def test_words_found_as_typed_need_no_reason(searcher: Searcher) -> None:
    (hit,) = searcher.search("coalitions brigade").hits
    assert hit.reasons == ()


def test_edits_are_counted_to_the_word_that_matched() -> None:
    analyzer = Analyzer()
    stems = {
        "coalit": [(1, "coalition", MatchKind.TYPO)],
        "collis": [(1, "collision", MatchKind.TYPO)],
        "colour": [(2, "colour", MatchKind.SPELLING)],
    }
    marker = Marker(stems=stems, labels={1: "colaition", 2: "color", 3: "absent", 4: "either"}, optional={4})
    text = "Collision, coalitions, colours and colour"
    told = reasons(marker, analyzer, [(text, marker.find(text, analyzer))])
    assert [str(reason) for reason in told] == [
        "colaition → coalitions (1 typo, stem)",
        "colaition → collision (2 typos)",
        "color → colour (spelling)",
        "missing: absent",
    ]


def test_of_words_joined_by_or_none_is_missing(searcher: Searcher) -> None:
    (hit,) = searcher.search("brigade OR zyzzyva").hits
    assert hit.reasons == ()


def test_a_word_that_is_asked_for_twice_is_not_missing(searcher: Searcher) -> None:
    (hit,) = searcher.search('brigade brigades "enduring defeat" defeat').hits
    assert hit.reasons == ()
