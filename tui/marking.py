"""Text from articles, made into the styled pieces of a line.

Kinds of matches differ by bold, underline, italic and reverse, never by colour alone; the styles stand in
app.tcss under the component classes named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip

from search.results import MatchKind, Span
from search.terminal import visible

MARK_CLASSES = {kind: f"mark--{kind.value}" for kind in MatchKind}

ROW_CLASSES = {"row--text", "row--title", "row--facts", "row--selected", "row--bar"}
"""The looks of the rows of a list, one of which is selected."""

Pieces = list[Segment]


class Row(Strip):
    """A strip that is drawn whole, again and again.

    It remembers its filtered form, as every strip does, but never itself: Textual's strip keeps what it is
    divided into, and one that is not divided at all would be garbage that only a search for cycles finds.
    """

    __slots__ = ("_filtered",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        super().__init__(segments, cell_length)
        self._filtered: dict[tuple[LineFilter, Color], Row] = {}

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the pieces between `cuts`, in cells from the left."""
        cuts = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if cuts == [self.cell_length] else super().divide(cuts)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:
        """Return the row in the colours that the terminal has."""
        found = self._filtered.get((filter, background))
        if found is None:
            found = self._filtered[filter, background] = Row(
                filter.apply(list(self), background), self.cell_length
            )
        return found


def shown(text: str) -> str:
    """Return `text` safe for a widget, of the same length, with tabs as single spaces."""
    return visible(text).replace("\t", " ")


def shown_line(text: str) -> str:
    """Return `text` as `shown` does, its line ends made spaces, so that it is one line."""
    return shown(text.replace("\r", " ").replace("\n", " "))


def plain(text: str) -> Content:
    """Return `text` as content in which nothing is markup."""
    return Content(shown_line(text))


def pieces(
    text: str, start: int, end: int, spans: Iterable[Span], base: Style, look: Callable[[Span], Style]
) -> Pieces:
    """Return text[start:end] in `base`, the `spans` that reach into it as `look` says, laid over it.

    `text` is already `shown`; `spans` count in it, ascend and do not overlap.
    """
    out: Pieces = []
    at = start
    for span in spans:
        first, last = max(span.start, at), min(span.end, end)
        if first >= last:
            continue
        if first > at:
            out.append(Segment(text[at:first], base))
        out.append(Segment(text[first:last], base + look(span)))
        at = last
    if at < end:
        out.append(Segment(text[at:end], base))
    return out


def fit(line: Sequence[Segment], width: int, base: Style) -> Row:
    """Return `line` as exactly `width` cells: cut with an ellipsis, or filled in `base`."""
    room = width - _cells(line)
    if room < 0:
        line = [*Strip(line).crop(0, max(0, width - 1)), Segment("…" if width else "", base)]
        room = width - _cells(line)
    return Row([*(one for one in line if one.text), *([Segment(" " * room, base)] if room else ())], width)


def ending(text: str, width: int) -> str:
    """Return the end of a line in at most `width` cells, behind an ellipsis if that is not all of it."""
    cells = cell_len(text)
    if cells <= width:
        return text
    return "…" + Strip([Segment(text)]).crop(cells - width + 1).text if width > 0 else ""


def _cells(line: Sequence[Segment]) -> int:
    return sum(one.cell_length for one in line)
