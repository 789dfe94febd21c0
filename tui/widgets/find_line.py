"""The line below the reader in which to type what is to be found in the text."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui import keys
from tui.widgets.query_line import QueryLine


class FindLine(QueryLine):
    """A field that is there only while something is typed into it."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FIND]

    class Sought(Message):
        """So much has been typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ended(Message):
        """`text` is to be kept as what is sought; "" leaves off."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(placeholder="find in the text", id=id)
        self.display = False

    def begin(self, text: str) -> None:
        """Show the field with what was sought before, so that it can take the keys."""
        self.value = text
        self.select_all()
        self.display = True

    def on_blur(self) -> None:
        """Go away with the focus."""
        self.display = False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.has_focus:
            self.post_message(self.Sought(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Ended(event.value))

    def action_cancel(self) -> None:
        """Leave off."""
        self.post_message(self.Ended(""))
