"""The help: every key by the place where it works, and the language of queries."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip

from search.results import MatchKind
from tui import keys
from tui.marking import MARK_CLASSES, fit
from tui.widgets.key_hints import KeyHints
from tui.widgets.pager import Pager

LANGUAGE = (
    ("trade talks", "articles with both words, in any of their forms"),
    ('"trade talks"', "the words as a phrase"),
    ("talks OR summit", "either word"),
    ("talks -trade", "without a word; NOT does the same"),
    ("(grain OR wheat) export", "brackets group"),
    ("title:grain", "in the title only"),
    ("stabil*", "words that begin so"),
)
KINDS = {
    MatchKind.EXACT: "the word as typed",
    MatchKind.STEM: "another form of it",
    MatchKind.SPELLING: "another spelling",
    MatchKind.PREFIX: "a word that begins so",
    MatchKind.TYPO: "a correction",
}
_COLUMN = 26


class HelpText(Pager):
    """The help as lines of two columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--text", "help--head", "help--key", *MARK_CLASSES.values()}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.HELP]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = _lines()

    def on_mount(self) -> None:
        """Show all of it."""
        self.show_lines(len(self._lines))

    def on_resize(self) -> None:
        """Fill the new width."""
        self.show_lines(len(self._lines))

    def line(self, number: int, width: int) -> Strip:
        """Draw a heading, a key with its meaning, or a blank line."""
        left, right, look = self._lines[number]
        text = self.style_of("help--text")
        style = text + self.accent_of(look)
        if not right:
            return fit([Segment(left, style)], width, text)
        column = min(_COLUMN, width // 3)
        gap = " " * max(2, column - cell_len(left))
        return fit([Segment(left, style), Segment(gap + right, text)], width, text)

    def action_dismiss(self) -> None:
        """Close the help."""
        self.screen.dismiss()


class HelpScreen(ModalScreen[None]):
    """The help over whatever screen was there."""

    def compose(self) -> ComposeResult:
        """A box with the text, and the keys of the box."""
        with Vertical(id="help-box") as box:
            box.border_title = Content("byline · help")
            yield HelpText(id="help-text")
        yield KeyHints()


def _lines() -> list[tuple[str, str, str]]:
    """Return the lines: left column, right column, component class of the left one."""
    out: list[tuple[str, str, str]] = []
    for place in keys.PLACES:
        out.append((place.title, "", "help--head"))
        out += ((keys.key_names(key), key.tooltip, "help--key") for key in place.bindings)
        out.append(("", "", "help--text"))
    out.append(("What can be asked", "", "help--head"))
    out += ((left, right, "help--key") for left, right in LANGUAGE)
    out += [("", "", "help--text"), ("How matches are marked", "", "help--head")]
    out += ((kind.value, KINDS[kind], MARK_CLASSES[kind]) for kind in MatchKind)
    return out
