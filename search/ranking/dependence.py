"""Sequential dependence: words side by side in the query should stand side by side in the article.

Source: D. Metzler, W. B. Croft, "A Markov random field model for term dependencies" (SIGIR 2005), its
sequential variant with its usual weights. What two neighbouring words add is counted twice over: how often
they stand one right after the other in order, and how often within `WINDOW` words in any order. Such a count
is scored like a word's, by BM25 (`search.bm25`), with the mean of the two words' weights in place of an idf
of the pair, which nothing but a search for the pair could tell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search import bm25
from search.matches import Floats

#: The shares of words, of pairs in order, of pairs in the window.
WORDS, ORDERED, NEAR = 0.85, 0.10, 0.05
#: Both words of a pair stand within so many words.
WINDOW = 8

#: Occurrences as ascending numbers: the place of the article in the high bits, the position in the low ones.
Keys = NDArray[np.int64]
#: Positions take so many bits of a key.
SHIFT = 32


def ordered(first: Keys, second: Keys, articles: int) -> NDArray[np.int64]:
    """Return how often the second word stands right after the first in each of the articles."""
    ends = first + 1
    return _counted(ends[_among(ends, second)], articles)


def near(first: Keys, second: Keys, articles: int) -> NDArray[np.int64]:
    """Return how many occurrences of the first word in each article have the second within the window."""
    if not len(second):
        return np.zeros(articles, dtype=np.int64)
    after = second.searchsorted(first)
    behind = np.abs(second.take(np.minimum(after, len(second) - 1)) - first)
    before = np.abs(first - second.take(np.maximum(after - 1, 0)))
    return _counted(first[np.minimum(behind, before) < WINDOW], articles)


def pair_scores(counts: NDArray[np.int64], norms: Floats, weight: float) -> Floats:
    """Return the BM25 scores of a pair that stands `counts` times in articles of these `norms`."""
    return bm25.scores(counts.astype(np.float64), norms.copy(), weight)


def combined(words: Floats, in_order: Floats, in_window: Floats) -> Floats:
    """Return the scores of the articles, from those of their words and of their pairs."""
    return WORDS * words + ORDERED * in_order + NEAR * in_window


def _among(keys: Keys, others: Keys) -> NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(keys), dtype=np.bool_)
    at = others.searchsorted(keys)
    found: NDArray[np.bool_] = others.take(np.minimum(at, len(others) - 1)) == keys
    return found


def _counted(keys: Keys, articles: int) -> NDArray[np.int64]:
    return np.bincount(keys >> SHIFT, minlength=articles)
