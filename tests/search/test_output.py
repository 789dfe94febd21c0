"""Answers as text: marks and styles come out whole, hostile text never does."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, DateOrigin
from index.value import replace
from search import output, records
from search.results import Correction, Hit, MatchKind, Note, Passage, Reason, ReasonKind, Results, Span
from search.styled import marked
from search.terminal import visible
from search.trec import run_lines
from tests.search.shelf import article

STYLE = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x85 \u202egnol\u2066 \u2028 \r\n\x00\ud800 \x7f\x08 *bold*"
)

CHARS = st.one_of(
    st.sampled_from(" \n\t\u202f\u00a0\u2003\x1c\x85\u2028\x1b\x9b\u202e\ud800ab-/é日*~"), st.characters()
)
TEXT = st.text(alphabet=CHARS, max_size=120)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    text = draw(TEXT)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8)))
    pairs = list(pairwise(edges))[::2]
    kinds = [draw(st.sampled_from(list(MatchKind))) for _ in pairs]
    return text, tuple(Span(start, end, kind) for (start, end), kind in zip(pairs, kinds, strict=True))


def is_safe(text: str) -> bool:
    """True if nothing acts on a terminal but our own styles, each of which ends on its line."""
    bare = STYLE.sub("", text)
    if any((ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in bare):
        return False
    if re.search("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", bare):
        return False
    for line in text.split("\n"):
        styles = STYLE.findall(line)
        if styles and styles[-1] != "\x1b[0m":
            return False
    return True


def hit(text: str, spans: Sequence[Span] = (), **fields: str) -> Hit:
    made = article("news/a.txt", text, **fields)  # type: ignore[arg-type]
    return Hit(made, 1.25, 1, (Passage(text, 0, len(text), tuple(spans)),))


@given(marked_texts(), st.integers(20, 120))
@settings(max_examples=250, deadline=None)
def test_a_hit_is_safe_and_the_same_words_with_and_without_styles(
    sample: tuple[str, tuple[Span, ...]], width: int
) -> None:
    one = replace(hit(*sample), reasons=(Reason(ReasonKind.MISSING, sample[0]),))
    plain = output.hit_text(one, False, width)
    styled = output.hit_text(one, True, width)
    assert is_safe(plain)
    assert "\x1b" not in plain
    assert is_safe(styled)
    assert re.sub(r"[*~\s]", "", STYLE.sub("", styled)) == re.sub(r"[*~\s]", "", plain)


@given(marked_texts())
@settings(max_examples=150, deadline=None)
def test_marked_text_keeps_every_character(sample: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = sample
    plain = marked(text, (), False)
    assert STYLE.sub("", marked(text, spans, True)).replace(" ", "") == plain.replace(" ", "")
    assert marked(text, spans, True).count("\x1b[0m") == len(spans)


def test_marks_are_signs_without_colour_and_styles_with_it() -> None:
    spans = [Span(0, 5), Span(6, 9, MatchKind.TYPO)]
    assert marked("trade wra", spans, False) == "*trade* ~wra~"
    styled = marked("trade wra", spans, True)
    assert STYLE.sub("", styled) == "trade wra"
    assert len(set(STYLE.findall(styled))) == 3
    styles = [re.search(r"\[(.*?)m", marked("a", [Span(0, 1, kind)], True)) for kind in MatchKind]
    assert all(style and {"1", "4", "7"} & set(style[1].split(";")) for style in styles), (
        "not by colour alone"
    )


@pytest.mark.parametrize("color", [False, True])
def test_passages_are_wrapped_at_words(color: bool) -> None:
    text = "word\u202fword " * 40
    shown = output.hit_text(hit(text, [Span(0, 9), Span(200, 209)]), color, 60)
    assert all(len(STYLE.sub("", line)) <= 60 for line in shown.split("\n"))
    assert STYLE.sub("", shown).replace("*", "").count("word\u202fword") == 40


@given(marked_texts(), st.sampled_from([0, 20, 80]), st.booleans())
@settings(max_examples=250, deadline=None)
def test_an_article_is_safe_and_whole(sample: tuple[str, tuple[Span, ...]], width: int, color: bool) -> None:
    text, spans = sample
    made = replace(article("a", text, title=text, source=text, author=text), path=text)
    lines = list(output.article_text(made, (), spans, color, width))
    assert is_safe("\n".join(lines))
    body = [STYLE.sub("", line) for line in output.text_lines(text, spans, True, width)]
    plain = list(output.text_lines(text, (), False, width))
    assert re.sub(r"\s", "", "".join(body)) == re.sub(r"\s", "", "".join(plain))
    if width == 0:
        assert body == plain == visible(text).split("\n")


def test_a_mark_over_two_lines_is_marked_on_both() -> None:
    text = "the enduring\ndefeat of"
    lines = list(output.text_lines(text, [Span(4, 19)], False, 0))
    assert lines == ["the *enduring*", "*defeat* of"]


@pytest.mark.parametrize(
    ("date", "origin", "shown"),
    [
        (None, DateOrigin.NONE, ""),
        (datetime(2022, 5, 11, 9), DateOrigin.LINE, "2022-05-11"),
        (datetime(2022, 5, 11, 9), DateOrigin.FILE, "~2022-05-11"),
        (datetime(1, 2, 3), DateOrigin.FIELD, "0001-02-03"),
    ],
)
def test_days_of_files_wear_a_tilde(date: datetime | None, origin: DateOrigin, shown: str) -> None:
    assert output.date_text(Article("a", "", "", "/a", date=date, date_origin=origin)) == shown


def results(**fields: object) -> Results:
    return replace(Results("figters (", "fighters", 1204, 0, (hit("text"),) * 10), **fields)


def test_the_summary_says_how_many_of_how_many() -> None:
    assert output.summary(1204, 0, 10) == "10 of 1,204"
    assert output.summary(1204, 10, 10) == "11 to 20 of 1,204"


def test_remarks_tell_corrections_and_notes_with_their_place() -> None:
    corrections = [Correction("figters", ("fighters",), 0, 7), Correction("a", ("b",), 0, 1, added=True)]
    notes = [Note("this bracket is never closed", 8, 9), Note("figters is nothing", 0, 7), Note(HOSTILE)]
    lines = output.remarks("figters (", corrections, notes)
    assert lines[:2] == ["searched for figters → fighters", "searched for a → b as well"]
    assert lines[2:4] == ["this bracket is never closed (()", "figters is nothing"]
    assert all(is_safe(line) and "\n" not in line for line in lines)


@given(marked_texts(), TEXT)
@settings(max_examples=100, deadline=None)
def test_json_is_ascii_and_comes_back_equal(sample: tuple[str, tuple[Span, ...]], query: str) -> None:
    text, spans = sample
    made = replace(
        article(text, text, text, source=text, author=text, key=text), path=text, extras={text: text}
    )
    one = Hit(
        made,
        1.5,
        3,
        (Passage(text, 0, len(text), spans),),
        spans,
        (Reason(ReasonKind.TYPO, text, (text,), 1),),
    )
    record = records.results_record(replace(results(hits=(one,)), query=query), "7")
    packed = records.json_text(record)
    assert packed.isascii()
    assert packed.isprintable()
    assert json.loads(packed) == record
    (back,) = json.loads(packed)["hits"]
    assert (back["id"], back["passages"][0]["text"], back["extras"]) == (text, text, {text: text})
    assert back["passages"][0]["spans"] == [[span.start, span.end, span.kind] for span in spans]


@given(TEXT, TEXT)
@settings(max_examples=150, deadline=None)
def test_a_line_of_a_trec_run_has_six_columns(ident: str, key: str) -> None:
    (line,) = run_lines("a 1", [key or ident or "a"], [1 / 3], 2)
    assert is_safe(line)
    assert re.fullmatch(r"a%201 Q0 \S+ 2 0\.333333 byline", line)


def test_white_space_in_a_trec_run_is_encoded() -> None:
    (line,) = run_lines("1", ["k 1\u3000\t"], [2.0])
    assert line == "1 Q0 k%201%E3%80%80%09 1 2.000000 byline"
