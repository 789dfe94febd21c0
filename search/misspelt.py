"""The words that `word~2` stands for: all that are so few edits away."""

from __future__ import annotations

from typing import NamedTuple

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.edits import words_near

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

    Of more than `MOST_STEMS` it is only known how many forms there are. See `search/edits.py` for what an
    edit is.
    """
    found: dict[str, Neighbour] = {}
    words = words_near(reader, form, edits)
    for near in sorted(words, key=lambda one: (one.edits, -one.articles, one.form)):
        if len(found) == MOST_STEMS:
            return list(found.values()), len(words)
        stem = analyzer.stem(near.form)
        if stem not in found:
            found[stem] = Neighbour(stem, near.form, near.edits)
    return list(found.values()), len(found)
