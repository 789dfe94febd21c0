"""What each stage of the ranking gave an article, word by word and neighbour by neighbour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from whoosh import query as wq

from index.reading import LibraryReader, Numbers
from search.evaluate import Evaluator
from search.explanation import Explanation, NeighbourPart, PairPart, WordPart
from search.matches import Floats, Matches, places_in
from search.plan import Plan, QueryWord
from search.ranking import dependence, neighbours
from search.ranking.feedback import Shared
from search.ranking.pipeline import Trace, scores_of


def explanations(
    evaluator: Evaluator,
    plan: Plan,
    trace: Trace | None,
    docs: Numbers,
    scores: Floats,
    first: Matches | None = None,
) -> list[Explanation]:
    """Return the explanation of each of the articles `docs`, whose final scores are `scores`.

    `trace` is that of their ranking, None of the fast one; `first` are the articles that come before others.
    """
    behind = np.zeros(len(docs), dtype=np.bool_)
    if first is not None:
        behind = places_in(docs, first, evaluator.buffers) == 0
    parts = [_word_scores(evaluator, word, docs) for word in plan.words]
    told = [_feedback_scores(evaluator, shared, docs) for shared in trace.model] if trace else []
    total = scores_of(docs, evaluator.matches(plan.query), evaluator.buffers)
    found = []
    for at, doc in enumerate(docs.tolist()):
        words = tuple(
            WordPart(word.form, float(part[at])) for word, part in zip(plan.words, parts, strict=True)
        )
        by_words = float(total[at])
        if not by_words and any(word.score for word in words):  # found by some of the words that were wanted
            by_words = sum(word.score for word in words)
        other = by_words - sum(word.score for word in words)
        made = Explanation(float(scores[at]), words, other, by_words, behind=bool(behind[at]))
        found.append(made if trace is None else _by_stages(evaluator.reader, made, trace, doc, at, told))
    return found


def _by_stages(
    reader: LibraryReader, made: Explanation, trace: Trace, doc: int, at: int, told: Sequence[Floats]
) -> Explanation:
    """Return `made` with what the stages after the first gave the article."""
    pairs, together = _pairs(trace, doc, made.by_words)
    place = _place(trace.head, doc)
    heard: tuple[NeighbourPart, ...] = ()
    own, smoothed = 0.0, None
    if place is not None and trace.neighbours is not None:
        heard = _neighbours(reader, trace, trace.neighbours, place)
        own = neighbours.kept(trace.neighbours)[place] * float(trace.before[place])
        smoothed = own + sum(one.given for one in heard)
    feedback = None
    if place is None and trace.model:
        feedback = tuple(
            WordPart(shared.word, float(scores[at])) for shared, scores in zip(trace.model, told, strict=True)
        )
    return Explanation(
        made.score, made.words, made.other, made.by_words, pairs, together, heard, own, smoothed, feedback,
        made.behind,
    )  # fmt: skip


def _pairs(trace: Trace, doc: int, by_words: float) -> tuple[tuple[PairPart, ...], float | None]:
    if not trace.pairs:
        return (), None
    place = _place(trace.pool, doc)
    if place is None:
        return (), dependence.WORDS * by_words
    parts = tuple(
        PairPart(
            f"{one.pair.first.form} {one.pair.second.form}",
            int(one.ordered[place]),
            int(one.near[place]),
            dependence.ORDERED * float(one.ordered_scores[place])
            + dependence.NEAR * float(one.near_scores[place]),
        )
        for one in trace.pairs
    )
    return parts, dependence.WORDS * float(trace.words[place]) + sum(part.score for part in parts)


def _neighbours(
    reader: LibraryReader, trace: Trace, found: neighbours.Neighbours, place: int
) -> tuple[NeighbourPart, ...]:
    places, likeness = found.places[place].tolist(), found.likeness[place].tolist()
    share = 1.0 - neighbours.kept(found)[place]
    total = max(sum(likeness), 1e-9)
    return tuple(
        NeighbourPart(
            reader.ident(int(trace.head[other])),
            alike,
            float(trace.before[other]),
            float(share * alike / total * trace.before[other]),
        )
        for other, alike in zip(places, likeness, strict=True)
        if alike > 0.0
    )


def _word_scores(evaluator: Evaluator, word: QueryWord, docs: Numbers) -> Floats:
    """Return what a word gives each article: the score of the best that it stands for."""
    if word.query is not None:
        return word.weight * scores_of(docs, evaluator.matches(word.query), evaluator.buffers)
    best = np.zeros(len(docs))
    for stem, share, _ in word.stems:
        node = wq.Term(word.part, stem, boost=share * word.weight)
        np.maximum(best, scores_of(docs, evaluator.matches(node), evaluator.buffers), out=best)
    return best


def _feedback_scores(evaluator: Evaluator, shared: Shared, docs: Numbers) -> Floats:
    node = wq.Term("text", shared.word, boost=shared.share)
    return scores_of(docs, evaluator.matches(node), evaluator.buffers)


def _place(docs: Numbers, doc: int) -> int | None:
    found = np.flatnonzero(docs == doc)
    return int(found[0]) if len(found) else None
