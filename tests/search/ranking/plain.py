"""The stages of the ranking in plain Python, article by article, as they are documented: their oracle.

It knows what BM25 gave and the words of the articles; nothing of arrays, segments or vectors on disk.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from index.analysis import Analyzer
from index.article import Article

K1, B = 1.5, 0.6
TITLE_GAP = 100
#: What frequencies above 3 count in vectors.
MANY = 5

Scores = dict[str, float]


class Shelf:
    """The articles of a library by id, as positions of their words."""

    def __init__(self, articles: Sequence[Article], analyzer: Analyzer) -> None:
        self.places: dict[str, dict[str, list[int]]] = {}
        self.lengths: dict[str, float] = {}
        self.words: dict[str, int] = {}
        self.titles: dict[str, list[str]] = {}
        for one in articles:
            title = [] if one.title_derived else [stem for _, stem in analyzer.terms(one.title)]
            body = [stem for _, stem in analyzer.terms(one.text)]
            self.titles[one.id] = title
            start = len(title) + TITLE_GAP if title else 0
            found = self.places[one.id] = {}
            for at, stem in [*enumerate(title), *enumerate(body, start)]:
                found.setdefault(stem, []).append(at)
            self.lengths[one.id] = float(2 * len(title) + len(body))
            self.words[one.id] = len(title) + len(body)
        self.mean = sum(self.lengths.values()) / max(1, len(self.lengths))
        self.df = Counter(stem for found in self.places.values() for stem in found)

    def idf(self, stem: str) -> float:
        return math.log(1 + (len(self.places) - self.df[stem] + 0.5) / (self.df[stem] + 0.5))

    def weight(self, stem: str) -> float:
        return self.idf(stem) if stem in self.df else 0.0

    def title_freq(self, ident: str, stem: str) -> int:
        """Return how often a stem stands in an article, in its title counted twice."""
        return len(self.places[ident].get(stem, ())) + self.titles[ident].count(stem)

    def bm25(self, ident: str, freq: float, weight: float) -> float:
        norm = K1 * (1 - B + B * self.lengths[ident] / max(self.mean, 1e-9))
        return weight * (K1 + 1) * freq / (freq + norm)

    def ordered(self, ident: str, first: str, second: str) -> int:
        ends = set(self.places[ident].get(second, ()))
        return sum(at + 1 in ends for at in self.places[ident].get(first, ()))

    def near(self, ident: str, first: str, second: str) -> int:
        others = self.places[ident].get(second, ())
        return sum(any(abs(at - there) < 8 for there in others) for at in self.places[ident].get(first, ()))

    def vector(self, ident: str) -> Scores:
        freqs = {stem: len(at) if len(at) < 4 else MANY for stem, at in self.places[ident].items()}
        return {stem: self.bm25(ident, freq, self.idf(stem)) for stem, freq in freqs.items()}


def dependence(shelf: Shelf, words: Scores, query: Sequence[str]) -> Scores:
    """Return the scores after dependence; `query` are stems side by side."""
    pairs = [(a, b) for a, b in pairwise(query) if a != b]
    if not pairs or len(words) < 2:
        return words
    scores = {}
    for ident, score in words.items():
        ordered = near = 0.0
        for first, second in pairs:
            weight = (shelf.weight(first) + shelf.weight(second)) / 2
            ordered += shelf.bm25(ident, shelf.ordered(ident, first, second), weight)
            near += shelf.bm25(ident, shelf.near(ident, first, second), weight)
        scores[ident] = 0.85 * score + 0.10 * ordered + 0.05 * near
    return scores


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = math.fsum(one[stem] * other[stem] for stem in one if stem in other)
    lengths = [math.sqrt(math.fsum(value * value for value in vector.values())) for vector in (one, other)]
    return shared / (lengths[0] * lengths[1]) if shared else 0.0


def smoothed(shelf: Shelf, scores: Scores) -> Scores:
    """Return the scores, of articles in their order, after their neighbours were heard."""
    vectors = {ident: shelf.vector(ident) for ident in scores}
    out = {}
    for ident, score in scores.items():
        likeness = {
            other: round(cosine(vectors[ident], vectors[other]), 6) for other in scores if other != ident
        }
        likeness = {other: value for other, value in likeness.items() if 0 < value <= 0.85}
        nearest = sorted(likeness, key=lambda other: -likeness[other])[:10]
        total = sum(likeness[other] for other in nearest)
        told = sum(likeness[other] * scores[other] for other in nearest) / total if total else score
        share = 0.05 * len(nearest)
        out[ident] = (1 - share) * score + share * told
    return out


def model(shelf: Shelf, best: Scores, barred: frozenset[str]) -> list[tuple[str, float]]:
    """Return the words that the best articles vote for, and their shares."""
    votes: Counter[str] = Counter()
    total = sum(best.values())
    for ident, score in best.items():
        for stem, at in shelf.places[ident].items():
            if stem not in barred:
                freq = len(at) if len(at) < 4 else MANY
                votes[stem] += score / total * freq / shelf.words[ident]  # type: ignore[assignment]
    chosen = sorted(votes, key=lambda stem: (-round(votes[stem], 12), stem))[:20]
    kept = sum(votes[stem] for stem in chosen)
    return [(stem, votes[stem] / kept) for stem in chosen]


def fed_back(shelf: Shelf, typed: Scores, words: float, shares: Sequence[tuple[str, float]]) -> Scores:
    """Return the scores of articles by the new query, before they are put below the head."""
    out = {}
    for ident, score in typed.items():
        told = sum(
            shelf.bm25(ident, shelf.title_freq(ident, stem), share * shelf.idf(stem))
            for stem, share in shares
        )
        out[ident] = 0.5 * score / max(words, 1.0) + 0.5 * told
    return out
