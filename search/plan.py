"""A query made ready for one library: what is searched, what is marked, what was understood."""

from __future__ import annotations

from enum import StrEnum

from whoosh import query as wq

from index.value import Record, Value, field
from search.clauses import Clause
from search.filters import Condition
from search.marks import Marker
from search.results import Correction, MatchKind, Note, Part


class Mode(StrEnum):
    """Whether words side by side are all wanted, any of them, or as their number says."""

    AUTO = "auto"
    ALL = "all"
    ANY = "any"


class QueryWord(Value):
    """A plain word of the query that adds to scores.

    `form` is the word as typed, `stems` what is searched for it: each stem with its share of the score
    (1 for the word itself) and how it came to stand there. `part` is the part of the article that is
    searched: "text" (all of it), "title" or "body". `weight` multiplies the word's score: less than 1 for
    words without content. `item` is its number among the marks. `follows` says that nothing but space lies
    between it and the word before it in `Plan.words`. `query` finds all of it, without its weight.
    """

    form: str
    stems: tuple[tuple[str, float, MatchKind], ...]
    part: str
    weight: float
    item: int
    start: int
    end: int
    follows: bool = False
    query: wq.Query | None = None


class Plan(Record):
    """A query made ready for one library.

    `understood` is the query in byline's own notation, `parsed` the same as a tree. `condition` is what all
    articles must meet; `query` sees to it already. `parts` are the clauses that an article of the answer must
    match all of, where the query is such a list and may be relaxed; `must` tells which of them may not be
    dropped; `excluded` and `extra` belong to the relaxed form. `words` are the plain words that are wanted
    (none that are excluded), in the order of the query. `open` says that nothing is demanded of an article
    but some of the words: no condition, no exclusion, no AND. `added` says that other words were added to one
    that the library has, whose articles come first (`search/tiers.py`).
    """

    query: wq.Query
    understood: str
    parsed: Part | None = None
    condition: Condition | None = None
    parts: tuple[Clause, ...] = ()
    must: frozenset[int] = frozenset()
    excluded: wq.Query | None = None
    extra: wq.Query | None = None
    words: tuple[QueryWord, ...] = ()
    open: bool = True
    marker: Marker = field(default_factory=Marker)
    corrections: list[Correction] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    added: bool = False
