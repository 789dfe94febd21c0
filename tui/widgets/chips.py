"""What narrows the answer, as chips in one line; a click on one takes it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.marking import shown_line

LONGEST = 32
"""Characters that a chip shows."""
_GAP = 1


class Chips(Widget):
    """Shows a chip for each label; the line is there only while there are any."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--chip"}

    class Removed(Message):
        """What the chip `number` (from 0) stands for is to be taken off."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.labels: tuple[str, ...] = ()
        self.display = False

    def show(self, labels: Sequence[str]) -> None:
        """Show these chips."""
        self.labels = tuple(labels)
        self.display = bool(labels)
        self.refresh()

    def render(self) -> RenderResult:
        """Draw the chips, a space apart."""
        style = self.get_visual_style("chips--chip")
        return Content(" " * _GAP).join(Content.styled(chip_text(one), style) for one in self.labels)

    def on_click(self, event: events.Click) -> None:
        """Take off what was clicked."""
        at = event.x - self.gutter.left
        for number, one in enumerate(self.labels):
            width = cell_len(chip_text(one))
            if 0 <= at < width:
                self.post_message(self.Removed(number))
            at -= width + _GAP


def chip_text(label: str) -> str:
    """Return what a chip says."""
    label = shown_line(label)
    return f" {label if len(label) <= LONGEST else label[: LONGEST - 1] + '…'} ✕ "
