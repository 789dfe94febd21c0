"""Sentences of text that was broken to a width."""

from __future__ import annotations

import textwrap

import pytest

from search.sentences import sentences

FIRST = (
    "The harbour board said on Monday that the new pier would open before the autumn storms arrive in force."
)
SECOND = "Ferries will call there twice a day."


def found(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


@pytest.mark.parametrize("width", [45, 60, 72])
def test_a_line_break_that_wraps_ends_no_sentence(width: int) -> None:
    assert found(textwrap.fill(f"{FIRST} {SECOND}", width)) == [FIRST, SECOND]


@pytest.mark.parametrize("gap", ["\n\n", "\n    ", "\n \n"])
def test_a_new_paragraph_ends_one(gap: str) -> None:
    assert found(f"Board sets a date for the opening of the new harbour pier{gap}{FIRST}") == [
        "Board sets a date for the opening of the new harbour pier",
        FIRST,
    ]


def test_a_short_line_is_one_of_its_own() -> None:
    assert found(f"By a staff reporter\n{SECOND}") == ["By a staff reporter", SECOND]
