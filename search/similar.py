"""Articles like one article: those that share its most telling words.

The rule is the usual one of "more like this": the words that stand at least twice in the article and in at
least five others, the best by tf·idf, at most `MOST_TERMS`; a like article has three in ten of them. The
article itself and its copies are not like it, but the same.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.analysis import Analyzer
from index.article import Article
from index.postings import TermPostings
from index.reading import LibraryReader
from search import bm25
from search.best import Source, among
from search.evaluate import Evaluator
from search.matches import NOTHING, Matches

MOST_TERMS = 25
_FEWEST_TIMES, _FEWEST_ARTICLES = 2, 5
_SHARE = 0.3
#: Of an article with fewer telling words than this, words that stand there once tell too.
_FEW = 5


def telling_terms(
    article: Article, reader: LibraryReader, analyzer: Analyzer, stop_words: frozenset[str]
) -> dict[str, float]:
    """Return the most telling stems of an article with their weight (tf·idf), the highest first."""
    counts = Counter(
        token.stem
        for text in (article.title, article.text)
        for token in analyzer.tokens(text)
        if token.form not in stop_words
    )
    for times, articles in ((_FEWEST_TIMES, _FEWEST_ARTICLES), (1, 2)):
        weights = {}
        for stem, count in counts.items():
            there = reader.term("text", stem).count if count >= times else 0
            if there >= articles:
                weights[stem] = (1.0 + math.log(count)) * bm25.idf(reader.count, there)
        if len(weights) >= _FEW:
            break
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:MOST_TERMS]
    return {stem: weights[stem] for stem in best}


def similar(doc: int, weights: dict[str, float], reader: LibraryReader, evaluator: Evaluator) -> Matches:
    """Return the articles that have enough of the terms, with scores; neither `doc` nor a copy of it."""
    if not weights:
        return NOTHING
    most = max(weights.values())
    terms = [evaluator.term(wq.Term("text", stem, boost=weight / most)) for stem, weight in weights.items()]
    shared = np.zeros(reader.size, dtype=np.uint8)
    for term in terms:
        _count(term.source, shared)
    shared[[doc, *reader.copies.of(doc)]] = 0
    docs = np.flatnonzero(shared >= max(1, math.ceil(_SHARE * len(weights))))
    scores = np.zeros(len(docs))
    for term in terms:  # of these alone: most articles have but one or two of the terms
        inside, places = among(docs, term.source, evaluator.buffers)
        if len(inside):
            scores[inside] += term.scores_at(docs.take(inside), places)
    return Matches(docs, scores)


def _count(source: Source, shared: NDArray[np.uint8]) -> None:
    """Add 1 for each article that has a term."""
    if not isinstance(source, TermPostings) or not source.is_dense:
        shared[source.docs] += 1
        return
    flags = np.zeros(len(shared), dtype=np.bool_)
    rest = source.mark(flags)
    shared += flags
    for first, bits in rest:
        own = shared[first * 8 : (first + len(bits)) * 8]
        own += np.unpackbits(bits, count=len(own), bitorder="little")
