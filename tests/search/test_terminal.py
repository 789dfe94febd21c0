"""Text made safe for a terminal: no control sequence survives, whatever comes in."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.terminal import one_line, visible

#: What may stand in text from outside but act on a terminal or turn its text around.
BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F]
ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Cs"]),
    ),
    max_size=60,
)


def acts(char: str) -> bool:
    return (unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") and char not in "\t\n") or ord(
        char
    ) in BIDI


def test_every_character_is_safe_or_replaced() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        shown = visible(char)
        assert len(shown) == 1
        assert not char.isprintable() or visible(f"{char}\n") == f"{shown}\n"
        assert not acts(shown), hex(code)
        if acts(char):
            assert shown.isprintable()
        else:
            assert shown == char or unicodedata.category(char) in ("Cf", "Cn"), hex(code)


@pytest.mark.parametrize("char", "aé日😀\u00a0\u202f\u00ad\u200d\u0301\t\n")
def test_what_is_text_stays(char: str) -> None:
    assert visible(f"a{char}b") == f"a{char}b"


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_nothing_that_acts_survives_and_offsets_stay(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not any(acts(char) for char in shown)
    assert visible(shown) == shown
    shown.encode()
    line = one_line(text)
    assert not any(acts(char) or char in "\t\n" for char in line)
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb", "a b"),
        ("a \r\n\t b", "a   b"),
        ("a\x85\u2028b", "a b"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x9b2Jb\x7f", "a\ufffd2Jb␡"),
        ("\u202egnol", "\ufffdgnol"),
        ("\ud800", "\ufffd"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
