"""Which words of a library are few edits away from a typed one."""

from __future__ import annotations

from typing import NamedTuple

from index.reading import LibraryReader


class NearWord(NamedTuple):
    """A surface form, the edits to it, and the number of articles that have it (deleted ones included)."""

    form: str
    edits: int
    articles: int


def words_near(reader: LibraryReader, form: str, edits: int, *, same_first: bool = False) -> list[NearWord]:
    """Return the words at most `edits` edits from `form`, itself among them, in no order.

    An edit is an insertion, a deletion, a replacement or a swap of neighbours (optimal string alignment, by
    RapidFuzz). With `same_first`, those that are more than one edit away begin with the same letter.
    """
    from rapidfuzz import process  # not at the top: most searches correct nothing
    from rapidfuzz.distance import OSA

    counts = reader.forms_near(form, edits, same_first=same_first)
    found = process.extract(form, list(counts), scorer=OSA.distance, score_cutoff=edits, limit=None)
    return [
        NearWord(word, int(distance), counts[word])
        for word, distance, _ in found
        if not same_first or distance < 2 or word[0] == form[0]
    ]
