"""Which words of a text a query marks, and as what kind of match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from index.analysis import Analyzer
from index.value import Record, field
from search.results import MatchKind, Span

_LITERAL = {kind: place for place, kind in enumerate(MatchKind)}


class Mark(NamedTuple):
    """A marked stretch of a text and the number of the query item that it matches."""

    start: int
    end: int
    kind: MatchKind
    item: int


#: Languages in which a stem may begin otherwise than its word.
_FREE = ("arabic", "russian")
#: What a word matches: how literally (0 is most), as what kind, and which item of the query.
_Match = tuple[int, MatchKind, int]


class Marker(Record):
    """The words that a query looks for; items are numbered in the order of the query.

    `forms` has the words as written (`=word`); `stems` maps a stem to (item, the form as typed or meant,
    kind when the form differs); `phrases` are (stems, forms, whether only those forms count, item).
    `weights` has the idf of each item. An item whose `parts` entry is "title" or "body" marks only there.
    """

    stems: dict[str, list[tuple[int, str, MatchKind]]] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    prefixes: list[tuple[str, int]] = field(default_factory=list)
    phrases: list[tuple[tuple[str, ...], tuple[str, ...], bool, int]] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)
    _known: dict[str, dict[str, _Match | None]] = field(default_factory=dict)
    _initials: frozenset[str] = frozenset()

    def find(self, text: str, analyzer: Analyzer, part: str = "body") -> list[Mark]:
        """Return the marks in `text` (a `title` or a `body`), ascending by start.

        A phrase is one mark from its first to its last word and wins over the words in it; phrases may
        overlap each other.
        """
        matches: Iterable[re.Match[str]] = analyzer.matches(text)
        phrases: list[Mark] = []
        if self.phrases:
            matches = list(matches)
            phrases = sorted(self._phrases(matches, analyzer, part))
        marks: list[Mark] = []
        known = self._known.setdefault(part, {})
        covered, following = 0, iter(phrases)
        ahead = next(following, None)
        for match in matches:
            raw = match[0]
            try:
                found = known[raw]
            except KeyError:
                found = self._word(*analyzer.term(raw), part) if self._may_match(raw, analyzer) else None
                known[raw] = found
            if found is None:
                continue
            start, end = match.span()
            while ahead is not None and ahead.start <= start:
                covered = max(covered, ahead.end)
                marks.append(ahead)
                ahead = next(following, None)
            if start >= covered:
                marks.append(Mark(start, end, found[1], found[2]))
        if ahead is not None:
            marks += [ahead, *following]
        return marks

    def _may_match(self, raw: str, analyzer: Analyzer) -> bool:
        """Return False for a word that cannot match, judged by its first letter; saves most of the stemming.

        Stemmers take off endings, so a stem begins as its word does; but Arabic's also takes off prefixes,
        and the Russian one turns Latin letters into others.
        """
        if not self._initials:
            words = [*self.stems, *self.forms, *(prefix for prefix, _ in self.prefixes)]
            words += [stem for stems, _, _, _ in self.phrases for stem in stems]
            self._initials = frozenset(word[0] for word in words if word) or frozenset(" ")
        first = raw[0]
        return first.lower() in self._initials or not first.isascii() or analyzer.language in _FREE

    def _word(self, form: str, stem: str, part: str) -> _Match | None:
        """Return the most literal way in which a word matches an item of this part."""
        found: list[_Match] = []
        if form and form in self.forms:
            found.append((0, MatchKind.EXACT, self.forms[form]))
        for item, meant, otherwise in self.stems.get(stem, ()):
            kind = MatchKind.EXACT if form == meant and otherwise is MatchKind.STEM else otherwise
            found.append((_LITERAL[kind], kind, item))
        for prefix, item in self.prefixes:
            if form.startswith(prefix):
                found.append((_LITERAL[MatchKind.PREFIX], MatchKind.PREFIX, item))
        if not found:
            return None
        return min((match for match in found if self._belongs(match[2], part)), default=None)

    def _belongs(self, item: int, part: str) -> bool:
        return self.parts.get(item, part) == part

    def _phrases(self, matches: Iterable[re.Match[str]], analyzer: Analyzer, part: str) -> Iterator[Mark]:
        words: list[re.Match[str]] = []
        stems: list[str] = []
        for match in matches:
            form, stem = analyzer.term(match[0]) if self._may_match(match[0], analyzer) else (" ", " ")
            if form:
                words.append(match)
                stems.append(stem)
        for wanted, forms, exact, item in self.phrases:
            if self._belongs(item, part):
                for first, last in _runs(stems, wanted):
                    same = all(
                        analyzer.term(words[first + at][0])[0] == form for at, form in enumerate(forms)
                    )
                    if same or not exact:
                        kind = MatchKind.EXACT if same else MatchKind.STEM
                        yield Mark(words[first].start(), words[last].end(), kind, item)


def _runs(words: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run of `words` that equals `wanted`."""
    length, at = len(wanted), -1
    try:
        while True:
            at = words.index(wanted[0], at + 1)
            if tuple(words[at : at + length]) == tuple(wanted):
                yield at, at + length - 1
    except ValueError:
        return


def spans(marks: Iterable[Mark], start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Return the marks that lie in [start, end) as spans that count from `start`.

    Marks that overlap become one span of the less literal kind.
    """
    found: list[Span] = []
    for mark in marks:
        if mark.start < start or (end is not None and mark.end > end):
            continue
        span = Span(mark.start - start, mark.end - start, mark.kind)
        if found and span.start < found[-1].end:
            last = found.pop()
            kind = max(last.kind, span.kind, key=_LITERAL.__getitem__)
            span = Span(last.start, max(last.end, span.end), kind)
        found.append(span)
    return tuple(found)
