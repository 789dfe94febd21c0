"""What a search answers: frozen values, free of segments, files and screens."""

from __future__ import annotations

from enum import StrEnum

from index.article import Article
from index.value import Value


class MatchKind(StrEnum):
    """How a marked word came to match, from the most to the least literal."""

    EXACT = "exact"
    STEM = "stem"
    SPELLING = "spelling"
    PREFIX = "prefix"
    TYPO = "typo"


class Span(Value):
    """A marked stretch, in characters of the text it belongs to: [start, end)."""

    start: int
    end: int
    kind: MatchKind = MatchKind.EXACT


class Passage(Value):
    """A stretch of an article worth showing.

    `start` and `end` are offsets in `Article.text`; `spans` count from the beginning of `text`, ascend
    and never overlap.
    """

    text: str
    start: int
    end: int
    spans: tuple[Span, ...] = ()


class Correction(Value):
    """A query word that was replaced by (or joined with) other words.

    `start` and `end` are offsets in the query; `added` says that the typed word still counts.
    """

    typed: str
    meant: tuple[str, ...]
    start: int
    end: int
    edits: int = 1
    added: bool = False

    def __str__(self) -> str:
        return f"{self.typed} → {', '.join(self.meant)}"


class Note(Value):
    """Something the reader should know about how the query was understood; the span may be empty (0, 0)."""

    text: str
    start: int = 0
    end: int = 0


class Hit(Value):
    """One article found. `rank` counts from 1 over the whole result; `score` is 0 when sorted by date."""

    article: Article
    score: float
    rank: int
    passages: tuple[Passage, ...]
    title_spans: tuple[Span, ...] = ()
    reasons: tuple[str, ...] = ()


class Results(Value):
    """One page of an answer.

    `total` is the exact number of articles found, independent of `offset` and of the page's length.
    `understood` is the query in byline's own notation after corrections. `seconds` is the time spent
    searching, passages included.
    """

    query: str
    understood: str
    total: int
    offset: int
    hits: tuple[Hit, ...]
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0
