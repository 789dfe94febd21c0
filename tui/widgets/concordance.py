"""The lines of a concordance: each match in the middle, with the words before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from search.concordance import Line
from search.results import MatchKind
from tui import keys
from tui.marking import MARK_CLASSES, ROW_CLASSES, Pieces, fit, shown_line
from tui.widgets.selecting import Selecting

_DAY = 10
_GUTTER = 2
_ROOMY = 72
"""Cells from which the date stands before the line."""


class ConcordanceList(Selecting):
    """Shows lines, one of them selected."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*ROW_CLASSES, *MARK_CLASSES.values()}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.CONCORDANCE]

    class Chosen(Message):
        """The selected line is to be read where it stands."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: Sequence[Line] = ()

    @property
    def chosen(self) -> Line | None:
        """The selected line."""
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def show(self, lines: Sequence[Line], *, keep: bool) -> None:
        """Show these lines; with `keep`, lines were only added at the end."""
        self.lines = lines
        self.show_rows(len(lines), keep=keep)

    def line(self, number: int, width: int) -> Strip:
        """Draw a line: the left context ends, and the right one begins, at the match."""
        one = self.lines[number]
        chosen = number == self.cursor
        base = self.style_of("row--selected" if chosen else "row--text")
        facts = base + self.accent_of("row--facts")
        bar = Segment("▌ " if chosen else "  ", base + self.accent_of("row--bar"))
        day = f"{one.date:%Y-%m-%d}" if one.date is not None else ""
        date = f"{day:<{_DAY}}  " if width >= _ROOMY else ""
        room = max(0, width - _GUTTER - cell_len(date))
        match = shown_line(one.match)
        before = max(0, (room - min(cell_len(match), room // 3)) // 2)
        left = _ending(shown_line(one.left), before)
        pieces: Pieces = [bar, Segment(date, facts), Segment(left, base)]
        pieces.append(Segment(match, base + self.accent_of(MARK_CLASSES[MatchKind.EXACT])))
        return fit([*pieces, Segment(shown_line(one.right), base)], width, base)

    def on_resize(self) -> None:
        """Fill the new width, the selected row staying in sight."""
        self.show_lines(self.total)
        self.select(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Select the line that was clicked; a second click reads it."""
        if self.clicked(event) and event.chain == 2:
            self.action_choose()

    def action_choose(self) -> None:
        """Read the article at the match."""
        if self.chosen is not None:
            self.post_message(self.Chosen())


def _ending(text: str, width: int) -> str:
    """Return the end of `text` in exactly so many cells, filled from the left."""
    while cell_len(text) > width:
        text = text[max(1, (cell_len(text) - width) // 2) :]
    return " " * (width - cell_len(text)) + text
