"""Ids and escaped names: valid, printable, one to one."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from index.names import article_id, escape, key_of, label_of, unescape
from search.terminal import one_line

NAMES = st.binary(max_size=20).map(os.fsdecode) | st.text(max_size=20)


@given(NAMES)
def test_escape_is_reversible_printable_and_encodable(name: str) -> None:
    shown = escape(name)
    assert unescape(shown) == name
    assert one_line(shown) == shown
    shown.encode("utf-8")


@given(st.tuples(NAMES, NAMES), st.tuples(NAMES, NAMES))
def test_different_places_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (article_id("news", *one) == article_id("news", *other)) == (one == other)


@given(NAMES, NAMES)
def test_a_key_is_found_again_in_the_id(path: str, key: str) -> None:
    assert key_of(article_id("news", path, key)) == key


def test_a_key_that_is_not_whole_in_the_id_is_not_known() -> None:
    assert key_of(article_id("n", "f", "\x00" * 200)) == "\x00" * 200
    assert key_of(article_id("n", "f", "k" * 201)) is None


def test_plain_names_stay_as_they_are() -> None:
    assert article_id("news", "2024/May/ünï code.txt") == "news/2024/May/ünï code.txt"
    assert article_id("news", "wire.jsonl", "a/b#1") == "news/wire.jsonl#a/b#1"


def test_a_hash_in_a_name_cannot_be_taken_for_a_key() -> None:
    assert article_id("news", "a.jsonl#1") != article_id("news", "a.jsonl", "1")


def test_endless_keys_give_bounded_ids_that_differ() -> None:
    long = "k" * 100_000
    assert len(article_id("n", "f", long)) < 300
    assert article_id("n", "f", long) != article_id("n", "f", long + "k")


def test_labels_hold_neither_separators_nor_controls() -> None:
    assert label_of("news\x1b[2J") == "news\\x1b[2J"
    assert label_of("") == "root"
