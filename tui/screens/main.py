"""The main screen: query, what was understood, results, reader; wiring only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.suggester import SuggestionReady
from textual.widget import Widget
from textual.widgets import Input, Static

from search.results import Remedy, Results
from tui import keys
from tui.asking import Asking
from tui.contracts import SORTS, Question
from tui.facts import SORT_NAMES, count, understood
from tui.filters import Filter
from tui.hints import START_HINT, nothing_found, offer, remedied
from tui.latest import Done, Latest
from tui.marking import plain
from tui.narrowing import chips, without_chip, without_chips
from tui.screens.acting import Acting
from tui.screens.chooser import Choice, Chooser
from tui.screens.filters import FilterScreen
from tui.session import Ask, Reading, Session
from tui.state import Place
from tui.typeset import Sheet
from tui.widgets.chips import Chips
from tui.widgets.find_line import FindLine
from tui.widgets.key_hints import KeyHints
from tui.widgets.query_line import QueryLine, as_typed, remarks
from tui.widgets.reader import Reader
from tui.widgets.results_list import ResultsList
from tui.widgets.understood import Understood, in_words

if TYPE_CHECKING:
    from textual import events

    from index.article import Article
    from search.facets import Facets

WIDE = 100
"""Columns from which list and reader stand side by side."""


class MainScreen(Screen[None]):
    """Search and read. `pause` is the rest in typing, in seconds, that the full search waits for.

    `place` is where the reader was the last time; it is gone back to if no query is given. As a `chooser`
    it sends `Picked` where an article would else be read.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.MAIN]
    AUTO_FOCUS = "#query"

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

    query_line = query_one("#query", QueryLine)
    chips = query_one("#chips", Chips)
    understood = query_one("#understood", Understood)
    job = query_one("#job", Static)
    results = query_one("#results", ResultsList)
    reader = query_one("#reader", Reader)
    find_line = query_one("#find", FindLine)

    def __init__(
        self,
        session: Session,
        query: str = "",
        *,
        pause: float = 0.15,
        place: Place | None = None,
        chooser: bool = False,
    ) -> None:
        super().__init__()
        self._chooser = chooser
        self.session = session
        self.asking = Asking(self, session, pause, self._answered, self._paged, self._failed)
        self.acting = Acting(self)
        self._place = Place(Question(query)) if query or place is None else place
        self._restored = not query and not self._place.question.is_blank
        self.asking.question = self._place.question
        self._articles: int | None = None
        self._read_next = False
        self._reading = False
        self._zoomed = False
        self._counts: Latest[bool, int] = Latest(self, "count", session.size, self._counted, self._failed)
        self._sheets: Latest[Reading, Sheet] = Latest(
            self, "sheet", session.sheet, self._set, self._unreadable
        )
        self._words: Latest[str, tuple[str, ...]] = Latest(
            self, "words", session.complete, self._offer, lambda _prefix, _error: None
        )
        self._facets: Latest[Question, Facets] = Latest(
            self, "facets", session.facets, self._counted_facets, self._failed
        )

    @property
    def question(self) -> Question:
        """What is asked now."""
        return self.asking.question

    def compose(self) -> ComposeResult:
        """Lay out query line, chips, understood line, the two panes and the footer."""
        with Horizontal(id="ask"):
            yield Static("❯", id="prompt", markup=False)
            yield QueryLine(self.question.query, placeholder="search", id="query")
            yield Static(plain(self.session.library.path.name), id="library")
        with Horizontal(id="told"):
            yield Understood(id="understood")
            yield Static(id="job")
        yield Chips(id="chips")
        with Horizontal(id="panes"):
            yield ResultsList(id="results")
            with Vertical(id="reading"):
                yield Reader(id="reader")
                yield FindLine(id="find")
        yield KeyHints()

    def on_mount(self) -> None:
        """Answer the query that was given, or say how to begin."""
        self.reader.clear()
        self.chips.show(chips(self.question))
        self._counts.ask(False)
        if self._restored:
            self.query_line.select_all()
            self.results.restore(self._place.article)
        self.asking.fully()
        if self.question.is_blank:
            self._begin()

    @property
    def place(self) -> Place:
        """Where the reader is."""
        hit = self.results.hit
        return Place(self.question, hit.article.id if hit is not None else "")

    @property
    def settled(self) -> bool:
        """True if nothing is being asked, fetched, set or waited for."""
        work = (self._counts, self._sheets, self._words, self._facets)
        still = self.is_mounted and self.results.resting and self.asking.settled and not self.acting.busy
        return still and not any(one.busy for one in work)

    def library_changed(self) -> None:
        """Ask the question as it stands again, over the library as it is now."""
        self._counts.ask(True)

    def _counted(self, refreshed: bool, articles: int) -> None:
        self._articles = articles
        if not articles:
            self.post_message(self.Empty())
        elif self.question.is_blank:
            self._begin()
        elif refreshed:
            self.asking.again()

    # Asking

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value == self.question.query:
            return
        self._read_next = False
        self._show_pane(reading=False)
        self._words.drop()
        if self.query_line.last_word:
            self._words.ask(self.query_line.last_word)
        if event.value.strip():
            self.asking.typed(event.value, self.results.rows_visible)
        else:
            self._change(replace(self.question, query=event.value))

    def _offer(self, prefix: str, words: tuple[str, ...]) -> None:
        line = self.query_line
        word = next((word for word in words if len(word) > len(prefix)), None)
        if word is not None and line.last_word == prefix:
            line.post_message(SuggestionReady(line.value, line.value + word[len(prefix) :]))

    def _begin(self) -> None:
        self.asking.forget()
        self.query_line.underline("", ())
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
        shown, before = self.asking.shown, self.asking.results
        asked_again = shown is not None and shown.question == ask.question
        if asked_again and self.results.moved and not self._read_next:
            return
        self.asking.show(ask, results)
        if asked_again and before is not None and goes_on(before, results):
            self.results.extend(results.hits)
        else:
            # Another order keeps the place; a better answer to the same question begins at its best.
            keep = shown is not None and not asked_again and shown.question.query == ask.question.query
            self.results.show(results.total, results.hits, keep=keep, hint=self._nothing)
        told = understood(results, ask.question.sort, ask.question.typos)
        self.understood.say(told, noted=bool(results.notes))
        self.query_line.underline(ask.question.query, remarks(results))
        self.refresh_bindings()
        if self._read_next and not ask.quick:
            self._read_next = False
            self._open_or_return()

    @property
    def _nothing(self) -> tuple[str, ...]:
        """What stands in a list of nothing."""
        found, question = self.asking.results, self.question
        why = found.diagnosis if found is not None else None
        return nothing_found(why, question, key="F5")

    @property
    def _remedies(self) -> tuple[Remedy, ...]:
        found = self.asking.results
        why = found.diagnosis if found is not None and not found.total else None
        return why.remedies if why is not None else ()

    def _failed(self, _request: object, error: Exception) -> None:
        self._read_next = False
        self.understood.fail(error)

    def _change(self, question: Question) -> None:
        """Ask `question` from now on."""
        self.asking.question = question
        self.chips.show(chips(question))
        if question.is_blank:
            self._begin()
        else:
            self.asking.fully()
        if isinstance(self.app.screen, FilterScreen):
            self._facets.ask(question)
        self.refresh_bindings()

    # The list and the reader

    @on(ResultsList.Wanted)
    def _wanted(self, event: ResultsList.Wanted) -> None:
        self.asking.page(event.start, event.end)

    def _paged(self, results: Results) -> None:
        self.results.add(results.hits)

    @on(ResultsList.Selected)
    def _selected(self, event: ResultsList.Selected) -> None:
        self._tell_place()
        if event.hit is None:
            self._sheets.drop()
            self.reader.clear()
        else:
            self._set_article()

    @on(Reader.Resized)
    def _set_article(self) -> None:
        hit, shown = self.results.hit, self.asking.shown
        if hit is not None and shown is not None:
            typos = shown.question.typos and not shown.quick
            self._sheets.ask(Reading(hit, replace(shown.question, typos=typos), self.reader.measure))

    def _set(self, _reading: Reading, sheet: Sheet) -> None:
        self.reader.show(sheet)

    def _unreadable(self, _reading: Reading, error: Exception) -> None:
        self.reader.clear()
        self.acting.say(in_words(error), error=True)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    @on(FindLine.Sought)
    def _sought(self, event: FindLine.Sought) -> None:
        self.reader.find(event.text)

    @on(FindLine.Ended)
    def _found(self, event: FindLine.Ended) -> None:
        self.reader.find(event.text)
        if self.focused is self.find_line:
            self.set_focus(self.reader)

    # Keys

    @on(QueryLine.Move)
    async def _move(self, event: QueryLine.Move) -> None:
        await self.results.run_action(event.how)

    @on(Input.Submitted, "#query")
    def _submitted(self) -> None:
        self._remember()
        shown = self.asking.shown
        if self.asking.is_answered and (self.results.moved or not (shown and shown.quick)):
            self.asking.rest()
            self._open_or_return()
        elif not self.question.is_blank:
            self._read_next = True
            self.asking.fully()

    def _remember(self) -> None:
        if self.query_line.history.add(self.question.query):
            self.post_message(self.Asked(self.question.query))

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
            self._show_pane(reading=True)
            self.set_focus(self.reader)

    def _pick(self) -> None:
        hits = self.acting.hits
        if hits:
            self.post_message(self.Picked([hit.article for hit in hits]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out of the footer what would do nothing."""
        if not self.is_mounted:
            return True
        focused, question = self.focused, self.question
        can = {
            "back": focused not in (self.results, self.find_line),
            "clear": focused is self.results and bool(self.results.marked or chips(question)),
            "read": not self._chooser and focused in (self.results, self.query_line),
            "pick": self._chooser and focused is not self.find_line,
            "query": focused is not self.query_line,
            "find": focused is self.reader and self.reader.sheet is not None,
            "match": focused is not self.query_line and bool(self.reader.stops),
            "article": focused is self.reader,
            "remedy": bool(self._remedies),
            "as_typed": self.asking.results is not None and bool(self.asking.results.corrections),
            "unfilter": bool(chips(question)),
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

    def action_query(self) -> None:
        """Go to the query line."""
        self.set_focus(self.query_line)

    def action_find(self) -> None:
        """Go to the line in which to find something in the text."""
        self.find_line.begin(self.reader.sought)
        self.set_focus(self.find_line)

    def action_back(self) -> None:
        """Go from the field or the reader to the list; in the reader, first leave off what was found."""
        if self.focused is self.reader and self.reader.sought:
            self.reader.find("")
            return
        self._remember()
        self._show_pane(reading=False)
        self.set_focus(self.results)

    def action_clear(self) -> None:
        """Take marks off, then filters."""
        if self.results.marked:
            self.results.unmark()
        else:
            self._change(without_chips(self.question))
        self.refresh_bindings()

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

    def action_article(self, by: int) -> None:
        """Go `by` articles on, wherever the focus is."""
        self.results.select(self.results.cursor + by)

    def action_sort(self) -> None:
        """Sort by the next order."""
        at = SORTS.index(self.question.sort)
        self._change(replace(self.question, sort=SORTS[(at + 1) % len(SORTS)]))

    def action_typos(self) -> None:
        """Turn typo tolerance off, or on again."""
        self._change(replace(self.question, typos=not self.question.typos))

    def action_as_typed(self) -> None:
        """Take back the first correction."""
        results = self.asking.results
        if results is not None and results.corrections and results.query == self.question.query:
            self.query_line.value = as_typed(self.question.query, results.corrections[0])
            self._change(replace(self.question, query=self.query_line.value))

    def action_remedy(self) -> None:
        """Ask what finds something in place of what does not; choose if there is more than one way."""
        ways = self._remedies
        if len(ways) == 1:
            self._try(ways[0])
        elif ways:
            choices = [Choice(one, offer(one, self.question)) for one in ways]
            self.app.push_screen(Chooser("what finds something", choices), self._try)

    def _try(self, remedy: Remedy | None) -> None:
        if remedy is not None:
            question = remedied(self.question, remedy)
            self.query_line.value = question.query
            self._change(question)
            self.query_line.action_end()

    def action_mark(self) -> None:
        """Mark the selected article, or take its mark off."""
        self.results.mark()
        self.refresh_bindings()

    def action_unmark(self) -> None:
        """Take all marks off."""
        self.results.unmark()
        self.refresh_bindings()

    def action_zoom(self) -> None:
        """Show one part of the screen alone, or both."""
        self._zoomed = not self._zoomed
        self._show_pane(reading=self.focused is self.reader)

    def action_copy(self) -> None:
        """Copy something of the articles."""
        self.acting.copy()

    def action_write(self) -> None:
        """Write the articles to a file."""
        self.acting.write()

    def action_export(self) -> None:
        """Export what is marked or found."""
        self.acting.export()

    def action_pager(self) -> None:
        """Open the article in the pager."""
        self.acting.pager()

    def action_editor(self) -> None:
        """Open the article's file in the editor."""
        self.acting.editor()

    def action_command(self) -> None:
        """Copy and show the command line of the screen."""
        self.acting.command()

    # Filters and history

    def action_filter(self) -> None:
        """Choose filters by what the answer is made of."""
        if self.question.is_blank:
            self.acting.say("search first: filters narrow what was found")
            return
        self.app.push_screen(FilterScreen(self.toggle))
        self._facets.ask(self.question)

    def toggle(self, filter: Filter) -> None:
        """Put a filter on, or take it off."""
        filters = self.question.filters
        now = tuple(one for one in filters if one != filter) if filter in filters else (*filters, filter)
        self._change(replace(self.question, filters=now))

    def action_unfilter(self) -> None:
        """Take the last filter off."""
        self._change(without_chip(self.question, -1))

    @on(Chips.Removed)
    def _removed(self, event: Chips.Removed) -> None:
        self._change(without_chip(self.question, event.number))

    def _counted_facets(self, _question: Question, found: Facets) -> None:
        screen = self.app.screen
        if isinstance(screen, FilterScreen):
            screen.facets(found, self.question.filters)

    @on(QueryLine.HistoryWanted)
    def _search_history(self) -> None:
        queries = reversed(self.query_line.history.queries)
        self.app.push_screen(
            Chooser("queries asked", [Choice(one, one) for one in queries], "type a part of it"),
            self._recalled,
        )

    def _recalled(self, query: str | None) -> None:
        if query is not None:
            self.query_line.value = query
            self.query_line.action_end()
            self.set_focus(self.query_line)

    # Room

    def on_resize(self, _event: events.Resize) -> None:
        """Show both panes, or in a narrow terminal the one that is being used."""
        self._show_pane(reading=self._reading)

    def _show_pane(self, *, reading: bool) -> None:
        self._reading = reading
        both = self.size.width >= WIDE and not self._zoomed
        self.results.display = both or not reading
        self._tell_place()
        self.reader.display = both or reading
        self.query_one("#reading").display = self.reader.display

    def _tell_place(self) -> None:
        results = self.results
        there = results.total and not results.display
        self.reader.tell_place(f"{results.cursor + 1:,} of {results.total:,}" if there else "")


def goes_on(before: Results, results: Results) -> bool:
    """Tell whether `results` is what is shown already, and perhaps more of it: nothing is drawn anew then."""
    same = before.total == results.total and before.corrections == results.corrections
    return same and bool(before.hits) and before.hits == results.hits[: len(before.hits)]
