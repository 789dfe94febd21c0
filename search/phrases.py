"""Words of a text that stand together: phrases and words near each other, found from where one begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.analysis import Analyzer
from index.value import Value
from search.results import MatchKind
from search.terminal import whole_character

#: The kinds from the most to the least literal.
LITERAL = {kind: place for place, kind in enumerate(MatchKind)}


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


class PhraseItem(Value):
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


class Match(Value):
    """What a word matches: as what kind, the item, the form it was looked for as, further items."""

    kind: MatchKind
    item: int
    meant: str
    others: tuple[int, ...]


class MarkedWord(Value):
    """What is known of a word of the text: its form and stem, and what it matches by itself."""

    form: str
    stem: str
    match: Match | None


def side_by_side(
    phrase: PhraseItem, words: Iterable[tuple[re.Match[str], MarkedWord]], text: str, analyzer: Analyzer
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


def near(
    phrase: PhraseItem, words: Iterable[tuple[re.Match[str], MarkedWord]], text: str, analyzer: Analyzer
) -> Iterator[Mark]:
    """Yield a mark for each word of a phrase that stands near all its other words."""
    own = Counter(phrase.forms if phrase.exact else phrase.stems)
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
        if not own - Counter(word.form if phrase.exact else word.stem for _, word in window):
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


def joined(words: Iterable[Mark], near: Iterable[Mark], phrases: Sequence[Mark]) -> list[Mark]:
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
    best, worse = sorted((one, other), key=lambda mark: (LITERAL[mark.kind], mark.item))
    items = dict.fromkeys((*best.others, worse.item, *worse.others))
    items.pop(best.item, None)
    return best._replace(others=tuple(items), reach=max(one.reach, other.reach))


def whole_mark(mark: Mark, text: str) -> Mark:
    """Return a mark that cuts no character in two: it takes in the combining marks that follow it."""
    end = whole_character(text, mark.end)
    return mark if end == mark.end else mark._replace(end=end)
