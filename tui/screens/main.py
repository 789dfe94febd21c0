"""The main screen: query, what was understood, results, reader; wiring only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from tui import keys
from tui.asking import Asking
from tui.contracts import Question
from tui.filters import Filter
from tui.latest import Done
from tui.screens.acting import Acting
from tui.screens.actions import Actions
from tui.screens.answers import Answers
from tui.screens.narrow import Narrowing
from tui.screens.reading import Readings
from tui.screens.views import Views
from tui.session import Session
from tui.state import Place
from tui.widgets.chips import Chips
from tui.widgets.find_line import FindLine
from tui.widgets.query_line import QueryLine
from tui.widgets.reader import Reader
from tui.widgets.results_list import ResultsList
from tui.widgets.timeline import TimelineStrip

if TYPE_CHECKING:
    from index.article import Article


class MainScreen(Actions):
    """Search and read. `pause` is the rest in typing, in seconds, that the full search waits for.

    `place` is where the reader was the last time; it is gone back to if no query is given. As a `chooser`
    it sends `Picked` where an article would else be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.MAIN]

    class Empty(Message):
        """The library holds no article."""

    class Asked(Message):
        """A query is worth keeping."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query_text = query

    class Picked(Message):
        """Articles were chosen: those marked, in the order of their marks, or the one selected."""

        def __init__(self, articles: list[Article]) -> None:
            super().__init__()
            self.articles = articles

    def __init__(
        self,
        session: Session,
        query: str = "",
        *,
        pause: float = 0.15,
        place: Place | None = None,
        chooser: bool = False,
    ) -> None:
        self._place = Place(Question(query)) if query or place is None else place
        super().__init__(session.library.path.name, self._place.question.query)
        self._chooser = chooser
        self._restored = not query and not self._place.question.is_blank
        self.session = session
        self.answers = Answers(
            self,
            session,
            pause,
            changed=lambda: self.narrowing.follow(),
            ready=self._open_or_return,
            empty=lambda: self.post_message(self.Empty()),
        )
        self.asking.question = self._place.question
        self.readings = Readings(self, session)
        self.narrowing = Narrowing(self, session)
        self.views = Views(self, session)
        self.acting = Acting(self)

    @property
    def asking(self) -> Asking:
        """The question, and what is shown of its answer."""
        return self.answers.asking

    @property
    def question(self) -> Question:
        """What is asked now."""
        return self.asking.question

    @property
    def place(self) -> Place:
        """Where the reader is."""
        hit = self.results.hit
        return Place(self.answers.first, hit.article.id if hit is not None else "")

    @property
    def settled(self) -> bool:
        """True if nothing is being asked, fetched, set or waited for."""
        parts = (self.answers, self.readings, self.narrowing, self.views)
        still = self.is_mounted and self.results.resting and not self.acting.busy
        return still and all(one.settled for one in parts)

    def on_mount(self) -> None:
        """Answer the query that was given, or say how to begin."""
        self.reader.clear()
        if self._restored:
            self.query_line.select_all()
            self.results.restore(self._place.article)
        self.answers.begin()

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    def library_changed(self) -> None:
        """Ask the question as it stands again, over the library as it is now."""
        self.answers.library_changed()

    # What the parts say

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value != self.question.query:
            self.show_pane(reading=False)
            self.answers.typed(event.value)

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        self._remember()
        self.answers.wait()

    @on(QueryLine.Move)
    async def _move(self, event: QueryLine.Move) -> None:
        await self.results.run_action(event.how)

    @on(ResultsList.Wanted)
    def _wanted(self, event: ResultsList.Wanted) -> None:
        self.asking.page(event.start, event.end)

    @on(ResultsList.Selected)
    @on(Reader.Resized)
    def _selected(self) -> None:
        self.tell_place()
        self.readings.read()

    @on(FindLine.Sought)
    def _sought(self, event: FindLine.Sought) -> None:
        self.reader.find(event.text)

    @on(FindLine.Ended)
    def _found(self, event: FindLine.Ended) -> None:
        self.reader.find(event.text)
        if self.focused is self.find_line:
            self.set_focus(self.reader)

    @on(Chips.Removed)
    def _removed(self, event: Chips.Removed) -> None:
        self.narrowing.take_off(event.number)

    def toggle(self, filter: Filter) -> None:
        """Put a filter on, or take it off."""
        self.narrowing.toggle(filter)

    def _remember(self) -> None:
        if self.query_line.history.add(self.question.query):
            self.post_message(self.Asked(self.question.query))

    # Going about

    def _open_or_return(self) -> None:
        """Read the selected article, or let the query be changed if it found none."""
        if self.results.total:
            self._open()
        else:
            self.set_focus(self.query_line)

    @on(ResultsList.Read)
    def _open(self) -> None:
        if self._chooser:
            self._pick()
        elif self.results.total:
            self.to_reader()

    def _pick(self) -> None:
        hits = self.acting.hits
        if hits:
            self.post_message(self.Picked([hit.article for hit in hits]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the footer what would do nothing."""
        if not self.is_mounted:
            return True
        focused, plain = self.focused, not self.question.like
        can = {
            "back": focused not in (self.results, self.find_line, self.timeline),
            "clear": focused is self.results
            and bool(self.results.marked or self.narrowing.any or self.timeline.display),
            "read": not self._chooser and focused in (self.results, self.query_line),
            "pick": self._chooser and focused not in (self.find_line, self.timeline),
            "query": focused is not self.query_line,
            "find": focused is self.reader and self.reader.sheet is not None,
            "match": focused is not self.query_line and bool(self.reader.stops),
            "article": focused is self.reader,
            "remedy": bool(self.answers.remedies),
            "as_typed": self.asking.results is not None and bool(self.asking.results.corrections),
            "unfilter": self.narrowing.any,
            **dict.fromkeys(("sort", "typos", "fold", "filter", "timeline", "concordance"), plain),
            "unmark": bool(self.results.marked),
        }
        return can.get(action, True)

    def action_read(self) -> None:
        """Read the selected article; from the query line, search first if need be.

        The focus moves at once, so that keys pressed after this one mean what they mean in the list.
        """
        if self.focused is self.query_line:
            self.set_focus(self.results)
            self.query_line.submit()
        else:
            self._open()

    def action_pick(self) -> None:
        """Choose; from the query line, search first if need be."""
        if self.focused is self.query_line and not self.results.marked:
            self.query_line.submit()
        else:
            self._pick()

    def action_back(self) -> None:
        """Go from the field or the reader to the list; in the reader, first leave off what was found."""
        if self.focused is self.reader and self.reader.sought:
            self.reader.find("")
            return
        self._remember()
        self.to_list()

    def action_clear(self) -> None:
        """Take marks off, then what narrows the answer, then the timeline."""
        if self.results.marked:
            self.action_unmark()
        elif self.narrowing.any:
            self.narrowing.take_all_off()
        else:
            self.narrowing.close_timeline()

    @on(TimelineStrip.Chosen)
    def _narrow_to(self, event: TimelineStrip.Chosen) -> None:
        self.narrowing.to_dates(event.value)
        self.to_list()

    @on(TimelineStrip.Left)
    def _leave_timeline(self) -> None:
        self.narrowing.close_timeline()

    @on(QueryLine.HistoryWanted)
    def _search_history(self) -> None:
        from tui.screens.chooser import Choice, Chooser  # not at the top, as all that few open

        queries = reversed(self.query_line.history.queries)
        choices = [Choice(one, one) for one in queries]
        self.app.push_screen(Chooser("queries asked", choices, "type a part of it"), self._recalled)

    def _recalled(self, query: str | None) -> None:
        if query is not None:
            self.query_line.value = query
            self.query_line.action_end()
            self.set_focus(self.query_line)
