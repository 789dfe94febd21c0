"""Which words of a text a query marks, and as what kind of match.

Only places where a match can begin are looked at: those where a surface form that the library knows for
the query's words stands in the text, and words with letters that are not ASCII. So the marks of a text of
a million characters cost little more than finding a few words in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis import Analyzer
from index.value import Record, field
from search.results import MatchKind, Span
from search.terminal import whole_character

_LITERAL = {kind: place for place, kind in enumerate(MatchKind)}


class Mark(NamedTuple):
    """A marked stretch of a text and the number of the query item that it matches.

    `meant` is the form, as typed or as corrected, that the word was looked for as; "" for phrases.
    `others` are further items that match here. `reach` is where all that belongs to it ends: the last of
    words that were asked for near each other; 0 if that is `end`.
    """

    start: int
    end: int
    kind: MatchKind
    item: int
    meant: str = ""
    others: tuple[int, ...] = ()
    reach: int = 0


class PhraseItem(NamedTuple):
    """Words that are wanted together: side by side in this order, or near each other in any.

    With `exact` only these forms count, otherwise these stems. `within` is the largest distance between
    the first and the last of words in any order, in words; 0 asks for them side by side. `kind` is that of
    a match whose forms differ, or, if it is not STEM, of each match.
    """

    stems: tuple[str, ...]
    forms: tuple[str, ...]
    exact: bool
    item: int
    within: int = 0
    kind: MatchKind = MatchKind.STEM


class _Match(NamedTuple):
    """What a word matches: as what kind, the item, the form it was looked for as, further items."""

    kind: MatchKind
    item: int
    meant: str
    others: tuple[int, ...]


class _Word(NamedTuple):
    """What is known of a word of the text: its form and stem, and what it matches by itself."""

    form: str
    stem: str
    match: _Match | None


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
    _known: dict[str, dict[str, _Word]] = field(default_factory=dict)
    _needles: tuple[str, ...] | None = None

    def add_form(self, form: str, item: int, kind: MatchKind = MatchKind.EXACT) -> None:
        """Look for a word as written."""
        self.forms.setdefault(form, []).append((item, kind))

    def find(self, text: str, analyzer: Analyzer, part: str = "body") -> list[Mark]:
        """Return the marks in `text` (a `title` or a `body`), ascending by start.

        A phrase is one mark from its first to its last word and wins over the words in it; phrases may
        overlap each other. Words near each other are marked one by one.
        """
        known = self._known.setdefault(part, {})
        words: list[tuple[re.Match[str], _Word]] = []
        for match in self._candidates(text, analyzer):
            raw = match[0]
            word = known.get(raw)
            if word is None:
                word = known[raw] = self._word(*analyzer.term(raw), part)
            words.append((match, word))
        found = [
            Mark(match.start(), match.end(), word.match.kind, *word.match[1:])
            for match, word in words
            if word.match is not None and word.form
        ]
        phrases = [phrase for phrase in self.phrases if self._belongs(phrase.item, part)]
        if phrases and words:
            whole: list[Mark] = []
            near: list[Mark] = []
            for phrase in phrases:
                if phrase.within:
                    near += _near(phrase, words, text, analyzer)
                else:
                    whole += _side_by_side(phrase, words, text, analyzer)
            found = _joined(found, sorted(near), sorted(whole))
        return found if text.isascii() else [_whole(mark, text) for mark in found]

    def _word(self, form: str, stem: str, part: str) -> _Word:
        """Return a word with the most literal way in which it matches an item of this part."""
        found: list[tuple[int, int, MatchKind, str]] = []
        for item, kind in self.forms.get(form, ()):
            found.append((_LITERAL[kind], item, kind, form))
        for item, meant, otherwise in self.stems.get(stem, ()):
            kind = MatchKind.EXACT if form == meant and otherwise is MatchKind.STEM else otherwise
            found.append((_LITERAL[kind], item, kind, meant))
        begins = [item for prefix, item in self.prefixes if form.startswith(prefix)]
        begins += [item for pattern, item in self.patterns if pattern.fullmatch(form)]
        found += [(_LITERAL[MatchKind.PREFIX], item, MatchKind.PREFIX, "") for item in begins]
        found = sorted(match for match in found if self._belongs(match[1], part))
        if not found:
            return _Word(form, stem, None)
        _, item, kind, meant = found[0]
        others = tuple(dict.fromkeys(match[1] for match in found if match[1] != item))
        return _Word(form, stem, _Match(kind, item, meant, others))

    def _belongs(self, item: int, part: str) -> bool:
        return self.parts.get(item, part) == part

    def _candidates(self, text: str, analyzer: Analyzer) -> Iterator[re.Match[str]]:
        """Yield the words of `text` at which something may match, in order."""
        if self._needles is None:
            self._needles = self._beginnings()
        places = None if "" in self._needles else _places(text, self._needles)
        if places is None:
            return analyzer.matches(text)
        return _words_at(text, places, analyzer.pattern(text))

    def _beginnings(self) -> tuple[str, ...]:
        """Return how the ASCII words begin that can match, in small letters; ("",) if any word may."""
        wanted = {*self.forms, *(prefix for prefix, _ in self.prefixes)}
        wanted |= {_literal_beginning(pattern.pattern) for pattern, _ in self.patterns}
        stems = set(self.stems)
        for phrase in self.phrases:
            if phrase.exact and not phrase.within:
                wanted.add(phrase.forms[0])
            elif phrase.exact:
                wanted.update(phrase.forms)
            else:
                stems.update(phrase.stems if phrase.within else phrase.stems[:1])
        if stems and self.forms_of is None:
            return ("",)
        for stem in stems:
            wanted.update(self.forms_of(stem) if self.forms_of is not None else ())
        # An acronym's form ends with a full stop that its text may lack.
        plain = sorted({form.rstrip(".") for form in wanted if form.isascii()})
        shortest: list[str] = []
        for form in plain:
            if not shortest or not form.startswith(shortest[-1]):
                shortest.append(form)
        return tuple(shortest)


def _literal_beginning(pattern: str) -> str:
    """Return the letters with which all that the pattern of a wildcard matches must begin."""
    found = re.match(r"[a-z0-9]*+(?![?*+{|])", pattern)
    return "" if found is None or "|" in pattern else found[0]


def _places(text: str, needles: Collection[str]) -> list[int] | None:
    """Return, ascending, where a needle begins a word, and all that is not ASCII; None for "anywhere"."""
    plain = text.isascii()
    low = text.lower()
    if not plain and (len(low) != len(text) or 8 * len(_BEYOND_ASCII.sub("", text)) < 7 * len(text)):
        return None
    found: list[int] = []
    find = low.find
    for needle in needles:
        at = find(needle)
        while at >= 0:
            if not at or not low[at - 1].isalnum():
                found.append(at)
            at = find(needle, at + 1)
    if not plain:
        found += [match.start() for match in _BEYOND_ASCII.finditer(text)]
    if len(needles) > 1 or not plain:
        found.sort()
    return found


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _words_at(text: str, places: Iterable[int], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the word in which each of the ascending `places` lies, once; no word holds a space."""
    done = 0
    for place in places:
        if place < done:
            continue
        start = max(text.rfind(" ", done, place), text.rfind("\n", done, place)) + 1 or done
        for match in pattern.finditer(text, start):
            if match.end() > place:
                done = match.end() if match.start() <= place else match.start()
                if match.start() <= place:
                    yield match
                break
        else:
            return


