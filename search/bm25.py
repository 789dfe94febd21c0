"""BM25F as pure functions on arrays.

Source: S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
the idf that is never negative, ln(1 + (N - n + 0.5) / (n + 0.5)), as Lucene has it. A field's weight
multiplies its term frequencies and lengths before saturation (the F of BM25F): byline counts a title
`TITLE_WEIGHT` times, and since the field `text` holds the title once already, only the rest is added.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.5
B = 0.6
#: What the weights of postings (`index/postings.py`) hold ready.
TITLE_WEIGHT = 2.0
#: Share of their score that stop words keep: they order articles found by other words.
STOP_WORD_WEIGHT = 0.05

Floats = NDArray[np.float64]


def idf(articles: int, containing: int) -> float:
    """Return the weight of a term that stands in `containing` of `articles` articles (natural log)."""
    return math.log(1.0 + (articles - containing + 0.5) / (containing + 0.5))


def norms(lengths: Floats, mean: float) -> Floats:
    """Return each article's saturation constant k1·(1 - b + b·length / mean length)."""
    return K1 * (1.0 - B + B * lengths / max(mean, 1e-9))


def scores(freqs: NDArray[Any], norms_there: Floats, weight: float) -> Floats:
    """Return weight·(k1 + 1)·f / (f + norm), aligned with `freqs`; `weight` is the idf times any boost.

    `norms_there` is used as working memory: its contents are lost.
    """
    norms_there += freqs
    np.divide(freqs, norms_there, out=norms_there)
    norms_there *= weight * (K1 + 1.0)
    return norms_there
