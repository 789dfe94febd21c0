"""Which lines of an article tell nothing of it, because they stand in many articles.

Nothing is counted when a library is built. A line is looked up in the index like any phrase when a passage
would show it; most are settled by one word that is too rare.
"""

from __future__ import annotations

import numpy as np
from whoosh import query as wq

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.evaluate import Evaluator

#: A line is common from so many articles on: one in a thousand, but neither fewer nor more than these.
FEWEST, MOST = 6, 20
#: Words that are compared, from the first on.
_COMPARED = 12
#: So many of the rarest words must stand in many articles together before the line is looked up.
_INTERSECTED = 3
#: Longer ones are paragraphs, as are those that go on in the next line.
_LONGEST_LINE = 160
_KEPT_LINES = 4096


class Boilerplate:
    """Knows the common lines of one generation of a library; safe to use from several threads."""

    def __init__(self, reader: LibraryReader, analyzer: Analyzer, evaluator: Evaluator) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._evaluator = evaluator
        self._least = max(FEWEST, min(MOST, reader.count // 1000))
        self._known: dict[str, bool] = {}

    def is_common(self, line: str) -> bool:
        """Return whether the words with which `line` begins stand side by side in many articles.

        A line without any word tells nothing either.
        """
        if len(line) > _LONGEST_LINE or "\n" in line:
            return False
        known = self._known.get(line)
        if known is None:
            known = self._is_common(line)
            if len(self._known) >= _KEPT_LINES:
                self._known = {}  # a new one: threads may be in the old one now
            self._known[line] = known
        return known

    def _is_common(self, line: str) -> bool:
        stems = [stem for _, stem in self._analyzer.terms(line)][:_COMPARED]
        counts: dict[str, int] = {}
        for stem in sorted(set(stems), key=len, reverse=True):  # long words are rare
            counts[stem] = self._reader.article_count(stem)
            if counts[stem] < self._least:
                return False
        rarest = sorted(counts, key=lambda stem: (counts[stem], stem))[:_INTERSECTED]
        docs = None
        for stem in rarest:
            own = self._reader.postings("text", stem).docs
            docs = own if docs is None else np.intersect1d(docs, own, assume_unique=True)
            if len(docs) < self._least:
                return False
        return not stems or len(self._evaluator.matches(wq.Phrase("text", stems)).docs) >= self._least
