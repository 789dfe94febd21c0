"""All articles that a query finds, as a set: to be counted and compared rather than read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from index.value import Value
from search.folding import story_count
from search.plan import Plan

if TYPE_CHECKING:
    from search.comparison import Comparison
    from search.facets import Facets
    from search.keyness import TypicalWord
    from search.moments import Days
    from search.timeline import Step, Timeline


class Found(Value):
    """The articles `docs` (ascending numbers, which `reader` reads) and the plan behind them.

    `stop_words` are forms that say nothing of what an article is about.
    """

    reader: LibraryReader
    plan: Plan
    docs: Numbers
    stop_words: frozenset[str]

    @property
    def total(self) -> int:
        """How many articles were found."""
        return len(self.docs)

    @property
    def stories(self) -> int:
        """How many are left if copies of one story count once."""
        return story_count(self.docs, self.reader.copies)

    def timeline(self, by: Step | str | None = None, file_dates: bool = False) -> Timeline:
        """Count the articles by period; without `by`, one that fits. `file_dates` takes files' dates too."""
        from search.timeline import Step, timeline

        return timeline(self._dates(file_dates), None if by is None else Step(by))

    def compare(self, first: Days, second: Days, count: int = 20, file_dates: bool = False) -> Comparison:
        """Compare the articles of two times; at most `count` words of each trend.

        A time that is open at one end reaches to the first or the last date of the articles.
        """
        from search.comparison import Comparison, changed_words
        from search.timeline import period_of

        dates = self._dates(file_dates)
        (one, those), (other, these) = (period_of(dates, days) for days in (first, second))
        words = changed_words(self.reader, self.docs[those], self.docs[these], count, self._left_out)
        return Comparison(one, other, words)

    def _dates(self, file_dates: bool) -> NDArray[np.int64]:
        dates = self.reader.dates().take(self.docs)
        if not file_dates:
            return dates
        return np.where(dates == NO_DATE, self.reader.dates(from_files=True).take(self.docs), dates)

    def facets(self) -> Facets:
        """Count the articles by year, month, source, author and folder."""
        from search.facets import facets

        return facets(self.reader, self.docs)

    def terms(self, count: int = 20, against: Found | None = None) -> tuple[TypicalWord, ...]:
        """Return words typical of these articles, against those of `against` or all others of the library.

        The query's own words and words without content are left out.
        """
        from search.keyness import typical_words

        others = None if against is None else against.docs
        return typical_words(self.reader, self.docs, count, left_out=self._left_out, against=others)

    @property
    def _left_out(self) -> frozenset[str]:
        """The query's own words, and those without content."""
        asked = {stem for word in self.plan.words for stem, _, _ in word.stems}
        return self.stop_words | asked | {word.form for word in self.plan.words}
