"""Words that stand for many: all forms that look like a pattern, all stems a few edits away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.patterns import FormSet, postings_of
from index.postings import Postings
from search import bm25
from search.evaluate import Evaluator
from search.matches import NOTHING, Matches
from search.own_query import OwnQuery


class AnyForm(OwnQuery):
    """Any of a set of surface forms, as if all were one word.

    `less` are the same forms of the title, where they are wanted in the body only.
    """

    def __init__(self, forms: FormSet, less: FormSet | None = None, boost: float = 1.0) -> None:
        super().__init__(boost)
        self.forms, self.less = forms, less
        self._found: Matches | None = None

    @property
    def is_whole(self) -> bool:
        """True if no form that fits was left out."""
        return all(forms.kept == forms.count for forms in (self.forms, self.less) if forms is not None)

    @property
    def work(self) -> int:
        """What it takes to read the articles, see `index/patterns.py`."""
        return self.forms.work + (0 if self.less is None else self.less.work)

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the articles with such a form; kept, since it may be asked again."""
        if self._found is None:
            self._found = self._read(evaluator)
        return self._found.boosted(self.boost)

    def _read(self, evaluator: Evaluator) -> Matches:
        postings = postings_of(evaluator.reader, self.forms)
        if self.less is not None:
            title = postings_of(evaluator.reader, self.less)
            freqs = postings.freqs.copy()
            places = np.searchsorted(postings.docs, title.docs)
            there = (
                (places < len(postings.docs))
                & (postings.docs.take(np.minimum(places, len(postings.docs) - 1)) == title.docs)
                if len(postings.docs)
                else np.zeros(len(title.docs), dtype=np.bool_)
            )
            freqs[places[there]] -= title.freqs[there]
            left = np.flatnonzero(freqs > 0)
            postings = Postings(postings.docs.take(left), freqs.take(left))
        return evaluator.scored(postings).matches()


class AnyStem(OwnQuery):
    """A word that may be misspelt: its best variant counts, never their sum.

    `variants` are (stem, share of the score that it keeps). All weigh as one word that is found wherever
    any of them is: what is rare because it is misspelt must not win by that.
    """

    def __init__(self, field: str, variants: Sequence[tuple[str, float]], boost: float = 1.0) -> None:
        super().__init__(boost)
        self.fieldname, self.variants = field, tuple(variants)

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the articles with any of the stems, scored by the best of them."""
        most: dict[float, NDArray[np.float64]] = {}
        anywhere = np.zeros(evaluator.reader.size, dtype=np.bool_)
        for stem, share in self.variants:
            term = evaluator.term(wq.Term(self.fieldname, stem)).source
            freqs = most.setdefault(share, np.zeros(evaluator.reader.size))
            freqs[term.docs] = np.maximum(freqs[term.docs], term.weights)
            anywhere[term.docs] = True
        docs = np.flatnonzero(anywhere)
        if not len(docs):
            return NOTHING
        weight = bm25.idf(evaluator.reader.count, len(docs)) * self.boost
        best = np.zeros(len(docs))
        for share, freqs in most.items():
            scores = bm25.scores(freqs.take(docs), evaluator.norms.take(docs), weight * share)
            np.maximum(best, scores, out=best)
        return Matches(docs, best)
