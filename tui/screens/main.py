"""The main screen: query, what was understood, results, reader; wiring only.

Typing asks twice. The quick stage runs at once, in a thread of which only the newest request counts, so
that the list follows the keys; the full stage, with typo tolerance, waits for a pause. Its answer takes
the place of the quick one unless the selection has moved since: a list that is being read is not
shuffled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from search.results import Results
from tui import keys
from tui.contracts import SORTS
from tui.facts import SORT_NAMES, count, understood
from tui.hints import NO_TYPOS_HINT, NOTHING_HINT, START_HINT
from tui.latest import Done, Latest
from tui.marking import plain
from tui.session import PAGE, Ask, Question, Reading, Session
from tui.typeset import Sheet
from tui.widgets.key_hints import KeyHints
from tui.widgets.query_line import QueryLine
from tui.widgets.reader import Reader
from tui.widgets.results_list import ResultsList
from tui.widgets.understood import Understood, in_words

if TYPE_CHECKING:
    from textual import events

WIDE = 100
"""Columns from which list and reader stand side by side."""


class MainScreen(Screen[None]):
    """Search and read. `pause` is the rest in typing, in seconds, that the full search waits for."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.MAIN]
    AUTO_FOCUS = "#query"

    class Empty(Message):
        """The library holds no article."""

    query_line = query_one("#query", QueryLine)
    understood = query_one("#understood", Understood)
    results = query_one("#results", ResultsList)
    reader = query_one("#reader", Reader)

    def __init__(self, session: Session, query: str = "", *, pause: float = 0.15) -> None:
        super().__init__()
        self.session = session
        self.question = Question(query)
        self._given = query
        self._pause = pause
        self._timer: Timer | None = None
        self._shown: Ask | None = None
        self._articles: int | None = None
        self._read_next = False
        self._reading = False
        self._asks: Latest[Ask, Results] = Latest(self, "ask", session.answer, self._answered, self._failed)
        self._pages: Latest[Ask, Results] = Latest(self, "page", session.answer, self._paged, self._failed)
        self._counts: Latest[bool, int] = Latest(self, "count", session.size, self._counted, self._failed)
        self._sheets: Latest[Reading, Sheet] = Latest(
            self, "sheet", session.sheet, self._set, self._unreadable
        )

    def compose(self) -> ComposeResult:
        """Lay out query line, understood line, the two panes and the footer."""
        with Horizontal(id="ask"):
            yield Static("❯", id="prompt", markup=False)
            yield QueryLine(self._given, placeholder="search", id="query")
            yield Static(plain(self.session.library.path.name), id="library")
        yield Understood(id="understood")
        with Horizontal(id="panes"):
            yield ResultsList(id="results")
            yield Reader(id="reader")
        yield KeyHints()

    def on_mount(self) -> None:
        """Answer the query that was given, or say how to begin."""
        self.reader.clear()
        self._counts.ask(False)
        self.ask_fully()
        if not self.question.query.strip():
            self._begin()

    def library_changed(self) -> None:
        """Ask the question as it stands again, over the library as it is now."""
        self._counts.ask(True)

    def _counted(self, refreshed: bool, articles: int) -> None:
        self._articles = articles
        if not articles:
            self.post_message(self.Empty())
        elif not self.question.query.strip():
            self._begin()
        elif refreshed:
            self._shown = None
            self.ask_fully()

    @property
    def settled(self) -> bool:
        """True if nothing is being asked, fetched, set or waited for."""
        return self._timer is None and not any(one.busy for one in self._work)

    @property
    def _work(self) -> tuple[Latest[Any, Any], ...]:
        return self._asks, self._pages, self._sheets, self._counts

    # Asking

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value == self.question.query:
            return
        self.question = replace(self.question, query=event.value)
        self._read_next = False
        self._show_pane(reading=False)
        self._stop_timer()
        if not event.value.strip():
            self._begin()
            return
        self._asks.ask(Ask(self.question, limit=min(PAGE, self.results.rows_visible), quick=True))
        self._timer = self.set_timer(self._pause, self.ask_fully)

    def ask_fully(self) -> None:
        """Ask the question as it stands, now, with everything."""
        self._stop_timer()
        if self.question.query.strip():
            self._asks.ask(Ask(self.question))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _begin(self) -> None:
        self._asks.drop()
        self._pages.drop()
        self._shown = None
        self.results.show(0, (), hint=START_HINT)
        self.understood.say(self._settings())

    def _settings(self) -> str:
        """Return what there is to ask, and what differs from the usual, while nothing is asked."""
        size = "" if self._articles is None else count(self._articles, "article")
        sort = "" if self.question.sort == "relevance" else SORT_NAMES[self.question.sort]
        return " · ".join(part for part in (size, sort, "" if self.question.typos else "typos off") if part)

    def _answered(self, ask: Ask, results: Results) -> None:
        if ask.quick and not results.total:
            return  # a word half typed finds nothing: what stands there stays until the pause
        shown = self._shown
        asked_again = shown is not None and shown.question == ask.question
        if asked_again and self.results.moved and not self._read_next:
            return
        self._shown = ask
        self._pages.drop()
        nothing = NOTHING_HINT if self.question.typos else NO_TYPOS_HINT
        keep = shown is not None and shown.question.query == ask.question.query
        self.results.show(results.total, results.hits, keep=keep, hint=nothing)
        self.understood.say(understood(results, ask.question.sort, ask.question.typos))
        if self._read_next and not ask.quick:
            self._read_next = False
            self._open_or_return()

    def _failed(self, _request: object, error: Exception) -> None:
        self._read_next = False
        self.understood.fail(error)

    # The list and its pages

    @on(ResultsList.Wanted)
    def _wanted(self, event: ResultsList.Wanted) -> None:
        if self._shown is not None:
            offset = max(0, min(event.start, event.end - PAGE))
            self._pages.ask(replace(self._shown, offset=offset, limit=max(PAGE, event.end - offset)))

    def _paged(self, ask: Ask, results: Results) -> None:
        if (
            self._shown is not None
            and ask.question == self._shown.question
            and ask.quick == self._shown.quick
        ):
            self.results.add(results.hits)

    @on(ResultsList.Selected)
    def _selected(self, event: ResultsList.Selected) -> None:
        if event.hit is None:
            self._sheets.drop()
            self.reader.clear()
            return
        self._set_article()

    def _set_article(self) -> None:
        hit = self.results.hit
        if hit is not None and self._shown is not None:
            question = self._shown.question
            typos = question.typos and not self._shown.quick
            self._sheets.ask(Reading(hit, replace(question, typos=typos), self.reader.measure))

    @on(Reader.Resized)
    def _resized(self) -> None:
        self._set_article()

    def _set(self, _reading: Reading, sheet: Sheet) -> None:
        self.reader.show(sheet)

    def _unreadable(self, _reading: Reading, error: Exception) -> None:
        self.reader.clear()
        self.app.notify(in_words(error), severity="error", markup=False)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    # Keys

    @on(QueryLine.Move)
    async def _move(self, event: QueryLine.Move) -> None:
        await self.results.run_action(event.how)

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        self.query_line.history.add(self.question.query)
        answered = self._shown is not None and self._shown.question == self.question
        if answered and (self.results.moved or not (self._shown and self._shown.quick)):
            self._stop_timer()
            self._open_or_return()
        elif self.question.query.strip():
            self._read_next = True
            self.ask_fully()

    def _open_or_return(self) -> None:
        """Read the selected article, or let the query be changed if it found none."""
        if self.results.total:
            self._open()
        else:
            self.set_focus(self.query_line)

    @on(ResultsList.Read)
    def _open(self) -> None:
        if self.results.total:
            self._show_pane(reading=True)
            self.set_focus(self.reader)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the footer what would do nothing."""
        if action == "back":
            return self.focused is not self.results
        if action == "read":
            return self.focused is not self.reader
        if action == "query":
            return self.focused is not self.query_line
        return True

    def action_read(self) -> None:
        """Read the selected article; from the query line, search first if need be.

        The focus moves at once, so that keys pressed after this one mean what they mean in the list.
        """
        if self.focused is self.query_line:
            self.set_focus(self.results)
            self.query_line.submit()
        else:
            self._open()

    def action_query(self) -> None:
        """Go to the query line."""
        self.set_focus(self.query_line)

    def action_back(self) -> None:
        """Go from the field or the reader to the list."""
        self.query_line.history.add(self.question.query)
        self._show_pane(reading=False)
        self.set_focus(self.results)

    def action_pane(self, by: int) -> None:
        """Go to the next part of the screen, or the one before."""
        parts: list[Widget] = [self.query_line, self.results, self.reader]
        at = next((number for number, part in enumerate(parts) if part is self.focused), 0)
        part = parts[(at + by) % len(parts)]
        if part is not self.query_line:
            self._show_pane(reading=part is self.reader)
        self.set_focus(part)

    def action_match(self, by: int) -> None:
        """Go `by` matches on in the article."""
        self.reader.step(by)

    def action_sort(self) -> None:
        """Sort by the next order."""
        at = SORTS.index(self.question.sort)
        self._change(replace(self.question, sort=SORTS[(at + 1) % len(SORTS)]))

    def action_typos(self) -> None:
        """Turn typo tolerance off, or on again."""
        self._change(replace(self.question, typos=not self.question.typos))

    def _change(self, question: Question) -> None:
        self.question = question
        if question.query.strip():
            self.ask_fully()
        else:
            self.understood.say(self._settings())

    # Room

    def on_resize(self, _event: events.Resize) -> None:
        """Show both panes, or in a narrow terminal the one that is being used."""
        self._show_pane(reading=self._reading)

    def _show_pane(self, *, reading: bool) -> None:
        self._reading = reading
        wide = self.size.width >= WIDE
        self.results.display = wide or not reading
        self.reader.display = wide or reading
