"""What the list and the reader share: lines drawn one at a time, and the keys of a pager."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from search.results import Span
from tui.marking import MARK_CLASSES, fit


class Pager(ScrollView, can_focus=True):
    """A view of many lines, of which only the visible ones are ever made.

    Subclasses give `line` and call `show_lines` with their number. Styles are those of the component
    classes; they are looked up once and again after each change of theme or focus.
    """

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._seen: dict[int, Strip] = {}
        self._room: Region | None = None

    def line(self, number: int, width: int) -> Strip:
        """Return line `number` (from 0, always one of those shown), `width` cells wide.

        Where it is cheap to tell that a line is as before, the strip of before is best.
        """
        raise NotImplementedError

    def show_lines(self, lines: int) -> None:
        """Say how many lines there are, and draw the visible ones anew.

        The screen is not laid out again: doing so for every answer would draw all of it, which takes
        longer than the search. So the scrollbar stands there always, empty where all is in sight.
        """
        size = Size(self.content_width, lines)
        if not self.scrollable_content_region.height:
            self.virtual_size = size
        elif size != self.virtual_size:
            thumb = self._thumb(self.scroll_y)
            self.set_reactive(Pager.virtual_size, size)
            bar = self.vertical_scrollbar
            bar.set_reactive(ScrollBar.window_virtual_size, lines)
            if thumb != self._thumb(self.scroll_y):
                bar.refresh()
            self.jump(min(self.scroll_offset.y, self.max_scroll_y))
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the lines that come into sight, and the scrollbar only if one would see it move."""
        bar = self.vertical_scrollbar
        if self._thumb(old_value) == self._thumb(new_value):
            bar.set_reactive(ScrollBar.position, new_value)
        else:
            bar.position = new_value
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)

    def _thumb(self, position: float) -> tuple[int, int]:
        """Return where the scrollbar shows the part in sight from line `position` on, as its start and its
        length in the eighths of a cell that it can show; no length where all is in sight."""
        height, lines = self.content_height, self.virtual_size.height
        if lines <= height:
            return 0, 0
        thumb = max(1.0, height * height / lines)
        return int((height - thumb) * position / (lines - height) * 8), ceil(thumb * 8)

    @property
    def content_width(self) -> int:
        """Cells of a line."""
        return (self._room or self.scrollable_content_region).width

    @property
    def content_height(self) -> int:
        """Lines that are visible at once."""
        return max(1, (self._room or self.scrollable_content_region).height)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in `crop`; the border alone is left to Textual.

        A line that was drawn before is the same strip again (see `line`), and a strip remembers what it
        looks like on the terminal. Textual would make a new one of it each time.
        """
        top = self.styles.gutter.top
        strips = super().render_lines(crop._replace(height=top - crop.y)) if crop.y < top else []
        self._room = self.scrollable_content_region
        rows = range(max(top, crop.y) - top, crop.bottom - top)
        try:
            self._draw([y for y in rows if y not in self._seen])
            strips += map(self._seen.__getitem__, rows)
        finally:
            self._room = None
        span = crop.column_span
        return strips if span == (0, self.region.width) else [strip.crop(*span) for strip in strips]

    def _draw(self, rows: Sequence[int]) -> None:
        """Draw rows below the border as the screen shows them, once for each change."""
        if not rows:
            return
        # What stands under the scrollbar is drawn by that alone: no line need be cut for it.
        width = self.region.width - self.scrollbar_size_vertical
        background, filters = self.background_colors[1], self.get_line_filters()
        for y in rows:
            strip = self.render_line(y).adjust_cell_length(width, self._plain)
            for one in filters:
                strip = strip.apply_filter(one, background)
            self._seen[y] = strip

    def _set_dirty(self, *regions: Region) -> None:
        """Forget what was drawn, whatever the reason."""
        super()._set_dirty(*regions)
        self._seen.clear()

    @property
    def _plain(self) -> Style:
        """The widget's own style, which takes long to work out."""
        if "" not in self._styles:
            self._styles[""] = self.rich_style
        return self._styles[""]

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
            return fit((), self.content_width, self._plain)
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
