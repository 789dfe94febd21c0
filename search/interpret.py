"""From a parsed query to what is searched in one library: a Whoosh query tree, marks and corrections.

Two steps: the plain words of the whole query are gathered, and `search/words.py` decides what each stands
for, since that also depends on the others; then clauses are built from the leaves up (`search/leaves.py`).
Side by side, up to `ALL_WORDS` words with content are all wanted; of longer queries any. Words without
content only order what the others found. Conditions on dates, sources and the like are no words: they
narrow whatever the rest finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whoosh import query as wq

from index.analysis import Analyzer
from index.reading import LibraryReader
from index.value import replace
from search import bm25
from search.clauses import Clause, Items, any_of, combine, every_of, none_of, weighted
from search.filters import Condition
from search.known import Known
from search.leaves import Leaves
from search.nodes import AllOf, AnyOf, Fact, Group, Node, ParsedQuery, Period, Wildcard, Word
from search.plan import Mode, Plan, QueryWord
from search.quick import LatePlan, Quick
from search.results import Note
from search.typos import Corrector
from search.words import Typed, Words

#: Up to so many words with content side by side, an article must have all of them.
ALL_WORDS = 4


class Interpreter:
    """Makes plans for one generation of a library."""

    def __init__(
        self, reader: LibraryReader, analyzer: Analyzer, corrector: Corrector, stop_words: frozenset[str]
    ) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._words = Words(reader, analyzer, corrector, stop_words)
        self._known = Known()
        self._quick = Quick(analyzer, self._words, ALL_WORDS)

    def plan(
        self,
        parsed: ParsedQuery,
        mode: Mode = Mode.AUTO,
        typos: bool = True,
        periods: Sequence[Period] = (),
        file_dates: bool = False,
        short: bool = False,
    ) -> Plan:
        """Return what to search for; a query without anything to search for gives a null query.

        `periods` are conditions beside those of the query. With `file_dates`, articles without a date of
        their own have that of their file in conditions. With `short`, plain words are at once only what finds
        articles (`search/quick.py`).
        """
        query = self._quick.query(parsed.tree, mode, typos) if short and not periods else None
        if query is not None:
            return LatePlan(query, lambda: self.plan(parsed, mode, typos, periods, file_dates))
        plan = Plan(wq.NullQuery, "")
        plan.marker.forms_of = self._reader.forms_of
        leaves = Leaves(self._reader, self._analyzer, self._known, plan, parsed.text, self._words, file_dates)
        tree = _within(parsed.tree, tuple(periods))
        if tree is not None:
            run = _Run(leaves, mode)
            leaves.readings = self._words.read(list(run.typed(tree)), typos)
            plan.open = not isinstance(tree, AllOf | Fact | Period)
            clause = run.group(tree, plan) if isinstance(tree, Group) else run.clause(tree)
            if clause is not None:
                plan.query, plan.understood, plan.parsed = clause.query, clause.shown, clause.seen
        plan.words = tuple(_side_by_side(leaves.found, parsed.text))
        plan.notes = sorted([*parsed.notes, *plan.notes], key=lambda note: note.start)
        if plan.parsed is None and not plan.notes:
            plan.notes = [Note("there is no word in this to search for", 0, len(parsed.text))]
        return plan


def _within(tree: Node | None, periods: tuple[Period, ...]) -> Node | None:
    """Return a tree narrowed by further conditions."""
    if tree is None or not periods:
        return tree
    if isinstance(tree, Group):
        return Group(tree.plain + periods, tree.required, tree.excluded)
    return Group((tree, *periods))


def _side_by_side(words: list[QueryWord], text: str) -> Iterator[QueryWord]:
    """Yield the words in the order of the query, each with whether it stands right after the one before."""
    end = -1
    for word in sorted(words, key=lambda word: word.start):
        follows = end >= 0 and text[end : word.start].isspace()
        yield replace(word, follows=True) if follows else word
        end = word.end


def _items(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below a node."""
    if isinstance(node, Group):
        return node.plain + node.required + node.excluded
    return node.items if isinstance(node, AllOf | AnyOf) else ()


def _start(node: Node) -> int:
    """Return where a node begins in the query."""
    if isinstance(node, Group | AllOf | AnyOf):
        return min(map(_start, _items(node)), default=0)
    return node.start


def _is_condition(node: Node) -> bool:
    """Return whether there is nothing but conditions in a node."""
    return isinstance(node, Fact | Period) or (bool(_items(node)) and all(map(_is_condition, _items(node))))


