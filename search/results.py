"""What a search answers: frozen values, free of segments, files and screens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from index.article import Article
from index.value import Value

if TYPE_CHECKING:
    from search.explanation import Explanation


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


class PartKind(StrEnum):
    """What a part of a query is: how its own parts are combined, or what it asks for."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    MORE = "more"  # adds to the score of what the others find
    WORD = "word"
    EXACT = "exact"
    WILDCARD = "wildcard"
    FUZZY = "fuzzy"
    JOINED = "joined"  # words side by side, in any form
    PHRASE = "phrase"
    NEAR = "near"
    CONDITION = "condition"


class Part(Value):
    """A part of a query as it was understood.

    `text` is the part in byline's own notation, after corrections, [`start`, `end`) the stretch of the
    query that it comes from. Parts of kind `all`, `any`, `not` and `more` have `parts` of their own.
    """

    kind: PartKind
    text: str
    start: int = 0
    end: int = 0
    parts: tuple[Part, ...] = ()


class ReasonKind(StrEnum):
    """What a reason tells of a word of the query: how it was read, or that the article lacks it."""

    SPELLING = "spelling"
    TYPO = "typo"
    MISSING = "missing"


class Reason(Value):
    """Why a hit matches otherwise than as typed, for one word (or phrase) of the query.

    `typed` is as in the query; `matched` are the words of the article that stand for it, the nearest
    first, `edits` their distance; `inflected` says that only other forms of what was meant stand there.
    A missing word matched nothing.
    """

    kind: ReasonKind
    typed: str
    matched: tuple[str, ...] = ()
    edits: int = 0
    inflected: bool = False

    def __str__(self) -> str:
        if self.kind is ReasonKind.MISSING:
            return f"missing: {self.typed}"
        how = "spelling"
        if self.kind is ReasonKind.TYPO:
            how = f"{self.edits} typo{'' if self.edits == 1 else 's'}"
        return f"{self.typed} → {', '.join(self.matched)} ({how}{', stem' if self.inflected else ''})"


class Fold(Value):
    """The copies of an article: how many others, and the first and last date of all of them and itself."""

    copies: int
    first: datetime | None = None
    last: datetime | None = None

    def __str__(self) -> str:
        text = f"+{self.copies:,} cop{'y' if self.copies == 1 else 'ies'}"
        if self.first is None or self.last is None:
            return text
        same_day = self.first.date() == self.last.date()
        last = f"{self.last:%H:%M}" if same_day else f"{self.last:%Y-%m-%d %H:%M}"
        return f"{text}, first {self.first:%Y-%m-%d %H:%M}, last {last}"


class Hit(Value):
    """One article found. `rank` counts from 1 over the whole result; `score` is 0 when sorted by date.

    `fold` tells of the copies that the hit stands for, None where there are none or they are not folded.

    `reasons` say what was not found as typed: words read otherwise first, then missing ones, each in the
    order of the query. `explanation` is there if it was asked for.
    """

    article: Article
    score: float
    rank: int
    passages: tuple[Passage, ...]
    title_spans: tuple[Span, ...] = ()
    reasons: tuple[Reason, ...] = ()
    fold: Fold | None = None
    explanation: Explanation | None = None


class PartCount(Value):
    """In how many articles a part of the query stands; [`start`, `end`) is where it stands in the query."""

    text: str
    articles: int
    start: int
    end: int


class RemedyKind(StrEnum):
    """What is changed of a query that finds nothing."""

    CORRECT = "correct"
    WIDEN = "widen"
    UNFILTER = "unfilter"
    DROP = "drop"
    ANY = "any"


class Remedy(Value):
    """A search that finds something in place of one that does not.

    `query` finds `articles` articles: for UNFILTER without the days given as
    options, for ANY when any of the words is enough. `change` says in words what differs.
    """

    kind: RemedyKind
    query: str
    articles: int
    change: str


class Diagnosis(Value):
    """Why a query finds nothing.

    `parts` count what each part finds alone, in the order of the query; `emptied_by` names those that empty
    the answer: parts that no article has, or else what is excluded, or else parts without each of which
    something would be found (all, if more than one would have to go). `by_date` says that without the days
    given as options something would be found. `remedies` are what would help, if anything does.
    """

    parts: tuple[PartCount, ...]
    emptied_by: tuple[str, ...]
    by_date: bool = False
    remedies: tuple[Remedy, ...] = ()


class Results(Value):
    """One page of an answer.

    `total` is the exact number of articles found, independent of `offset` and of the page's length.
    `understood` is the query in byline's own notation after corrections, `parsed` the same as a tree (None
    if there is nothing in it to search for). `seconds` is the time spent searching, passages included.
    `diagnosis` is there if nothing was found, `suggestion` if words are not corrected and the query would
    find more if they were. Where copies of a story are folded, `stories` is what `total`
    is if each story counts once, else it is None.
    """

    query: str
    understood: str
    total: int
    offset: int
    hits: tuple[Hit, ...]
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    seconds: float = 0.0
    diagnosis: Diagnosis | None = None
    parsed: Part | None = None
    stories: int | None = None
    suggestion: Remedy | None = None
