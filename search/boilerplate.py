"""Which lines of an article tell nothing of it, because they stand in many articles.

Nothing is counted when a library is built. A line is looked up in the index like any phrase when a passage
would show it; most are settled by one word that is too rare.
"""

from __future__ import annotations

from whoosh import query as wq

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.evaluate import Evaluator

#: A line is common from so many articles on: one in a thousand, but neither fewer nor more than these.
FEWEST, MOST = 4, 20
#: Words that are compared, from the first on.
_COMPARED = 12
#: Words that are asked first whether they are too rare: the longest.
_ASKED = 4
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
        known = self._known.get(line)
        if known is None:
            known = self._is_common(line)
            if len(self._known) >= _KEPT_LINES:
                self._known = {}  # a new one: threads may be in the old one now
            self._known[line] = known
        return known

    def _is_common(self, line: str) -> bool:
        stems = [stem for _, stem in self._analyzer.terms(line[:1000])][:_COMPARED]
        longest = sorted(set(stems), key=lambda stem: (-len(stem), stem))[:_ASKED]
        if any(len(self._reader.postings("text", stem).docs) < self._least for stem in longest):
            return False
        if not stems:
            return True
        return len(self._evaluator.matches(wq.Phrase("text", stems)).docs) >= self._least
