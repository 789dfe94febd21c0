"""What one version of a text changed against another, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from search.sentences import sentences

#: Sentences that share so much of their words count as one that was changed.
CHANGED = 0.5

_SPACE = re.compile(r"\s+")


class Change(StrEnum):
    """What happened to a sentence."""

    SAME = "same"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One sentence: as it was (`""` if it was added) and as it is (`""` if it was dropped), on one line."""

    change: Change
    old: str
    new: str


def differences(old: str, new: str) -> tuple[Difference, ...]:
    """Return every sentence of both texts in order; white space does not count.

    What was changed stands where it is now, what was dropped before what came in its place.
    """
    before, after = _sentences(old), _sentences(new)
    found: list[Difference] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        if before[first:last] == after[start:end]:
            found += [Difference(Change.SAME, one, one) for one in after[start:end]]
        else:
            found += _replaced(before[first:last], after[start:end])
    return tuple(found)


def changed_words(difference: Difference) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return the words of a sentence as it was and as it is, each with whether the other lacks it."""
    before, after = difference.old.split(), difference.new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    lost, come = [True] * len(before), [True] * len(after)
    for first, start, size in matcher.get_matching_blocks():
        lost[first : first + size] = come[start : start + size] = [False] * size
    return list(zip(before, lost, strict=True)), list(zip(after, come, strict=True))


def _sentences(text: str) -> list[str]:
    return [_SPACE.sub(" ", text[start:end]) for start, end in sentences(text)]


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    """Pair each sentence with the next one in order that is like it; what finds none came or went."""
    at = 0
    for now in after:
        place = next((place for place in range(at, len(before)) if _alike(before[place], now)), None)
        if place is None:
            yield Difference(Change.ADDED, "", now)
            continue
        yield from (Difference(Change.DROPPED, gone, "") for gone in before[at:place])
        yield Difference(Change.CHANGED, before[place], now)
        at = place + 1
    yield from (Difference(Change.DROPPED, gone, "") for gone in before[at:])


def _alike(one: str, other: str) -> bool:
    """Tell whether two sentences share `CHANGED` of the words of the longer one, in order."""
    words, others = one.split(), other.split()
    most = max(len(words), len(others))
    if min(len(words), len(others)) < CHANGED * most:
        return False
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) >= CHANGED * most
