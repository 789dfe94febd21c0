"""From a plan to its answer: what is found, put in order, and copies of a story folded."""

from __future__ import annotations

from datetime import date

import numpy as np

from index.value import replace
from search.folding import unfolded_places
from search.generation import Generation
from search.ordering import Sort, in_order
from search.plan import Plan
from search.query import parse
from search.ranked import Asked, Basis, Ranked
from search.ranking.pipeline import FAST, Stages, depth_for
from search.relaxed import with_most
from search.tiers import Tiers, leading

#: So many more articles are ranked at first than stories are wanted, in case some are copies.
_MORE = 16


def planned(now: Generation, asked: Asked, today: date, short: bool = False) -> Plan:
    """Return how a question is understood on the day that it is; `short` if few will ask what it says."""
    parsed = parse(asked.query, today)
    return now.interpreter.plan(parsed, asked.mode, asked.typos, asked.periods, asked.file_dates, short)


def answered(
    now: Generation,
    plan: Plan,
    sort: Sort,
    upto: int | None,
    stages: Stages = FAST,
    more: bool = False,
) -> Ranked:
    """Return the first `upto` articles that a plan finds (all, if None), in order.

    `total` counts all; with `upto` 0 nothing is put in order. Those that a full ranking looks at do not
    depend on `upto`, so that pages of an answer fit each other.
    """
    full = stages is not FAST and stages != FAST and sort is Sort.RELEVANCE and upto != 0
    depth = depth_for(upto) if full else upto
    tiered = plan.added and sort is Sort.RELEVANCE and upto != 0
    whole = depth is None or sort is not Sort.RELEVANCE or tiered
    if depth is not None and not whole:
        found, total = now.evaluator.best(plan.query, depth)
    else:
        found = now.evaluator.matches(plan.query)
        total = len(found.docs)
    first = leading(now.evaluator, plan.query) if tiered else None
    if not total and len(plan.parts) > 1:
        found, first = with_most(now.evaluator, plan)
        total, whole = len(found.docs), True
    basis = Basis(found, whole, sort, first)
    if full:
        ordered, trace = now.pipeline.order(plan, found, upto, stages, more=more and plan.open, first=first)
        return Ranked(now, plan, ordered.docs, ordered.scores, total, basis, trace)
    if sort is Sort.RELEVANCE:
        tiers = Tiers(now.reader, now.evaluator.buffers, first)
        ordered = tiers.falling(tiers.sorted(found, upto))
        return Ranked(now, plan, ordered.docs, ordered.scores, total, basis, None)
    order = in_order(now.reader, found, sort, upto)
    return Ranked(now, plan, found.docs[order], np.zeros(len(order)), total, basis, None)


def folded(
    now: Generation, plan: Plan, sort: Sort, upto: int | None, stages: Stages = FAST, more: bool = False
) -> Ranked:
    """Return what `answered` does, but of the copies of a story only the first in the order."""
    copies = now.reader.copies
    wanted = upto if upto is None or not len(copies.docs) else upto + (upto and _MORE)
    while True:
        ranked = answered(now, plan, sort, wanted, stages, more)
        places = unfolded_places(ranked.docs, copies)
        if wanted is None or upto is None or len(places) >= upto or len(ranked.docs) >= ranked.total:
            places = places[:upto]
            docs, scores = ranked.docs.take(places), ranked.scores.take(places)
            return replace(ranked, docs=docs, scores=scores, folded=True)
        wanted *= 4
