"""Words near each other, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.evaluate import Evaluator
from search.matches import Matches
from search.own_query import OwnQuery
from search.runs import Word, counted, keys_of, portions, put_together, terms_of


class Near(OwnQuery):
    """Words of which the last stands at most `within` words after the first.

    `words` are (stem, form) pairs: a word counts as that form only, or as any form of the stem if the form
    is "". One that is asked for twice must stand there twice. `field` is `text`, `title` or `body`. The
    frequency of an article is the number of its occurrences of the words at which such a stretch ends.
    """

    def __init__(self, field: str, words: Sequence[tuple[str, str]], within: int, boost: float = 1.0) -> None:
        super().__init__(boost)
        self.fieldname, self.within = field, within
        self.words = tuple(Word(stem, form) for stem, form in words)
        self._found: Matches | None = None

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the articles with such a stretch, scored as one word of that frequency; kept."""
        if self._found is None:
            self._found = self._read(evaluator)
        return self._found.boosted(self.boost)

    def _read(self, evaluator: Evaluator) -> Matches:
        reader, wanted = evaluator.reader, Counter(self.words)
        terms = terms_of(reader, list(wanted))
        found = []
        if terms:
            for portion in portions(reader, terms, self.within, evaluator.buffers):
                places = keys_of(portion, terms, list(wanted))
                ends = stretches([places[word] for word in wanted], list(wanted.values()), self.within)
                found.append(counted(reader, portion, ends, self.fieldname))
        return evaluator.scored(put_together(found)).matches()


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
