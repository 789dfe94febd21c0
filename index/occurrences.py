"""Where a word stands in chosen articles of a library, by arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, Numbers


def occurrences(reader: LibraryReader, term: str, docs: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
    """Return where `term` occurs in `text` in the ascending living `docs`, an entry an occurrence.

    The first array holds the places in `docs`, ascending, the second the positions, ascending for each
    article.
    """
    found = reader.term("text", term)
    inside, places = found.find(docs)
    if not len(inside):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64)
    where = found.occurrences(places, np.zeros(len(places), dtype=np.int64))
    counts = np.diff(where.firsts, append=len(where.positions))
    return np.repeat(inside, counts), where.positions
