"""A query of several words that no article has all of: the articles that have most of them."""

from __future__ import annotations

import numpy as np

from search.evaluate import Evaluator
from search.matches import Matches, places_in, plus, union, without
from search.plan import Plan
from search.results import Note
from search.tiers import leading


def with_most(evaluator: Evaluator, plan: Plan) -> tuple[Matches, Matches | None]:
    """Return the articles that match most parts of a query that nothing matches whole; note it.

    With them, where words were added, those that match as many parts as typed.
    """
    buffers = evaluator.buffers
    matched = [evaluator.matches(part.query) for part in plan.parts]
    found = union(matched, buffers)
    if plan.condition is not None:
        found = found.where(plan.condition.mask(evaluator).take(found.docs))
    for number in plan.must:
        found = found.where(places_in(found.docs, matched[number], buffers) > 0)
    if plan.excluded is not None:
        found = without(found, evaluator.matches(plan.excluded), buffers)
    counts = np.zeros(len(found.docs), dtype=np.int64)
    for part in matched:
        counts += places_in(found.docs, part, buffers) > 0
    most = int(counts.max(initial=0))
    found = found.where(counts == most)
    if plan.extra is not None:
        found = plus(found, evaluator.matches(plan.extra), buffers)
    note = Note(f"no article has all {len(plan.parts)}; these have {most} of them")
    if most and note not in plan.notes:
        plan.notes.append(note)
    return found, _most_as_typed(evaluator, plan, found, most) if plan.added else None


def _most_as_typed(evaluator: Evaluator, plan: Plan, found: Matches, most: int) -> Matches:
    """Return those of the articles found that match `most` parts of the query without added words."""
    counts = np.zeros(len(found.docs), dtype=np.int64)
    for part in plan.parts:
        counts += places_in(found.docs, leading(evaluator, part.query), evaluator.buffers) > 0
    return found.where(counts == most).sorted()
