"""A view of rows of which one is selected: the keys that move the selection are those of a pager."""

from __future__ import annotations

from textual import events

from tui.widgets.pager import Pager


class Selecting(Pager):
    """Holds the place of the selected row, `cursor` of `total`; subclasses may give rows several lines."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.total = 0
        self.cursor = 0

    @property
    def row_height(self) -> int:
        """Lines of a row with the blank one below it, if there is one."""
        return 1

    @property
    def page(self) -> int:
        """Whole rows that are in sight at once."""
        return max(1, (self.content_height + (self.row_height > 1)) // self.row_height)

    def show_rows(self, total: int, *, keep: bool) -> None:
        """Say how many rows of one line there are; the first is selected, or with `keep` what was."""
        self.total = total
        self.cursor = min(self.cursor, max(0, total - 1)) if keep else 0
        self.show_lines(total)
        if not keep:
            self.jump(0)

    def select(self, place: int) -> None:
        """Select the row at `place` (the nearest there is) and bring it into sight."""
        if not self.total:
            return
        self.cursor = min(max(0, place), self.total - 1)
        if self.cursor < self.scroll_offset.y:
            self.jump(self.cursor)
        elif self.cursor >= self.scroll_offset.y + self.content_height:
            self.jump(self.cursor - self.content_height + 1)
        self.refresh()

    def clicked(self, event: events.Click) -> bool:
        """Select the row that was clicked; True if there is one."""
        offset = event.get_content_offset(self)
        if offset is None or not self.total:
            return False
        place = (offset.y + self.scroll_offset.y) // self.row_height
        if place < self.total:
            self.select(place)
        return place < self.total

    def action_down(self) -> None:
        """The next row."""
        self.select(self.cursor + 1)

    def action_up(self) -> None:
        """The row before."""
        self.select(self.cursor - 1)

    def action_page_down(self) -> None:
        """A page of rows down."""
        self.select(self.cursor + self.page)

    def action_page_up(self) -> None:
        """A page of rows up."""
        self.select(self.cursor - self.page)

    def action_half_down(self) -> None:
        """Half a page of rows down."""
        self.select(self.cursor + max(1, self.page // 2))

    def action_half_up(self) -> None:
        """Half a page of rows up."""
        self.select(self.cursor - max(1, self.page // 2))

    def action_first(self) -> None:
        """The first row."""
        self.select(0)

    def action_last(self) -> None:
        """The last row."""
        self.select(self.total - 1)
