"""The words that `word~2` stands for: all that are so few edits away."""

from __future__ import annotations

from typing import NamedTuple

from index.analysis import Analyzer
from index.reading import LibraryReader

#: So many stems are searched for one word at most, the nearest and most frequent.
MOST_STEMS = 200


class Neighbour(NamedTuple):
    """A stem of the library, the most frequent of its forms that is near, and the edits to that form."""

    stem: str
    form: str
    edits: int


def neighbours(
    reader: LibraryReader, analyzer: Analyzer, form: str, edits: int
) -> tuple[list[Neighbour], int]:
    """Return the stems with a form at most `edits` edits from `form`, nearest first, and how many there are.

    An edit is an insertion, a deletion, a replacement or a swap of neighbours (optimal string alignment).
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    counts = reader.forms_near(form, edits)
    near = process.extract(form, list(counts), scorer=OSA.distance, score_cutoff=edits, limit=None)
    found: dict[str, Neighbour] = {}
    for other, distance, _ in sorted(near, key=lambda one: (one[1], -counts[one[0]], one[0])):
        stem = analyzer.stem(other)
        if stem not in found:
            found[stem] = Neighbour(stem, other, int(distance))
    return list(found.values())[:MOST_STEMS], len(found)
