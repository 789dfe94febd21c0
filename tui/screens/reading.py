"""The article of a main screen: the selected hit, set in lines by a thread and shown in the reader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.after_drawing import after_drawing
from tui.latest import Latest
from tui.session import Reading, Session
from tui.typeset import Sheet
from tui.widgets.understood import in_words

if TYPE_CHECKING:
    from tui.contracts import Question
    from tui.screens.main import MainScreen


class Readings:
    """Sets the selected article of `screen` for the reader."""

    def __init__(self, screen: MainScreen, session: Session) -> None:
        self._screen = screen
        self._sheets: Latest[Reading, Sheet] = Latest(screen, session.sheet, self._set, self._unreadable)
        self._wanted: tuple[str, int] | None = None
        self._waits = False

    @property
    def settled(self) -> bool:
        """True if nothing is being set or waits for it."""
        return not self._sheets.busy and not self._waits

    def read(self) -> None:
        """Set the selected article, or show none, once the list that it is selected in has been drawn.

        Both at once would only be later: a thread that works has the drawing wait.
        """
        self._waits = self._waits or after_drawing(self._screen, self._read)

    def _read(self) -> None:
        self._waits = False
        hit, shown = self._screen.results.hit, self._screen.asking.shown
        if hit is not None and shown is not None:
            question: Question = replace(shown.question, typos=shown.question.typos and not shown.quick)
            self._sheets.ask(Reading(hit, question, self._screen.reader.measure))
        elif not self._screen.results.total:
            self._sheets.drop()
            self._screen.reader.clear()

    def open_at(self, ident: str, offset: int) -> None:
        """Have the article with this id open at the match at `offset` of its text, once it is set."""
        self._wanted = (ident, offset)

    def _set(self, _reading: Reading, sheet: Sheet) -> None:
        stops = bool(self._screen.reader.stops)
        self._screen.reader.show(sheet)
        if stops != bool(self._screen.reader.stops):
            self._screen.refresh_bindings()
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == sheet.article.id:
            self._screen.reader.go_to(wanted[1])

    def _unreadable(self, _reading: Reading, error: Exception) -> None:
        self._screen.reader.clear()
        self._screen.acting.say(in_words(error), error=True)
