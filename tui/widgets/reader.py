"""The reader: an article in lines, its matches marked, one of them current."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from search.results import Span
from tui import keys
from tui.marking import MARK_CLASSES, fit, pieces, plain
from tui.typeset import MEASURE, Sheet
from tui.widgets.pager import Pager

_GUTTER = 2
_ABOVE = 3  # the current match stands at a third of the height, not at the edge


class Reader(Pager):
    """Shows a sheet; `step` goes through its matches."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reader--body",
        "reader--title",
        "reader--facts",
        "reader--current",
        "reader--pointer",
        *MARK_CLASSES.values(),
    }
    BINDINGS: ClassVar[list[BindingType]] = [*keys.READER]

    class Resized(Message):
        """The article is to be set for another width."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        self.current = -1

    @property
    def measure(self) -> int:
        """Cells that a line of the article may take here."""
        width = self.content_width or self.app.size.width - 2  # not laid out yet: as if it had all the room
        return max(1, min(MEASURE, width - 2 * _GUTTER))

    def show(self, sheet: Sheet) -> None:
        """Show `sheet`: at its first match if the article is another one, else where it was read."""
        old = self.sheet
        same = old is not None and old.article.id == sheet.article.id and old.spans == sheet.spans
        at = old.lines[min(self.scroll_offset.y, len(old.lines) - 1)].start if old and same else 0
        self.sheet = sheet
        self.show_lines(len(sheet.lines))
        if same:
            self.jump(sheet.line_of(at) if at else 0)
        else:
            self.current = sheet.first
            self.jump(0)
            self._bring_in_sight()
        self._announce()
        self.on_resize()

    def clear(self) -> None:
        """Show nothing."""
        self.sheet, self.current = None, -1
        self.show_lines(0)
        self._announce()

    def step(self, by: int) -> None:
        """Make the match `by` further the current one; after the last comes the first."""
        if self.sheet is None or not self.sheet.spans:
            self.app.bell()
            return
        self.current = (self.current + by) % len(self.sheet.spans)
        self._bring_in_sight()
        self.refresh()
        self._announce()

    def line(self, number: int, width: int) -> Strip:
        """Draw a line of the sheet; the line of the current match has a pointer before it."""
        body = self.style_of("reader--body")
        sheet = self.sheet
        if sheet is None or number >= len(sheet.lines):
            return Strip.blank(width, body)
        line = sheet.lines[number]
        base = body + self.accent_of(f"reader--{line.role.value}")
        spans = sheet.spans_of(line)
        here = self._current_span() in spans
        pointer = Segment("▸ " if here else "  ", body + self.accent_of("reader--pointer"))
        return fit([pointer, *pieces(sheet.text, line.start, line.end, spans, base, self._look)], width, body)

    def on_resize(self) -> None:
        """Have the article set for the width there is, if it was set for another."""
        if self.content_width and self.sheet is not None and self.sheet.width != self.measure:
            self.post_message(self.Resized())

    def _current_span(self) -> Span | None:
        return self.sheet.spans[self.current] if self.sheet is not None and self.current >= 0 else None

    def _look(self, span: Span) -> Style:
        style = self.mark_of(span)
        return style + self.accent_of("reader--current") if span is self._current_span() else style

    def _bring_in_sight(self) -> None:
        now = self._current_span()
        if now is None or self.sheet is None:
            return
        at, top = self.sheet.line_of(now.start), self.scroll_offset.y
        if not top <= at < top + self.content_height:
            self.jump(max(0, at - self.content_height // _ABOVE))

    def _announce(self) -> None:
        sheet = self.sheet
        title = plain(sheet.article.title if sheet else "Article")
        if sheet and sheet.spans:
            title = Content(f"match {self.current + 1:,} of {len(sheet.spans):,} · ") + title
        self.border_title = Content(" ") + title + " "
