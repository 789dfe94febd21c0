"""Why a query finds nothing, and what would help.

Everything is asked of the search itself: how many articles each part of the query has alone, and what the
query would find with a part dropped or changed. So what is offered finds what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, Protocol

from search.nodes import AllOf, AnyOf, Group, Node, Phrase, Word
from search.query import parse
from search.results import Diagnosis, PartCount, Remedy, RemedyKind

#: Parts of a query that are looked at, and remedies that are offered.
MOST_PARTS = 8
MOST_REMEDIES = 5
#: Of longer queries, and of those with more parts, it is only told what their first parts find.
LONGEST_HELPED = 500

#: What may stand before a word and belongs to it.
_BEFORE = re.compile(r"(?:[-+]|\bNOT\s+)*(?:[A-Za-z]+:)*[-+=]?$")
#: No more characters before a word belong to it.
_LONGEST_BEFORE = 100
_FIELD = re.compile(r"(?:title|text):")
_OPERATORS = re.compile(r"^\s*(?:(?:AND|OR)\s+)+|(?:\s+(?:AND|OR|NOT))+\s*$")
_TWO_OPERATORS = re.compile(r"\b(AND|OR)(?:\s+(?:AND|OR))+\b")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)")


class Ask(Protocol):
    """How many articles a query finds: in another mode, or without the options that filter by date."""

    def __call__(self, query: str, /, *, any_word: bool = False, filtered: bool = True) -> int:
        """Return the number of articles."""


class _Part(NamedTuple):
    """A part of the query with all that belongs to it, as [start, end) of the query."""

    node: Node
    text: str
    start: int
    end: int


def diagnose(
    query: str, ask: Ask, corrections: Callable[[str], Sequence[str]], filtered: bool
) -> Diagnosis | None:
    """Return the diagnosis of a query that finds nothing, None if there is nothing in it to search for.

    `corrections` gives the words that a typed one may stand for, the likeliest first; `filtered` tells
    whether options leave out articles by their date.
    """
    tree = parse(query).tree
    wanted = _parts(query, _wanted(tree))
    excluded = _parts(query, _excluded(tree))
    counts = tuple(PartCount(p.text, ask(p.text, filtered=False), p.start, p.end) for p in wanted)
    if not counts and not excluded:
        return None
    absent = [part for part, count in zip(wanted, counts, strict=True) if not count.articles]
    search = _Search(query, ask, corrections)
    if len(query) > LONGEST_HELPED or len(list(islice(_wanted(tree), MOST_PARTS + 1))) > MOST_PARTS:
        search.offer(RemedyKind.ANY, query, "any of the words", any_word=True)
        return Diagnosis(counts, tuple(part.text for part in absent or wanted), False, tuple(search.remedies))
    search.offer_corrections(absent)
    search.offer_wider(absent or wanted)
    from_any_day = filtered and search.offer(RemedyKind.UNFILTER, query, "from any day", filtered=False)
    excluding = bool(excluded) and search.offer_without(excluded, "-")
    alone = [parts for parts in _droppable(wanted, absent) if search.offer_without(parts)]
    if len(wanted) > 1:
        search.offer(RemedyKind.ANY, query, "any of the words", any_word=True)
    if absent:
        emptied = [part.text for part in absent]
    elif from_any_day:
        emptied = []
    elif excluding or not wanted:
        emptied = [f"-{part.text}" for part in excluded]
    else:
        emptied = [part.text for parts in alone for part in parts] or [part.text for part in wanted]
    return Diagnosis(counts, tuple(emptied), from_any_day, tuple(search.remedies[:MOST_REMEDIES]))


class _Search:
    """Tries changed queries and keeps those that find something."""

    def __init__(self, query: str, ask: Ask, corrections: Callable[[str], Sequence[str]]) -> None:
        self.query, self.ask, self.corrections = query, ask, corrections
        self.remedies: list[Remedy] = []

    def offer(
        self, kind: RemedyKind, text: str, change: str, *, any_word: bool = False, filtered: bool = True
    ) -> bool:
        """Keep a query if it finds anything; return whether it does."""
        found = self.ask(text, any_word=any_word, filtered=filtered) if text else 0
        if found:
            self.remedies.append(Remedy(kind, text, found, change))
        return found > 0

    def offer_corrections(self, absent: Iterable[_Part]) -> None:
        """Offer the query with each word that no article has replaced by what was meant most likely."""
        text = self.query
        changes: list[str] = []
        for part in sorted(absent, key=lambda part: -part.start):
            inside = self.query[part.start : part.end]
            for typed in dict.fromkeys(_words(part.node)):
                meant = self.corrections(typed)
                if meant and not self.ask(f"={typed}", filtered=False):
                    inside = inside.replace(typed, meant[0])
                    changes.insert(0, f"{typed} → {meant[0]}")
            text = text[: part.start] + inside + text[part.end :]
        if changes:
            self.offer(RemedyKind.CORRECT, text, ", ".join(changes))

    def offer_wider(self, parts: Iterable[_Part]) -> None:
        """Offer phrases as plain words, and words of one field anywhere."""
        for part in parts:
            before, after = self.query[: part.start], self.query[part.end :]
            field = _FIELD.match(part.text)
            if field:
                text = f"{before}{part.text[field.end() :]}{after}"
                self.offer(RemedyKind.WIDEN, text, f"{part.text[field.end() :]} anywhere in the article")
            elif isinstance(part.node, Phrase):
                text = f"{before}{part.node.text}{after}"
                self.offer(RemedyKind.WIDEN, text, f"{part.text} without quotation marks")

    def offer_without(self, parts: Sequence[_Part], sign: str = "") -> bool:
        """Offer the query without some of its parts; return whether that finds anything."""
        change = f"without {', '.join(f'{sign}{part.text}' for part in parts)}"
        return self.offer(RemedyKind.DROP, _without(self.query, parts), change)


def _words(node: Node) -> list[str]:
    """Return the words of a node as typed."""
    return re.findall(r"[\w'’]+", node.text) if isinstance(node, Word | Phrase) else []


def _droppable(wanted: Sequence[_Part], absent: Sequence[_Part]) -> Iterator[Sequence[_Part]]:
    """Yield which parts may be dropped together: those that no article has, else each alone."""
    if len(wanted) < 2:
        return
    if absent:
        yield absent
    else:
        yield from ([part] for part in wanted)


def _wanted(node: Node | None) -> Iterator[Node]:
    """Yield the parts that an article must have, those of OR as one."""
    if isinstance(node, Group):
        for item in (*node.required, *node.plain):
            yield from _wanted(item)
    elif isinstance(node, AllOf):
        for item in node.items:
            yield from _wanted(item)
    elif node is not None:
        yield node


def _excluded(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Group):
        yield from node.excluded
        for item in (*node.required, *node.plain):
            yield from _excluded(item)
    elif isinstance(node, AllOf):
        for item in node.items:
            yield from _excluded(item)


def _bounds(node: Node) -> tuple[int, int]:
    """Return [start, end) of a node in the query."""
    if isinstance(node, Group):
        items: tuple[Node, ...] = node.plain + node.required + node.excluded
    elif isinstance(node, AllOf | AnyOf):
        items = node.items
    else:
        return node.start, node.end
    bounds = [_bounds(item) for item in items]
    return min(start for start, _ in bounds), max(end for _, end in bounds)


def _parts(query: str, nodes: Iterable[Node]) -> list[_Part]:
    """Return the first of the parts that hold any word."""
    found = (_part(query, node) for node in nodes)
    return list(islice((part for part in found if re.search(r"\w", part.text)), MOST_PARTS))


def _part(query: str, node: Node) -> _Part:
    """Return a part with the field, sign or brackets before it."""
    start, end = _bounds(node)
    before = _BEFORE.search(query, max(0, start - _LONGEST_BEFORE), start)
    start = before.start() if before else start
    text = query[start:end]
    return _Part(node, text.lstrip("+-").removeprefix("NOT").strip(), start, end)


def _without(query: str, parts: Iterable[_Part]) -> str:
    """Return the query without some of its parts, and without the operators that stood between."""
    left = query
    for part in sorted(parts, key=lambda part: -part.start):
        left = f"{left[: part.start]} {left[part.end :]}"
    while (tidy := _EMPTY_BRACKETS.sub(" ", _OPERATORS.sub("", _TWO_OPERATORS.sub(r"\1", left)))) != left:
        left = tidy
    return " ".join(left.split())
