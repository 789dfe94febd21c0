"""A library and a search that answer from memory, by rules simple enough to be read off a test."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article, DateOrigin
from index.errors import LibraryMissing, RootProblem, UpdateStopped
from search.concordance import lines
from search.facets import Facet, Facets
from search.results import (
    Correction,
    Diagnosis,
    Fold,
    Hit,
    MatchKind,
    Note,
    PartCount,
    Passage,
    Remedy,
    RemedyKind,
    Results,
    Span,
)
from search.timeline import Step, Timeline, timeline
from tui.contracts import Lines, Question, Services

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

    `folds` are the copies that articles stand for, by id. `gate` holds every answer until it is set; `asked`
    records (query, offset, limit, sort, typos).
    """

    shelf: Shelf
    corrections: dict[str, str] = field(default_factory=lambda: {"coaltion": "coalition"})
    asked: list[tuple[str, int, int | None, str, bool]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None
    threads: set[int] = field(default_factory=set)
    closed: bool = False
    folds: dict[str, Fold] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, question: Question, offset: int, limit: int, quick: bool = False) -> Results:
        """Answer `question` by the rule above."""
        query, typos = question.query, question.typos and not quick
        self.asked.append((query, offset, limit, question.sort, typos))
        self.threads.add(threading.get_ident())
        assert self.gate.wait(20)
        if self.error is not None:
            raise self.error
        found, words, corrections = self._found(question, typos)
        page = found[offset : offset + limit]
        hits = tuple(self._hit(n, offset + at + 1, query, typos) for at, n in enumerate(page))
        notes = tuple(Note("brackets are left out", m.start(), m.end()) for m in re.finditer(r"[()]", query))
        why = None if found else self._why(words, question)
        return Results(query, " ".join(words), len(found), offset, hits, corrections, notes, 0.003, why)

    def _why(self, words: list[str], question: Question) -> Diagnosis | None:
        """Say that there is something without filters, else how many articles have each word and that the
        first alone would do; of three words, that any of them would do too."""
        bare = len(self._found(replace(question, filters=()), question.typos)[0])
        if bare:
            remedy = Remedy(RemedyKind.UNFILTER, question.query, bare, "without the filters")
            return Diagnosis((), (), remedies=(remedy,))
        if len(words) < 2:
            return None
        parts = tuple(PartCount(word, len(self._found(Question(word), False)[0]), 0, 0) for word in words)
        ways = [Remedy(RemedyKind.DROP, words[0], parts[0].articles, "the others left out")]
        if len(words) == 3:
            found = len(self._found(replace(question, mode="any"), False)[0])
            ways.append(Remedy(RemedyKind.ANY, question.query, found, "any of the words"))
        return Diagnosis(parts, (words[-1],), remedies=tuple(ways))

    def every(self, question: Question) -> Iterator[Hit]:
        """Yield all hits."""
        for at, number in enumerate(self._found(question, question.typos)[0]):
            yield self._hit(number, at + 1, question.query, question.typos)

    def ids(self, question: Question) -> list[str]:
        """Return the ids of all that is found."""
        return [self.shelf[n].id for n in self._found(question, question.typos)[0]]

    def place(self, question: Question, ident: str) -> int | None:
        """Return where the article stands."""
        ids = self.ids(question)
        return ids.index(ident) if ident in ids else None

    def days(self, question: Question) -> Timeline:
        """Count by day."""
        found = [self.shelf[n] for n in self._found(question, question.typos)[0]]
        dates = [int(one.date.timestamp()) for one in found if one.date is not None and one.date_is_true]
        return timeline(np.array(dates, dtype=np.int64), Step.DAY)

    def lines(self, question: Question, start: int, seconds: float) -> Lines:
        """Return the lines of one article."""
        found = self._found(question, question.typos)[0]
        spans = self._spans(self.shelf[found[start]].text, question.query, question.typos)
        return Lines(tuple(lines(self.shelf[found[start]], spans)), start + 1, len(found))

    def copies(self, ident: str) -> tuple[Article, ...]:
        """Nothing has copies."""
        return ()

    def facets(self, question: Question) -> Facets:
        """Count years and sources; fields that are narrowed are counted like any other."""
        found = [self.shelf[n] for n in self._found(question, question.typos)[0]]
        years = Counter(str(one.date.year) for one in found if one.date_is_true and one.date)
        sources = Counter(one.source for one in found if one.source)
        return Facets(
            len(found),
            years=tuple(Facet(year, count) for year, count in sorted(years.items(), reverse=True)),
            sources=tuple(Facet(name, count) for name, count in sources.most_common()),
        )

    def marks(self, article: Article, question: Question) -> tuple[Span, ...]:
        """Return where the words stand in the text."""
        return self._spans(article.text, question.query, question.typos)

    def complete(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return words of the text of all articles."""
        words = sorted({*re.findall(r"\w+", PARAGRAPH.lower())})
        return tuple(word for word in words if word.startswith(prefix.lower()))[:limit]

    def refresh(self) -> bool:
        """There is never anything new."""
        return False

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _found(
        self, question: Question, typos: bool
    ) -> tuple[Sequence[int], list[str], tuple[Correction, ...]]:
        words, corrections = self._words(question.query, typos)
        found: Sequence[int] = (
            range(len(self.shelf))
            if words == ["all"]
            else [
                n
                for n in range(min(len(self.shelf), 300))
                if self._has(self.shelf[n], words, any if question.mode == "any" else all)
            ]
        )
        if question.filters:
            found = [n for n in found if self._passes(self.shelf[n], question)]
        return found[::-1] if question.sort == "oldest" else found, words, corrections

    def _passes(self, article: Article, question: Question) -> bool:
        values = {"source": article.source, "date": str(article.date.year) if article.date else ""}
        wanted: dict[str, set[str]] = {}
        for one in question.filters:
            wanted.setdefault(one.field, set()).add(one.value)
        return all(values.get(field, "") in some for field, some in wanted.items())

    def _words(self, query: str, typos: bool) -> tuple[list[str], tuple[Correction, ...]]:
        words, corrections = [], []
        for match in re.finditer(r"=?\w+", query.lower()):
            meant = self.corrections.get(match[0]) if typos else None
            words.append(meant or match[0].lstrip("="))
            if meant:
                corrections.append(Correction(match[0], (meant,), match.start(), match.end()))
        return words, tuple(corrections)

    def _has(self, article: Article, words: list[str], enough: Callable[[Iterable[bool]], bool]) -> bool:
        text = f"{article.title} {article.text}".lower()
        return enough(re.search(rf"\b{re.escape(word)}\b", text) is not None for word in words)

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
        title = self._spans(found.title, query, typos)
        return Hit(found, 1.0, rank, (passage,), title, fold=self.folds.get(found.id))


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
    notes: Sequence[str] = ()

    def as_dict(self) -> dict[str, object]:
        """Return some of what a library tells."""
        return {"articles": self.articles, "skipped": {"binary": 2}, "roots": []}


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
    rebuilt: int = 0
    damage: Sequence[object] = ()

    def __post_init__(self) -> None:
        self.gate.set()

    def update(
        self,
        paths: Sequence[Path] = (),
        *,
        rebuild: bool = False,
        progress: Callable[[Any], None] | None = None,
        stop: threading.Event | None = None,
    ) -> FakeReport:
        """Report progress once, wait for the gate, and have indexed."""
        self.updated += paths
        self.rebuilt += rebuild
        if any(path.name == "refused" for path in paths):
            raise RootProblem(paths[0], "cannot be read", "choose another folder")
        if progress is not None:
            progress(FakeProgress())
        self.reached.set()
        while not self.gate.wait(0.005):
            if stop is not None and stop.is_set():
                raise UpdateStopped("indexing was stopped", "the library is as it was")
        self.held = self.articles
        return FakeReport(self.articles, skipped=self.skipped)

    def status(self) -> FakeReport:
        """Return what it holds."""
        return FakeReport(self.held)

    def check(self) -> Sequence[object]:
        """Return the damage."""
        return self.damage


def services(search: FakeSearch, library: FakeLibrary | None = None, known: Sequence[Path] = ()) -> Services:
    """Return services that open `search` over anything, and make `library`."""

    def create(where: Path) -> FakeLibrary:
        assert library is not None
        return library

    def open_library(where: Path) -> FakeLibrary:
        if where.name == "broken":
            raise LibraryMissing(where)
        return FakeLibrary(where)

    return Services(lambda _library: search, create, open_library, lambda: list(known))