def _side_by_side(
    phrase: PhraseItem, words: Iterable[tuple[re.Match[str], _Word]], text: str, analyzer: Analyzer
) -> Iterator[Mark]:
    """Yield a mark for each place where the words of a phrase stand side by side."""
    first_stem, first_form = phrase.stems[0], phrase.forms[0]
    for first, word in words:
        if word.stem != first_stem or (phrase.exact and word.form != first_form):
            continue
        same, end = word.form == first_form, first.end()
        following = _following(text, end, analyzer)
        for stem, form in zip(phrase.stems[1:], phrase.forms[1:], strict=True):
            there = next(following, None)
            if there is None or there[2] != stem or (phrase.exact and there[1] != form):
                break
            same, end = same and there[1] == form, there[0].end()
        else:
            yield Mark(first.start(), end, _kind(phrase, same), phrase.item)


def _kind(phrase: PhraseItem, same: bool) -> MatchKind:
    return MatchKind.EXACT if same and phrase.kind is MatchKind.STEM else phrase.kind


def _following(text: str, start: int, analyzer: Analyzer) -> Iterator[tuple[re.Match[str], str, str]]:
    """Yield the words from `start` on, the end of a word, with their forms and stems."""
    for match in analyzer.pattern(text).finditer(text, start):
        form, stem = analyzer.term(match[0])
        if form:
            yield match, form, stem


