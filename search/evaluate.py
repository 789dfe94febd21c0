"""Whoosh query trees to ranked articles, by arrays.

Each kind of query node has a function from the node to `Matches`; plain lists of words have a shorter way
when only the best few are wanted (`search/best.py`). Sums are taken in the order of the query's words, so
that equal queries give equal scores. Nodes without a function of their own are answered by Whoosh's
matcher for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cached_property, singledispatchmethod

import numpy as np
from whoosh import query as wq

from index.postings import FlatPostings, Postings, TermPostings
from index.reading import LibraryReader
from search import bm25
from search.best import ScoredTerm, best_of_all, best_of_any, having_all
from search.matches import (
    NOTHING,
    Buffers,
    Floats,
    Matches,
    highest,
    intersection,
    plus,
    union,
    without,
)
from search.own_query import OwnQuery
from search.runs import Word, runs

#: Words written in several ways whose articles are kept.
_KEPT_WORDS = 64


class FormPhrase(wq.Phrase):  # type: ignore[misc,unused-ignore]
    """A phrase of words as written: `forms` stand beside the stems in `words`."""

    def __init__(self, fieldname: str, words: list[str], forms: list[str], slop: int = 1) -> None:
        super().__init__(fieldname, words, slop=slop)
        self.forms = forms


class SameWord(wq.Term):  # type: ignore[misc,unused-ignore]
    """A word that is written in several ways, each a stem or the stems of words side by side.

    It is one term: its articles are those of all of them, its occurrences are added.
    """

    def __init__(self, fieldname: str, ways: Sequence[tuple[str, ...]], boost: float = 1.0) -> None:
        super().__init__(fieldname, " ".join(ways[0]), boost=boost)
        self.ways = tuple(ways)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameWord) and (self.fieldname, self.ways, self.boost) == (
            other.fieldname,
            other.ways,
            other.boost,
        )

    def __hash__(self) -> int:
        return hash((self.fieldname, self.ways, self.boost))


def _each_once(nodes: Sequence[wq.Query]) -> list[wq.Query]:
    """Return the operands of a sum with the same terms as one, whose boost is the sum of theirs."""
    places: dict[object, int] = {}
    found: list[wq.Query] = []
    for node in nodes:
        if not isinstance(node, wq.Term):
            found.append(node)
            continue
        key = (node.fieldname, getattr(node, "ways", node.text))
        at = places.setdefault(key, len(found))
        if at == len(found):
            found.append(node)
        else:
            both = copy(node)
            both.boost += getattr(found[at], "boost", 1.0)
            found[at] = both
    return found


class Evaluator:
    """Answers Whoosh queries over one generation; keeps what depends on nothing but the generation."""

    def __init__(self, reader: LibraryReader) -> None:
        self.reader = reader
        self.buffers = Buffers(reader.size)
        self._same: dict[tuple[str, tuple[tuple[str, ...], ...]], Postings] = {}

    @cached_property
    def norms(self) -> Floats:
        """BM25's saturation constant of each article, its title counted `TITLE_WEIGHT` times."""
        extra = bm25.TITLE_WEIGHT - 1.0
        lengths = self.reader.lengths("text") + extra * self.reader.lengths("title")
        alive = lengths if self.reader.count == self.reader.size else lengths[self.reader.living]
        return bm25.norms(lengths, float(alive.mean()) if len(alive) else 1.0)

    @cached_property
    def floor(self) -> float:
        """The smallest of `norms`."""
        return float(self.norms.min()) if len(self.norms) else 1.0

    @cached_property
    def everything(self) -> Matches:
        """All living articles, each with score 0."""
        docs = np.flatnonzero(self.reader.living)
        return Matches(docs, np.zeros(len(docs)))

    def scored(self, postings: Postings | TermPostings, boost: float = 1.0) -> ScoredTerm:
        """Return postings as a term with its weight in this library."""
        source = FlatPostings(postings) if isinstance(postings, Postings) else postings
        weight = bm25.idf(self.reader.count, source.count) * boost
        return ScoredTerm(source, weight, self.norms, self.floor)

    def term(self, node: wq.Term) -> ScoredTerm:
        """Return the scored term of a node; in `text` titles count more, `body` leaves them out."""
        if isinstance(node, SameWord):
            return self.scored(self._together(node), node.boost)
        if node.fieldname in ("text", "title"):
            return self.scored(self.reader.term(node.fieldname, node.text), node.boost)
        if node.fieldname == "body":
            return self.scored(self._body(node.text), node.boost)
        return self.scored(self.reader.postings(node.fieldname, node.text), node.boost)

    def _together(self, node: SameWord) -> Postings:
        """Return the postings of all ways of writing a word as those of one."""
        key = (node.fieldname, node.ways)
        known = self._same.get(key)
        if known is None:
            weights = np.zeros(self.reader.size)
            for way in node.ways:
                if len(way) > 1:
                    found = runs(self.reader, [Word(stem) for stem in way], self.buffers, node.fieldname)
                    weights[found.docs] += found.freqs
                else:
                    term = self.term(wq.Term(node.fieldname, way[0])).source
                    weights[term.docs] += term.weights
            docs = np.flatnonzero(weights)
            known = Postings(docs, weights.take(docs))
            if len(self._same) >= _KEPT_WORDS:
                self._same = {}  # a new one: threads may be in the old one now
            self._same[key] = known
        return known

    def frequencies(self, field: str, text: str) -> Postings:
        """Return where a term occurs and how often it counts there: in `text`, titles count more."""
        if field == "body":
            return self._body(text)
        if field != "text":
            return self.reader.postings(field, text)
        found = self.reader.term("text", text)
        return Postings(found.docs, found.weights)

    def _body(self, text: str) -> Postings:
        """Return the postings of a term outside of titles."""
        found = self.reader.term("text", text)
        freqs = 2.0 * found.freqs - found.weights
        left = np.flatnonzero(freqs > 0)
        return Postings(found.docs[left], freqs[left])

    def best(self, node: wq.Query, count: int) -> tuple[Matches, int]:
        """Return matches that hold the best `count` and their equals, and how many match in all."""
        if isinstance(node, wq.Term):
            return best_of_any([self.term(node)], count, self.buffers)
        if isinstance(node, wq.Or | wq.And):
            terms = self._plain_terms(node)
            best = best_of_any if isinstance(node, wq.Or) else best_of_all
            if any(term.weight for term in terms):  # without a weight all are equals
                found, total = best(terms, count, self.buffers)
                return found.boosted(node.boost), total
        # Going past the table of kinds, which takes as long as a few steps over arrays.
        found = self._phrase(node) if isinstance(node, wq.Phrase) else self.matches(node)
        total = len(found.docs)
        return (found if total <= count else found.where(highest(found.scores, count))), total

    def _plain_terms(self, node: wq.And | wq.Or) -> list[ScoredTerm]:
        """Return the terms of a node that has nothing else below it, each once, else []."""
        if not all(isinstance(child, wq.Term) for child in node.subqueries):
            return []
        terms = (child for child in _each_once(node.subqueries) if isinstance(child, wq.Term))
        return [self.term(term) for term in terms]

    @singledispatchmethod
    def matches(self, node: wq.Query) -> Matches:
        """Return what a query node matches; kinds not known here are asked of Whoosh and score 1 each."""
        docs = self.reader.stock(node)
        return Matches(docs, np.full(len(docs), float(getattr(node, "boost", 1.0))))

    @matches.register(OwnQuery)
    def _own(self, node: OwnQuery) -> Matches:
        return node.found(self)

    @matches.register(wq.qcore._NullQuery)
    def _null(self, node: wq.qcore._NullQuery) -> Matches:
        return NOTHING

    @matches.register(wq.Every)
    def _every(self, node: wq.Every) -> Matches:
        return self.everything

    @matches.register(wq.Term)
    def _term(self, node: wq.Term) -> Matches:
        return self.term(node).matches()

    @matches.register(wq.Prefix)
    def _prefix(self, node: wq.Prefix) -> Matches:
        if node.fieldname == "form":
            return self.scored(self.reader.beginning(node.text), node.boost).matches()
        terms = list(self.reader.terms(node.fieldname, node.text))
        return self.scored(self.reader.together(node.fieldname, terms), node.boost).matches()

    @matches.register(wq.Phrase)
    def _phrase(self, node: wq.Phrase) -> Matches:
        forms = list(getattr(node, "forms", [""] * len(node.words)))
        if len(forms) == 1 and not forms[0]:
            return self._term(wq.Term(node.fieldname, node.words[0], boost=node.boost))
        words = [Word(word, form) for word, form in zip(node.words, forms, strict=True)]
        found = runs(self.reader, words, self.buffers, node.fieldname, node.slop)
        return self.scored(found, node.boost).matches()

    @matches.register(wq.And)
    def _and(self, node: wq.And) -> Matches:
        wanted = [child for child in node.subqueries if not isinstance(child, wq.Not)]
        terms = self._plain_terms(node)
        if terms:
            found = having_all(terms, self.buffers)
        elif wanted:
            found = intersection([self.matches(child) for child in wanted], self.buffers)
        else:
            found = self.everything
        for child in node.subqueries:
            if isinstance(child, wq.Not):
                found = without(found, self.matches(child.query), self.buffers)
        return found.boosted(node.boost)

    @matches.register(wq.Or)
    def _or(self, node: wq.Or) -> Matches:
        found = union([self.matches(child) for child in _each_once(node.subqueries)], self.buffers)
        return found.boosted(node.boost)

    @matches.register(wq.DisjunctionMax)
    def _best(self, node: wq.DisjunctionMax) -> Matches:
        found = union([self.matches(child) for child in node.subqueries], self.buffers, best=True)
        return found.boosted(node.boost)

    @matches.register(wq.Not)
    def _not(self, node: wq.Not) -> Matches:
        return without(self.everything, self.matches(node.query), self.buffers)

    @matches.register(wq.AndNot)
    def _and_not(self, node: wq.AndNot) -> Matches:
        return without(self.matches(node.a), self.matches(node.b), self.buffers)

    @matches.register(wq.AndMaybe)
    def _and_maybe(self, node: wq.AndMaybe) -> Matches:
        return plus(self.matches(node.a), self.matches(node.b), self.buffers)

    @matches.register(wq.Require)
    def _require(self, node: wq.Require) -> Matches:
        needed = self.matches(node.b)
        wanted = Matches(needed.docs, np.zeros(len(needed.docs)), needed.ascending)
        return intersection([self.matches(node.a), wanted], self.buffers)

    @matches.register(wq.ConstantScoreQuery)
    def _constant(self, node: wq.ConstantScoreQuery) -> Matches:
        found = self.matches(node.child)
        return Matches(found.docs, np.full(len(found.docs), float(node.score)), found.ascending)
