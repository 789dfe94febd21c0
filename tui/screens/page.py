"""A page of text over the screen: what a library holds, and the like; read with the keys of a pager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip

from tui import keys
from tui.marking import MARK_CLASSES, fit, shown_line
from tui.screens.leaving import Modal
from tui.widgets.key_hints import KeyHints
from tui.widgets.pager import Pager

Row = tuple[str, str, str]
"""Left column, right column, and the component class of the left one."""

HEAD, KEY, TEXT = "page--head", "page--key", "page--text"
_COLUMN = 26


class PageText(Pager):
    """Lines of two columns; a right column that is too long goes on below."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {HEAD, KEY, TEXT, *MARK_CLASSES.values()}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.HELP]

    def __init__(self, rows: Sequence[Row], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = rows
        self._lines: list[Row] = []

    def on_mount(self) -> None:
        """Show all of it."""
        self.show(self._rows)

    def show(self, rows: Sequence[Row]) -> None:
        """Show `rows` instead."""
        self._rows = rows
        self._lines = [line for row in rows for line in _broken(row, self._column, self.content_width)]
        self.show_lines(len(self._lines))

    def on_resize(self) -> None:
        """Fill the new width."""
        self.show(self._rows)

    @property
    def _column(self) -> int:
        return min(_COLUMN, max(1, self.content_width // 3))

    def line(self, number: int, width: int) -> Strip:
        """Draw a heading, two columns, or a blank line."""
        left, right, look = self._lines[number]
        text = self.style_of(TEXT)
        style = text + self.accent_of(look)
        if not right:
            return fit([Segment(left, style)], width, text)
        gap = " " * max(2 if left else 0, self._column - cell_len(left))
        return fit([Segment(left, style), Segment(gap + right, text)], width, text)

    def action_dismiss(self) -> None:
        """Close the page."""
        self.screen.dismiss()


class Page(Modal[None]):
    """A page over whatever screen was there."""

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._title = title
        self.rows = rows

    @property
    def text(self) -> PageText:
        """The text of the page."""
        return self.query_one(PageText)

    def compose(self) -> ComposeResult:
        """A box with the text, and the keys of the box."""
        with Vertical(id="page-box") as box:
            box.border_title = Content(self._title)
            yield PageText(self.rows, id="page-text")
        yield KeyHints()


def _broken(row: Row, column: int, width: int) -> list[Row]:
    """Return `row` as lines whose right column fits."""
    from tui.typeset import wrap

    left, right, look = shown_line(row[0]), shown_line(row[1]), row[2]
    room = max(8, width - max(column, cell_len(left) + 2))
    if not right or cell_len(right) <= room:
        return [(left, right, look)]
    pieces = [right[start:end] for start, end in wrap(right, room)]
    return [(left, pieces[0], look), *(("", piece, look) for piece in pieces[1:])]
