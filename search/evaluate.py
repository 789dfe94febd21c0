"""Whoosh query trees to ranked articles, by arrays.

Each kind of query node has a function from the node to `Matches`: ascending article numbers with aligned
float64 scores. Sums are taken in the order of the query's words, so that equal queries give equal scores.
Nodes without a function of their own are answered by Whoosh's matcher for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, singledispatchmethod

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.reading import LibraryReader, Numbers, Postings
from index.schema import TITLE_GAP
from search import bm25

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Ascending article numbers (intp) and aligned scores (float64)."""

    docs: Numbers
    scores: Floats


NOTHING = Matches(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float64))


def _within(docs: Numbers, others: Numbers) -> tuple[NDArray[np.bool_], Numbers]:
    """Return for each of `docs` whether it is in `others` (both ascending), and where it would be."""
    where = np.searchsorted(others, docs)
    inside = np.zeros(len(docs), dtype=np.bool_)
    fits = where < len(others)
    inside[fits] = others[where[fits]] == docs[fits]
    return inside, where


def union(parts: Sequence[Matches], size: int, best: bool = False) -> Matches:
    """Return the articles of any part with the sum of their scores (`best`: the highest of them).

    `size` is the number of articles of the library.
    """
    parts = [part for part in parts if len(part.docs)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    total = np.full(size, -np.inf) if best else np.zeros(size)
    found = np.zeros(size, dtype=np.bool_)
    for part in parts:
        found[part.docs] = True
        if best:
            total[part.docs] = np.maximum(total[part.docs], part.scores)
        else:
            total[part.docs] += part.scores
    docs = np.flatnonzero(found)
    return Matches(docs, total[docs])


def intersection(parts: Sequence[Matches]) -> Matches:
    """Return the articles of all parts with the sum of their scores, added in the order of the parts."""
    if not parts:
        return NOTHING
    rarest_first = sorted(parts, key=lambda part: len(part.docs))
    docs = rarest_first[0].docs
    for part in rarest_first[1:]:
        docs = docs[_within(docs, part.docs)[0]]
    total = np.zeros(len(docs))
    for part in parts:
        total += part.scores[np.searchsorted(part.docs, docs)]
    return Matches(docs, total)


def without(matches: Matches, others: Numbers) -> Matches:
    """Return `matches` less the articles in `others` (ascending)."""
    keep = ~_within(matches.docs, others)[0]
    return Matches(matches.docs[keep], matches.scores[keep])


def plus(matches: Matches, extra: Matches) -> Matches:
    """Return the articles of `matches`, those in `extra` too with its score added."""
    inside, where = _within(matches.docs, extra.docs)
    total = matches.scores.copy()
    total[inside] += extra.scores[where[inside]]
    return Matches(matches.docs, total)


def adjacent(lists: Sequence[Sequence[NDArray[np.int64]]], slop: int) -> NDArray[np.float64]:
    """Count for each article how often its words stand in order, each at most `slop` after the one before.

    `lists[w][a]` are the ascending positions of word w in article a.
    """
    counts = np.zeros(len(lists[0]))
    for article in range(len(counts)):
        ends = lists[0][article]
        for word in lists[1:]:
            nexts = word[article]
            if slop == 1:
                ends = nexts[np.isin(nexts, ends + 1, assume_unique=True)]
            else:
                before = np.searchsorted(ends, nexts) - 1
                ends = (
                    nexts[(before >= 0) & (nexts - ends[np.maximum(before, 0)] <= slop)]
                    if len(ends)
                    else ends
                )
        counts[article] = len(ends)
    return counts


class Evaluator:
    """Answers Whoosh queries over one generation; keeps what depends on nothing but the generation."""

    def __init__(self, reader: LibraryReader) -> None:
        self.reader = reader

    @cached_property
    def norms(self) -> Floats:
        """BM25's saturation constant of each article, its title counted `TITLE_WEIGHT` times."""
        extra = bm25.TITLE_WEIGHT - 1.0
        lengths = self.reader.lengths("text") + extra * self.reader.lengths("title")
        alive = lengths[self.reader.living]
        return bm25.norms(lengths, float(alive.mean()) if len(alive) else 1.0)

    @cached_property
    def everything(self) -> Matches:
        """All living articles, each with score 0."""
        docs = np.flatnonzero(self.reader.living)
        return Matches(docs, np.zeros(len(docs)))

    def _scored(self, postings: Postings, boost: float) -> Matches:
        weight = bm25.idf(self.reader.count, len(postings.docs)) * boost
        return Matches(postings.docs, bm25.scores(postings.freqs, self.norms[postings.docs], weight))

    @singledispatchmethod
    def matches(self, node: wq.Query) -> Matches:
        """Return what a query node matches; kinds not known here are asked of Whoosh and score 1 each."""
        docs = self.reader.stock(node)
        return Matches(docs, np.full(len(docs), float(getattr(node, "boost", 1.0))))

    @matches.register
    def _null(self, node: wq.qcore._NullQuery) -> Matches:
        return NOTHING

    @matches.register
    def _every(self, node: wq.Every) -> Matches:
        return self.everything

    def _postings(self, field: str, term: str) -> Postings:
        """Return the postings of a field; those of `body` are those of `text` less the title's."""
        if field != "body":
            return self.reader.postings(field, term)
        found, heading = self.reader.postings("text", term), self.reader.postings("title", term)
        freqs = found.freqs.copy()
        freqs[np.searchsorted(found.docs, heading.docs)] -= heading.freqs
        there = freqs > 0
        return Postings(found.docs[there], freqs[there])

    @matches.register
    def _term(self, node: wq.Term) -> Matches:
        found = self._postings(node.fieldname, node.text)
        if node.fieldname == "text":
            heading = self.reader.postings("title", node.text)
            if len(heading.docs):
                freqs = found.freqs.copy()
                freqs[np.searchsorted(found.docs, heading.docs)] += (bm25.TITLE_WEIGHT - 1.0) * heading.freqs
                found = Postings(found.docs, freqs)
        return self._scored(found, node.boost)

    @matches.register
    def _prefix(self, node: wq.Prefix) -> Matches:
        return self._scored(
            self.reader.together(node.fieldname, list(self.reader.terms(node.fieldname, node.text))),
            node.boost,
        )

    @matches.register
    def _phrase(self, node: wq.Phrase) -> Matches:
        if len(node.words) == 1:
            return self._term(wq.Term(node.fieldname, node.words[0], boost=node.boost))
        words = list(dict.fromkeys(node.words))
        parts = [self._postings(node.fieldname, word) for word in words]
        docs = intersection([Matches(part.docs, part.freqs) for part in parts]).docs
        if not len(docs):
            return NOTHING
        places = {word: self._positions(node.fieldname, word, docs) for word in words}
        counts = adjacent([places[word] for word in node.words], node.slop)
        there = counts > 0
        return self._scored(Postings(docs[there], counts[there]), node.boost)

    def _positions(self, field: str, word: str, docs: Numbers) -> list[NDArray[np.int64]]:
        """Return the positions of a word in each of `docs`, in a part of the article or in all of it."""
        places = self.reader.positions(word, docs)
        if field == "text":
            return places
        words_there = self.reader.lengths("title")[docs]  # may be rounded; the gap after them forgives it
        ends = np.where(words_there > 0, words_there + TITLE_GAP // 2, 0)
        if field == "title":
            return [where[where < end] for where, end in zip(places, ends, strict=True)]
        return [where[where >= end] for where, end in zip(places, ends, strict=True)]

    @matches.register
    def _and(self, node: wq.And) -> Matches:
        wanted = [child for child in node.subqueries if not isinstance(child, wq.Not)]
        found = intersection([self.matches(child) for child in wanted]) if wanted else self.everything
        for child in node.subqueries:
            if isinstance(child, wq.Not):
                found = without(found, self.matches(child.query).docs)
        return _boosted(found, node.boost)

    @matches.register
    def _or(self, node: wq.Or) -> Matches:
        found = union([self.matches(child) for child in node.subqueries], self.reader.size)
        return _boosted(found, node.boost)

    @matches.register
    def _best(self, node: wq.DisjunctionMax) -> Matches:
        found = union([self.matches(child) for child in node.subqueries], self.reader.size, best=True)
        return _boosted(found, node.boost)

    @matches.register
    def _not(self, node: wq.Not) -> Matches:
        return without(self.everything, self.matches(node.query).docs)

    @matches.register
    def _and_not(self, node: wq.AndNot) -> Matches:
        return without(self.matches(node.a), self.matches(node.b).docs)

    @matches.register
    def _and_maybe(self, node: wq.AndMaybe) -> Matches:
        return plus(self.matches(node.a), self.matches(node.b))

    @matches.register
    def _constant(self, node: wq.ConstantScoreQuery) -> Matches:
        docs = self.matches(node.child).docs
        return Matches(docs, np.full(len(docs), float(node.score)))


def _boosted(matches: Matches, boost: float) -> Matches:
    return matches if boost == 1.0 else Matches(matches.docs, matches.scores * boost)


def coverage(parts: Sequence[Matches], size: int) -> NDArray[np.int64]:
    """Return how many of the parts match each article of a library of `size` articles."""
    counts = np.zeros(size, dtype=np.int64)
    for part in parts:
        counts[part.docs] += 1
    return counts
