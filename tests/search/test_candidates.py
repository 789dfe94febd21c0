"""Words found by their letters are those that reading every word finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from search.candidates import Needles, literal_beginning, unsure_letter
from search.marks import Marker
from search.results import MatchKind

ANALYZERS = {name: Analyzer(name) for name in ("english", "french", "russian")}

PIECES = [
    *[
        "don't",
        "U.S.",
        "u.s",
        "U.S.A",
        "20.04",
        "1,000",
        "co-op",
        "rock'n'roll",
        "x_y",
        "trade's",
        "Trade’s",
        "TRADES",
        "trading",
        "ﬁne",
        "naïve",
        "café",
    ],
    *[
        "CAFÉ",
        "café",
        "l'homme",
        "l’été",
        "Ёлка",
        "елка",
        "Москва",
        "МОСКВЫ",
        "straße",
        "STRASSE",
        "ǅ",
        "½",
        "①",
        "日本語",
        "が",
        "İstanbul",
        "a",
        "b",
        "in",
    ],
    *[
        "\u00ad".join("trade"),
        "tra\u200bde",
        "1\ufe0f\u20e3",
        "e\u0301",
        "\u0301x",
        "_trade_",
        "a.b.c",
        "x" * 80,
    ],
]
GAPS = ["", " ", " ", " ", "\n", "\u202f", "-", "/", ".", ". ", ", ", "’", "'", "\t", "—", "😀"]
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES) | st.text(max_size=4), st.sampled_from(GAPS)), max_size=30
).map(lambda pairs: "".join(word + gap for word, gap in pairs))


@given(TEXTS, st.sampled_from(list(ANALYZERS)), st.integers(1, 60), st.data())
@settings(max_examples=400, deadline=None)
def test_no_word_that_begins_so_is_passed_over(
    text: str, language: str, step: int, data: st.DataObject
) -> None:
    analyzer = ANALYZERS[language]
    forms = sorted({form for form, _ in analyzer.terms(text)})
    wanted = data.draw(st.lists(st.sampled_from(forms or ["trade"]), min_size=1, max_size=4))
    wanted = [form[: data.draw(st.integers(1, len(form)))] for form in wanted]
    pattern = analyzer.pattern(text)
    every = [match.span() for match in pattern.finditer(text)]
    found = [match.span() for some in Needles(wanted).words(text, pattern, step) for match in some]
    assert found == sorted(set(found))
    assert set(found) <= set(every)
    must = [
        match.span()
        for match in pattern.finditer(text)
        if any(analyzer.term(match[0])[0].startswith(form) for form in wanted)
    ]
    assert set(must) <= set(found)


def test_letters_taken_as_sure_differ_from_their_forms_by_case_only() -> None:
    sure = [
        char for char in map(chr, range(0x80, 0x10000)) if not unsure_letter().match(char) and char.isalnum()
    ]
    assert len(sure) > 20_000
    for analyzer in (Analyzer("english", str), Analyzer("russian", str)):
        assert [char for char in sure if analyzer.term(char)[0] != char.lower()] == []


@pytest.mark.parametrize(
    ("pattern", "beginning"),
    [
        ("stab.*", "stab"),
        ("w.ld", "w"),
        (".*x", ""),
        ("colou?r", ""),
        ("a|b", ""),
        ("моск.*", "моск"),
        ("x", "x"),
    ],
)
def test_how_all_that_a_wildcard_matches_begins(pattern: str, beginning: str) -> None:
    assert literal_beginning(pattern) == beginning


def test_a_long_text_is_left_once_enough_was_found() -> None:
    analyzer = ANALYZERS["english"]
    text = "pact " * 50_000 + "talks"
    forms = {"pact": ["pact"], "talk": ["talks"]}

    def marker(*stems: str) -> Marker:
        items = {stem: [(at, stem, MatchKind.STEM)] for at, stem in enumerate(stems)}
        return Marker(stems=items, labels=dict(enumerate(stems)), forms_of=forms.__getitem__)

    assert len(marker("pact").find(text, analyzer)) == 50_000
    assert 100 <= len(marker("pact").find(text, analyzer, enough=100)) < 20_000
    every = marker("pact", "talk").find(text, analyzer, enough=100)
    assert [mark.item for mark in every if mark.item == 1] == [1]
