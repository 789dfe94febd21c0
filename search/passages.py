"""The best passages of an article for a query: whole sentences with their marks.

A sentence is worth the distinct items of the query that it holds, by their weight and by how literally it
has them, and more the closer they stand together. Lines that stand in many articles, and the title once
more, are passed over while anything else has marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from search.marks import Mark, spans
from search.results import MatchKind, Passage
from search.sentences import REACH, Prose, is_own_line, sentences
from search.terminal import whole_character

#: Characters that a passage may have; longer sentences are cut at words around their marks.
LONGEST_PASSAGE = 320
MOST_PASSAGES = 3

#: Share of an item's weight that a match of each kind is worth.
_WORTH = {
    MatchKind.EXACT: 1.0,
    MatchKind.STEM: 0.95,
    MatchKind.SPELLING: 0.95,
    MatchKind.PREFIX: 0.9,
    MatchKind.TYPO: 0.8,
}
#: What neighbours of the query side by side add, as a share of the lighter one's weight; half of it at the
#: distance of `_HALF` characters.
_CLOSE = 0.6
_HALF = 25
#: What is left of the worth of a line that stands in many articles, or repeats the title.
_COMMON = 0.02
#: The first sentence of so many characters opens an article; before it stand bylines, dates and the like.
_SHORTEST_LEAD = 40
_FIRST_SENTENCES = 12

#: Of more marks than this only those in the best so many stretches are looked at.
_MOST_MARKS = 300
_STRETCHES = 30

#: Whether a line stands in many articles.
IsCommon = Callable[[str], bool]


class _Candidate:
    """A sentence with marks; `items` has the worth of each item in it, `close` what their closeness adds.

    `share` is what is left of its worth, None until it was asked whether the line is common.
    """

    __slots__ = ("close", "end", "items", "marks", "share", "start")

    def __init__(self, start: int, end: int, marks: list[Mark], share: float | None = None) -> None:
        self.start, self.end, self.marks, self.share = start, end, marks, share
        self.items: dict[int, float] = {}
        self.close = 0.0

    def value(self, seen: Iterable[int] = ()) -> float:
        """Return what the sentence adds to those that show the items `seen`."""
        new = sum(worth for item, worth in self.items.items() if item not in seen)
        return (new and new + self.close) * (1.0 if self.share is None else self.share)


def best_passages(
    text: str,
    marks: Sequence[Mark],
    weights: dict[int, float],
    most: int = MOST_PASSAGES,
    title: str = "",
    is_common: IsCommon | None = None,
) -> tuple[Passage, ...]:
    """Return up to `most` passages, the best first; without marks, the sentence that opens the text.

    A further passage must bring an item that the ones before it lack. A phrase that goes on in the next
    sentence joins the two, and so do chosen sentences that follow each other and are short enough.
    `is_common` is asked of few lines, those that would be shown.
    """
    if not marks:
        lead = _lead(text, title, is_common)
        return () if lead is None else (_cut(text, *lead, (), weights),)
    if len(marks) > _MOST_MARKS:
        marks = _promising(marks, weights)
    candidates = [
        _valued(_Candidate(start, end, inside), weights) for start, end, inside in _marked(text, marks)
    ]
    chosen: list[_Candidate] = []
    seen: set[int] = set()
    while len(chosen) < most and (best := _best(candidates, seen)) is not None:
        if best.share is None and len(candidates) > 1:
            best.share = _share(text, best, title, is_common)
            if best.share < 1.0:
                continue
        chosen.append(best)
        seen.update(best.items)
    joined = list(_joined(text, chosen))
    return tuple(_cut(text, one.start, one.end, one.marks, weights) for one in joined)


def _promising(marks: Sequence[Mark], weights: dict[int, float]) -> list[Mark]:
    """Return the marks in and around the stretches of a passage's length that are worth most."""
    stretches: dict[int, set[int]] = {}
    for mark in marks:
        stretches.setdefault(mark.start // LONGEST_PASSAGE, set()).add(mark.item)
    worth = {number: sum(weights.get(item, 1.0) for item in items) for number, items in stretches.items()}
    best = sorted(worth, key=lambda number: (-worth[number], number))[:_STRETCHES]
    kept = {number + beside for number in best for beside in (-1, 0, 1)}
    return [mark for mark in marks if mark.start // LONGEST_PASSAGE in kept]


def _best(candidates: Iterable[_Candidate], seen: set[int]) -> _Candidate | None:
    """Return the candidate that adds most, the first of equals; None if none adds anything."""
    best, found = 0.0, None
    for candidate in candidates:
        value = candidate.value(seen)
        if value > best:
            best, found = value, candidate
    return found


def _share(text: str, one: _Candidate, title: str, is_common: IsCommon | None) -> float:
    """Return `_COMMON` for a line that tells nothing of this article, else 1."""
    line = text[one.start : one.end]
    if line == title:
        return _COMMON
    if is_common is None or not is_own_line(text, one.start, one.end):
        return 1.0
    return _COMMON if is_common(line) else 1.0


def _marked(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Yield each sentence that has marks, with them; sentences that a mark joins are one."""
    prose = Prose(text)
    at = earliest = 0
    while at < len(marks):
        inside: list[Mark] = []
        begin = reach = 0
        for start, end in prose.sentences(prose.start(marks[at].start, earliest)):
            if not inside:
                begin = start
            while at < len(marks) and marks[at].start < end:
                inside.append(marks[at])
                reach = max(reach, marks[at].end, marks[at].reach)
                at += 1
            if inside and reach <= end:
                yield begin, end, inside
                inside = []
            earliest = end
            if at == len(marks) and not inside:
                break
            if not inside and marks[at].start > end + REACH:
                break


def _lead(text: str, title: str, is_common: IsCommon | None) -> tuple[int, int] | None:
    """Return the sentence that opens the text; None if it has none."""
    first = None
    for count, (start, end) in enumerate(sentences(text[: 4 * REACH])):
        first = first or (start, end)
        if count == _FIRST_SENTENCES:
            break
        if end - start < _SHORTEST_LEAD or text[start:end] == title:
            continue
        if is_common is None or not is_own_line(text, start, end) or not is_common(text[start:end]):
            return start, end
    return first


def _valued(one: _Candidate, weights: dict[int, float]) -> _Candidate:
    """Return the candidate with what its best stretch of a passage's length is worth."""
    marks = one.marks
    if one.end - one.start > LONGEST_PASSAGE:
        first, last = _densest(marks, weights)
        marks = [mark for mark in marks if first <= mark.start and mark.end <= last]
    one.items, one.close = _worth(marks, weights)
    return one


def _worth(marks: Sequence[Mark], weights: dict[int, float]) -> tuple[dict[int, float], float]:
    """Return what each item in the marks is worth, and what their closeness and repetition add."""
    items: dict[int, float] = {}
    close = 0.0
    before: Mark | None = None
    for mark in marks:
        share = _WORTH[mark.kind]
        for item in (mark.item, *mark.others):
            worth = share * (weights.get(item, 1.0) + 0.1)
            if worth > items.get(item, 0.0):
                items[item] = worth
        if before is not None:
            close += 0.02
            if before.item != mark.item:
                lighter = min(weights.get(before.item, 1.0), weights.get(mark.item, 1.0))
                close += _CLOSE * lighter / (1.0 + max(0, mark.start - before.end) / _HALF)
        before = mark
    return items, close


def _joined(text: str, chosen: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Yield the chosen sentences in their order; what follows a better one at once is joined to it."""
    left = list(chosen)
    while left:
        one = left.pop(0)
        for other in sorted(left, key=lambda candidate: candidate.start):
            first, second = (one, other) if one.start < other.start else (other, one)
            short = second.end - first.start <= LONGEST_PASSAGE
            if short and not text[first.end : second.start].strip(" ") and one.share == other.share:
                one = _Candidate(first.start, second.end, first.marks + second.marks, one.share)
                left.remove(other)
        yield one


def _cut(text: str, start: int, end: int, marks: Sequence[Mark], weights: dict[int, float]) -> Passage:
    """Return the sentence as a passage, cut at words to `LONGEST_PASSAGE` around its best marks.

    It is longer only if its best mark alone is.
    """
    if end - start > LONGEST_PASSAGE:
        first, last = _densest(marks, weights) if marks else (start, start)
        lead = min(max(LONGEST_PASSAGE - (last - first), 0) // 2, LONGEST_PASSAGE // 4)
        left = max(start, min(first - lead, end - LONGEST_PASSAGE))
        if left > start:
            start = _word_start(text, left, first)
        right = min(end, start + LONGEST_PASSAGE)
        if right < end:
            end = _word_end(text, last, right) or (last if marks else whole_character(text, right))
    return Passage(text[start:end], start, end, spans(marks, start, end))


def _densest(marks: Sequence[Mark], weights: dict[int, float]) -> tuple[int, int]:
    """Return from where to where the marks go that fit in one passage and are worth most."""
    best, found = -1.0, (marks[0].start, marks[0].end)
    counts: dict[int, int] = {}
    value = 0.0
    first = 0
    for mark in marks:
        worth = weights.get(mark.item, 1.0) + 0.1
        value += 0.05 if counts.get(mark.item) else worth
        counts[mark.item] = counts.get(mark.item, 0) + 1
        while marks[first] is not mark and mark.end - marks[first].start > LONGEST_PASSAGE:
            item = marks[first].item
            counts[item] -= 1
            value -= 0.05 if counts[item] else weights.get(item, 1.0) + 0.1
            first += 1
        if value > best + 1e-9:
            best, found = value, (marks[first].start, mark.end)
    return found


def _word_start(text: str, at: int, limit: int) -> int:
    """Return the first start of a word after white space in [at, limit), else `limit`."""
    for place in range(at, limit):
        if text[place].isspace() and not text[place + 1].isspace() and not _is_mark(text[place + 1]):
            return place + 1
    return limit


def _word_end(text: str, limit: int, at: int) -> int:
    """Return the last end of a word before white space in [limit, at], else 0."""
    for place in range(at, limit - 1, -1):
        if text[place].isspace() and place and not text[place - 1].isspace():
            return place
    return 0


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"
