"""A library and a search that answer from memory, by rules simple enough to be read off a test."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from index.article import Article, DateOrigin
from index.errors import BylineError, RootProblem
from search.results import Correction, Hit, MatchKind, Passage, Results, Span
from tui.contracts import Services, Sort

PARAGRAPH = (
    "The coalition said on Monday that its forces would stay in the valley until the harvest was in. "
    "Farmers had asked for protection, and the enduring defeat of the drought was everybody's hope. "
)


def article(number: int, text: str = "", title: str = "") -> Article:
    """Return article `number`; every tenth has its file's date."""
    return Article(
        id=f"news/{number:05}.txt",
        title=title or f"Report {number} from the valley",
        text=text or f"Report number{number}.\n\n" + (PARAGRAPH * 3 + "\n\n") * 4,
        path=f"/nowhere/{number:05}.txt",
        date=datetime(2019, 1, 1) + timedelta(days=number % 2000),
        date_origin=DateOrigin.FILE if number % 10 == 9 else DateOrigin.LINE,
        source="Valley Wire" if number % 2 else "",
    )


class Shelf:
    """A sequence of articles of any length, each made when it is looked at."""

    def __init__(self, size: int, special: Sequence[Article] = ()) -> None:
        self.size = size
        self.special = list(special)

    def __len__(self) -> int:
        return max(self.size, len(self.special))

    def __getitem__(self, number: int) -> Article:
        return self.special[number] if number < len(self.special) else article(number)


@dataclass
class FakeSearch:
    """Finds articles whose text holds every word of the query; `all` finds each of them.

    `gate` holds every answer until it is set; `asked` records (query, offset, limit, sort, typos).
    """

    shelf: Shelf
    corrections: dict[str, str] = field(default_factory=lambda: {"coaltion": "coalition"})
    asked: list[tuple[str, int, int | None, str, bool]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    threads: set[int] = field(default_factory=set)
    closed: bool = False

    def __post_init__(self) -> None:
        self.gate.set()

    def search(
        self,
        query: str,
        limit: int | None = 10,
        offset: int = 0,
        *,
        sort: Sort = "relevance",
        typos: bool = True,
        since: date | None = None,
        until: date | None = None,
        passages: bool = True,
    ) -> Results:
        """Answer `query` by the rule above."""
        self.asked.append((query, offset, limit, sort, typos))
        self.threads.add(threading.get_ident())
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        words, corrections = self._words(query, typos)
        found: Sequence[int] = (
            range(len(self.shelf))
            if words == ["all"]
            else [n for n in range(min(len(self.shelf), 300)) if self._has(self.shelf[n], words)]
        )
        if sort == "oldest":
            found = found[::-1]
        page = found[offset : len(found) if limit is None else offset + limit]
        hits = tuple(self._hit(n, offset + at + 1, query, typos) for at, n in enumerate(page))
        return Results(query, " ".join(words), len(found), offset, hits, corrections, (), 0.003)

    def marks(self, article: Article, query: str, typos: bool = True) -> tuple[Span, ...]:
        """Return where the words stand in the text."""
        return self._spans(article.text, query, typos)

    def title_marks(self, article: Article, query: str, typos: bool = True) -> tuple[Span, ...]:
        """Return where the words stand in the title."""
        return self._spans(article.title, query, typos)

    def refresh(self) -> bool:
        """There is never anything new."""
        return False

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _words(self, query: str, typos: bool) -> tuple[list[str], tuple[Correction, ...]]:
        words, corrections = [], []
        for match in re.finditer(r"\w+", query.lower()):
            meant = self.corrections.get(match[0]) if typos else None
            words.append(meant or match[0])
            if meant:
                corrections.append(Correction(match[0], (meant,), match.start(), match.end()))
        return words, tuple(corrections)

    def _has(self, article: Article, words: list[str]) -> bool:
        text = f"{article.title} {article.text}".lower()
        return all(re.search(rf"\b{re.escape(word)}\b", text) for word in words)

    def _spans(self, text: str, query: str, typos: bool) -> tuple[Span, ...]:
        words, corrections = self._words(query, typos)
        typo = {meant for correction in corrections for meant in correction.meant}
        return tuple(
            Span(m.start(), m.end(), MatchKind.TYPO if m[0].lower() in typo else MatchKind.EXACT)
            for m in re.finditer(r"\w+", text)
            if m[0].lower() in words
        )

    def _hit(self, number: int, rank: int, query: str, typos: bool) -> Hit:
        found = self.shelf[number]
        spans = self._spans(found.text, query, typos)
        start = spans[0].start // 40 * 40 if spans else 0
        text = found.text[start : start + 200].replace("\n", " ")
        inside = (s for s in spans if s.start >= start and s.end <= start + len(text))
        moved = tuple(replace(s, start=s.start - start, end=s.end - start) for s in inside)
        passage = Passage(text, start, start + len(text), moved)
        return Hit(found, 1.0, rank, (passage,), self.title_marks(found, query, typos))


@dataclass(frozen=True)
class FakeProgress:
    """How far the indexing of nothing has come."""

    files_done: int = 3
    files_total: int = 10
    articles: int = 30
    bytes_done: int = 3_000_000
    bytes_total: int = 10_000_000
    seconds: float = 1.0


@dataclass(frozen=True)
class FakeReport:
    """What the indexing of nothing did."""

    articles: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    skipped: Sequence[Any] = ()


@dataclass
class FakeLibrary:
    """A library that indexes by saying so; `gate` holds it in the middle of it until set or stopped."""

    path: Path
    articles: int = 40
    held: int = 40
    updated: list[Path] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    skipped: Sequence[Any] = ()

    def __post_init__(self) -> None:
        self.gate.set()

    def update(
        self,
        paths: Sequence[Path] = (),
        *,
        progress: Callable[[Any], None] | None = None,
        stop: threading.Event | None = None,
    ) -> FakeReport:
        """Report progress once, wait for the gate, and have indexed."""
        self.updated += paths
        if any(path.name == "refused" for path in paths):
            raise RootProblem(paths[0], "cannot be read", "choose another folder")
        if progress is not None:
            progress(FakeProgress())
        self.reached.set()
        while not self.gate.wait(0.005):
            if stop is not None and stop.is_set():
                raise BylineError("indexing was stopped", "the library is as it was")
        self.held = self.articles
        return FakeReport(self.articles, skipped=self.skipped)

    def status(self) -> FakeReport:
        """Return what it holds."""
        return FakeReport(self.held)


def services(search: FakeSearch, library: FakeLibrary | None = None) -> Services:
    """Return services that open `search` over anything, and make `library`."""

    def create(where: Path) -> FakeLibrary:
        assert library is not None
        return library

    return Services(lambda _library: search, create)
