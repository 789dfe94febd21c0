"""What a query is made of once it is parsed: a tree of frozen nodes, free of any library.

Every leaf keeps [start, end) in characters of the query, for notes, corrections and carets. `field` is ""
for the whole article, else one of `CONTENT`. `boost` multiplies the score.
"""

from __future__ import annotations

from datetime import date

from index.value import Value
from search.results import Note

#: Fields whose words are searched.
CONTENT = ("title", "text")
#: Fields that keep or leave out articles by what is known of them, and their days.
FACTS = ("source", "author", "path", "id")
DAYS = ("date", "since", "until")
FIELDS = (*CONTENT, *FACTS, *DAYS)


class Word(Value):
    """One chunk of query text without spaces; it may hold several words (`Daesh/ISIS`).

    `exact` asks for the word as written. `edits` is how many edits away it may be found at its own
    request (`word~2`): 0 forbids corrections, None leaves them to the settings of the search.
    """

    text: str
    start: int
    end: int
    field: str = ""
    exact: bool = False
    edits: int | None = None
    boost: float = 1.0


class Wildcard(Value):
    """A pattern of words: `*` stands for any characters, `?` for one."""

    text: str
    start: int
    end: int
    field: str = ""
    boost: float = 1.0


class Phrase(Value):
    """Words as written that must stand side by side in this order; `text` is what the quotes held.

    With `within`, they stand in any order, the last at most so many words after the first.
    """

    text: str
    start: int
    end: int
    field: str = ""
    within: int = 0
    boost: float = 1.0


class Fact(Value):
    """A condition on what is known of an article: `field` is one of `FACTS`.

    `exact` asks for the value as a whole; `quoted` ones hold no wildcards.
    """

    field: str
    text: str
    start: int
    end: int
    exact: bool = False
    quoted: bool = False


class Period(Value):
    """A condition on an article's date: from `first` to `last`, both included, None without end."""

    field: str
    text: str
    start: int
    end: int
    first: date | None
    last: date | None


class Group(Value):
    """Items side by side: plain ones, required ones (`+`) and excluded ones (`-`, NOT)."""

    plain: tuple[Node, ...]
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()


class AllOf(Value):
    """Operands of AND."""

    items: tuple[Node, ...]


class AnyOf(Value):
    """Operands of OR."""

    items: tuple[Node, ...]


Filter = Fact | Period
Leaf = Word | Wildcard | Phrase | Fact | Period
Node = Leaf | Group | AllOf | AnyOf


class ParsedQuery(Value):
    """A query as parsed: `tree` is None if nothing in it can be searched for."""

    text: str
    tree: Node | None
    notes: tuple[Note, ...] = ()
