"""The concordance: every match of the query with the words around it, read in a thread bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from search.concordance import Line, LineOrder, in_line_order
from tui import keys
from tui.contracts import Lines, Question
from tui.latest import Done, Latest
from tui.marking import plain
from tui.screens.leaving import Modal
from tui.session import Session
from tui.widgets.concordance import ConcordanceList
from tui.widgets.key_hints import KeyHints
from tui.widgets.understood import in_words

MOST_LINES = 100_000
"""Lines after which no further article is read."""
ORDERS = tuple(LineOrder)
_ORDER_NAMES = {
    LineOrder.HITS: "best articles first",
    LineOrder.LEFT: "by what comes before",
    LineOrder.RIGHT: "by what follows",
    LineOrder.DATE: "by date",
}
Sorting = tuple[LineOrder, tuple[Line, ...]]


class ConcordanceScreen(Modal[Line | None]):
    """Shows the matches of `question`; the result is the line to be read where it stands.

    `command` copies the command line for an order and a number of articles, 0 for all.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.CONCORDANCE_SCREEN]

    def __init__(self, session: Session, question: Question, command: Callable[[str, int], None]) -> None:
        super().__init__()
        self._question, self._command = question, command
        self.order = LineOrder.HITS
        self._lines: list[Line] = []
        self._read, self._articles = 0, -1
        self._parts: Latest[int, Lines] = Latest(
            self, lambda start: session.lines(question, start), self._add, self._failed
        )
        self._sorts: Latest[Sorting, Sequence[Line]] = Latest(
            self, lambda asked: list(in_line_order(asked[1], asked[0])), self._sorted, self._failed
        )

    @property
    def settled(self) -> bool:
        """True if nothing is being read or sorted."""
        return not self._parts.busy and not self._sorts.busy

    @property
    def listed(self) -> ConcordanceList:
        """The lines."""
        return self.query_one(ConcordanceList)

    def compose(self) -> ComposeResult:
        """A box with the lines, and the keys."""
        with Vertical(id="concordance-box"):
            yield ConcordanceList()
        yield KeyHints()

    def on_mount(self) -> None:
        """Begin to read."""
        self._tell()
        self._parts.ask(0)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    def _add(self, _start: int, part: Lines) -> None:
        self._lines += part.lines
        self._read, self._articles = part.upto, part.articles
        if self.order is LineOrder.HITS:
            self.listed.show(self._lines, keep=True)
        if part.upto < part.articles and len(self._lines) < MOST_LINES:
            self._parts.ask(part.upto)
        elif self.order is not LineOrder.HITS:
            self._sorts.ask((self.order, tuple(self._lines)))
        self._tell()

    def _sorted(self, asked: Sorting, lines: Sequence[Line]) -> None:
        if asked[0] is self.order:
            self.listed.show(lines, keep=False)

    def _failed(self, _request: object, error: Exception) -> None:
        self.query_one("#concordance-box").border_title = plain(in_words(error))

    def _tell(self) -> None:
        out_of = f"{self._read:,}"
        if self._read != self._articles:
            out_of += f" of {self._articles:,}" if self._articles >= 0 else ""
        matches = f"{len(self._lines):,} match{'' if len(self._lines) == 1 else 'es'}"
        title = f"concordance · {_ORDER_NAMES[self.order]} · {matches} in {out_of} articles"
        self.query_one("#concordance-box").border_title = plain(title)

    @on(ConcordanceList.Chosen)
    def _chosen(self) -> None:
        self.dismiss(self.listed.chosen)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_sort(self, by: int) -> None:
        """Sort in the next order, or the one before."""
        self.order = ORDERS[(ORDERS.index(self.order) + by) % len(ORDERS)]
        self._sorts.drop()
        if self.order is LineOrder.HITS:
            self.listed.show(self._lines, keep=False)
        else:
            self._sorts.ask((self.order, tuple(self._lines)))
        self._tell()

    def action_command(self) -> None:
        """Copy the command line that prints these lines."""
        self._command(self.order.value, 0 if self._read >= self._articles else self._read)
