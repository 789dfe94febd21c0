"""What making a clause of any leaf needs: its words, notes, the numbers of its marks, and where it stands."""

from __future__ import annotations

from whoosh import query as wq

from index.analysis import Analyzer, Token
from index.reading import LibraryReader
from index.value import Record, field
from search import bm25
from search.clauses import Clause, weighted
from search.known import Known
from search.nodes import Leaf, Phrase, Wildcard, Word
from search.plan import Plan, QueryWord
from search.results import Note, Part, PartKind
from search.words import Reading, Words


class Scope(Record):
    """Where in the query the interpreter is.

    `share` is the part of their score that words keep, 0 inside an excluded part; `silent` is above 0
    where nothing is marked, `choices` inside OR, where an article need not have the words.
    """

    share: float = 1.0
    silent: int = 0
    choices: int = 0


class LeafMaker(Record):
    """One query's leaves on their way to clauses; leaves marks, corrections and notes in the plan."""

    reader: LibraryReader
    analyzer: Analyzer
    known: Known
    plan: Plan
    text: str
    words: Words
    file_dates: bool = False
    scope: Scope = field(default_factory=Scope)
    readings: dict[int, Reading] = field(default_factory=dict)
    found: list[QueryWord] = field(default_factory=list)
    work: int = -1
    near_work: int = 0
    patterns: int = 0
    nears: int = 0
    items: int = 0
    _tokens: dict[str, list[Token]] = field(default_factory=dict)

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a piece of query text."""
        known = self._tokens.get(text)
        if known is None:
            known = self._tokens[text] = list(self.analyzer.tokens(text))
        return known

    def is_plain(self, node: Word) -> bool:
        """Return whether a word is one word of any form, which may stand for others."""
        return not node.exact and not node.edits and len(self.tokens(node.text)) == 1

    def note(self, node: Leaf, text: str) -> None:
        """Add a note to the plan, about the stretch of the query that a leaf comes from."""
        self.plan.notes.append(Note(text, node.start, node.end))

    def item(self, node: Word | Wildcard | Phrase, weight: float) -> int:
        """Return the number of a new query item of this idf."""
        self.items += 1
        marker = self.plan.marker
        marker.weights[self.items] = weight
        marker.labels[self.items] = self.text[node.start : node.end]
        if self.scope.choices:
            marker.optional.add(self.items)
        if node.field:
            marker.parts[self.items] = "title" if node.field == "title" else "body"
        return self.items

    def weight(self, articles: int) -> float:
        """Return the idf of a word that so many articles have."""
        return bm25.idf(self.reader.count, min(articles, self.reader.count))

    def made(self, node: Word | Wildcard | Phrase, kind: PartKind, query: wq.Query, shown: str) -> Clause:
        """Return a leaf's clause with its weight, written in byline's notation."""
        text = (f"{node.field}:" if node.field else "") + shown
        if node.boost != 1.0:
            text += f"^{node.boost:g}"
        return Clause(weighted(query, node.boost), text, Part(kind, text, node.start, node.end))
