"""All articles that a query finds, as a set: to be counted and compared rather than read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.reading import LibraryReader, Numbers
from index.schema import NO_DATE
from index.value import Value
from search.folding import story_count
from search.plan import Plan

if TYPE_CHECKING:
    from search.facets import Facets
    from search.keyness import TypicalWord
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

        dates = self.reader.dates().take(self.docs)
        if file_dates:
            dates = np.where(dates == NO_DATE, self.reader.dates(from_files=True).take(self.docs), dates)
        return timeline(dates, None if by is None else Step(by))

    def facets(self) -> Facets:
        """Count the articles by year, month, source, author and folder."""
        from search.facets import facets

        return facets(self.reader, self.docs)

    def terms(self, count: int = 20, against: Found | None = None) -> tuple[TypicalWord, ...]:
        """Return words typical of these articles, against those of `against` or all others of the library.

        The query's own words and words without content are left out.
        """
        from search.keyness import typical_words

        asked = {stem for word in self.plan.words for stem, _, _ in word.stems}
        asked |= {word.form for word in self.plan.words}
        others = None if against is None else against.docs
        return typical_words(self.reader, self.docs, count, left_out=asked | self.stop_words, against=others)
