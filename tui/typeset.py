"""An article set in lines for the reader: pure functions, run in a thread.

Lines are offsets into one text (title, facts, body), so that an article of a million words costs two
numbers a line, and marks need no copying.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from rich.cells import cell_len, get_character_cell_size

from index.article import Article
from search.results import Span
from tui.facts import facts
from tui.marking import shown, shown_line

MEASURE = 80  # columns: longer lines are hard to follow from one to the next

_BROKEN = 45  # characters from which a line is likely to have been broken for its length
_SHORTEST = 20  # characters of a line that may go on in the next if that begins with a small letter
_STOPS = ".!?:;,"
_OWN_LINE = re.compile(r"[\s\-*•–—#>|=_+]|\(?\d{1,3}[.)]\s")


class Role(StrEnum):
    """What a line is, and so how it looks."""

    TITLE = "title"
    FACTS = "facts"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet: text[start:end]."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article ready to be shown at `width` columns.

    `spans` count in `text`, ascend and do not overlap; `first` is the number of the span to open at
    (the best in the body, else the first), -1 without any; `body` is where the article's text begins.
    """

    article: Article
    width: int
    text: str
    lines: tuple[Line, ...]
    spans: tuple[Span, ...]
    first: int
    body: int = 0

    def line_of(self, offset: int) -> int:
        """Return the number of the line that holds `offset`."""
        return max(0, bisect_right(self.lines, offset, key=lambda line: line.start) - 1)

    def spans_of(self, line: Line) -> tuple[Span, ...]:
        """Return the spans that reach into `line`."""
        return within(self.spans, line)

    def find(self, text: str) -> tuple[Span, ...]:
        """Return where `text` stands: white space matches any, small letters match capitals too."""
        words = text.split()
        if not words:
            return ()
        flags = 0 if any(char.isupper() for char in text) else re.IGNORECASE
        pattern = re.compile(r"\s+".join(map(re.escape, words)), flags)
        return tuple(Span(match.start(), match.end()) for match in pattern.finditer(self.text))


def within(spans: tuple[Span, ...], line: Line) -> tuple[Span, ...]:
    """Return those of the ascending `spans` that reach into `line`."""
    first = bisect_right(spans, line.start, key=lambda span: span.end)
    last = bisect_right(spans, max(line.start, line.end - 1), key=lambda span: span.start)
    return spans[first:last]


def typeset(
    article: Article, marks: tuple[Span, ...], title_marks: tuple[Span, ...], width: int, best: int = 0
) -> Sheet:
    """Return `article` set in lines of at most `width` cells (and at most MEASURE).

    `marks` count in the article's text, `title_marks` in its title; the first mark at or after `best`, an
    offset in the text, is the one to open at. A title that was made from the first words of the text is
    not repeated above it.
    """
    width = max(1, min(width, MEASURE))
    parts = [] if article.title_derived else [(Role.TITLE, shown_line(article.title), title_marks)]
    known = "\n".join(map(shown_line, facts(article)))
    parts += [(Role.FACTS, known, ()), (Role.BODY, flow(shown(article.text)), marks)]
    text = ""
    lines: list[Line] = []
    spans: list[Span] = []
    first = -1
    for role, part, part_marks in parts:
        start = len(text)
        if role is Role.BODY:
            first = len(spans) + bisect_left(part_marks, best, key=lambda span: span.start)
        text += part + "\n"
        spans += (replace(span, start=span.start + start, end=span.end + start) for span in part_marks)
        lines += (Line(a + start, b + start, role) for a, b in wrap(part, width))
        if role is Role.FACTS:
            lines.append(Line(len(text) - 1, len(text) - 1, role))
    if first >= len(spans):
        first = 0 if spans else -1
    body = len(text) - len(article.text) - 1
    return Sheet(article, width, text, tuple(lines), tuple(spans), first, body)


def flow(text: str) -> str:
    """Return `text` with lines that were broken by hand made into paragraphs, of the same length.

    A line end becomes a space where a long line goes on in one that does not begin like a line of its
    own (indented, an item of a list, quoted); so verse, lists and tables stay as they are.
    """
    lines = text.split("\n")
    out = [lines[0]]
    for before, line in pairwise(lines):
        broken = line and ((len(before) >= _BROKEN and not _OWN_LINE.match(line)) or _goes_on(before, line))
        out += (" " if broken else "\n", line)
    return "".join(out)


def _goes_on(before: str, line: str) -> bool:
    """Tell whether `line` goes on in the middle of the sentence of a shorter line, as a first line does
    that made room for a place and a day."""
    return (
        len(before) >= _SHORTEST and before[-1] not in _STOPS and line[0].islower() and len(line) >= _BROKEN
    )


def wrap(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of the lines of `text`, none wider than `width` cells, no character lost but
    the spaces at which lines were broken. An empty paragraph is an empty line."""
    pattern = re.compile(rf".{{1,{width}}}(?=\s|\Z)|.{{{width}}}")
    at = 0
    for paragraph in text.split("\n"):
        if not paragraph:
            yield at, at
        elif len(paragraph) <= width and cell_len(paragraph) <= width:
            yield at, at + len(paragraph)
        else:
            narrow = paragraph.isascii() or all(get_character_cell_size(char) == 1 for char in set(paragraph))
            for start, end in _by_pattern(paragraph, pattern) if narrow else _by_cells(paragraph, width):
                yield at + start, at + end
        at += len(paragraph) + 1


def _by_pattern(paragraph: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Break a paragraph whose every character is one cell wide."""
    at = 0
    while at < len(paragraph):
        match = pattern.match(paragraph, at)
        end = match.end() if match else len(paragraph)
        yield at, end
        at = end + 1 if end < len(paragraph) and paragraph[end].isspace() else end


def _by_cells(paragraph: str, width: int) -> Iterator[tuple[int, int]]:
    """Break a paragraph with wide or zero-width characters, counting cells one by one."""
    start, space, used = 0, -1, 0
    at = 0
    while at < len(paragraph):
        size = get_character_cell_size(paragraph[at])
        if paragraph[at].isspace():
            space = at
        # The second bound ends lines of characters that take no room at all.
        if at > start and (used + size > width or at - start >= 4 * width):
            broken = space if space > start else at
            yield start, broken
            start = broken + 1 if broken == space else broken
            at, space, used = start, -1, 0
            continue
        used += size
        at += 1
    if start < len(paragraph):
        yield start, len(paragraph)
