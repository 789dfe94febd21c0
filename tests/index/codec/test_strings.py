"""Strings as arrays: the same order and the same equals as Python's, whatever the bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.codec.strings import Strings

#: Few letters, so that many begin alike; zeros, which stand behind a short string, and the highest byte.
alike = st.lists(st.sampled_from([b"\0", b"a", b"b", b"\xff", b"abcdefg", b"abcdefgh"]), max_size=5).map(
    b"".join
)
strings = st.lists(st.one_of(alike, st.binary(max_size=40)), max_size=30)
lines = st.text(st.characters(exclude_characters="\n", exclude_categories=()), max_size=12)


def made(texts: list[bytes]) -> Strings:
    """Return byte strings as arrays."""
    return Strings(b"".join(texts), np.array([len(text) for text in texts], dtype=np.int64))


@given(strings)
def test_ranks_are_places_among_the_sorted(texts: list[bytes]) -> None:
    found = made(texts)
    ranks, chosen = found.ranked()
    distinct = sorted(set(texts))
    assert found.chosen(chosen) == distinct
    assert [distinct[rank] for rank in ranks.tolist()] == texts


@given(st.lists(strings, min_size=1, max_size=4))
def test_parts_are_joined_in_their_order(parts: list[list[bytes]]) -> None:
    found = Strings.joined(list(map(made, parts)))
    every = [text for part in parts for text in part]
    assert len(found) == len(every)
    assert found.sizes.tolist() == list(map(len, every))
    assert found.chosen(np.arange(len(every))) == every


@given(st.lists(lines, max_size=20))
def test_texts_are_encoded(texts: list[str]) -> None:
    found = Strings.of(texts)
    assert found.chosen(np.arange(len(texts))) == [text.encode("utf-8", "surrogatepass") for text in texts]


@given(st.lists(lines, max_size=20))
def test_texts_are_ordered_as_python_orders_them(texts: list[str]) -> None:
    _, chosen = Strings.of(texts).ranked()
    assert [texts[place] for place in chosen.tolist()] == sorted(set(texts))


def test_a_text_of_several_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="several lines"):
        Strings.of(["one\ntwo"])
