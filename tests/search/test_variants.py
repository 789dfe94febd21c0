"""Ways of writing one word: what meets what, that they count as one word, and what is left alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.results import MatchKind
from search.searcher import Searcher
from tests.search.shelf import article, library_with, texts

FILLER = tuple(f"filler number {word}" for word in ("one", "two", "three", "four", "five", "six"))


def found(folder: Path, query: str, *bodies: str, language: str = "english") -> set[str]:
    """Return the bodies that a query finds among these and some others."""
    articles = [article(f"{at:02}", body) for at, body in enumerate((*bodies, *FILLER))]
    with Searcher(library_with(folder, *articles, language=language)) as searcher:
        return {hit.article.text for hit in searcher.search(query, limit=None, fold=False).hits}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the colour of money", "the color of money"),
        ("stabilisation goes on", "stabilization goes on"),
        ("a travelling player", "a traveling player"),
        ("five per cent", "five percent"),
        ("five pct", "five percent"),
        ("five pct", "five per cent"),
        ("nine mln dlrs", "nine million dollars"),
        ("they co-ordinate talks", "they coordinate talks"),
        ("they co ordinate talks", "they coordinate talks"),
        ("the counter terrorism office", "the counterterrorism office"),
        ("the counter-terrorism office", "the counterterrorism office"),
        ("talks with O.P.E.C. today", "talks with OPEC today"),
        ("a café in Zürich", "a cafe in Zurich"),
        ("an encyclopædia of", "an encyclopedia of"),
    ],
)
def test_ways_of_writing_meet_both_ways(tmp_path: Path, one: str, other: str) -> None:
    words = zip(one.split(), other.split(), strict=False)
    first = next(place for place, pair in enumerate(words) if pair[0] != pair[1])
    tail = next((n for n in range(1, 9) if one.split()[-n] != other.split()[-n]), 1) - 1
    for number, (text, against) in enumerate(((one, other), (other, one))):
        query = " ".join(text.split()[first : len(text.split()) - tail])
        assert found(tmp_path / str(number), query, one, other) == {one, other}, query
        assert found(tmp_path / f"only {number}", query, against) == {against}, query


@pytest.mark.parametrize("query", ["50%", "50 percent", "50 pct", "50 per cent", "(50%)", "50.%"])
def test_per_cent_in_any_writing_finds_the_others(tmp_path: Path, query: str) -> None:
    ways = {"it rose 50% then", "it rose 50 percent then", "it rose 50 pct then", "it rose 50 per cent then"}
    others = ("it cost 50 cents then", "a share of 7%")
    if query == "50.%":
        ways |= {others[0]}
    assert found(tmp_path, query, *ways, *others) == ways


def test_a_per_cent_sign_is_marked_and_told(tmp_path: Path) -> None:
    bodies = ("it rose 50% then", "it rose 50 percent", "it rose 50 per cent")
    articles = [article(f"{at:02}", body) for at, body in enumerate((*bodies, *FILLER))]
    with Searcher(library_with(tmp_path, *articles)) as searcher:
        told = {}
        for hit in searcher.search("50%").hits:
            (passage,) = hit.passages
            marked = [(passage.text[span.start : span.end], span.kind.value) for span in passage.spans]
            told[hit.article.text] = (marked, [str(reason) for reason in hit.reasons])
    assert told == {
        bodies[0]: ([("50%", "exact")], []),
        bodies[1]: ([("50 percent", "spelling")], ["50% → 50 percent (spelling)"]),
        bodies[2]: ([("50 per cent", "spelling")], ["50% → 50 per cent (spelling)"]),
    }


def test_the_sign_alone_empties_no_query(tmp_path: Path) -> None:
    assert found(tmp_path, "50%", "it cost 50 cents") == {"it cost 50 cents"}


@pytest.mark.parametrize(
    ("query", "bodies", "expected"),
    [
        ('"colour"', ("a colour", "a color"), {"a colour"}),
        ("=colour", ("a colour", "a color"), {"a colour"}),
        ("money -colour", ("money colour", "money color", "money"), {"money"}),
        ("Pearl Harbor", ("Pearl Harbor", "pearl harbour"), {"Pearl Harbor"}),
        ("the Labour party", ("the Labour party", "the labor party"), {"the Labour party"}),
        ("PEARL HARBOR", ("Pearl Harbor", "pearl harbour"), {"Pearl Harbor", "pearl harbour"}),
        ("four hours", ("four hours", "for hors"), {"four hours"}),
        ("prize", ("a prize", "to prise"), {"a prize"}),
        ("colur", ("a colour", "a color"), {"a colour", "a color"}),
    ],
)
def test_what_is_left_alone(tmp_path: Path, query: str, bodies: tuple[str, ...], expected: set[str]) -> None:
    assert found(tmp_path, query, *bodies) == expected


def test_english_rules_are_for_english_libraries(tmp_path: Path) -> None:
    bodies = ("die color", "die colour")
    assert found(tmp_path / "a", '"die" color', *bodies, language="german") == {"die color"}
    assert found(tmp_path / "b", "color", "a color", "a colour") == {"a color", "a colour"}


US = ("The U.S. economy grew", "They told us of the economy", "Give us this day", "All of us said so")


def test_the_pronoun_is_no_country(tmp_path: Path) -> None:
    with Searcher(texts(tmp_path, *US, *FILLER)) as searcher:
        country = searcher.search("US economy")
        assert next(hit.article.text for hit in country.hits) == US[0]
        stops = searcher.search("U.S. economy")
        assert [hit.article.text for hit in stops.hits] == [US[0]]
        pronoun = searcher.search("us economy")
        assert [hit.article.text for hit in pronoun.hits] == [US[1]]


def test_a_library_that_writes_us_in_capitals_means_the_country(tmp_path: Path) -> None:
    bodies = ("The US economy", "US growth", "The U.S. economy grew", "US trade", "tell us")
    with Searcher(texts(tmp_path, *bodies, *FILLER)) as searcher:
        for query in ("U.S. economy", "US economy"):
            assert {hit.article.text for hit in searcher.search(query, fold=False).hits} == {
                bodies[0],
                bodies[2],
            }


def test_the_answer_names_the_spelling(tmp_path: Path) -> None:
    with Searcher(texts(tmp_path, "the colour of it", "the color of it", *FILLER)) as searcher:
        results = searcher.search("color")
    assert results.understood == "color"
    assert not results.corrections
    reasons = {hit.article.text: [str(reason) for reason in hit.reasons] for hit in results.hits}
    assert reasons == {"the color of it": [], "the colour of it": ["color → colour (spelling)"]}
    kinds = {hit.article.text: hit.passages[0].spans[0].kind for hit in results.hits}
    assert kinds == {"the color of it": MatchKind.EXACT, "the colour of it": MatchKind.SPELLING}


WORDS = st.sampled_from(("color", "colour", "money", "bank", "organise", "organize", "coordinate"))
BODIES = st.lists(st.lists(WORDS, min_size=1, max_size=8), min_size=2, max_size=12)
PLAIN = {"colour": "color", "organise": "organize"}


@given(BODIES, st.lists(st.sampled_from(("color", "colour", "money", "organize")), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_spellings_count_as_one_word(bodies: list[list[str]], query: list[str]) -> None:
    """What is found, and the scores, are those of a library in which all is spelled one way."""
    with tempfile.TemporaryDirectory() as folder:
        mixed = texts(Path(folder) / "mixed", *map(" ".join, bodies))
        plain = texts(Path(folder) / "plain", *(" ".join(PLAIN.get(w, w) for w in body) for body in bodies))
        with Searcher(mixed) as one, Searcher(plain) as other:
            got = one.search(" ".join(query), limit=None, mode="any", typos=False, rank="fast", fold=False)
            expected = other.search(
                " ".join(PLAIN.get(w, w) for w in query),
                limit=None,
                mode="any",
                typos=False,
                rank="fast",
                fold=False,
            )
    assert [hit.article.id for hit in got.hits] == [hit.article.id for hit in expected.hits]
    assert [hit.score for hit in got.hits] == pytest.approx([hit.score for hit in expected.hits], abs=2e-6)
