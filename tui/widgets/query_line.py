"""The line in which the query is typed: readline keys, a history, and up and down for the list.

What was corrected in it or not understood is underlined, as long as it still stands where it stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from search.results import Correction, Results
from search.terminal import one_line
from tui import keys
from tui.widgets.history import History

_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"(?<![\w=~^:])[^\W\d_]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Remark:
    """A stretch [start, end) of a query to be underlined; `trouble` is what was not understood."""

    start: int
    end: int
    trouble: bool = False


class _Underlines(Highlighter):
    """Underlines remarks on a query in whatever is typed now."""

    def __init__(self) -> None:
        self.query = ""
        self.remarks: tuple[Remark, ...] = ()

    def highlight(self, text: Text) -> None:
        """Underline what still stands where it stood."""
        for one in self.remarks:
            if self.query[one.start : one.end] == text.plain[one.start : one.end]:
                text.stylize("underline2 bold" if one.trouble else "underline italic", one.start, one.end)


class QueryLine(Input):
    """A text field with the editing keys of readline; what is cut can be put back with ctrl+y."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.QUERY]
    #: Textual's field has the whole screen laid out again for each letter; this one never changes its size.
    virtual_size = Reactive(Size(0, 0))

    class HistoryWanted(Message):
        """The reader wants to choose from the history."""

    class Move(Message):
        """The selection in the list is to move, while the query keeps the keys."""

        def __init__(self, how: str) -> None:
            super().__init__()
            self.how = how

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        self._underlines = _Underlines()
        super().__init__(
            one_line(value),
            placeholder,
            highlighter=self._underlines,
            id=id,
            compact=True,
            select_on_focus=False,
        )
        self.history = History()
        self._cut = ""

    def on_mount(self) -> None:
        """Begin behind a query that was given."""
        self.action_end()

    def underline(self, query: str, remarks: tuple[Remark, ...]) -> None:
        """Underline the remarks on `query`."""
        self._underlines.query, self._underlines.remarks = query, remarks
        self.refresh()

    @property
    def last_word(self) -> str:
        """The word before the cursor, if the cursor stands at the end of the line; else ""."""
        match = _LAST_WORD.search(self.value) if self.cursor_at_end else None
        return match[0] if match else ""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Tell the footer which keys type; "slash" is no name from which Textual finds the character."""
        return keys.types(key) or super().check_consume_key(key, character)

    def submit(self) -> None:
        """Have `Submitted` sent once all keys that came before this call are in the line."""
        self.call_later(self.action_submit)

    async def on_key(self, event: events.Key) -> None:
        """Obey own keys here and now: as a binding they would wait behind letters that were typed later.

        Keys with alt are bindings or nothing; Textual's field would type their letter.
        """
        if event.is_printable and not event.key.startswith("alt+"):
            return
        event.prevent_default()
        bound = self.screen.active_bindings.get(event.key)
        if bound is not None and bound.node is self:
            self._restart_blink()
            if await self.app.run_action(bound.binding.action, self):
                event.stop()

    def on_paste(self, event: events.Paste) -> None:
        """Put in all lines of what is pasted as one, without anything that a terminal would obey."""
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        self.replace(one_line(event.text).strip(), start, end)

    def action_list(self, how: str) -> None:
        """Move the selection in the list: `how` names an action of it."""
        self.post_message(self.Move(how))

    def action_history(self, by: int) -> None:
        """Show the query `by` steps on in the history."""
        self.value = self.history.step(by, self.value)
        self.action_end()

    def action_search_history(self) -> None:
        """Ask for the history to choose from."""
        self.post_message(self.HistoryWanted())

    def action_end(self, select: bool = False) -> None:
        """Go to the end of the line; there, take the word that is offered."""
        if self.cursor_at_end and not select:
            self.action_cursor_right()
        super().action_end(select)

    def action_word_left(self) -> None:
        """Go to the start of this word or the one before."""
        self.cursor_position = self._word_start()

    def action_word_right(self) -> None:
        """Go behind this word or the next."""
        self.cursor_position = self._word_end()

    def action_kill_word_left(self) -> None:
        """Cut back to the start of the word."""
        self._kill(self._word_start(), self.cursor_position)

    def action_kill_word_right(self) -> None:
        """Cut to the end of the word."""
        self._kill(self.cursor_position, self._word_end())

    def action_kill_left(self) -> None:
        """Cut all before the cursor."""
        self._kill(0, self.cursor_position)

    def action_kill_right(self) -> None:
        """Cut all from the cursor on."""
        self._kill(self.cursor_position, len(self.value))

    def action_yank(self) -> None:
        """Put back what was cut last."""
        start, end = sorted(self.selection)
        self.replace(self._cut, start, end)

    def action_transpose(self) -> None:
        """Swap the characters around the cursor (at the end: the last two) and step on."""
        at = min(self.cursor_position, len(self.value) - 1)
        if at < 1:
            return
        self.replace(self.value[at] + self.value[at - 1], at - 1, at + 1)

    def _kill(self, start: int, end: int) -> None:
        if not self.selection.is_empty:
            start, end = sorted(self.selection)
        if start < end:
            self._cut = self.value[start:end]
            self.delete(start, end)

    def _word_start(self) -> int:
        starts = [m.start() for m in _WORD.finditer(self.value) if m.start() < self.cursor_position]
        return starts[-1] if starts else 0

    def _word_end(self) -> int:
        match = _WORD.search(self.value, self.cursor_position)
        return match.end() if match else len(self.value)


def remarks(results: Results) -> tuple[Remark, ...]:
    """Return what is to be underlined in the query of `results`."""
    corrected = (Remark(one.start, one.end) for one in results.corrections)
    noted = (Remark(one.start, one.end, trouble=True) for one in results.notes if one.start < one.end)
    return (*corrected, *noted)


def as_typed(query: str, correction: Correction) -> str:
    """Return `query` with the corrected word meant as it was typed."""
    return f"{query[: correction.start]}={query[correction.start :]}"
