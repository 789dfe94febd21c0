"""A question and its answer as numbers: what was asked, what was found, in which order."""

from __future__ import annotations

from datetime import date

from index.reading import Numbers
from index.value import Value, replace
from search.folding import fold_of, story_count
from search.generation import Generation
from search.hits import hit_of
from search.matches import Floats, Matches
from search.nodes import Period
from search.ordering import Sort
from search.plan import Mode, Plan
from search.ranking.pipeline import Trace
from search.results import Diagnosis, Hit, Remedy, Results


class Asked(Value):
    """A question: the query, and what was asked for beside it."""

    query: str
    typos: bool
    since: date | None
    until: date | None
    mode: Mode
    file_dates: bool

    @property
    def periods(self) -> tuple[Period, ...]:
        """The days that were asked for, as the conditions that they are in a query."""
        found = []
        if self.since is not None:
            found.append(Period("since", self.since.isoformat(), 0, 0, self.since, None))
        if self.until is not None:
            found.append(Period("until", self.until.isoformat(), 0, 0, None, self.until))
        return tuple(found)


class Basis(Value):
    """What was found before it was put in order: all of it (`whole`), or enough for what was asked.

    `first` are the articles that come before all others, where there are such (`search/tiers.py`).
    """

    found: Matches
    whole: bool
    sort: Sort
    first: Matches | None = None


class Ranked(Value):
    """A whole answer as numbers: the plan behind it, article numbers in order and their scores.

    It belongs to the generation of the library that gave it, which stays readable while it is kept.
    """

    generation: Generation
    plan: Plan
    docs: Numbers
    scores: Floats
    total: int
    basis: Basis
    trace: Trace | None
    folded: bool = False

    def where(self, places: Numbers) -> Ranked:
        """Return the answer with only the articles at these places of it."""
        docs, scores = self.docs.take(places), self.scores.take(places)
        return replace(self, docs=docs, scores=scores, total=len(docs))

    @property
    def stories(self) -> int | None:
        """How many articles are found if copies of a story count once; None if they are not folded."""
        if not self.folded:
            return None
        basis, now = self.basis, self.generation
        if not len(now.reader.copies.docs):
            return self.total
        whole = basis.whole or len(basis.found.docs) == self.total
        found = basis.found if whole else now.evaluator.matches(self.plan.query)
        return story_count(found.docs, now.reader.copies)

    def hit(self, at: int, passages: bool = True) -> Hit:
        """Return the hit at a place of the answer, read and marked; `passages` False leaves out both."""
        now = self.generation
        doc = int(self.docs[at])
        article = now.reader.article(doc)
        score = round(float(self.scores[at]), 6)
        fold = fold_of(doc, now.reader) if self.folded else None
        if not passages:
            return Hit(article, score, at + 1, (), (), (), fold)
        hit = hit_of(article, score, at + 1, self.plan.marker, now.analyzer, now.boilerplate.is_common)
        return hit if fold is None else replace(hit, fold=fold)


def results_of(
    query: str,
    ranked: Ranked,
    offset: int,
    hits: tuple[Hit, ...],
    diagnosis: Diagnosis | None,
    seconds: float,
    suggestion: Remedy | None = None,
) -> Results:
    """Return an answer with some of its hits, from `offset` on."""
    plan = ranked.plan
    return Results(
        query=query,
        understood=plan.understood,
        parsed=plan.parsed,
        total=ranked.total,
        offset=offset,
        hits=hits,
        corrections=tuple(plan.corrections),
        notes=tuple(plan.notes),
        diagnosis=diagnosis,
        suggestion=suggestion,
        seconds=seconds,
        stories=ranked.stories,
    )
