"""How the score of a hit came about, as values: what `search.ranking.explain` finds out."""

from __future__ import annotations

from index.value import Value


class WordPart(Value):
    """What a word of the query gave: `word` as typed, `score` by BM25, of its best reading."""

    word: str
    score: float


class PairPart(Value):
    """What two neighbouring words gave by standing together `ordered` times in order, `near` times nearly."""

    words: str
    ordered: int
    near: int
    score: float


class NeighbourPart(Value):
    """An article like this one: its id, how alike they are (0 to 1), its score, and what it gave of it."""

    id: str
    likeness: float
    score: float
    given: float


class Explanation(Value):
    """How the score of a hit came about, stage by stage.

    `words` give `by_words` together with `other`, what phrases, patterns and the like gave. With `pairs`,
    `together` is the score after dependence: a share of `by_words` and what the pairs gave. With
    `neighbours`, `smoothed` is the score after they were heard; `own` of it was the article's. An article
    beyond those was put in its place by `feedback`: words typical of the best hits. What is None did not
    take part. `behind` says that the article was found only by words that were added to typed ones, and
    stands behind all others whatever its score was.
    """

    score: float
    words: tuple[WordPart, ...]
    other: float
    by_words: float
    pairs: tuple[PairPart, ...] = ()
    together: float | None = None
    neighbours: tuple[NeighbourPart, ...] = ()
    own: float = 0.0
    smoothed: float | None = None
    feedback: tuple[WordPart, ...] | None = None
    behind: bool = False
