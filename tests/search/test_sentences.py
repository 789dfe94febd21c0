"""Where sentences end: abbreviations, headlines, tables, and text that was broken to a width."""

from __future__ import annotations

import itertools
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.sentences import Prose, sentences

SENTENCES = {
    "One. Two! Three? Four… Five": ["One.", "Two!", "Three?", "Four…", "Five"],
    "Mr. Smith met Mrs. Jones. They talked.": ["Mr. Smith met Mrs. Jones.", "They talked."],
    "The U.S. Army left. It rained.": ["The U.S. Army left.", "It rained."],
    "J. R. R. Tolkien wrote. He smoked.": ["J. R. R. Tolkien wrote.", "He smoked."],
    "It cost $3.5 million. 20 people came.": ["It cost $3.5 million.", "20 people came."],
    "See No. 5 here. Then go.": ["See No. 5 here.", "Then go."],
    "“No!” She left... Then came… Now": ["“No!”", "She left...", "Then came…", "Now"],
    "Is it?! (Yes.) [No.] end. lower": ["Is it?!", "(Yes.)", "[No.] end. lower"],
    "Line\nTwo\n\n\nThree ": ["Line", "Two", "Three"],
    "He left at 5 p.m. on Sunday. Bye": ["He left at 5 p.m. on Sunday.", "Bye"],
    "Élan. Ñandú. Ω": ["Élan.", "Ñandú.", "Ω"],
    "": [],
    " \n\u202f ": [],
    "日本語。テキスト。": ["日本語。テキスト。"],
    "Gen. Lee rode. Lt. Col. Ray ran.": ["Gen. Lee rode.", "Lt. Col. Ray ran."],
    "He said no. She said on Feb. 3 or in Feb. Then not.": [
        "He said no.",
        "She said on Feb. 3 or in Feb.",
        "Then not.",
    ],
    "Acme Inc. President Jo Doe quit.": ["Acme Inc. President Jo Doe quit."],
    "TROOPS OF THE U.N . LANDED . DR . HO LEFT .": ["TROOPS OF THE U.N . LANDED .", "DR . HO LEFT ."],
    "Ministers meet in Rabat\n\nThe pact was signed.": ["Ministers meet in Rabat", "The pact was signed."],
    "RABAT, May 11 - Ministers met. All left.": ["RABAT, May 11 - Ministers met.", "All left."],
    "Only the first line of it is\nShort.\n    A paragraph begins\nHere.": [
        "Only the first line of it is\nShort.",
        "A paragraph begins\nHere.",
    ],
    " Wheat  2.55  IV\n Corn   1.35  V": ["Wheat  2.55  IV", "Corn   1.35  V"],
}


@pytest.mark.parametrize("text", SENTENCES)
def test_where_sentences_end(text: str) -> None:
    assert [text[start:end] for start, end in sentences(text)] == SENTENCES[text]


@given(st.text(alphabet='aA.!?… \n"”’)1éMr\u202f', max_size=80) | st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_sentences_cover_all_but_white_space(text: str) -> None:
    found = list(sentences(text))
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in found)


@pytest.mark.parametrize("run", [".", ". ", '."', "!?", "\n", " ", "a", "Mr. ", "A.", ". (", ".  a"])
def test_long_runs_of_anything_end(run: str) -> None:
    text = run * (100_000 // len(run))
    assert all(0 <= start < end <= len(text) for start, end in sentences(text))


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


def test_a_headline_above_a_wrapped_paragraph_is_a_sentence_of_its_own() -> None:
    headline = "Board sets a date for the opening of the new pier"
    assert found(headline + "\n" + textwrap.fill(f"{FIRST} {SECOND}", 72)) == [headline, FIRST, SECOND]


PROSE = st.lists(
    st.sampled_from(["Mr. Low", "the U.S.", "it", "rained", "pact.", "End.", "(Yes!)", "x" * 30, "A", "3.5"]),
    min_size=1,
    max_size=60,
)


@given(PROSE, st.sampled_from([" ", "\n", "\n\n", "\n    "]), st.integers(30, 90), st.data())
@settings(max_examples=150, deadline=None)
def test_sentences_may_be_found_from_any_place(
    words: list[str], gap: str, width: int, data: st.DataObject
) -> None:
    text = gap.join(textwrap.fill(" ".join(words[at : at + 9]), width) for at in range(0, len(words), 9))
    every = list(sentences(text))
    place = data.draw(st.integers(0, len(text)))
    begin = Prose(text).start(place)
    assert begin <= place
    assert list(Prose(text).sentences(begin)) == [one for one in every if one[0] >= begin]
    assert all(one[1] <= begin or one[0] >= begin for one in every)


def test_sentences_near_the_end_of_a_long_text_are_found_without_reading_it_all() -> None:
    text = "word " * 400_000 + "A pact. It holds."
    begin = Prose(text).start(len(text) - 5)
    assert begin > len(text) - 3000
    assert [text[start:end] for start, end in Prose(text).sentences(begin)][-1] == "It holds."
