"""The best passages of an article for a query: whole sentences with their marks.

Sentences end at `.`, `!`, `?` or `…` before white space and a capital, a digit or a quotation mark, and at
line breaks, but not at those that only wrap a paragraph to a width; titles (`Mr.`), initials (`J.`),
acronyms (`U.S.`) and the like end none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search.marks import Mark, spans
from search.results import Passage

#: Characters that a passage may have; longer sentences are cut at words around their marks.
LONGEST_PASSAGE = 320
MOST_PASSAGES = 3

_ENDINGS = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]»]*+(?=\s++[\"'“‘(\[«]*+[^\W_a-zß-öø-ÿ])|\n++",
)
#: A line of so many characters, followed at once by another, was broken to fit a width; so was any before
#: a small letter.
_WRAPPED = range(40, 101)
_NO_ENDING = re.compile(
    r"(?:^|[\s(\"'“‘])(?:mr|mrs|ms|dr|st|prof|gen|col|lt|sgt|capt|maj|sen|rep|gov|rev|hon|jr|sr|vs|no|nos|inc|ltd|co"
    r"|corp|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|fig|approx|e\.g|i\.e|[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_])\.$",
    re.IGNORECASE,
)


class _Candidate(NamedTuple):
    value: float
    start: int
    end: int
    marks: list[Mark]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each sentence of `text`, trimmed, in order; blank ones are left out."""
    start = 0
    for match in _ENDINGS.finditer(text):
        end = match.end()
        if match[0] == "." and _NO_ENDING.search(text[max(start, end - 24) : end]):
            continue
        if match[0] == "\n" and _is_wrapped(text, end):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


def _is_wrapped(text: str, after: int) -> bool:
    """Return whether the line break before `after` is inside a paragraph."""
    line = after - 1 - (text.rfind("\n", 0, after - 1) + 1)
    following = text[after : after + 1]
    return following.islower() or (line in _WRAPPED and bool(following) and not following.isspace())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def best_passages(
    text: str, marks: Sequence[Mark], weights: dict[int, float], most: int = MOST_PASSAGES
) -> tuple[Passage, ...]:
    """Return up to `most` passages, the best first; without marks, the text's first sentence.

    A sentence's value is the weight of the distinct query items in it, a little for each repetition; a
    further passage must bring an item that the ones before it lack. A phrase that goes on in the next
    sentence joins the two.
    """
    if not marks:
        first = next(sentences(text), (0, 0))
        return (_cut(text, *first, (), weights),) if first[1] else ()
    candidates = [
        _Candidate(_value(Counter(mark.item for mark in inside), weights), start, end, inside)
        for start, end, inside in _marked_sentences(text, marks)
    ]
    candidates.sort(key=lambda candidate: (-candidate.value, candidate.start))
    chosen: list[_Candidate] = []
    seen: set[int] = set()
    for candidate in candidates:
        items = {mark.item for mark in candidate.marks}
        if not chosen or items - seen:
            chosen.append(candidate)
            seen |= items
        if len(chosen) == most:
            break
    return tuple(_cut(text, start, end, inside, weights) for _, start, end, inside in chosen)


def _marked_sentences(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Yield each sentence that has marks, with them; sentences that a mark joins are one."""
    inside: list[Mark] = []
    at = begin = 0
    for start, end in sentences(text):
        if not inside:
            begin = start
        while at < len(marks) and marks[at].start < end:
            inside.append(marks[at])
            at += 1
        if inside and max(mark.end for mark in inside) <= end:
            yield begin, end, inside
            inside = []


def _value(items: Counter[int], weights: dict[int, float]) -> float:
    distinct = sum(weights.get(item, 1.0) + 0.1 for item, count in items.items() if count)
    return distinct + 0.05 * items.total()


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
            end = _word_end(text, last, right) or (last if marks else right)
    return Passage(text[start:end], start, end, spans(marks, start, end))


def _densest(marks: Sequence[Mark], weights: dict[int, float]) -> tuple[int, int]:
    """Return from where to where the marks go that fit in one passage and are worth most."""
    best, found = -1.0, (marks[0].start, marks[0].end)
    items: Counter[int] = Counter()
    first = 0
    for mark in marks:
        items[mark.item] += 1
        while marks[first] is not mark and mark.end - marks[first].start > LONGEST_PASSAGE:
            items[marks[first].item] -= 1
            first += 1
        value = _value(items, weights)
        if value > best:
            best, found = value, (marks[first].start, mark.end)
    return found


def _word_start(text: str, at: int, limit: int) -> int:
    """Return the first start of a word after white space in [at, limit), else `limit`."""
    for place in range(at, limit):
        if text[place].isspace() and not text[place + 1].isspace():
            return place + 1
    return limit


def _word_end(text: str, limit: int, at: int) -> int:
    """Return the last end of a word before white space in [limit, at], else 0."""
    for place in range(at, limit - 1, -1):
        if text[place].isspace() and place and not text[place - 1].isspace():
            return place
    return 0
