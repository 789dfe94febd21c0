"""Words that stand together: marks of phrases, of words near each other, of wildcards and fuzzy words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from search.marks import Mark, Marker, PhraseItem, spans
from search.passages import best_passages
from search.results import MatchKind

ANALYZER = Analyzer()
WORDS = [
    "trade",
    "trades",
    "pact",
    "pacts",
    "war",
    "of",
    "the",
    "isn't",
    "été",
    "U.S.",
    "Daesh/ISIS",
    "x",
    "日本",
]
GAPS = [" ", " ", " ", ", ", ". ", "\n\n", "-", "\u202f", " ... "]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
NEEDED = st.lists(st.sampled_from(["trade", "pact", "war", "of", "ete", "daesh"]), min_size=2, max_size=3)


def item(words: Sequence[str], exact: bool, within: int = 0) -> PhraseItem:
    terms = [ANALYZER.term(word) for word in words]
    return PhraseItem(tuple(stem for _, stem in terms), tuple(form for form, _ in terms), exact, 1, within)


def known_forms(text: str) -> dict[str, set[str]]:
    forms: dict[str, set[str]] = {}
    for form, stem in ANALYZER.terms(text):
        forms.setdefault(stem, set()).add(form)
    return forms


def found(marker: Marker, text: str) -> list[Mark]:
    """Return the marks, the same with and without what the library knows of its forms."""
    slow = marker.find(text, ANALYZER)
    forms = known_forms(text)
    quick = Marker(
        stems=marker.stems,
        forms=marker.forms,
        prefixes=marker.prefixes,
        patterns=marker.patterns,
        phrases=marker.phrases,
        forms_of=lambda stem: forms.get(stem, ()),
    ).find(text, ANALYZER)
    assert quick == slow
    return slow


@given(TEXTS, NEEDED, st.booleans(), st.integers(1, 9))
@settings(max_examples=300, deadline=None)
def test_words_near_each_other_are_marked_where_all_of_them_are(
    text: str, needed: list[str], exact: bool, within: int
) -> None:
    tokens = list(ANALYZER.tokens(text))
    own = [ANALYZER.term(word)[0 if exact else 1] for word in needed]
    keys = [token.form if exact else token.stem for token in tokens]
    expected = set()
    for first in range(len(tokens)):
        window = range(first, min(first + within + 1, len(tokens)))
        if keys[first] in own and not Counter(own) - Counter(keys[at] for at in window):
            expected |= {tokens[at].start for at in window if keys[at] in own}
    marks = found(Marker(phrases=[item(needed, exact, within)]), text)
    assert {mark.start for mark in marks} == expected
    for mark in marks:
        (form,) = [token.form for token in tokens if token.start == mark.start]
        forms = [ANALYZER.term(word)[0] for word in needed]
        assert mark.kind is (MatchKind.EXACT if form in forms else MatchKind.STEM)
        assert mark.reach >= mark.end


@given(TEXTS, NEEDED, st.booleans())
@settings(max_examples=200, deadline=None)
def test_phrases_are_marked_where_their_words_stand_side_by_side(
    text: str, needed: list[str], exact: bool
) -> None:
    tokens = list(ANALYZER.tokens(text))
    phrase = item(needed, exact)
    wanted = phrase.forms if exact else phrase.stems
    size = len(wanted)
    expected = [
        (tokens[at].start, tokens[at + size - 1].end)
        for at in range(len(tokens) - size + 1)
        if tuple(t.form if exact else t.stem for t in tokens[at : at + size]) == wanted
    ]
    assert [(mark.start, mark.end) for mark in found(Marker(phrases=[phrase]), text)] == expected


@given(TEXTS, st.sampled_from(["tr.*", "p.ct", ".*s", "w.*r", "(?:pact|war)", "[a-z]+"]))
@settings(max_examples=150, deadline=None)
def test_wildcards_mark_what_they_match(text: str, pattern: str) -> None:
    expected = [token.start for token in ANALYZER.tokens(text) if re.fullmatch(pattern, token.form)]
    marks = found(Marker(patterns=[(re.compile(pattern), 1)]), text)
    assert [mark.start for mark in marks] == expected
    assert {mark.kind for mark in marks} <= {MatchKind.PREFIX}


def test_fuzzy_words_say_so_unless_they_are_as_typed() -> None:
    marker = Marker()
    marker.add_form("pact", 1, MatchKind.EXACT)
    marker.add_form("pacts", 1, MatchKind.TYPO)
    assert [(m.kind, m.meant) for m in found(marker, "Pact and pacts")] == [
        (MatchKind.EXACT, "pact"),
        (MatchKind.TYPO, "pacts"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "pact\u0301s here",
        "1\ufe0f\u20e3 pact",
        "pact\u200d👩",
        "👩\u200d👩 pact👩\u200d👧",
        "ﬁnance pact",
        "𝐩𝐚𝐜𝐭 pact",
        "\ud800pact\udfff",
        "ก\u0e34 pact",
        "pact\u1dc0\ufe0f pact",
    ],
)
def test_no_mark_or_passage_cuts_a_character(text: str) -> None:
    marker = Marker(prefixes=[("pac", 1), ("fin", 2), ("1", 3)], patterns=[(re.compile("pact.?"), 4)])
    whole = " ".join([text] * 60)
    marks = marker.find(whole, ANALYZER)
    assert marks
    edges = {edge for mark in marks for edge in (mark.start, mark.end)}
    for passage in best_passages(whole, marks, {}):
        edges |= {passage.start, passage.end}
        assert passage.spans
    for edge in edges:
        after = whole[edge : edge + 1]
        assert not after or (unicodedata.category(after)[0] != "M" and after not in "\u200d\ufe0e\ufe0f"), (
            edge
        )


def test_sentences_that_near_words_join_are_one_passage() -> None:
    text = "Nothing here. A pact was made. Then a war came. Nothing else."
    marks = Marker(phrases=[item(["war", "pact"], False, 8)]).find(text, ANALYZER)
    (passage,) = best_passages(text, marks, {1: 1.0})
    assert passage.text == "A pact was made. Then a war came."
    assert [passage.text[span.start : span.end] for span in passage.spans] == ["pact", "war"]
    assert spans(marks)[0].kind is MatchKind.EXACT
