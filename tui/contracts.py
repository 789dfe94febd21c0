"""What the app needs from a library and from a search, and nothing more.

The app is written against these protocols, so that tests can hand it an answer of their own making, and
so that nothing in here can reach for segments, files or a particular engine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from index.article import Article
from search.results import Results, Span

if TYPE_CHECKING:
    from index.library import Library
    from search.searcher import Searcher

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


class Searching(Protocol):
    """The calls of `search.searcher.Searcher` that the app makes, all of them from threads."""

    def search(
        self,
        query: str,
        limit: int | None = ...,
        offset: int = ...,
        *,
        sort: Sort = ...,
        typos: bool = ...,
        since: date | None = ...,
        until: date | None = ...,
        passages: bool = ...,
    ) -> Results:
        """Answer `query` with the hits from `offset` on, at most `limit` of them."""

    def marks(self, article: Article, query: str, typos: bool = ...) -> tuple[Span, ...]:
        """Return the marked stretches of the article's text, ascending, never overlapping."""

    def title_marks(self, article: Article, query: str, typos: bool = ...) -> tuple[Span, ...]:
        """Return the marked stretches of the article's title."""

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


class Holding(Protocol):
    """What a library holds."""

    @property
    def articles(self) -> int:
        """Articles in all."""


class Collection(Protocol):
    """The calls of `index.library.Library` that the app makes."""

    @property
    def path(self) -> Path:
        """Where the library stands."""

    def update(
        self,
        paths: Sequence[Path] = ...,
        *,
        progress: Callable[[Any], None] | None = ...,
        stop: threading.Event | None = ...,
    ) -> Reporting:
        """Bring in what is new below `paths` (without any: below all roots) and drop what is gone."""

    def status(self) -> Holding:
        """Return what the library holds."""


@dataclass(frozen=True, slots=True)
class Services:
    """How the app comes by a library and a search; tests give their own."""

    open_search: Callable[[Any], Searching]
    create: Callable[[Path], Collection]


def real_services() -> Services:
    """Return the services over real libraries; their modules are loaded at the first call of each."""

    def open_search(library: Library) -> Searcher:
        from search.searcher import Searcher

        return Searcher(library)

    def create(where: Path) -> Library:
        from index.library import Library

        return Library.open_or_create(where)

    return Services(open_search, create)