class _Run:
    """One query's way through the interpreter: how its leaves are combined."""

    def __init__(self, leaves: Leaves, mode: Mode) -> None:
        self.leaves, self.scope, self.mode = leaves, leaves.scope, mode

    def typed(self, node: Node, excluded: bool = False) -> Iterator[Typed]:
        """Yield the plain words below a node, in the order of the query."""
        if isinstance(node, Word):
            if self.leaves.is_plain(node):
                yield Typed(node, self.leaves.tokens(node.text)[0], excluded or node.edits == 0)
        elif isinstance(node, Group):
            items = [(item, excluded) for item in node.plain + node.required]
            items += [(item, True) for item in node.excluded]
            if node.required or node.excluded:
                items.sort(key=lambda pair: _start(pair[0]))
            for item, out in items:
                yield from self.typed(item, out)
        else:
            for item in _items(node):
                yield from self.typed(item, excluded)

    def clause(self, node: Node) -> Clause | None:
        """Return the clause of a node, or None if there is nothing in it to search for."""
        if isinstance(node, Group):
            return self.group(node)
        if not isinstance(node, AllOf | AnyOf):
            return self.leaves.clause(node)
        self.scope.choices += isinstance(node, AnyOf)
        found = [clause for clause in map(self.clause, node.items) if clause is not None]
        self.scope.choices -= isinstance(node, AnyOf)
        if not found:
            return None
        return every_of(found) if isinstance(node, AllOf) else any_of(found)

    def is_stop_word(self, node: Node) -> bool:
        """Return whether a node is a plain word that is so frequent that it says nothing."""
        if not isinstance(node, Word) or node.field or not self.leaves.is_plain(node):
            return False
        reading = self.leaves.readings.get(node.start)
        return reading is not None and not reading.content

    def group(self, group: Group, plan: Plan | None = None) -> Clause | None:
        """Return the clause of items side by side, None if there is nothing in them to search for.

        With `plan`, leave there how the query may be relaxed.
        """
        plain = [node for node in group.plain if not _is_condition(node) and not self.leaves.is_blank(node)]
        needed = [node for node in group.required if not _is_condition(node)]
        stops = [node for node in plain if self.is_stop_word(node)]
        dropped = set(map(id, stops))
        content = [node for node in plain if id(node) not in dropped]
        if not content and not needed:
            content, stops = stops, []
        every = self.wants_all(content)
        strict = self.mode is Mode.AUTO
        must = [node for node in content if every or (strict and not isinstance(node, Word | Wildcard))]
        demanded = set(map(id, must))
        required = self.clauses(needed)
        items = Items(
            must=required + self.clauses(must),
            choice=[] if every else self.clauses([node for node in content if id(node) not in demanded]),
            extra=self.clauses(stops, bm25.STOP_WORD_WEIGHT),
            excluded=self.excluded([node for node in group.excluded if not _is_condition(node)]),
            conditions=self.conditions(group),
        )
        if plan is not None:
            plan.condition = items.condition
            plan.open = not (required or items.excluded or items.conditions)
            if every and self.mode is Mode.AUTO:
                plan.parts = tuple(items.must)
                plan.must = frozenset(range(len(required)))
                plan.excluded = wq.Or([c.query for c in items.excluded]) if items.excluded else None
                plan.extra = wq.Or([c.query for c in items.extra]) if items.extra else None
        return combine(items)

    def wants_all(self, content: Sequence[Node]) -> bool:
        """Return whether an article must have all of these items."""
        if self.mode is not Mode.AUTO:
            return self.mode is Mode.ALL
        return sum(not isinstance(node, AllOf | AnyOf) for node in content) <= ALL_WORDS

    def clauses(self, nodes: Sequence[Node], boost: float = 1.0) -> list[Clause]:
        """Return the clauses of nodes; with a `boost` they only order what others find, unmarked."""
        outer, self.scope.share = self.scope.share, self.scope.share * boost
        self.scope.silent += boost < 1.0
        found = [clause for clause in map(self.clause, nodes) if clause is not None]
        self.scope.silent -= boost < 1.0
        self.scope.share = outer
        if boost == 1.0:
            return found
        return [replace(clause, query=weighted(clause.query, boost)) for clause in found]

    def excluded(self, nodes: Sequence[Node]) -> list[Clause]:
        """Return the clauses of what no article may have: nothing there is marked or corrected."""
        if not nodes:
            return []
        outer, self.scope.share = self.scope.share, 0.0
        self.scope.silent += 1
        found = [clause for clause in map(self.clause, nodes) if clause is not None]
        self.scope.silent -= 1
        self.scope.share = outer
        return found

    def conditions(self, group: Group) -> list[Clause]:
        """Return the conditions that stand in a group."""
        wanted = [node for node in group.plain + group.required if _is_condition(node)]
        unwanted = [node for node in group.excluded if _is_condition(node)]
        found = [clause for clause in map(self.clause, wanted) if clause is not None]
        found += [none_of(clause) for clause in map(self.clause, unwanted) if clause is not None]
        assert all(isinstance(clause.query, Condition) for clause in found)
        return found
