"""What the app needs from a library and from a search, and nothing more.

The app is written against these protocols, so that tests can hand it an answer of their own making, and
so that nothing in here can reach for segments, files or a particular engine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from index.article import Article
from search.results import Hit, Results, Span
from tui.filters import Filter, as_query

if TYPE_CHECKING:
    from index.library import Library
    from search.concordance import Line
    from search.facets import Facets
    from search.timeline import Timeline

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
Mode = Literal["auto", "any", "all"]
MODES: tuple[Mode, ...] = ("auto", "any", "all")


@dataclass(frozen=True, slots=True)
class Question:
    """What decides an answer: the same question gives the same list.

    `mode` says how many of the words an article must have, as the options of `byline search` do, and
    `file_dates` has conditions take the date of an article's file where it has none; with `fold`, copies of
    a story are one hit. With `like`, the id of an article, those like it are asked for and nothing else
    counts; `like_title` is what to call it.
    """

    query: str
    sort: Sort = "relevance"
    typos: bool = True
    filters: tuple[Filter, ...] = ()
    mode: Mode = "auto"
    file_dates: bool = False
    fold: bool = True
    like: str = ""
    like_title: str = field(default="", compare=False)

    @property
    def is_blank(self) -> bool:
        """True if there is nothing to search for."""
        return not self.query.strip() and not self.like

    @property
    def asked(self) -> str:
        """The query and the filters as one query, which is what is searched for."""
        return as_query(self.query, self.filters)

    def without(self, field: str) -> Question:
        """Return the question without the filters of one field."""
        return replace(self, filters=tuple(one for one in self.filters if one.field != field))


@dataclass(frozen=True, slots=True)
class Lines:
    """A part of a concordance: its lines, as the hits come.

    They are from the hits up to `upto` of `articles` in all.
    """

    lines: tuple[Line, ...]
    upto: int
    articles: int


class Searching(Protocol):
    """The calls of `tui.engine.Engine` that the app makes, all of them from threads."""

    def answer(self, question: Question, offset: int, limit: int, quick: bool = ...) -> Results:
        """Return `limit` hits from `offset` on; `quick` is for keys that are being pressed."""

    def every(self, question: Question) -> Iterable[Hit]:
        """Return all hits of the answer, in order."""

    def facets(self, question: Question) -> Facets:
        """Return how many articles of the answer have which date, source, author and folder."""

    def ids(self, question: Question) -> Sequence[str]:
        """Return the ids of all hits of the answer, in order."""

    def place(self, question: Question, ident: str) -> int | None:
        """Return the place from 0 of an article in the answer; None if it has none, as a folded copy."""

    def days(self, question: Question) -> Timeline:
        """Return how many articles of the answer appeared on which day; copies are not folded."""

    def lines(self, question: Question, start: int, seconds: float) -> Lines:
        """Return the matches in the hits from `start` on, the best hits first, as far as one comes in so
        many seconds (one hit at least)."""

    def copies(self, ident: str) -> Sequence[Article]:
        """Return the articles that tell the same story as this one and itself, the earliest first; none
        if it has no copies."""

    def marks(self, article: Article, question: Question) -> tuple[Span, ...]:
        """Return the marked stretches of the article's text, ascending, never overlapping."""

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return likely words that begin with `prefix`, the likeliest first."""

    def refresh(self) -> bool:
        """Move to the newest generation of the library; True if there was one."""

    def close(self) -> None:
        """Let go of the library's files."""


class Progressing(Protocol):
    """How far a run of indexing has come."""

    @property
    def files_done(self) -> int:
        """Files looked at so far."""

    @property
    def files_total(self) -> int:
        """Files found in all."""

    @property
    def articles(self) -> int:
        """Articles read so far."""

    @property
    def bytes_done(self) -> int:
        """Bytes read so far."""

    @property
    def bytes_total(self) -> int:
        """Bytes of all files found."""

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""


class Reporting(Protocol):
    """What a run of indexing did."""

    @property
    def added(self) -> int:
        """Articles that are new."""

    @property
    def changed(self) -> int:
        """Articles that were replaced."""

    @property
    def removed(self) -> int:
        """Articles that are gone."""

    @property
    def skipped(self) -> Sequence[Any]:
        """Files and lines that could not be read, each with a `reason`."""

    @property
    def articles(self) -> int:
        """Articles in the library now."""

    @property
    def notes(self) -> Sequence[str]:
        """One-line messages for the reader."""


class Holding(Protocol):
    """What a library holds."""

    @property
    def articles(self) -> int:
        """Articles in all."""

    def as_dict(self) -> dict[str, object]:
        """Return all that is known, as `byline status --json` prints it."""


class Collection(Protocol):
    """The calls of `index.library.Library` that the app makes."""

    @property
    def path(self) -> Path:
        """Where the library stands."""

    def update(
        self,
        paths: Sequence[Path] = ...,
        *,
        rebuild: bool = ...,
        progress: Callable[[Any], None] | None = ...,
        stop: threading.Event | None = ...,
    ) -> Reporting:
        """Bring in what is new below `paths` (without any: below all roots) and drop what is gone.

        `rebuild` reads everything again; searches go on meanwhile.
        """

    def status(self) -> Holding:
        """Return what the library holds."""

    def check(self) -> Sequence[object]:
        """Read all of it and return what is damaged, each as a line."""


@dataclass(frozen=True, slots=True)
class Services:
    """How the app comes by a library and a search; tests give their own."""

    open_search: Callable[[Any], Searching]
    create: Callable[[Path], Collection]
    open: Callable[[Path], Collection]
    known: Callable[[], Sequence[Path]]


def real_services() -> Services:
    """Return the services over real libraries; their modules are loaded at the first call of each."""

    def open_search(library: Library) -> Searching:
        from tui.engine import Engine

        return Engine(library)

    def create(where: Path) -> Library:
        from index.library import Library

        return Library.open_or_create(where)

    def open_library(where: Path) -> Library:
        from index.library import Library

        return Library.open(where)

    return Services(open_search, create, open_library, known_libraries)


def known_libraries() -> list[Path]:
    """Return the libraries that have a name, by name."""
    from index.metadata import METADATA_FILE
    from index.places import libraries_folder

    try:
        return sorted(path.parent for path in libraries_folder().glob(f"*/{METADATA_FILE}"))
    except OSError:
        return []
