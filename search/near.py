"""Words near each other, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.reading import Postings
from search.evaluate import SHIFT, Evaluator
from search.matches import NOTHING, Matches
from search.own_query import OwnQuery


class Near(OwnQuery):
    """Words of which the last stands at most `within` words after the first.

    `words` are (stem, form) pairs: a word counts as that form only, or as any form of the stem if the form
    is "". One that is asked for twice must stand there twice. `field` is `text`, `title` or `body`. The
    frequency of an article is the number of its occurrences of the words at which such a stretch ends.
    """

    def __init__(self, field: str, words: Sequence[tuple[str, str]], within: int, boost: float = 1.0) -> None:
        super().__init__(boost)
        self.fieldname, self.words, self.within = field, tuple(words), within

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the articles with such a stretch, scored as one word of that frequency."""
        docs = evaluator.together(list(dict.fromkeys(stem for stem, _ in self.words)))
        if not len(docs):
            return NOTHING
        wanted = Counter(self.words)
        places = [evaluator.in_part(docs, evaluator.keys(docs, *word), self.fieldname) for word in wanted]
        ends = stretches(places, list(wanted.values()), self.within)
        counts = np.bincount(ends >> SHIFT, minlength=len(docs)).astype(np.float64)
        there = np.flatnonzero(counts)
        return evaluator.scored(Postings(docs.take(there), counts.take(there)), self.boost).matches()


def stretches(places: Sequence[NDArray[np.int64]], times: Sequence[int], within: int) -> NDArray[np.int64]:
    """Return the keys, ascending, at which a stretch with all the words ends.

    `places` has the ascending keys of each distinct word, `times` how often it must stand in a stretch.
    Keys of different articles are further apart than `within`.
    """
    if not all(len(place) >= count for place, count in zip(places, times, strict=True)):
        return np.zeros(0, dtype=np.int64)
    ends = np.sort(np.concatenate(places))
    for place, count in zip(places, times, strict=True):
        latest = np.searchsorted(place, ends, side="right") - count
        ends = ends[(latest >= 0) & (ends - place.take(np.maximum(latest, 0)) <= within)]
    return ends
