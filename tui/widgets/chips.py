"""The filters that are on, as chips in one line; a click on one takes it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.filters import Filter
from tui.marking import shown_line

LONGEST = 32
"""Characters of a filter that its chip shows."""
_GAP = 1


class Chips(Widget):
    """Shows filters; the line is there only while there are any."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--chip"}

    class Removed(Message):
        """A filter is to be taken off."""

        def __init__(self, filter: Filter) -> None:
            super().__init__()
            self.filter = filter

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.filters: tuple[Filter, ...] = ()
        self.display = False

    def show(self, filters: Sequence[Filter]) -> None:
        """Show `filters`."""
        self.filters = tuple(filters)
        self.display = bool(filters)
        self.refresh()

    def render(self) -> RenderResult:
        """Draw the chips, a space apart."""
        style = self.get_visual_style("chips--chip")
        return Content(" " * _GAP).join(Content.styled(chip_text(one), style) for one in self.filters)

    def on_click(self, event: events.Click) -> None:
        """Take off the filter that was clicked."""
        at = event.x - self.gutter.left
        for one in self.filters:
            width = cell_len(chip_text(one))
            if 0 <= at < width:
                self.post_message(self.Removed(one))
            at -= width + _GAP


def chip_text(filter: Filter) -> str:
    """Return what a chip says."""
    label = shown_line(filter.label)
    return f" {label if len(label) <= LONGEST else label[: LONGEST - 1] + '…'} ✕ "
