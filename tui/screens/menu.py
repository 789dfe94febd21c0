"""Small questions in the last line of the screen: one key of a few, or one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widget import Widget
from textual.widgets import Input, Static

from tui import keys
from tui.marking import plain
from tui.screens.leaving import Modal
from tui.widgets.query_line import QueryLine

Entry = tuple[str, str]
"""A key and what it stands for."""


class MenuLine(Widget):
    """The question and its keys, in one line."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"hints--key"}

    def __init__(self, question: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._question = question
        self._entries = [*entries, ("esc", "leave off")]

    def render(self) -> RenderResult:
        """Draw the question, then each key with its meaning."""
        style = self.get_visual_style("hints--key", partial=True)
        parts = [Content.assemble((key, style), f" {what}") for key, what in self._entries]
        return Content("  ").join([plain(f"{self._question}:"), *parts])

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        at = event.x - self.gutter.left - len(self._question) - 3
        for key, what in self._entries:
            length = len(key) + 1 + len(what)
            if 0 <= at < length:
                self.app.simulate_key("escape" if key == "esc" else key)
            at -= length + 2


class Menu(Modal[str | None]):
    """Asks for one of a few keys; the result is the key, None for any other."""

    def __init__(self, question: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._question = question
        self._entries = entries

    def compose(self) -> ComposeResult:
        """One line at the bottom."""
        yield MenuLine(self._question, self._entries)

    def on_key(self, event: events.Key) -> None:
        """Take the first key that comes."""
        event.stop()
        known = {key for key, _ in self._entries}
        self.dismiss(event.key if event.key in known else None)


class PromptLine(QueryLine):
    """The field of a prompt."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PROMPT]


class Prompt(Modal[str | None]):
    """Asks for a line of text; the result is the text, None if it was left off.

    Without text it is left off too, unless `blank` is an answer.
    """

    AUTO_FOCUS = "#answer"
    field = query_one("#answer", PromptLine)

    def __init__(self, question: str, value: str = "", note: str = "", *, blank: bool = False) -> None:
        super().__init__()
        self._blank = blank
        self._question = question
        self._value = value
        self._note = note

    def compose(self) -> ComposeResult:
        """Two lines at the bottom: the question with its field, and the keys."""
        with Vertical(id="prompt-box"):
            with Horizontal(id="prompt-line"):
                yield Static(plain(self._question), id="prompt-question")
                yield PromptLine(self._value, id="answer")
            yield Static(plain(self._note or "enter goes ahead, esc leaves off"), id="prompt-note")

    @on(Input.Submitted, "#answer")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        answer = event.value.strip()
        self.dismiss(answer if answer or self._blank else None)

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
