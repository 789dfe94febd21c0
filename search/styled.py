"""Text with marks for a terminal or a pipe: styles or signs, wrapped to a width.

Everything comes out safe (`search/terminal.py`), and no style runs over the end of a line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from index.value import Value
from search.results import MatchKind, Span
from search.terminal import one_line

RESET = "\x1b[0m"
BOLD, DIM = "\x1b[1m", "\x1b[2m"
#: Marks differ by kind and without colour: bold, bold underlined, underlined, reversed.
STYLES = {
    MatchKind.EXACT: "\x1b[1;31m",
    MatchKind.STEM: "\x1b[1;31m",
    MatchKind.SPELLING: "\x1b[1;4;31m",
    MatchKind.PREFIX: "\x1b[4;31m",
    MatchKind.TYPO: "\x1b[7;35m",
}
#: Without styles the same kinds stand between signs.
_SIGNS = dict.fromkeys(MatchKind, "*") | {MatchKind.TYPO: "~"}


class Piece(Value):
    """A stretch of text in one style; "" is none."""

    text: str
    style: str

    def __str__(self) -> str:
        return f"{self.style}{self.text}{RESET}" if self.style and self.text else self.text


def styled(text: str, style: str, color: bool) -> str:
    """Return `text` in a style, if there are styles."""
    return str(Piece(text, style if color else ""))


def pieces(
    text: str, spans: Iterable[Span], color: bool, base: str = "", safe: Callable[[str], str] = one_line
) -> Iterator[Piece]:
    """Yield `text` in pieces, its spans in the style of their kind or between signs, the rest in `base`."""
    base = base if color else ""
    at = 0
    for span in spans:
        yield Piece(safe(text[at : span.start]), base)
        word = safe(text[span.start : span.end])
        sign = _SIGNS[span.kind]
        yield Piece(word, STYLES[span.kind]) if color else Piece(f"{sign}{word}{sign}", "")
        at = span.end
    yield Piece(safe(text[at:]), base)


def marked(text: str, spans: Iterable[Span], color: bool, safe: Callable[[str], str] = one_line) -> str:
    """Return `text` with its spans marked: by styles, or as `*word*`, for typos `~word~`."""
    return "".join(map(str, pieces(text, spans, color, safe=safe)))


def wrapped(text: Iterable[Piece], width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Return pieces of text in lines of at most `width` columns, broken at spaces.

    Only a word that is wider than a line is broken itself. Lines begin with `indent`, the first with
    `first`, if given. There is at least one line.
    """
    start = indent if first is None else first
    lines: list[list[Piece]] = [[Piece(start, "")]]
    column, empty = columns(start), True
    for word, size in _words(text, max(1, width - columns(indent))):
        if not empty and column + 1 + size > width:
            lines.append([Piece(indent, "")])
            column, empty = columns(indent), True
        if not empty:
            before, after = lines[-1][-1].style, word[0].style
            lines[-1].append(Piece(" ", before if before == after else ""))
            column += 1
        lines[-1] += word
        column, empty = column + size, False
    return [_line(pieces).rstrip(" ") if len(pieces) == 1 else _line(pieces) for pieces in lines]


def _line(pieces: Iterable[Piece]) -> str:
    """Return pieces as one text, neighbours of one style together."""
    return "".join(
        str(Piece("".join(piece.text for piece in same), style))
        for style, same in groupby(pieces, key=lambda piece: piece.style)
    )


def _words(text: Iterable[Piece], room: int) -> Iterator[tuple[list[Piece], int]]:
    """Yield the words between spaces, in parts of at most `room` columns, as pieces and their columns."""
    word: list[Piece] = []
    for piece in text:
        style = piece.style
        words = piece.text.split(" ")
        for place, content in enumerate(words):
            if place:
                yield from _parts(word, room)
                word = []
            if content:
                word.append(Piece(content, style))
    yield from _parts(word, room)


def _parts(word: list[Piece], room: int) -> Iterator[tuple[list[Piece], int]]:
    """Yield a word in parts of at most `room` columns, nothing if it is empty."""
    size = columns(word[0].text) if len(word) == 1 else sum([columns(piece.text) for piece in word])
    if size <= room:
        if word:
            yield word, size
        return
    part: list[Piece] = []
    left = room
    for piece in word:
        content, style = piece.text, piece.style
        start = at = 0
        for at, char in enumerate(content):
            size = columns(char)
            if size > left:
                yield [*part, Piece(content[start:at], style)], room - left
                part, left, start = [], room, at
            left -= size
        part.append(Piece(content[start:], style))
    yield part, room - left


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
