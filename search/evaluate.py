"""Whoosh query trees to ranked articles, by arrays.

Each kind of query node has a function from the node to `Matches`; plain lists of words have a shorter way
when only the best few are wanted (`search/best.py`). Sums are taken in the order of the query's words, so
that equal queries give equal scores. Nodes without a function of their own are answered by Whoosh's
matcher for them.
"""

from __future__ import annotations

from functools import cached_property, singledispatchmethod

import numpy as np
from numpy.typing import NDArray
from whoosh import query as wq

from index.occurrences import occurrences
from index.reading import LibraryReader, Numbers, Postings
from index.schema import TITLE_GAP
from search import bm25
from search.best import ScoredTerm, best_of_any, having_all
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

#: Scored terms kept for queries to come, by number of their articles together.
_KEPT_POSTINGS = 8_000_000


class FormPhrase(wq.Phrase):  # type: ignore[misc,unused-ignore]
    """A phrase of words as written: `forms` stand beside the stems in `words`."""

    def __init__(self, fieldname: str, words: list[str], forms: list[str], slop: int = 1) -> None:
        super().__init__(fieldname, words, slop=slop)
        self.forms = forms


class Evaluator:
    """Answers Whoosh queries over one generation; keeps what depends on nothing but the generation."""

    def __init__(self, reader: LibraryReader) -> None:
        self.reader = reader
        self.buffers = Buffers(reader.size)
        self._terms: dict[tuple[str, str], ScoredTerm] = {}
        self._kept = 0

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

    def scored(self, postings: Postings, boost: float = 1.0) -> ScoredTerm:
        """Return postings as a term with its weight in this library."""
        weight = bm25.idf(self.reader.count, len(postings.docs)) * boost
        return ScoredTerm(postings.docs, postings.freqs, weight, self.norms, self.floor)

    def term(self, node: wq.Term) -> ScoredTerm:
        """Return the scored term of a node; kept, since people type on."""
        key = (node.fieldname, node.text)
        known = self._terms.get(key)
        if known is None:
            known = self.scored(self.frequencies(*key))
            self._keep(key, known)
        if node.boost == 1.0:
            return known
        return ScoredTerm(known.docs, known.freqs, known.weight * node.boost, known.norms, known.floor)

    def _keep(self, key: tuple[str, str], term: ScoredTerm) -> None:
        if self._kept > _KEPT_POSTINGS:
            self._terms, self._kept = {}, 0
        self._terms[key] = term
        self._kept += len(term.docs)

    def frequencies(self, field: str, text: str) -> Postings:
        """Return the postings of a term; in `text` titles count more, `body` leaves them out."""
        if field not in ("text", "body"):
            return self.reader.postings(field, text)
        found = self.reader.postings("text", text)
        heading = self.reader.postings("title", text)
        if not len(heading.docs):
            return found
        freqs = found.freqs.astype(np.float64)
        extra = bm25.TITLE_WEIGHT - 1.0 if field == "text" else -1.0
        freqs[np.searchsorted(found.docs, heading.docs)] += extra * heading.freqs
        if field == "text":
            return Postings(found.docs, freqs)
        left = np.flatnonzero(freqs > 0)
        return Postings(found.docs[left], freqs[left])

    def best(self, node: wq.Query, count: int) -> tuple[Matches, int]:
        """Return matches that hold the best `count` and their equals, and how many match in all."""
        terms = self._plain_terms(node) if isinstance(node, wq.Or) else []
        if terms:
            found, total = best_of_any(terms, count, self.buffers)
            return found.boosted(getattr(node, "boost", 1.0)), total
        found = self.matches(node)
        return found.where(highest(found.scores, count)), len(found.docs)

    def _plain_terms(self, node: wq.And | wq.Or) -> list[ScoredTerm]:
        """Return the terms of a node that has nothing else below it, else []."""
        terms = [child for child in node.subqueries if type(child) is wq.Term]
        return [self.term(term) for term in terms] if len(terms) == len(node.subqueries) else []

    @singledispatchmethod
    def matches(self, node: wq.Query) -> Matches:
        """Return what a query node matches; kinds not known here are asked of Whoosh and score 1 each."""
        docs = self.reader.stock(node)
        return Matches(docs, np.full(len(docs), float(getattr(node, "boost", 1.0))))

    @matches.register
    def _own(self, node: OwnQuery) -> Matches:
        return node.found(self)

    @matches.register
    def _null(self, node: wq.qcore._NullQuery) -> Matches:
        return NOTHING

    @matches.register
    def _every(self, node: wq.Every) -> Matches:
        return self.everything

    @matches.register
    def _term(self, node: wq.Term) -> Matches:
        return self.term(node).matches()

    @matches.register
    def _prefix(self, node: wq.Prefix) -> Matches:
        if node.fieldname == "form":
            return self.scored(self.reader.beginning(node.text), node.boost).matches()
        terms = list(self.reader.terms(node.fieldname, node.text))
        return self.scored(self.reader.together(node.fieldname, terms), node.boost).matches()

    @matches.register
    def _phrase(self, node: wq.Phrase) -> Matches:
        forms = list(getattr(node, "forms", [""] * len(node.words)))
        if len(forms) == 1 and not forms[0]:
            return self._term(wq.Term(node.fieldname, node.words[0], boost=node.boost))
        words = list(dict.fromkeys(zip(node.words, forms, strict=True)))
        docs = self.together(list(dict.fromkeys(node.words)))
        if not len(docs):
            return NOTHING
        places = {word: self.keys(docs, *word) for word in words}
        found = follow([places[word] for word in zip(node.words, forms, strict=True)], node.slop)
        found = self.in_part(docs, found, node.fieldname)
        counts = np.bincount(found >> SHIFT, minlength=len(docs)).astype(np.float64)
        there = np.flatnonzero(counts)
        return self.scored(Postings(docs.take(there), counts.take(there)), node.boost).matches()

    def together(self, words: list[str]) -> Numbers:
        """Return the ascending articles whose text has all the words."""
        parts = [self.reader.postings("text", word) for word in words]
        if len(parts) == 1:
            return parts[0].docs
        return intersection([Matches(part.docs, part.freqs) for part in parts], self.buffers).docs

    def keys(self, docs: Numbers, term: str, form: str) -> NDArray[np.int64]:
        """Return the occurrences of a word in `docs` as ascending keys: place in `docs`, then position."""
        owners, positions = occurrences(self.reader, term, docs, form)
        return (owners.astype(np.int64) << SHIFT) + positions

    def in_part(self, docs: Numbers, keys: NDArray[np.int64], field: str) -> NDArray[np.int64]:
        """Return the keys that lie in the part of the article that `field` names."""
        if field == "text":
            return keys
        ends = self.reader.lengths("title")[docs[keys >> SHIFT]]
        in_title = (keys & POSITION) < ends + (TITLE_GAP if len(ends) else 0) * (ends > 0)
        kept: NDArray[np.int64] = keys[in_title if field == "title" else ~in_title]
        return kept

    @matches.register
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

    @matches.register
    def _or(self, node: wq.Or) -> Matches:
        found = union([self.matches(child) for child in node.subqueries], self.buffers)
        return found.boosted(node.boost)

    @matches.register
    def _best(self, node: wq.DisjunctionMax) -> Matches:
        found = union([self.matches(child) for child in node.subqueries], self.buffers, best=True)
        return found.boosted(node.boost)

    @matches.register
    def _not(self, node: wq.Not) -> Matches:
        return without(self.everything, self.matches(node.query), self.buffers)

    @matches.register
    def _and_not(self, node: wq.AndNot) -> Matches:
        return without(self.matches(node.a), self.matches(node.b), self.buffers)

    @matches.register
    def _and_maybe(self, node: wq.AndMaybe) -> Matches:
        return plus(self.matches(node.a), self.matches(node.b), self.buffers)

    @matches.register
    def _require(self, node: wq.Require) -> Matches:
        needed = self.matches(node.b)
        wanted = Matches(needed.docs, np.zeros(len(needed.docs)), needed.ascending)
        return intersection([self.matches(node.a), wanted], self.buffers)

    @matches.register
    def _constant(self, node: wq.ConstantScoreQuery) -> Matches:
        found = self.matches(node.child)
        return Matches(found.docs, np.full(len(found.docs), float(node.score)), found.ascending)


#: A key is a place in a list of articles, shifted, and a position there.
SHIFT = 32
POSITION = (1 << SHIFT) - 1


def follow(words: list[NDArray[np.int64]], slop: int) -> NDArray[np.int64]:
    """Return the keys at which the last of `words` ends a run of all of them in order.

    Each word stands at most `slop` positions after the one before it; keys ascend and are never so near
    that a run could leave its article.
    """
    ends = words[0]
    for word in words[1:]:
        if not len(ends) or not len(word):
            return np.zeros(0, dtype=np.int64)
        if slop == 1 and len(ends) < len(word):
            at = np.searchsorted(word, ends + 1)
            at[at == len(word)] = 0
            ends = (ends + 1)[word.take(at) == ends + 1]
        else:
            before = np.searchsorted(ends, word) - 1
            ends = word[(before >= 0) & (word - ends.take(np.maximum(before, 0)) <= slop)]
    return ends
