"""The stages put together over one generation of a library: from what BM25 found to the final order.

What a stage looks at does not depend on how many articles are asked for, so that pages of an answer fit
each other. Scores never rise along the order: each stage keeps to its own stretch of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from whoosh import query as wq

from index.reading import Numbers
from index.value import Value, replace
from index.vectors import LibraryVectors
from search import bm25
from search.evaluate import Evaluator
from search.matches import NOTHING, Buffers, Floats, Matches, places_in, without
from search.plan import Plan, QueryWord
from search.ranking import dependence, feedback, neighbours
from search.ranking.neighbours import Neighbours
from search.tiers import Tiers

#: So many articles are looked at for words that stand together, and for articles like them.
DEPTH, HEAD = 1000, 100
#: Of longer queries, so many pairs of words are looked at: those with the highest weights.
MOST_PAIRS = 32


class Stages(Value):
    """Which stages after the first take part."""

    dependence: bool = True
    neighbours: bool = True
    feedback: bool = True


#: Every stage, and none but BM25.
FULL, FAST = Stages(), Stages(False, False, False)


def depth_for(upto: int | None) -> int | None:
    """Return how many of the best by words alone the first `upto` depend on, None for all."""
    return None if upto is None or upto > HEAD else DEPTH


class Pair(Value):
    """Two words that stand side by side in the query, but for words without content, and their weight."""

    first: QueryWord
    second: QueryWord
    weight: float


class PairTrace(Value):
    """What a pair gave: how often it stands in order and within the window, and the score of each."""

    pair: Pair
    ordered: Numbers
    near: Numbers
    ordered_scores: Floats
    near_scores: Floats


class Trace(Value):
    """What each stage gave, for explanations; arrays are aligned with the articles before them.

    `pool` are the best by words alone, with their scores `words`, then `pairs`. `head` are the best after
    dependence, with their scores `before` their neighbours were heard. `rest` are the articles that feedback
    put in order, by the `model` and the scores `typed` and `told`.
    """

    pool: Numbers
    words: Floats
    pairs: tuple[PairTrace, ...]
    head: Numbers
    before: Floats
    neighbours: Neighbours | None
    model: tuple[feedback.Shared, ...] = ()
    rest: Numbers = NOTHING.docs
    typed: Floats = NOTHING.scores
    told: Floats = NOTHING.scores


class Pipeline:
    """Ranks what was found in one generation of a library; safe to use from several threads."""

    def __init__(self, evaluator: Evaluator, stop_stems: Callable[[], frozenset[str]]) -> None:
        self._evaluator = evaluator
        self._reader = evaluator.reader
        self._stop_stems = stop_stems

    @cached_property
    def _vectors(self) -> LibraryVectors:
        return LibraryVectors(self._reader)

    def order(
        self,
        plan: Plan,
        found: Matches,
        upto: int | None,
        stages: Stages = FULL,
        *,
        more: bool = False,
        first: Matches | None = None,
    ) -> tuple[Matches, Trace]:
        """Return the first `upto` of the articles `found` (all, if None) in their order, and how it came.

        `found` are all that match, or at least the best `DEPTH` if `upto` is no more than `HEAD`. With
        `more`, articles that do not match but that feedback finds may stand beyond the first `HEAD`. The
        articles `first` come before all others, whatever the stages say.
        """
        tiers = Tiers(self._reader, self._evaluator.buffers, first)
        pool = tiers.sorted(found, DEPTH)
        pairs = self._paired(pool.docs, self._pairs(plan)) if stages.dependence else ()
        after = tiers.sorted(_with_pairs(pool, pairs)) if pairs else pool
        head = _first(after, HEAD)
        compared = self._compared(head.docs) if stages.neighbours else None
        trace = Trace(pool.docs, pool.scores, pairs, head.docs, head.scores, compared)
        if compared is not None:
            head = tiers.sorted(Matches(head.docs, neighbours.smoothed(head.scores, compared), False))
        head = tiers.falling(head)
        if upto is not None and upto <= HEAD:
            return _first(head, upto), trace
        model = self._model(head) if stages.feedback else ()
        if model:
            rest, trace = self._fed_back(plan, found, head, replace(trace, model=model), more)
        else:
            rest = self._left(found, after, bool(pairs))
        floor = float(head.scores[-1]) if len(head.docs) else 0.0
        rest = Matches(rest.docs, feedback.below(rest.scores, floor), False)
        rest = tiers.falling(tiers.sorted(rest))
        docs = np.concatenate((head.docs, rest.docs))
        return _first(Matches(docs, np.concatenate((head.scores, rest.scores)), False), upto), trace

    def _pairs(self, plan: Plan) -> list[Pair]:
        """Return the pairs of the query's words, in its order."""
        found: list[Pair] = []
        last: QueryWord | None = None
        for word in plan.words:
            if not word.follows or word.part != "text":
                last = None
            if word.weight <= bm25.STOP_WORD_WEIGHT or word.part != "text":
                continue
            if last is not None and last.stems != word.stems:
                found.append(Pair(last, word, (self._weight(last) + self._weight(word)) / 2))
            last = word
        if len(found) > MOST_PAIRS:
            least = sorted((pair.weight for pair in found), reverse=True)[MOST_PAIRS - 1]
            found = [pair for pair in found if pair.weight >= least][:MOST_PAIRS]
        return found

    def _weight(self, word: QueryWord) -> float:
        counts = [(self._reader.term("text", stem).count, share) for stem, share, _ in word.stems]
        found = [share * bm25.idf(self._reader.count, count) for count, share in counts if count]
        return word.weight * max(found, default=0.0)

    def _paired(self, docs: Numbers, pairs: list[Pair]) -> tuple[PairTrace, ...]:
        """Return what each pair gives the articles `docs`."""
        if not pairs or len(docs) < 2:
            return ()
        ascending = np.argsort(docs)
        back = np.argsort(ascending)
        norms = self._evaluator.norms.take(docs)
        keys: dict[tuple[str, ...], dependence.Keys] = {}
        for word in (word for pair in pairs for word in (pair.first, pair.second)):
            stems = _stems(word)
            if stems not in keys:
                keys[stems] = self._keys(stems, docs.take(ascending))
        found = []
        for pair in pairs:
            first, second = keys[_stems(pair.first)], keys[_stems(pair.second)]
            together = dependence.ordered(first, second, len(docs)).take(back)
            near = dependence.near(first, second, len(docs)).take(back)
            scores = [dependence.pair_scores(counts, norms, pair.weight) for counts in (together, near)]
            found.append(PairTrace(pair, together, near, scores[0], scores[1]))
        return tuple(found)

    def _keys(self, stems: tuple[str, ...], docs: Numbers) -> dependence.Keys:
        """Return where any of the stems stands in the ascending `docs`."""
        found = []
        for stem in stems:
            term = self._reader.term("text", stem)
            inside, places = term.find(docs)
            if len(inside):
                found.append(term.occurrences(places, inside << dependence.SHIFT).positions)
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *found]))

    def _compared(self, docs: Numbers) -> Neighbours | None:
        """Return the nearest of `docs` to each of them; None if it is not known how alike they are."""
        if len(docs) < 2 or not self._vectors.complete:
            return None
        found = self._vectors.of(docs)
        counts = self._vectors.counts(found.terms)
        norms = self._evaluator.norms.take(docs).take(found.owners)
        weights = neighbours.weights(found.freqs, counts, self._reader.count, norms)
        return neighbours.nearest(neighbours.likenesses(found.owners, found.terms, weights, len(docs)))

    def _model(self, head: Matches) -> tuple[feedback.Shared, ...]:
        """Return the words that the best articles have in common."""
        best = _first(head, feedback.ARTICLES)
        if not len(best.docs) or not self._vectors.complete or best.scores[0] <= 0.0:
            return ()
        lengths = self._reader.lengths("text").take(best.docs)
        votes = feedback.vote(self._vectors.of(best.docs), lengths, best.scores)
        return feedback.chosen(votes, self._vectors.name, self._stop_stems())

    def _fed_back(
        self, plan: Plan, found: Matches, head: Matches, trace: Trace, more: bool
    ) -> tuple[Matches, Trace]:
        """Return the articles after the head with their scores by the new query."""
        buffers = self._evaluator.buffers
        terms = [wq.Term("text", one.word, boost=one.share) for one in trace.model]
        told = self._evaluator.matches(wq.Or(terms) if len(terms) > 1 else terms[0])
        docs = found.docs
        if more and len(head.docs) == HEAD:
            docs = np.concatenate((docs, without(told, found, buffers).docs))
        docs = docs[places_in(docs, head, buffers) == 0]
        typed, given = (scores_of(docs, source, buffers) for source in (found, told))
        words = sum(word.weight for word in plan.words if word.weight > bm25.STOP_WORD_WEIGHT)
        mixed = feedback.mixed(typed, words, given)
        return Matches(docs, mixed, False), replace(trace, rest=docs, typed=typed, told=given)

    def _left(self, found: Matches, after: Matches, paired: bool) -> Matches:
        """Return the articles after the head as the stages before left them."""
        others = without(found, after, self._evaluator.buffers)
        share = dependence.WORDS if paired else 1.0
        return Matches(
            np.concatenate((after.docs[HEAD:], others.docs)),
            np.concatenate((after.scores[HEAD:], others.scores * share)),
            False,
        )


def _first(matches: Matches, count: int | None) -> Matches:
    return Matches(matches.docs[:count], matches.scores[:count], matches.ascending)


def _stems(word: QueryWord) -> tuple[str, ...]:
    return tuple(stem for stem, _, _ in word.stems)


def _with_pairs(pool: Matches, pairs: tuple[PairTrace, ...]) -> Matches:
    in_order = np.sum([pair.ordered_scores for pair in pairs], axis=0)
    in_window = np.sum([pair.near_scores for pair in pairs], axis=0)
    return Matches(pool.docs, dependence.combined(pool.scores, in_order, in_window), False)


def scores_of(docs: Numbers, source: Matches, buffers: Buffers) -> Floats:
    """Return the scores of `docs` in `source`, 0 where they are not there."""
    places = places_in(docs, source, buffers)
    there = np.flatnonzero(places)
    scores = np.zeros(len(docs))
    scores[there] = source.scores.take(places.take(there) - 1)
    return scores
