"""Shingles by arrays against sets of tuples of words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import shingles as module
from index.likeness import likeness
from index.shingles import folded, hashed, shingles_of
from index.signature import SHINGLE

texts = st.lists(
    st.sampled_from(
        [
            "a",
            "A",
            "b",
            "ab",
            "ba",
            "_",
            "9",
            "é",
            "ß",
            "日本",
            "\ud800",
            ".",
            "\n",
            "\\",
            "x" * 9,
            "x" * 17,
            "x" * 18,
        ]
    )
)
articles = st.tuples(texts.map(" ".join), texts.map(" ".join) | texts.map("".join))


@pytest.fixture(params=[(8, 64), (1 << 18, 16), (1 << 18, 64)], autouse=True, scope="module")
def sizes(request: pytest.FixtureRequest) -> Iterator[None]:
    chunk, longest = request.param
    with patch.object(module, "_CHUNK", chunk), patch.object(module, "_LONGEST", longest):
        yield


def sets(title: str, text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold()) or re.findall(r"\w+", title.casefold())
    if len(words) < SHINGLE:
        return {tuple(words)} if words else set()
    return set(zip(*(words[at:] for at in range(SHINGLE)), strict=False))


@settings(max_examples=60, deadline=None)
@given(st.lists(articles, max_size=5))
def test_shingles_are_those_of_sets(many: list[tuple[str, str]]) -> None:
    found = shingles_of(many)
    wanted = [sets(*one) for one in many]
    longest = max((len(word) for one in wanted for words in one for word in words), default=0)
    if longest * 4 > module._CHUNK:
        return  # a word that is longer than a chunk counts as several
    assert [len(one) for one in found] == [len(one) for one in wanted]
    for one in found:
        assert (one[1:] > one[:-1]).all()
    for left, right in combinations(range(len(many)), 2):
        both = len(wanted[left] & wanted[right])
        assert likeness(found[left], found[right]) == both / max(1, len(wanted[left] | wanted[right]))


@settings(max_examples=60, deadline=None)
@given(articles, st.lists(articles, max_size=3))
def test_an_articles_shingles_do_not_depend_on_its_neighbours(
    one: tuple[str, str], others: list[tuple[str, str]]
) -> None:
    (alone,) = shingles_of([one])
    if module._CHUNK > 1000:
        assert shingles_of([*others, one])[-1].tolist() == alone.tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(articles, max_size=5))
def test_hashes_are_counted_text_by_text_as_often_as_they_are_there(many: list[tuple[str, str]]) -> None:
    found, counts = hashed([folded(text) for _, text in many])
    assert len(found) == counts.sum()
    if module._CHUNK < 1000:
        return
    words = [re.findall(r"\w+", text.casefold()) for _, text in many]
    assert counts.tolist() == [max(len(one) - SHINGLE + 1, min(len(one), 1)) for one in words]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["ab", "Ab", "n", "_"]), max_size=9))
def test_what_follows_a_backslash_is_no_word(words: list[str]) -> None:
    (found, counts), (same, _) = (hashed([sign.join(words).encode()]) for sign in ("\\n", " "))
    assert found.tolist() == same.tolist()
    assert counts.tolist() == [len(found)]
