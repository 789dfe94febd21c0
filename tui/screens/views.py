"""Other ways to look at what a main screen found: articles like one, versions of a story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui import acting
from tui.latest import Latest
from tui.screens.copies import CopiesScreen, VersionsScreen
from tui.session import Session
from tui.widgets.understood import in_words

if TYPE_CHECKING:
    from index.article import Article
    from tui.screens.main import MainScreen


class Views:
    """Opens the other views of `screen`."""

    def __init__(self, screen: MainScreen, session: Session) -> None:
        self._screen, self._session = screen, session
        self._copies: Latest[Article, Sequence[Article]] = Latest(
            screen, "copies", lambda article: session.copies(article.id), self._list, self._failed
        )

    @property
    def settled(self) -> bool:
        """True if nothing is being fetched."""
        return not self._copies.busy

    def _failed(self, _request: object, error: Exception) -> None:
        self._screen.acting.say(in_words(error), error=True)

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
            self._screen.app.push_screen(CopiesScreen(article, found, self._compare))
        else:
            self._screen.acting.say("no copies of this article; m marks two to compare them")

    def _compare(self, old: Article, new: Article) -> None:
        self._screen.app.push_screen(VersionsScreen(old, new, self._copy_diff))

    def _copy_diff(self, old: Article, new: Article) -> None:
        self._screen.acting.put_command(acting.command(self._session.library.path, "diff", old.id, new.id))
