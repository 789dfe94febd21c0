"""Stems read off a word are NLTK's, whatever the word; where NLTK would differ nothing is read off."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer as NltkStemmer

from index import analysis
from index.analysis import nltk_stemmer, quick_stemmer, token_pattern
from index.english import EnglishStemmer

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora"
BEGINS = ("gener", "commun", "arsen", "y", "yy", "ge", "a", "e", "i", "sky", "inn", "out", "herr")
_ENDS = """
s ' 's ss us ed ing er al ion ic ly y e ies ied ment ement ance ence able ible ant ent ism ate iti ity ous ive
ize at bl iz ization ational fulness ousness iveness tional biliti lessli entli ation alism aliti ousli iviti
fulli enci anci abli izer ator alli bli ogi li eed eedly edly ingly sses ness ful alize icate iciti ative ical
l ll bb tt nn yy
"""
ENDS = _ENDS.split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FREQUENT = "aeioylstdnr"


@pytest.fixture(scope="module")
def quick() -> EnglishStemmer:
    stemmer = quick_stemmer("english")
    assert isinstance(stemmer, EnglishStemmer)
    return stemmer


def _differing(quick: EnglishStemmer, words: set[str]) -> list[tuple[str, str, str]]:
    nltk = nltk_stemmer("english")
    return [(word, quick(word), nltk(word)) for word in words if quick(word) != nltk(word)]


def test_random_words_have_nltks_stems(quick: EnglishStemmer) -> None:
    choose = random.Random("words")
    words = set()
    for _ in range(40_000):
        letters = LETTERS if choose.random() < 0.4 else FREQUENT
        begin = choose.choice(BEGINS) if choose.random() < 0.1 else ""
        middle = "".join(choose.choices(letters, k=choose.randint(0, 5)))
        words.add(begin + middle + "".join(choose.choices(ENDS, k=choose.randint(0, 3))))
    words.discard("")
    assert len(words) > 25_000
    assert _differing(quick, words) == []


def test_short_words_have_nltks_stems(quick: EnglishStemmer) -> None:
    words = {
        "".join(letters) for size in (1, 2, 3, 4) for letters in itertools.product("aeiylsdbwt", repeat=size)
    }
    assert _differing(quick, words) == []


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(ENDS), st.text(FREQUENT, min_size=1, max_size=3)), min_size=1).map(
        "".join
    )
)
def test_words_of_rules_have_nltks_stems(quick: EnglishStemmer, word: str) -> None:
    assert quick(word) == nltk_stemmer("english")(word)


@pytest.mark.parametrize("corpus", ["bbc", "time"])
def test_the_words_of_a_corpus_have_nltks_stems_and_few_are_asked_for(
    corpus: str, quick: EnglishStemmer
) -> None:
    path = CORPORA / corpus / "corpus.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"the evaluation corpus {corpus} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        words = {word.lower() for line in lines for word in token_pattern().findall(json.loads(line)["text"])}
    assert _differing(quick, words) == []
    asked: list[str] = []
    counting = EnglishStemmer(lambda word: asked.append(word) or word, quick._exceptions)  # type: ignore[func-returns-value]
    for word in words:
        counting(word)
    assert len(asked) * 4 < len(words)


def test_listed_words_have_nltks_stems(quick: EnglishStemmer) -> None:
    assert len(quick._exceptions) > 30
    near = {word + end for word in quick._exceptions for end in ("", "s", "ed", "ing", "ly", "y")}
    assert _differing(quick, near | {word[:-1] for word in near}) == []


@pytest.mark.parametrize("change", ["a rule", "the list"])
def test_nothing_is_read_off_where_nltk_differs(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    module = analysis._nltk_snowball()
    if change == "a rule":
        stem = NltkStemmer().stem
        monkeypatch.setattr(
            module.EnglishStemmer, "stem", lambda self, word: word if word == "stopping" else stem(word)
        )
    else:
        monkeypatch.delattr(module.EnglishStemmer, "_EnglishStemmer__special_words")
    assert not isinstance(quick_stemmer("english"), EnglishStemmer)


def test_other_languages_are_nltks() -> None:
    assert quick_stemmer("german")("häuser") == nltk_stemmer("german")("häuser")
