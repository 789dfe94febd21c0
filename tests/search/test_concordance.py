"""Concordances: every match once, its contexts as the text has them, sorted by words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from search.concordance import Line, LineOrder, in_line_order, lines
from search.results import Span
from tests.search.shelf import article

words = st.sampled_from(["oil", "Price", "rose,", "fell", "naïve", "a", "\u4e2d\u6587", "x" * 90])
spaces = st.sampled_from([" ", "\n", "\n\n", "\t ", "\u202f"])
texts = st.lists(st.tuples(words, spaces), min_size=1, max_size=40).map(
    lambda parts: "".join(map("".join, parts))
)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def concordance(text: str, context: int = 30, ident: str = "a") -> list[Line]:
    found = [Span(*match.span()) for match in re.finditer(r"oil|Price", text)]
    return list(lines(article(ident, text), found, context))


@settings(deadline=None)
@given(texts, st.integers(1, 80))
def test_a_line_is_a_piece_of_the_text(text: str, context: int) -> None:
    found = concordance(text, context)
    assert [line.match for line in found] == re.findall(r"oil|Price", text)
    for line in found:
        assert text[line.start : line.end] == line.match
        assert flat(text[: line.start]).endswith(line.left)
        assert flat(text[line.end :]).startswith(line.right)
        assert max(len(line.left), len(line.right)) <= context
        assert "\n" not in line.left + line.right


@settings(deadline=None)
@given(texts)
def test_contexts_hold_whole_words_and_as_many_as_fit(text: str) -> None:
    for line in concordance(text, 30):
        rest = flat(text[line.end :])[len(line.right) :]
        following = rest.strip().split(" ")[0]
        if following:  # something was left out: the next word would not have fitted
            assert len(line.right) + 1 + len(following) > 30
            assert rest.startswith(" ") or len(line.right) == 30


@settings(deadline=None)
@given(st.lists(texts, max_size=4), st.sampled_from(LineOrder))
def test_an_order_loses_no_line_and_is_the_same_whatever_came_first(
    found: list[str], order: LineOrder
) -> None:
    every = [line for number, text in enumerate(found) for line in concordance(text, ident=str(number))]
    there = list(in_line_order(every, order))
    assert sorted(map(repr, there)) == sorted(map(repr, every))
    if order is not LineOrder.HITS:
        assert there == list(in_line_order(reversed(every), order))


def test_lines_sort_by_the_words_next_to_the_match() -> None:
    text = "The big oil rose. A small oil fell. One big oil fell, then the old oil came."
    found = [Span(*match.span()) for match in re.finditer("oil", text)]
    made = list(lines(article("a", text), found))

    def middle(order: LineOrder) -> list[tuple[str, str]]:
        return [(x.left.split()[-1], x.right.split()[0]) for x in in_line_order(made, order)]

    assert middle(LineOrder.RIGHT) == [
        ("old", "came."),
        ("small", "fell."),
        ("big", "fell,"),
        ("big", "rose."),
    ]
    assert middle(LineOrder.LEFT) == [
        ("big", "fell,"),
        ("big", "rose."),
        ("old", "came."),
        ("small", "fell."),
    ]


def test_lines_sort_by_date_with_the_undated_last() -> None:
    days = {"b": datetime(1987, 3, 1, tzinfo=UTC), "c": None, "a": datetime(1987, 6, 1, tzinfo=UTC)}
    found = [
        line for ident, day in days.items() for line in lines(article(ident, "oil", date=day), [Span(0, 3)])
    ]
    assert [line.id for line in in_line_order(found, LineOrder.DATE)] == ["b", "a", "c"]
