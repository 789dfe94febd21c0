"""Lines, marks and facts: pure functions, against what they promise."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from index.article import DateOrigin
from index.value import replace
from search.results import Correction, Hit, MatchKind, Note, Passage, Results, Span
from tests.tui.fakes import article
from tui import facts
from tui.contracts import Question
from tui.marking import fit, pieces, shown, shown_line
from tui.typeset import MEASURE, Role, Sheet, flow, typeset, wrap
from tui.widgets.hit_rows import RowStyles, hit_lines

CHARACTERS = st.sampled_from("ab cd  ef-\n\n漢字ー\u0301\u200b𝕏\t\x1b\u202e\xa0é.")
TEXTS = st.text(CHARACTERS, max_size=400) | st.text(max_size=200)
WIDTHS = st.integers(2, 90)  # below two cells a wide character has no room anywhere
PLAIN = Style()


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text and spans in it that ascend and do not overlap."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, tuple(Span(a, b, draw(st.sampled_from(MatchKind))) for a, b in pairs)


@given(TEXTS, WIDTHS)
@settings(max_examples=300, deadline=None)
def test_lines_hold_all_of_the_text_and_none_is_too_wide(text: str, width: int) -> None:
    text = shown(text)
    lines = list(wrap(text, width))
    at = 0
    for start, end in lines:
        assert at <= start <= end
        assert start - at <= 2  # a space at the end of a line, and the line's end
        assert text[at:start].strip() == ""
        assert "\n" not in text[start:end]
        assert cell_len(text[start:end]) <= width
        at = end
    assert text[at:].strip() == ""
    assert len(text) - at <= 2


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=60), st.integers(8, 80))
@settings(max_examples=100, deadline=None)
def test_words_that_fit_are_never_broken_and_lines_are_full(words: list[str], width: int) -> None:
    text = " ".join(words)
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert " ".join(lines).split() == words
    for line, following in pairwise(lines):
        assert len(line) + 1 + len(following.split()[0]) > width


def test_a_line_of_ten_million_characters_is_no_trouble() -> None:
    assert sum(end - start for start, end in wrap("x" * 10_000_000, 80)) == 10_000_000


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_flowing_text_changes_line_ends_only(text: str) -> None:
    flowing = flow(text)
    assert len(flowing) == len(text)
    assert all(old == new or (old, new) == ("\n", " ") for old, new in zip(text, flowing, strict=True))


def test_broken_lines_flow_and_others_stay() -> None:
    long = "A line that was broken by hand at about this length,"
    assert flow(f"{long}\ngoes on here.\n\nNext.") == f"{long} goes on here.\n\nNext."
    for text in (
        "Roses are red,\nviolets are blue",
        f"{long}\n- an item",
        f"{long}\n    Indented",
        f"{long}\n1. x",
    ):
        assert flow(text) == text


@given(marked(), st.integers(2, 90), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_sheet_marks_what_was_marked(
    given_text: tuple[str, tuple[Span, ...]], width: int, derived: bool
) -> None:
    text, spans = given_text
    one = replace(article(1), text=text, title="A title", title_derived=derived)
    sheet = typeset(one, spans, (Span(2, 7),), width)
    assert sheet.width == min(width, MEASURE)
    in_title = 0 if derived else 1
    assert len(sheet.spans) == len(spans) + in_title
    for span, moved in zip(spans, sheet.spans[in_title:], strict=True):
        assert moved.kind is span.kind
        assert sheet.text[moved.start : moved.end].split() == shown(text[span.start : span.end]).split()
    assert sheet.first == (in_title if spans else 0 if in_title else -1)
    assert (sheet.lines[0].role is Role.TITLE) is not derived
    _check_lines(sheet)


def _check_lines(sheet: Sheet) -> None:
    for line in sheet.lines:
        inside = [s for s in sheet.spans if s.start < line.end and s.end > line.start]
        assert set(inside) <= set(sheet.spans_of(line))
        drawn = pieces(sheet.text, line.start, line.end, sheet.spans_of(line), PLAIN, lambda _: PLAIN)
        assert "".join(segment.text for segment in drawn) == sheet.text[line.start : line.end]
    for span in sheet.spans:
        if span.start < span.end and not sheet.text[span.start].isspace():
            line = sheet.lines[sheet.line_of(span.start)]
            assert line.start <= span.start < line.end


@given(marked(), st.data())
@settings(max_examples=150, deadline=None)
def test_pieces_style_just_the_marked_characters(
    given_text: tuple[str, tuple[Span, ...]], data: st.DataObject
) -> None:
    text, spans = given_text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    drawn = pieces(text, start, end, spans, PLAIN, lambda span: Style(meta={"kind": span.kind}))
    flat = [(c, segment.style) for segment in drawn for c in segment.text]
    assert "".join(c for c, _ in flat) == text[start:end]
    for at, (_, style) in enumerate(flat, start):
        kind = next((span.kind for span in spans if span.start <= at < span.end), None)
        assert style is not None
        assert style.meta.get("kind") == kind


@given(TEXTS, st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_a_fitted_line_is_exactly_as_wide_as_asked(text: str, width: int) -> None:
    strip = fit([Segment(shown_line(text), PLAIN)], width, PLAIN)
    assert strip.cell_length == width
    assert Strip(list(strip)).cell_length == width


@given(marked(), st.integers(4, 90), st.integers(1, 2))
@settings(max_examples=150, deadline=None)
def test_a_row_has_its_lines_and_none_is_too_wide(
    given_text: tuple[str, tuple[Span, ...]], width: int, lines: int
) -> None:
    text, spans = given_text
    hit = Hit(article(1), 1.0, 1, (Passage(text, 0, len(text), spans),))
    drawn = hit_lines(hit, width, lines, RowStyles(PLAIN, PLAIN, PLAIN, lambda _: PLAIN))
    assert len(drawn) == 2 + lines
    for line in drawn[1:]:
        assert all("\n" not in segment.text for segment in line)
    for line in drawn[2:]:
        assert Strip(line).cell_length <= width + 1  # an ellipsis may take the place of the last cell


def test_a_late_match_is_brought_into_sight() -> None:
    text = "word " * 60 + "needle " + "word " * 60
    passage = Passage(text, 0, len(text), (Span(300, 306),))
    hit = Hit(article(1), 1.0, 1, (passage,))
    row = hit_lines(hit, 40, 1, RowStyles(PLAIN, PLAIN, PLAIN, lambda _: Style(bold=True)))
    marked_text = [segment.text for segment in row[2] if segment.style and segment.style.bold]
    assert marked_text == ["needle"]
    assert "".join(segment.text for segment in row[2]).startswith("… word")


def test_the_facts_about_an_article() -> None:
    one = replace(article(1), date=datetime(2022, 5, 11, 23), author="A. Writer", source="Wire")
    assert facts.facts(one) == [
        "2022-05-11 (from its first lines) · A. Writer · Wire · 398 words",
        "news/00001.txt",
    ]
    assert facts.day(replace(one, date_origin=DateOrigin.FILE)) == "~2022-05-11"
    assert facts.day(replace(one, date=None)) == ""
    assert facts.origin(replace(one, source="")) == "news"
    assert facts.origin(replace(one, source="", id="alone")) == "alone"


def test_what_was_understood() -> None:
    results = Results("q", "q", 1204, 0, (), (Correction("coaltion", ("coalition",), 0, 8),), (), 0.0031)
    assert facts.understood(results, Question("q")) == "1,204 articles · 3 ms · coaltion → coalition"
    one = replace(results, total=1, corrections=(), notes=(Note("a note"),), seconds=0)
    newest = Question("q", "newest", False)
    assert facts.understood(one, newest) == "1 article · 1 ms · newest first · typos off · a note"
    folded = replace(results, corrections=(), stories=1100)
    assert facts.understood(folded, Question("q")) == "1,204 articles, 1,100 stories · 3 ms"
    apart = Question("q", fold=False)
    assert facts.understood(one, apart) == "1 article · 1 ms · copies apart · a note"
