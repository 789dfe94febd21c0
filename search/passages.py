"""The best passages of an article for a query: whole sentences with their marks.

Sentences end at `.`, `!`, `?` or `…` before white space and a capital, a digit or a quotation mark, and at
every line break; titles (`Mr.`), initials (`J.`), acronyms (`U.S.`) and the like end none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.marks import Mark, spans
from search.results import Passage

#: Characters that a passage may have; longer sentences are cut at words around their marks.
LONGEST_PASSAGE = 320
MOST_PASSAGES = 3

_ENDINGS = re.compile(r"[.!?…]+[\"'”’)\]»]*(?=\s+[\"'“‘(\[«]*[^\W_a-zß-öø-ÿ])|\n+")
_NO_ENDING = re.compile(
    r"(?:^|[\s(\"'“‘])(?:mr|mrs|ms|dr|st|prof|gen|col|lt|sgt|capt|maj|sen|rep|gov|rev|hon|jr|sr|vs|no|nos|inc|ltd|co"
    r"|corp|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|fig|approx|e\.g|i\.e|[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_])\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of each sentence of `text`, trimmed, in order; blank ones are left out."""
    start = 0
    for match in _ENDINGS.finditer(text):
        end = match.end()
        if match[0][0] == "." and match[0] == "." and _NO_ENDING.search(text[max(start, end - 24) : end]):
            continue
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, len(text))


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
    """Return up to `most` passages in the order of the text; without marks, the text's first sentence.

    A sentence's value is the weight of the distinct query items in it, a little for each repetition; a
    further passage must bring an item that the ones before it lack.
    """
    if not marks:
        first = next(sentences(text), (0, 0))
        return (_cut(text, *first, ()),) if first[1] else ()
    candidates: list[tuple[float, int, int, list[Mark]]] = []
    at = 0
    for start, end in sentences(text):
        inside: list[Mark] = []
        while at < len(marks) and marks[at].start < end:
            inside.append(marks[at])
            at += 1
        if inside:
            value = sum(weights.get(item, 1.0) + 0.1 for item in {mark.item for mark in inside})
            candidates.append((value + 0.05 * len(inside), start, end, inside))
    candidates.sort(key=lambda candidate: (-candidate[0], candidate[1]))
    chosen: list[tuple[float, int, int, list[Mark]]] = []
    seen: set[int] = set()
    for candidate in candidates:
        items = {mark.item for mark in candidate[3]}
        if not chosen or items - seen:
            chosen.append(candidate)
            seen |= items
        if len(chosen) == most:
            break
    return tuple(_cut(text, start, end, inside) for _, start, end, inside in chosen)


def _cut(text: str, start: int, end: int, marks: Sequence[Mark]) -> Passage:
    """Return the sentence as a passage, cut at words to `LONGEST_PASSAGE` around its densest marks."""
    if end - start > LONGEST_PASSAGE:
        focus = marks[0].start if marks else start
        first = max(start, min(focus - LONGEST_PASSAGE // 4, end - LONGEST_PASSAGE))
        last = min(end, first + LONGEST_PASSAGE)
        gap = text.find(" ", first, focus) if first > start else -1
        start = gap + 1 if gap >= 0 else min(first, focus)
        gap = text.rfind(" ", start + 1, last) if last < end else -1
        end = max(gap if gap > focus else last, marks[0].end if marks else 0)
    return Passage(text[start:end], start, end, spans(marks, start, end))
