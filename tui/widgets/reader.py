"""The reader: an article in lines, its matches marked, one of them current, and a map of them at the edge."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from search.results import Span
from tui import keys
from tui.marking import MARK_CLASSES, Row, fit, pieces, plain
from tui.typeset import MEASURE, Sheet, within
from tui.widgets.pager import Pager

_GUTTER = 2
_MAP = 1
_ABOVE = 3  # the current match stands at a third of the height, not at the edge


class Reader(Pager):
    """Shows a sheet; `step` goes through its matches, or through what was found in it by `find`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "reader--body",
        "reader--title",
        "reader--facts",
        "reader--current",
        "reader--found",
        "reader--pointer",
        "reader--map",
        *MARK_CLASSES.values(),
    }
    BINDINGS: ClassVar[list[BindingType]] = [*keys.READER]

    class Resized(Message):
        """The article is to be set for another width."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sheet: Sheet | None = None
        self.current = -1
        self.sought = ""
        self.place = ""
        self._stops: tuple[Span, ...] = ()
        self._map: frozenset[int] = frozenset()
        self._map_now = -1

    @property
    def content_width(self) -> int:
        """Cells of a line without the map."""
        return max(0, super().content_width - _MAP)

    @property
    def measure(self) -> int:
        """Cells that a line of the article may take here."""
        width = self.content_width or self.app.size.width - 2  # not laid out yet: as if it had all the room
        return max(1, min(MEASURE, width - 2 * _GUTTER))

    @property
    def stops(self) -> tuple[Span, ...]:
        """What `step` goes through: matches of the query, or what was found."""
        return self._stops

    @property
    def offset_in_text(self) -> int:
        """Where the current match stands in the article's text, else what is at the top; 0 in its head."""
        sheet, now = self.sheet, self._current_span()
        if sheet is None:
            return 0
        at = (
            now.start
            if now is not None
            else sheet.lines[min(self.scroll_offset.y, len(sheet.lines) - 1)].start
        )
        return max(0, at - sheet.body)

    def show(self, sheet: Sheet) -> None:
        """Show `sheet`: at its first match if the article is another one, else where it was read."""
        old = self.sheet
        same = old is not None and old.article.id == sheet.article.id and old.spans == sheet.spans
        at = old.lines[min(self.scroll_offset.y, len(old.lines) - 1)].start if old and same else 0
        if not same:
            self.sought = ""
        self.sheet = sheet
        self._stops = sheet.find(self.sought) if self.sought else sheet.spans
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
        self.sheet, self.current, self._stops, self.sought = None, -1, (), ""
        self.show_lines(0)
        self._draw_map()
        self._announce()

    def find(self, text: str) -> None:
        """Mark what is `text`, and go to the first of it from here on; "" marks the matches again."""
        if self.sheet is None:
            return
        self.sought = text
        self._stops = self.sheet.find(text) if text.strip() else self.sheet.spans
        top = self.sheet.lines[min(self.scroll_offset.y, len(self.sheet.lines) - 1)].start
        following = (at for at, span in enumerate(self._stops) if span.start >= top)
        self.current = next(following, 0 if self._stops else -1)
        self._draw_map()
        self._bring_in_sight()
        self.refresh()
        self._announce()

    def step(self, by: int) -> None:
        """Make the match `by` further the current one; after the last comes the first."""
        if self.sheet is None or not self._stops:
            self.app.bell()
            return
        self.current = (self.current + by) % len(self._stops)
        self._bring_in_sight()
        self.refresh()
        self._announce()

    def go_to(self, offset: int) -> None:
        """Make the match at `offset` of the article's text the current one."""
        if self.sheet is None:
            return
        self.find("")
        at = self.sheet.body + offset
        self.current = next((n for n, span in enumerate(self._stops) if span.end > at), self.current)
        self._bring_in_sight()
        self.refresh()
        self._announce()

    def line(self, number: int, width: int) -> Strip:
        """Draw a line of the sheet; the line of the current match has a pointer before it."""
        body = self.style_of("reader--body")
        sheet = self.sheet
        if sheet is None or number >= len(sheet.lines):
            return fit((), width, body)
        line = sheet.lines[number]
        base = body + self.accent_of(f"reader--{line.role.value}")
        spans = within(self._stops, line)
        here = self._current_span() in spans
        pointer = Segment("▸ " if here else "  ", body + self.accent_of("reader--pointer"))
        return fit([pointer, *pieces(sheet.text, line.start, line.end, spans, base, self._look)], width, body)

    def render_line(self, y: int) -> Strip:
        """Draw a line of the text, and beside it the map: where matches are in the whole article."""
        body = self.style_of("reader--body")
        current = y == self._map_now
        sign, style = " " * _MAP, body
        if y in self._map:
            sign = "━" if current else "─"
            style += self.accent_of("reader--pointer" if current else "reader--map")
        return Row([*super().render_line(y), Segment(sign, style)], self.content_width + _MAP)

    def on_resize(self) -> None:
        """Have the article set for the width there is, if it was set for another."""
        self._draw_map()
        if self.content_width and self.sheet is not None and self.sheet.width != self.measure:
            self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        """Go where the map was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and self.sheet is not None and offset.x >= self.content_width:
            self.jump(offset.y * len(self.sheet.lines) // self.content_height - self.content_height // 2)

    def _current_span(self) -> Span | None:
        return self._stops[self.current] if 0 <= self.current < len(self._stops) else None

    def _look(self, span: Span) -> Style:
        style = self.accent_of("reader--found") if self.sought else self.mark_of(span)
        return style + self.accent_of("reader--current") if span is self._current_span() else style

    def _bring_in_sight(self) -> None:
        now = self._current_span()
        if now is None or self.sheet is None:
            return
        at, top = self.sheet.line_of(now.start), self.scroll_offset.y
        if not top <= at < top + self.content_height:
            self.jump(max(0, at - self.content_height // _ABOVE))

    def _draw_map(self) -> None:
        """Work out in which rows of the map there are matches."""
        sheet, height = self.sheet, self.content_height
        self._map = frozenset()
        if sheet is not None and len(sheet.lines) > height:
            self._map = frozenset(map(self._map_row, self._stops))
        self._point()

    def _point(self) -> None:
        now = self._current_span()
        self._map_now = self._map_row(now) if now is not None else -1

    def _map_row(self, span: Span) -> int:
        assert self.sheet is not None
        return self.sheet.line_of(span.start) * self.content_height // len(self.sheet.lines)

    def _announce(self) -> None:
        self._point()
        sheet = self.sheet
        title = plain(sheet.article.title if sheet else "Article")
        if self.sought:
            found = f"{self.current + 1:,} of {len(self._stops):,}" if self._stops else "not found"
            title = plain(f"{found}: {self.sought}")
        elif sheet and self._stops:
            title = Content(f"match {self.current + 1:,} of {len(self._stops):,} · ") + title
        place = f" {self.place} · " if self.place else " "
        self.border_title = Content(place) + title + " "

    def tell_place(self, place: str) -> None:
        """Show where the article stands in the list, "" while the list itself is in sight."""
        if place != self.place:
            self.place = place
            self._announce()
