"""Two versions of a story set in lines, side by side or one below the other: pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len

from index.article import Article
from search.difference import Change, Difference, changed_words, differences
from tui.facts import day, origin
from tui.marking import shown_line
from tui.typeset import wrap

LONGEST = 400_000
"""Characters of two texts together that are compared: the time grows faster than their length."""
APART = 3
"""Columns between two versions that stand side by side."""
SIGNS = {Change.SAME: " ", Change.ADDED: "+", Change.DROPPED: "-", Change.CHANGED: "~"}

Words = tuple[tuple[str, bool], ...]
"""Words, each with whether the other version lacks it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two articles say otherwise, sentence by sentence."""

    old: Article
    new: Article
    found: tuple[Difference, ...]

    @property
    def summary(self) -> str:
        """How many sentences came, went, changed and stayed."""
        counts = Counter(one.change for one in self.found)
        return ", ".join(f"{counts[change]:,} {change}" for change in Change if counts[change])


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison: its sign, and the words in each column; `first` is the first of a sentence.

    Without columns all is in `left`, and `old` tells that it is from the older version.
    """

    change: Change
    sign: str
    left: Words
    right: Words = ()
    first: bool = False
    old: bool = False


def compare(old: Article, new: Article) -> Comparison | None:
    """Return what `new` says otherwise than `old`; None if they are too long to be compared in reasonable
    time."""
    if len(old.text) + len(new.text) > LONGEST:
        return None
    return Comparison(old, new, differences(old.text, new.text))


def column(width: int, *, beside: bool) -> int:
    """Return the cells of a column."""
    return max(1, (width - APART) // 2 if beside else width - 2)


def rows(found: Comparison, width: int, *, beside: bool, same: bool) -> Iterator[Row]:
    """Yield the lines of a comparison: what each version is, then its sentences, those that are the `same`
    in both only if wanted."""
    room = column(width, beside=beside)
    old, new = _head(found.old), _head(found.new)
    yield from _pair(Change.SAME, old, new, room, beside=beside)
    yield Row(Change.SAME, " ", ())
    for one in found.found:
        if one.change is Change.SAME and not same:
            continue
        before, after = _words(one)
        if one.change is Change.SAME and not beside:
            yield from _block(one.change, " ", after, room)
        else:
            yield from _pair(one.change, before, after, room, beside=beside)


def _pair(change: Change, before: Words, after: Words, room: int, *, beside: bool) -> Iterator[Row]:
    if beside:
        both = zip_longest(_lines(before, room), _lines(after, room), fillvalue=())
        for number, (left, right) in enumerate(both):
            yield Row(change, " " if number else SIGNS[change], left, right, not number)
        return
    for number, (sign, words) in enumerate((("-", before), ("+", after))):
        if words:
            yield from _block(change, sign, words, room, first=not number or not before)


def _block(change: Change, sign: str, words: Words, room: int, *, first: bool = True) -> Iterator[Row]:
    for number, line in enumerate(_lines(words, room)):
        yield Row(change, " " if number else sign, line, first=first and not number, old=sign == "-")


def _head(article: Article) -> Words:
    time = f"{article.date:%H:%M}" if article.date is not None else ""
    text = " · ".join(
        part for part in (f"{day(article)} {time}".strip(), origin(article), article.title) if part
    )
    return tuple((word, False) for word in shown_line(text).split())


def _words(one: Difference) -> tuple[Words, Words]:
    """Return the words of both versions of a sentence."""
    safe = Difference(one.change, shown_line(one.old), shown_line(one.new))
    before, after = changed_words(safe)
    return tuple(before), tuple(after)


def _lines(words: Sequence[tuple[str, bool]], room: int) -> Iterator[Words]:
    """Break words into lines of at most `room` cells."""
    line: list[tuple[str, bool]] = []
    used = 0
    for word, flag in words:
        pieces = [word] if cell_len(word) <= room else [word[a:b] for a, b in wrap(word, room)]
        for piece in pieces:
            width = cell_len(piece)
            if line and used + 1 + width > room:
                yield tuple(line)
                line, used = [], 0
            used += width + bool(line)
            line.append((piece, flag))
    if line:
        yield tuple(line)
