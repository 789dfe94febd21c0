"""Smoothing: articles that are like each other should score alike.

Source: F. Diaz, "Regularizing query-based retrieval scores" (Information Retrieval 10, 2007), in its simplest
form. Each of the best articles keeps half of its score and gets the other half from its nearest neighbours
among them, by the cosine of their BM25-weighted term vectors. Copies of the same story would only tell an
article its own score again, and are no neighbours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.value import Value
from search import bm25
from search.matches import Floats, Numbers

#: What `NEIGHBOURS` of them give of a score.
SHARE = 0.5
NEIGHBOURS = 10
#: Articles that are more alike are copies of each other.
COPY = 0.85
_DIGITS = 6


class Neighbours(Value):
    """The nearest neighbours of each article, a row an article, nearest first: places and likenesses.

    Where there are fewer, the likeness is 0.
    """

    places: Numbers
    likeness: Floats


def weights(freqs: NDArray[np.uint8], counts: NDArray[np.int64], articles: int, norms: Floats) -> Floats:
    """Return BM25 weights of terms that stand `freqs` times in articles of these norms, an entry each.

    `counts` of all `articles` have the term.
    """
    idf = np.log1p((articles - counts + 0.5) / (counts + 0.5))
    return bm25.scores(freqs.astype(np.float64), norms, 1.0) * idf


def likenesses(owners: Numbers, terms: NDArray[np.int64], values: Floats, articles: int) -> Floats:
    """Return the cosines of the articles' vectors, a square of `articles` rows; 0 for empty ones.

    An entry is the weight `values` of a term in the article `owners`; each article has a term once.
    """
    lengths = np.sqrt(np.bincount(owners, weights=values * values, minlength=articles))
    values = values / lengths.take(owners)
    _, columns, counts = np.unique(terms, return_inverse=True, return_counts=True)
    shared = counts > 1  # what stands in one of them only likens it to none
    inside = np.flatnonzero(shared.take(columns))
    matrix = np.zeros((articles, int(np.count_nonzero(shared))))
    column = np.cumsum(shared) - 1
    matrix[owners.take(inside), column.take(columns.take(inside))] = values.take(inside)
    found: Floats = matrix @ matrix.T
    return found


def nearest(likeness: Floats) -> Neighbours:
    """Return the nearest neighbours of each article; equals in the order of the articles."""
    rounded = np.round(likeness, _DIGITS)  # so that the order of a sum's parts decides nothing
    np.fill_diagonal(rounded, 0.0)
    rounded[rounded > COPY] = 0.0
    places = np.argsort(-rounded, axis=1, kind="stable")[:, :NEIGHBOURS]
    return Neighbours(places, np.take_along_axis(rounded, places, axis=1))


def smoothed(scores: Floats, neighbours: Neighbours) -> Floats:
    """Return the scores after their neighbours' were heard, the nearer the louder.

    An article with fewer than `NEIGHBOURS` hears less of them: of two articles each would else get the
    other's score.
    """
    own = kept(neighbours)
    heard = np.maximum(neighbours.likeness.sum(axis=1), 1e-9)
    told = (scores.take(neighbours.places) * neighbours.likeness).sum(axis=1) / heard
    found: Floats = own * scores + (1.0 - own) * told
    return found


def kept(neighbours: Neighbours) -> Floats:
    """Return the share of its own score that each article keeps."""
    found: Floats = 1.0 - np.count_nonzero(neighbours.likeness, axis=1) * (SHARE / NEIGHBOURS)
    return found
