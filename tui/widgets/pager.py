"""What the list and the reader share: lines drawn one at a time, and the keys of a pager."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from search.results import Span
from tui.marking import MARK_CLASSES


class Pager(ScrollView, can_focus=True):
    """A view of many lines, of which only the visible ones are ever made.

    Subclasses give `line` and call `show_lines` with their number. Styles are those of the component
    classes; they are looked up once and again after each change of theme or focus.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._room: Region | None = None

    def line(self, number: int, width: int) -> Strip:
        """Return line `number` (from 0, always one of those shown), `width` cells wide."""
        raise NotImplementedError

    def show_lines(self, lines: int) -> None:
        """Say how many lines there are, and draw the visible ones anew.

        The screen is laid out again only if the scrollbar has to come or go: doing so for every answer
        would draw all of it, which takes longer than the search.
        """
        size = Size(self.content_width, lines)
        height = self.scrollable_content_region.height
        if (lines > height) != self.show_vertical_scrollbar or not height:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(Pager.virtual_size, size)
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = lines
            self.jump(min(self.scroll_offset.y, self.max_scroll_y))
        self.refresh()

    @property
    def content_width(self) -> int:
        """Cells of a line."""
        return (self._room or self.scrollable_content_region).width

    @property
    def content_height(self) -> int:
        """Lines that are visible at once."""
        return max(1, (self._room or self.scrollable_content_region).height)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in `crop`; the room for them is worked out once for all."""
        self._room = self.scrollable_content_region
        try:
            return super().render_lines(crop)
        finally:
            self._room = None

    def style_of(self, name: str) -> Style:
        """Return the style of the component class `name`, its background over that of the widget."""
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self.get_component_rich_style(name)
        return style

    def accent_of(self, name: str) -> Style:
        """Return the style of the component class `name` to be laid over another line's style: its
        colour and look, and a background only if it names one itself."""
        key = f"over {name}"
        style = self._styles.get(key)
        if style is None:
            full, own = self.style_of(name), self.get_component_rich_style(name, partial=True)
            background = full.bgcolor if own.bgcolor is not None else None
            style = self._styles[key] = Style.from_color(full.color, background) + own.without_color
        return style

    def mark_of(self, span: Span) -> Style:
        """Return the style of a match."""
        return self.accent_of(MARK_CLASSES[span.kind])

    def notify_style_update(self) -> None:
        """Forget the styles of the theme or focus that was."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Draw the line at row `y` of the visible part."""
        number = self.scroll_offset.y + y
        if not 0 <= number < self.virtual_size.height:
            return Strip.blank(self.content_width, self.rich_style)
        return self.line(number, self.content_width)

    def jump(self, line: float) -> None:
        """Bring `line` to the top, at once, also when the room for it has only just been made."""
        self.scroll_to(y=line, animate=False, force=True)

    def scroll_lines(self, lines: float) -> None:
        """Scroll by `lines`, at once."""
        self.jump(self.scroll_target_y + lines)

    def action_down(self) -> None:
        """A line down."""
        self.scroll_lines(1)

    def action_up(self) -> None:
        """A line up."""
        self.scroll_lines(-1)

    def action_page_down(self) -> None:
        """A page down, a line of which is kept."""
        self.scroll_lines(max(1, self.content_height - 1))

    def action_page_up(self) -> None:
        """A page up."""
        self.scroll_lines(-max(1, self.content_height - 1))

    def action_half_down(self) -> None:
        """Half a page down."""
        self.scroll_lines(max(1, self.content_height // 2))

    def action_half_up(self) -> None:
        """Half a page up."""
        self.scroll_lines(-max(1, self.content_height // 2))

    def action_first(self) -> None:
        """To the top."""
        self.jump(0)

    def action_last(self) -> None:
        """To the end."""
        self.jump(self.max_scroll_y)