def _near(
    phrase: PhraseItem, words: Iterable[tuple[re.Match[str], _Word]], text: str, analyzer: Analyzer
) -> Iterator[Mark]:
    """Yield a mark for each word of a phrase that stands near all its other words."""
    own = set(phrase.forms if phrase.exact else phrase.stems)
    found = [(match, word) for match, word in words if (word.form if phrase.exact else word.stem) in own]
    positions = [0]
    for (one, _), (other, _) in pairwise(found):
        positions.append(positions[-1] + _distance(text, one, other, phrase.within, analyzer))
    reach = [0] * len(found)  # of each word that stands in a window with all words: where that ends
    last = 0
    for first in range(len(found)):
        while last < len(found) and positions[last] - positions[first] <= phrase.within:
            last += 1
        window = found[first:last]
        if len({word.form if phrase.exact else word.stem for _, word in window}) == len(own):
            end = window[-1][0].end()
            reach[first:last] = [max(end, there) for there in reach[first:last]]
    for (match, word), end in zip(found, reach, strict=True):
        if end:
            kind = _kind(phrase, word.form in phrase.forms)
            yield Mark(match.start(), match.end(), kind, phrase.item, reach=end)


def _distance(text: str, one: re.Match[str], other: re.Match[str], most: int, analyzer: Analyzer) -> int:
    """Return how many words lie from one word to a later one, or `most` + 1 if they are more."""
    for count, (match, _, _) in enumerate(_following(text, one.end(), analyzer), 1):
        if match.start() >= other.start() or count > most:
            return count
    return most + 1


def _joined(words: Iterable[Mark], near: Iterable[Mark], phrases: Sequence[Mark]) -> list[Mark]:
    """Return all marks in order, of two for one word the more literal; phrases take in what lies in them."""
    single: dict[int, Mark] = {}
    for mark in (*near, *words):
        known = single.get(mark.start)
        single[mark.start] = mark if known is None else _more_literal(known, mark)
    taken: dict[int, list[Mark]] = {}
    rest: list[Mark] = []
    open_ones: list[int] = []
    following = 0
    for mark in sorted(single.values()):
        while following < len(phrases) and phrases[following].start <= mark.start:
            open_ones.append(following)
            following += 1
        open_ones = [place for place in open_ones if phrases[place].end > mark.start]
        inside = [place for place in open_ones if mark.end <= phrases[place].end]
        for place in inside:
            taken.setdefault(place, []).append(mark)
        if not inside:
            rest.append(mark)
    for place, phrase in enumerate(phrases):
        items = [item for mark in taken.get(place, ()) for item in (mark.item, *mark.others)]
        rest.append(phrase._replace(others=tuple(dict.fromkeys(items))))
    return sorted(rest)


def _more_literal(one: Mark, other: Mark) -> Mark:
    """Return the more literal of two marks of one word, with the items and the reach of both."""
    best, worse = sorted((one, other), key=lambda mark: (_LITERAL[mark.kind], mark.item))
    items = dict.fromkeys((*best.others, worse.item, *worse.others))
    items.pop(best.item, None)
    return best._replace(others=tuple(items), reach=max(one.reach, other.reach))


def _whole(mark: Mark, text: str) -> Mark:
    """Return a mark that cuts no character in two: it takes in the combining marks that follow it."""
    end = whole_character(text, mark.end)
    return mark if end == mark.end else mark._replace(end=end)


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
