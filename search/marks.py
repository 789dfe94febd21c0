"""Which words of a text a query marks, and as what kind of match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from index.analysis import Analyzer, Token
from search.results import MatchKind, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of a text and the number of the query item that it matches."""

    start: int
    end: int
    kind: MatchKind
    item: int


@dataclass(slots=True)
class Marker:
    """The words that a query looks for; items are numbered in the order of the query.

    `stems` maps a stem to (item, the form as typed or meant, kind when the form differs); `weights` has
    the idf of each item. An item whose `parts` entry is "title" or "body" marks only there.
    """

    stems: dict[str, list[tuple[int, str, MatchKind]]] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    prefixes: list[tuple[str, int]] = field(default_factory=list)
    phrases: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)

    def find(self, text: str, analyzer: Analyzer, part: str = "body") -> list[Mark]:
        """Return the marks in `text` (a `title` or a `body`), ascending and not overlapping.

        A phrase is one mark from its first to its last word and wins over the words in it.
        """
        tokens = list(analyzer.tokens(text))
        marks = [mark for mark in self._phrases(tokens) if self._belongs(mark, part)]
        covered = {at for mark in marks for at in range(mark.start, mark.end)} if marks else set()
        for token in tokens:
            mark = self._word(token, part)
            if mark is not None and mark.start not in covered:
                marks.append(mark)
        return sorted(marks, key=lambda mark: mark.start)

    def _belongs(self, mark: Mark, part: str) -> bool:
        return self.parts.get(mark.item, part) == part

    def _word(self, token: Token, part: str) -> Mark | None:
        candidates: list[Mark] = []
        if token.form in self.forms:
            candidates.append(Mark(token.start, token.end, MatchKind.EXACT, self.forms[token.form]))
        for item, form, otherwise in self.stems.get(token.stem, ()):
            same = token.form == form and otherwise is MatchKind.STEM
            candidates.append(Mark(token.start, token.end, MatchKind.EXACT if same else otherwise, item))
        for prefix, item in self.prefixes:
            if token.form.startswith(prefix):
                candidates.append(Mark(token.start, token.end, MatchKind.PREFIX, item))
        for mark in candidates:
            if self._belongs(mark, part):
                return mark
        return None

    def _phrases(self, tokens: list[Token]) -> Iterable[Mark]:
        for stems, item in self.phrases:
            free = 0
            for at in range(len(tokens) - len(stems) + 1):
                if at >= free and all(tokens[at + n].stem == stem for n, stem in enumerate(stems)):
                    free = at + len(stems)
                    yield Mark(tokens[at].start, tokens[free - 1].end, MatchKind.EXACT, item)


def spans(marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Return the marks within [start, end) as spans that count from `start`; overlaps are dropped."""
    found: list[Span] = []
    for mark in marks:
        inside = mark.start >= start and (end is None or mark.end <= end)
        if inside and (not found or mark.start - start >= found[-1].end):
            found.append(Span(mark.start - start, mark.end - start, mark.kind))
    return tuple(found)
