"""The question of a main screen and the answer to it, as query line, list and understood line show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.suggester import SuggestionReady

from search.results import Remedy, Results
from search.terminal import one_line
from tui.after_drawing import after_drawing
from tui.asking import Asking
from tui.contracts import Question
from tui.facts import SORT_NAMES, count, rows, understood
from tui.hints import START_HINT, nothing_found, offer, remedied
from tui.latest import Latest
from tui.narrowing import chips
from tui.session import Ask, Session
from tui.widgets.query_line import as_typed, remarks

if TYPE_CHECKING:
    from index.article import Article
    from tui.screens.main import MainScreen


class Answers:
    """Asks what is typed and chosen on `screen`, and shows what comes.

    `changed` is called after each change of the question, `ready` once an answer that
    was waited for is there, `empty` if the library holds nothing.
    """

    def __init__(
        self,
        screen: MainScreen,
        session: Session,
        pause: float,
        *,
        changed: Callable[[], object],
        ready: Callable[[], object],
        empty: Callable[[], object],
    ) -> None:
        self._screen = screen
        self._changed, self._ready, self._empty = changed, ready, empty
        self.asking = Asking(screen, session, pause, self._answered, self._paged, self.fail)
        self._articles: int | None = None
        self._awaited = False
        self._trail: list[tuple[Question, int]] = []
        self._cursor: int | None = None
        self._new: tuple[str, frozenset[str]] = ("", frozenset())
        self._offers = (False, False)
        self._typing = False
        self._begun = False
        self._counts: Latest[bool, int] = Latest(screen, session.size, self._counted, self.fail)
        self._words: Latest[str, tuple[str, ...]] = Latest(
            screen, session.complete, self._offer, lambda _prefix, _error: None
        )

    @property
    def question(self) -> Question:
        """What is asked now."""
        return self.asking.question

    @property
    def settled(self) -> bool:
        """True if nothing is being asked or waited for."""
        busy = self._counts.busy or self._words.busy or self._typing
        return self._begun and self.asking.settled and not busy

    def begin(self) -> None:
        """Answer the question there is, or say how to begin."""
        self._screen.chips.show(chips(self.question))
        if self.question.is_blank:
            self._show_beginning()
        self._begun = not after_drawing(self._screen, self._open)

    def _open(self) -> None:
        """Open the library and ask, now that the screen is laid out: loading what searches takes a while."""
        self._begun = True
        self._counts.ask(False)
        self.asking.fully()

    def library_changed(self) -> None:
        """Ask the question as it stands again, over the library as it is now."""
        self._counts.ask(True)

    def _counted(self, refreshed: bool, articles: int) -> None:
        self._articles = articles
        if not articles:
            self._empty()
        elif self.question.is_blank:
            self._show_beginning()
        elif refreshed:
            self.asking.again()

    # What is asked

    def typed(self, query: str) -> None:
        """Ask `query` while it is being typed."""
        screen = self._screen
        self._awaited = False
        self.asking.question = self.first
        self._trail.clear()
        self._cursor = None
        self._words.drop()
        self._typing = bool(query.strip())
        if query.strip():
            self.asking.typed(query, screen.results.rows_visible)
            screen.chips.show(chips(self.question))
            self._changed()
        else:
            self.change(replace(self.question, query=query))

    def change(self, question: Question) -> None:
        """Ask `question` from now on."""
        self.asking.question = question
        self._screen.chips.show(chips(question))
        if question.is_blank:
            self._show_beginning()
        else:
            self.asking.fully()
        self._changed()
        self._screen.refresh_bindings()

    def change_query(self, question: Question) -> None:
        """Ask `question` from now on, and show its words in the query line."""
        self._screen.query_line.value = question.query
        self.change(question)
        self._screen.query_line.action_end()

    def ask_like(self, article: Article) -> None:
        """Ask for the articles like `article`, until `back`."""
        title = one_line(article.title) or article.id
        self._trail.append((self.question, self._screen.results.cursor))
        self._screen.results.restore("")
        self.change(Question(self.question.query, like=article.id, like_title=title))

    def select(self, question: Question, place: int) -> None:
        """Select the hit at `place` of the answer to `question`, which is asked if it is another one."""
        if question == self.question:
            self._screen.results.select(place)
        else:
            self._cursor = place
            self.change(question)

    def back(self) -> None:
        """Ask what was asked before, and select what was selected."""
        question, self._cursor = self._trail.pop() if self._trail else (Question(self.question.query), None)
        self.change(question)

    @property
    def first(self) -> Question:
        """The question that articles like those of its answer were asked for; else the one there is."""
        return self._trail[0][0] if self._trail else self.question

    def run(self, question: Question, new: frozenset[str]) -> None:
        """Ask a saved search; the articles with the ids `new` are shown as such as long as it is asked."""
        self._trail.clear()
        self._new = (question.query, new)
        self._screen.results.restore("")
        self.change_query(question)

    def wait(self) -> None:
        """Call `ready` with the full answer: now if it is there, else as soon as it comes."""
        shown = self.asking.shown
        if self.asking.is_answered and (self._screen.results.moved or not (shown and shown.quick)):
            self.asking.rest()
            self._ready()
        elif not self.question.is_blank:
            self._awaited = True
            self.asking.fully()

    def take_back(self) -> None:
        """Take back the first correction."""
        results = self.asking.results
        if results is not None and results.corrections and results.query == self.question.query:
            self._screen.query_line.value = as_typed(self.question.query, results.corrections[0])
            self.change(replace(self.question, query=self._screen.query_line.value))

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What finds something in place of what does not."""
        found = self.asking.results
        if found is None:
            return ()
        if found.diagnosis is not None and not found.total:
            return found.diagnosis.remedies
        return (found.suggestion,) if found.suggestion is not None else ()

    def remedy(self) -> None:
        """Ask what finds something in place of what does not; choose if there is more than one way."""
        ways = self.remedies
        if len(ways) == 1:
            self._try(ways[0])
        elif ways:
            from tui.screens.chooser import Choice, Chooser  # not at the top, as all that few open

            choices = [Choice(one, offer(one, self.question)) for one in ways]
            self._screen.app.push_screen(Chooser("what finds something", choices), self._try)

    def _try(self, remedy: Remedy | None) -> None:
        if remedy is not None:
            found = self.asking.results
            meant = found is not None and remedy is found.suggestion
            change = replace(self.question, query=remedy.query) if meant else remedied(self.question, remedy)
            self.change_query(change)

    # What is shown

    def _show_beginning(self) -> None:
        self.asking.forget()
        self._screen.query_line.underline("", ())
        self._screen.results.show(0, (), hint=START_HINT)
        self._screen.understood.say(self._settings())

    def _settings(self) -> str:
        """Return what there is to ask, and what differs from the usual, while nothing is asked."""
        size = "" if self._articles is None else count(self._articles, "article")
        sort = "" if self.question.sort == "relevance" else SORT_NAMES[self.question.sort]
        return " · ".join(part for part in (size, sort, "" if self.question.typos else "typos off") if part)

    def _complete(self) -> None:
        """Look for the end of the word that is being typed: what was found without it is shown first."""
        self._typing = False
        if self._screen.query_line.last_word:
            self._words.ask(self._screen.query_line.last_word)

    def _answered(self, ask: Ask, results: Results) -> None:
        if self._typing:
            after_drawing(self._screen, self._complete)
        if ask.quick and not results.total:
            return  # a word half typed finds nothing: what stands there stays until the pause
        shown, listed = self.asking.shown, self._screen.results
        asked_again = shown is not None and shown.question == ask.question
        if not (asked_again and listed.moved):  # who has gone on in what is shown keeps it
            self._show(ask, results, asked_again=asked_again)
        if self._awaited and not ask.quick:
            self._awaited = False
            self._ready()

    def _show(self, ask: Ask, results: Results, *, asked_again: bool) -> None:
        screen, shown, before = self._screen, self.asking.shown, self.asking.results
        self.asking.show(ask, results)
        query, new = self._new
        screen.results.new = new if ask.question.query == query and not ask.question.like else frozenset()
        if asked_again and before is not None and goes_on(before, results):
            screen.results.extend(results.hits)
        else:
            # Another order keeps the place; a better answer to the same question begins at its best.
            keep = shown is not None and not asked_again and same_words(shown.question, ask.question)
            screen.results.show(rows(results), results.hits, keep=keep, hint=self._nothing)
        if self._cursor is not None and not ask.quick:
            screen.results.select(self._cursor)
            self._cursor = None
        told = understood(results, ask.question, len(screen.results.new))
        screen.understood.say(told, noted=bool(results.notes))
        screen.query_line.underline(ask.question.query, remarks(results))
        offers = (bool(self.remedies), bool(results.corrections))
        if offers != self._offers:  # else every key does what it did
            self._offers = offers
            screen.refresh_bindings()

    @property
    def _nothing(self) -> tuple[str, ...]:
        """What stands in a list of nothing."""
        found, question = self.asking.results, self.question
        why = found.diagnosis if found is not None else None
        return nothing_found(why, question, key="F5")

    def _paged(self, results: Results) -> None:
        self._screen.results.add(results.hits)

    def _offer(self, prefix: str, words: tuple[str, ...]) -> None:
        line = self._screen.query_line
        word = next((word for word in words if len(word) > len(prefix)), None)
        if word is not None and line.last_word == prefix:
            line.post_message(SuggestionReady(line.value, line.value + word[len(prefix) :]))

    def fail(self, _request: object, error: Exception) -> None:
        """Show what went wrong in place of what was understood."""
        self._awaited = self._typing = False
        self._screen.understood.fail(error)


def same_words(before: Question, question: Question) -> bool:
    """Tell whether two questions are about the same words (or the same article)."""
    return before.query == question.query and before.like == question.like


def goes_on(before: Results, results: Results) -> bool:
    """Tell whether `results` is what is shown already, and perhaps more of it: nothing is drawn anew then."""
    same = before.total == results.total and before.corrections == results.corrections
    return same and bool(before.hits) and before.hits == results.hits[: len(before.hits)]
