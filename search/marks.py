"""Which words of a text a query marks, and as what kind of match.

Only places where a match can begin are looked at: those where a surface form that the library knows for
the query's words stands in the text, and words with letters that are not ASCII. So the marks of a text of
a million characters cost little more than finding a few words in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from index.analysis import Analyzer
from index.value import Record, field
from search.candidates import Needles, literal_beginning
from search.phrases import (
    LITERAL,
    Mark,
    MarkedWord,
    Match,
    PhraseItem,
    joined,
    near,
    side_by_side,
    whole_mark,
)
from search.results import MatchKind, Span

__all__ = ["Mark", "Marker", "PhraseItem", "spans"]

#: Long texts are searched in stretches of so many characters.
_STRETCH = 1 << 16


class Marker(Record):
    """The words that a query looks for; items are numbered in the order of the query.

    `forms` has words as written, `stems` maps a stem to (item, the form as typed or meant, kind when the
    form differs), `prefixes` and `patterns` (of whole forms) the words that begin or look so. `weights`
    has the idf of each item, `labels` what was typed for it. An item whose `parts` entry is "title" or
    "body" marks only there. Articles may lack the items that are `optional`: other words stand for them.
    `forms_of` gives the surface forms that the library has for a stem; without it every word is looked at.
    """

    stems: dict[str, list[tuple[int, str, MatchKind]]] = field(default_factory=dict)
    forms: dict[str, list[tuple[int, MatchKind]]] = field(default_factory=dict)
    prefixes: list[tuple[str, int]] = field(default_factory=list)
    patterns: list[tuple[re.Pattern[str], int]] = field(default_factory=list)
    phrases: list[PhraseItem] = field(default_factory=list)
    weights: dict[int, float] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    optional: set[int] = field(default_factory=set)
    forms_of: Callable[[str], Iterable[str]] | None = None
    _known: dict[str, dict[str, MarkedWord]] = field(default_factory=dict)
    _needles: Needles | None = None

    def add_form(self, form: str, item: int, kind: MatchKind = MatchKind.EXACT) -> None:
        """Look for a word as written."""
        self.forms.setdefault(form, []).append((item, kind))

    def find(
        self, text: str, analyzer: Analyzer, part: str = "body", enough: int | None = None
    ) -> list[Mark]:
        """Return the marks in `text` (a `title` or a `body`), ascending by start.

        A phrase is one mark from its first to its last word and wins over the words in it; phrases may
        overlap each other. Words near each other are marked one by one. With `enough`, the rest of a long
        text is left out once so many marks were found, and every item among them.
        """
        phrases = [phrase for phrase in self.phrases if self._belongs(phrase.item, part)]
        step = _STRETCH
        if enough is None or any(phrase.within for phrase in phrases):
            step = max(len(text), 1)
        single: list[Mark] = []
        close: list[Mark] = []
        whole: list[Mark] = []
        for matches in self._candidates(text, analyzer, step):
            words = self._known_words(matches, analyzer, part)
            single += [
                Mark(match.start(), match.end(), hit.kind, hit.item, hit.meant, hit.others)
                for match, word in words
                if (hit := word.match) is not None and word.form
            ]
            for phrase in phrases:
                if phrase.within:
                    close += near(phrase, words, text, analyzer)
                else:
                    whole += side_by_side(phrase, words, text, analyzer)
            if enough is not None and len(single) + len(whole) >= enough and self._all_in(single, whole):
                break
        found = joined(single, sorted(close), sorted(whole)) if close or whole else single
        return found if text.isascii() else [whole_mark(mark, text) for mark in found]

    def _all_in(self, *marks: list[Mark]) -> bool:
        """Return whether every item has a mark."""
        items = {item for some in marks for mark in some for item in (mark.item, *mark.others)}
        return items >= set(self.labels)

    def _known_words(
        self, matches: Iterable[re.Match[str]], analyzer: Analyzer, part: str
    ) -> list[tuple[re.Match[str], MarkedWord]]:
        known = self._known.setdefault(part, {})
        words = []
        for match in matches:
            raw = match[0]
            word = known.get(raw)
            if word is None:
                word = known[raw] = self._word(*analyzer.term(raw), part)
            words.append((match, word))
        return words

    def _word(self, form: str, stem: str, part: str) -> MarkedWord:
        """Return a word with the most literal way in which it matches an item of this part."""
        found: list[tuple[int, int, MatchKind, str]] = []
        for item, kind in self.forms.get(form, ()):
            found.append((LITERAL[kind], item, kind, form))
        for item, meant, otherwise in self.stems.get(stem, ()):
            kind = MatchKind.EXACT if form == meant and otherwise is MatchKind.STEM else otherwise
            found.append((LITERAL[kind], item, kind, meant))
        begins = [item for prefix, item in self.prefixes if form.startswith(prefix)]
        begins += [item for pattern, item in self.patterns if pattern.fullmatch(form)]
        found += [(LITERAL[MatchKind.PREFIX], item, MatchKind.PREFIX, "") for item in begins]
        found = sorted(match for match in found if self._belongs(match[1], part))
        if not found:
            return MarkedWord(form, stem, None)
        _, item, kind, meant = found[0]
        others = tuple(dict.fromkeys(match[1] for match in found if match[1] != item))
        return MarkedWord(form, stem, Match(kind, item, meant, others))

    def _belongs(self, item: int, part: str) -> bool:
        return self.parts.get(item, part) == part

    def _candidates(self, text: str, analyzer: Analyzer, step: int) -> Iterator[Iterable[re.Match[str]]]:
        """Yield, for each `step` characters, the words of `text` at which something may match, in order."""
        if self._needles is None:
            self._needles = Needles(self._beginnings())
        return self._needles.words(text, analyzer.pattern(text), step)

    def _beginnings(self) -> Iterable[str]:
        """Return how the forms begin of the words that can match; "" if any word may."""
        wanted = {*self.forms, *(prefix for prefix, _ in self.prefixes)}
        wanted |= {literal_beginning(pattern.pattern) for pattern, _ in self.patterns}
        stems = set(self.stems)
        for phrase in self.phrases:
            if phrase.exact and not phrase.within:
                wanted.add(phrase.forms[0])
            elif phrase.exact:
                wanted.update(phrase.forms)
            else:
                stems.update(phrase.stems if phrase.within else phrase.stems[:1])
        if stems and self.forms_of is None:
            return [""]
        for stem in stems:
            wanted.update(self.forms_of(stem) if self.forms_of is not None else ())
        return wanted


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
            kind = max(last.kind, span.kind, key=LITERAL.__getitem__)
            span = Span(last.start, max(last.end, span.end), kind)
        found.append(span)
    return tuple(found)
