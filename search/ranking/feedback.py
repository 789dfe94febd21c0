"""Pseudo-relevance feedback: words typical of the best articles find others like them.

Source: N. Abdul-Jaleel and others, "UMass at TREC 2004: novelty and HARD" (RM3). The best `ARTICLES` articles
vote for their words, each vote as heavy as the article's score and the word's share of the article; the
`TERMS` words with most votes share half of a new query, the words typed the other half.
"""

from __future__ import annotations

from collections.abc import Callable, Container

import numpy as np
from numpy.typing import NDArray

from index.codec.vectors import ArticleTerms
from index.value import Value
from search.matches import Floats

ARTICLES = 10
TERMS = 20
#: What the words typed keep of the new query.
TYPED = 0.5
_DIGITS = 12


class Votes(Value):
    """How many votes each term has."""

    terms: NDArray[np.int64]
    votes: Floats


class Shared(Value):
    """A word of the new query, and its share of it."""

    word: str
    share: float


def vote(words: ArticleTerms, lengths: Floats, scores: Floats) -> Votes:
    """Return the votes of articles with these words, lengths and scores."""
    each = scores / max(float(scores.sum()), 1e-9) / np.maximum(lengths, 1.0)
    names, which = np.unique(words.terms, return_inverse=True)
    cast: Floats = words.freqs * each.take(words.owners)
    votes: Floats = np.bincount(which, weights=cast, minlength=len(names)).astype(np.float64)
    return Votes(names, votes)


def chosen(votes: Votes, name: Callable[[int], str], barred: Container[str]) -> tuple[Shared, ...]:
    """Return the words with most votes, equals by name, and their shares of the votes, 1 together.

    `name` gives the word of a term; words in `barred` are passed over.
    """
    rounded = np.round(votes.votes, _DIGITS)
    found: list[tuple[float, str]] = []
    for at in np.argsort(-rounded, kind="stable").tolist():
        if len(found) >= TERMS and rounded[at] < -found[-1][0]:
            break
        word = name(int(votes.terms[at]))
        if word not in barred:
            found.append((-float(rounded[at]), word))
    best = sorted(found)[:TERMS]
    total = -sum(vote for vote, _ in best)
    return tuple(Shared(word, -vote / total) for vote, word in best) if total else ()


def mixed(typed: Floats, words: float, told: Floats) -> Floats:
    """Return scores by the new query, from those by the `words` typed words and by the feedback's."""
    return TYPED * typed / max(words, 1.0) + (1.0 - TYPED) * told


def below(scores: Floats, floor: float) -> Floats:
    """Return scores that keep their order and are all less than `floor`, which is positive."""
    highest = float(scores.max(initial=0.0))
    return scores * (floor * (1.0 - 1e-6) / highest) if highest > 0.0 else scores
