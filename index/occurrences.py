"""Where a word stands in chosen articles of a library, by arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, LiveSegment, Numbers

_Places = tuple[Numbers, NDArray[np.int64]]


def occurrences(reader: LibraryReader, term: str, docs: Numbers, form: str = "") -> _Places:
    """Return where `term` occurs in `text` in the ascending `docs`, an entry an occurrence.

    The first array holds the places in `docs`, ascending, the second the positions, ascending for each
    article. With `form`, only the occurrences that were written as that surface form.
    """
    name, surface = (text.encode("utf-8", "surrogatepass") for text in (term, form))
    found: list[_Places] = []
    for segment in reader.segments:
        first, last = np.searchsorted(docs, (segment.base, segment.base + segment.reader.doc_count)).tolist()
        if first < last:
            owners, positions = _in_segment(segment, name, docs[first:last] - segment.base, surface)
            found.append((owners + first if first else owners, positions))
    if len(found) == 1:
        return found[0]
    nothing = (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64))
    owners, positions = (np.concatenate(parts) for parts in zip(nothing, *found, strict=True))
    return owners, positions


def _in_segment(segment: LiveSegment, term: bytes, docs: Numbers, form: bytes) -> _Places:
    words = segment.reader.words("text")
    number = words.terms.find(term) if words is not None else -1
    forms = words.forms(number) if words is not None and number >= 0 and form else []
    if words is None or number < 0 or (form and form not in forms):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64)
    own, freqs = words.decoded(number)
    at = np.searchsorted(own, docs)
    at[at == len(own)] = 0
    there = np.flatnonzero(own.take(at) == docs)
    several = len(forms) > 1
    owners, positions, ranks = words.occurrences(number, at.take(there), freqs, ranks=several)
    if ranks is not None:
        kept = np.flatnonzero(ranks == forms.index(form))
        owners, positions = owners.take(kept), positions.take(kept)
    return there.take(owners), positions
