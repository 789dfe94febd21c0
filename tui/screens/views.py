"""Other ways to look at what a main screen found: articles like one, versions of a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui import acting
from tui.contracts import Question
from tui.latest import Latest
from tui.session import Session
from tui.widgets.understood import in_words

if TYPE_CHECKING:
    from index.article import Article
    from search.concordance import Line
    from tui.screens.main import MainScreen


Wanted = tuple["Line", Question]
"""A line to be read, and the question of the list in which its article is looked for."""


class Views:
    """Opens the other views of `screen`."""

    def __init__(self, screen: MainScreen, session: Session) -> None:
        self._screen, self._session = screen, session
        self._copies: Latest[Article, Sequence[Article]] = Latest(
            screen, lambda article: session.copies(article.id), self._list, self._failed
        )

        self._places: Latest[Wanted, int | None] = Latest(screen, self._find, self._go, self._failed)

    @property
    def settled(self) -> bool:
        """True if nothing is being fetched."""
        return not self._copies.busy and not self._places.busy

    def _failed(self, _request: object, error: Exception) -> None:
        self._screen.acting.say(in_words(error), error=True)

    # Articles like one

    def like(self) -> None:
        """List the articles like the selected one; what was listed comes back afterwards."""
        hit = self._screen.results.hit
        if hit is not None:
            self._screen.answers.ask_like(hit.article)
            self._screen.to_list()

    # Saved searches

    def saved(self) -> None:
        """List the saved searches."""
        from tui.screens.saved import SavedScreen  # not at the top, as all that few open

        screen = self._screen
        question = None if screen.question.is_blank or screen.question.like else screen.question
        screen.app.push_screen(SavedScreen(self._session, question, self._run, screen.acting.say))

    def _run(self, question: Question, new: frozenset[str]) -> None:
        self._screen.answers.run(question, new)
        self._screen.to_list()

    # Matches in their context

    def concordance(self) -> None:
        """Show every match with the words around it."""
        screen, library = self._screen, self._session.library.path

        def command(order: str, articles: int) -> None:
            screen.acting.put_command(acting.kwic_command(library, screen.question, order, articles))

        if screen.question.is_blank:
            screen.acting.say("search first: a concordance shows every match with the words around it")
        else:
            from tui.screens.concordance import ConcordanceScreen

            screen.app.push_screen(ConcordanceScreen(self._session, screen.question, command), self._read)

    def _read(self, line: Line | None) -> None:
        if line is not None:
            self._places.ask((line, self._screen.question))

    def _find(self, wanted: Wanted) -> int | None:
        """Return where the article of a line stands in the list; runs in a thread."""
        line, question = wanted
        return self._session.place(question, line.id)

    def _go(self, wanted: Wanted, place: int | None) -> None:
        """Read the article at the line; the list is unfolded if another copy stands for it there."""
        line, question = wanted
        screen = self._screen
        if place is None:
            if question.fold:
                self._places.ask((line, replace(question, fold=False)))
            return
        screen.readings.open_at(line.id, line.start)
        screen.answers.select(question, place)
        screen.to_reader()

    # Versions of a story

    def versions(self) -> None:
        """List the copies of the selected article; two marked articles are compared at once."""
        screen = self._screen
        marked = [hit.article for hit in screen.results.marked.values()]
        if len(marked) == 2:
            old, new = sorted(marked, key=lambda one: (one.date is None, one.date or 0, one.id))
            self._compare(old, new)
        elif screen.results.hit is not None:
            self._copies.ask(screen.results.hit.article)

    def _list(self, article: Article, found: Sequence[Article]) -> None:
        if len(found) > 1:
            from tui.screens.copies import CopiesScreen

            self._screen.app.push_screen(CopiesScreen(article, found, self._compare))
        else:
            self._screen.acting.say("no copies of this article; m marks two to compare them")

    def _compare(self, old: Article, new: Article) -> None:
        from tui.screens.copies import VersionsScreen

        self._screen.app.push_screen(VersionsScreen(old, new, self._copy_diff))

    def _copy_diff(self, old: Article, new: Article) -> None:
        self._screen.acting.put_command(acting.command(self._session.library.path, "diff", old.id, new.id))
