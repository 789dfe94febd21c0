"""The questions that the app asks, and the one place that answers them; all of it runs in threads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.results import Hit, Results
from tui.contracts import Collection, Lines, Question, Searching, Services
from tui.typeset import Sheet, typeset

if TYPE_CHECKING:
    from index.article import Article
    from search.facets import Facets
    from search.saved import SavedSearch, SavedSearches
    from search.timeline import Timeline
    from tui.saved import Kept

PAGE = 16
"""Hits of one page: a little more than most terminals show at once, since each passage takes its time."""
COMPLETIONS = 1
PART = 0.15
"""Seconds that a part of a concordance takes."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the part of its answer that is wanted.

    `quick` marks the stage that runs while keys are being pressed: no word is corrected in it, since the
    last one is likely to be half typed.
    """

    question: Question
    offset: int = 0
    limit: int = PAGE
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The article of `hit` to be set at `width` columns, its matches with `question` marked."""

    hit: Hit
    question: Question
    width: int


class Session:
    """A library and its search, opened at the first question; calls are safe from several threads."""

    def __init__(self, library: Collection, services: Services) -> None:
        self.library = library
        self._services = services
        self._searching: Searching | None = None
        self._lock = threading.Lock()

    def answer(self, ask: Ask) -> Results:
        """Return the wanted part of the answer; raises what the search raises."""
        return self.search().answer(ask.question, ask.offset, ask.limit, ask.quick)

    def facets(self, question: Question) -> Facets:
        """Return what the answer is made of."""
        return self.search().facets(question)

    def copies(self, ident: str) -> Sequence[Article]:
        """Return the articles that tell the same story, the earliest first."""
        return self.search().copies(ident)

    def days(self, question: Question) -> Timeline:
        """Return how many articles of the answer appeared on which day."""
        return self.search().days(question)

    def place(self, question: Question, ident: str) -> int | None:
        """Return where an article stands in the answer."""
        return self.search().place(question, ident)

    def lines(self, question: Question, start: int) -> Lines:
        """Return the next part of a concordance."""
        return self.search().lines(question, start, PART)

    def saved(self) -> Sequence[Kept]:
        """Return the saved searches of the library, asked now."""
        from tui import saved

        return saved.every(self._shelf, self.search())

    def save(self, search: SavedSearch, *, over: bool) -> int:
        """Keep a search, with `over` in place of another; return how many articles it finds."""
        from tui import saved

        return saved.keep(self._shelf, self.search(), search, over=over)

    def look(self, search: SavedSearch) -> frozenset[str]:
        """Return the ids that are new for a saved search, which are not new from now on."""
        from tui import saved

        return saved.look(self._shelf, self.search(), search)

    def forget(self, name: str) -> None:
        """Forget a saved search."""
        from tui import saved

        saved.forget(self._shelf, name)

    @property
    def _shelf(self) -> SavedSearches:
        from search.saved import SavedSearches

        return SavedSearches(self.library.path)

    def complete(self, prefix: str) -> tuple[str, ...]:
        """Return words that begin with `prefix`."""
        return self.search().complete(prefix, COMPLETIONS)

    def sheet(self, reading: Reading) -> Sheet:
        """Return the article set in lines, with its matches."""
        hit, question = reading.hit, reading.question
        marks = self.search().marks(hit.article, question)
        best = hit.passages[0].start if hit.passages else 0
        return typeset(hit.article, marks, hit.title_spans, reading.width, best)

    def size(self, refresh: bool) -> int:
        """Return how many articles the library holds; with `refresh`, move to its newest generation."""
        self.search()  # so that it is open before the first key
        articles = self.library.status().articles
        if refresh and articles:
            self.search().refresh()
        return articles

    def close(self) -> None:
        """Let go of the library's files."""
        with self._lock:
            if self._searching is not None:
                self._searching.close()
                self._searching = None

    def search(self) -> Searching:
        """Return the search, opened at the first call."""
        with self._lock:
            if self._searching is None:
                self._searching = self._services.open_search(self.library)
            return self._searching
