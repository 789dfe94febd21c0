"""The batch tokeniser gives exactly the words of the analyser, whatever the text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.keytable import ABSENT, KeyTable
from index.tokenise import Tokenizer, Vocabulary
from tests.search.loops import WAYS, using

PIECES = st.sampled_from(
    [
        *"aAbZ09'.,-_/@ \n\0\u2019\u201c\u2014\u00a0\u00e9\u0301\u00ad\u200d\u4e2d\u0416\u0130\u212a",
        "U.S.",
        "20.04",
        "don't",
        "company's",
        "1,234.5bn",
        "internationalisation",
        "antidisestablishmentarianism" * 3,
        "\ud800",
        "\u0664.\u0664",
        "\U0001d7d8",
        "ﬁ",
        "ß",
        "naïve",
        "12345678",
        "123456789",
        "abcdefghijklmnop",
        "abcdefghijklmnopq",
    ]
)
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40)), max_size=6)


def stem(word: str) -> str:
    """Cut a plural: enough to tell forms from stems, and fast."""
    return word[:-1] if word.endswith("s") else word


@pytest.fixture(params=WAYS, autouse=True, scope="module")
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All is done by numpy and by the compiled loops."""
    yield from using(request.param, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("language", ["english", "french", "russian"])
@settings(max_examples=80, deadline=None)
@given(batches=st.lists(TEXTS, min_size=1, max_size=3))
@example(batches=[["a" * 63 + "s0 " + "a" * 63 + "s's"]])
@example(batches=[["U.S.A's a.b.1 x.'y 1.a2 a..b ''s 'tis o'n'e"]])
def test_words_equal_the_analysers(language: str, batches: list[list[str]]) -> None:
    tokenizer = Tokenizer(Analyzer(language, stemmer=stem))
    oracle = Analyzer(language, stemmer=stem)
    vocabulary = tokenizer.vocabulary
    for texts in batches:
        words = tokenizer.words([text.encode("utf-8", "surrogatepass") for text in texts])
        terms = [
            (vocabulary.forms[form], vocabulary.stems[vocabulary.stem_of_form[form]])
            for form in words.forms.tolist()
        ]
        expected = [oracle.terms(text) for text in texts]
        assert words.counts.tolist() == [len(part) for part in expected]
        assert terms == [term for part in expected for term in part]


PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["a", "b", "ab", ""])), max_size=8)


@settings(max_examples=100, deadline=None)
@given(st.lists(PAIRS, max_size=6), st.booleans())
def test_every_pair_of_form_and_stem_has_one_number(batches: list[list[tuple[str, str]]], one: bool) -> None:
    vocabulary = Vocabulary()
    given_before: dict[int, tuple[str, str]] = {}
    for pairs in batches:
        if one:
            numbers = [vocabulary.number(form, stem) for form, stem in pairs]
        else:
            forms, stems = [form for form, _ in pairs], [stem for _, stem in pairs]
            numbers = vocabulary.numbers(forms, stems).tolist()
        for number, pair in zip(numbers, pairs, strict=True):
            assert given_before.setdefault(number, pair) == pair
    known = [
        (form, vocabulary.stems[stem])
        for form, stem in zip(vocabulary.forms, vocabulary.stem_of_form, strict=True)
    ]
    assert dict(enumerate(known)) == given_before
    assert sorted(known) == sorted({pair for pairs in batches for pair in pairs})
    assert vocabulary.stems == list(dict.fromkeys(stem for pairs in batches for _, stem in pairs))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(1, 2**64 - 1), max_size=300), max_size=4))
def test_table_finds_what_was_added_and_nothing_else(parts: list[set[int]]) -> None:
    import numpy as np

    for width in (1, 2):
        table = KeyTable(width, bits=4)
        known: dict[int, int] = {}
        for part in parts:
            new = np.array(sorted(part - set(known)), dtype=np.uint64)
            high = new >> np.uint64(3) if width == 2 else None
            assert (table.find(new, high) == ABSENT).all()
            table.add(new, np.arange(len(known), len(known) + len(new), dtype=np.int32), high)
            known |= {key: len(known) + place for place, key in enumerate(new.tolist())}
        keys = np.array(list(known), dtype=np.uint64)
        found = table.find(keys, keys >> np.uint64(3) if width == 2 else None)
        assert found.tolist() == list(known.values())
