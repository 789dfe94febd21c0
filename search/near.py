"""Words near each other, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.postings import Postings, TermPostings
from index.reading import LibraryReader, Numbers
from index.schema import TITLE_GAP
from search.best import all_of
from search.evaluate import Evaluator
from search.matches import NOTHING, Matches
from search.own_query import OwnQuery

Keys = NDArray[np.int64]

#: A key is a place in a list of articles, shifted, and a position there.
SHIFT = 32
POSITION = (1 << SHIFT) - 1


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
        terms = {stem: evaluator.reader.term("text", stem) for stem, _ in self.words}
        docs, places = all_of(list(terms.values()), evaluator.buffers)
        if not len(docs):
            return NOTHING
        at = dict(zip(terms, places, strict=True))
        wanted = Counter(self.words)
        keys = [
            _inside(evaluator.reader, docs, _keys(terms[stem], at[stem], form), self.fieldname)
            for stem, form in wanted
        ]
        ends = stretches(keys, list(wanted.values()), self.within)
        counts = np.bincount(ends >> SHIFT, minlength=len(docs)).astype(np.float64)
        there = np.flatnonzero(counts)
        return evaluator.scored(Postings(docs.take(there), counts.take(there)), self.boost).matches()


def _keys(term: TermPostings, places: Numbers, form: str) -> Keys:
    """Return the occurrences of a term, or of its `form`, at `places`, one an article, as ascending keys."""
    found = term.occurrences(places, np.arange(len(places)) << SHIFT)
    if not form:
        return found.positions
    kept: Keys = found.positions[term.written_as(form.encode("utf-8", "surrogatepass"), found.places)]
    return kept


def _inside(reader: LibraryReader, docs: Numbers, keys: Keys, field: str) -> Keys:
    """Return the keys that lie in the part of the article that `field` names."""
    if field == "text":
        return keys
    headings = reader.lengths("title").take(docs.take(keys >> SHIFT))
    in_title = (keys & POSITION) < headings + TITLE_GAP * (headings > 0)
    kept: Keys = keys[in_title if field == "title" else ~in_title]
    return kept


def stretches(places: Sequence[Keys], times: Sequence[int], within: int) -> Keys:
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
