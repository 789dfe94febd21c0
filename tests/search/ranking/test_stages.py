"""The stages' pure functions on their own: edges that whole rankings seldom meet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.codec.vectors import ArticleTerms
from search.ranking import dependence, feedback, neighbours

positions = st.lists(st.sets(st.integers(0, 30), max_size=6), min_size=3, max_size=3)


def keys(places: list[set[int]]) -> dependence.Keys:
    """Return the occurrences of a word in three articles as keys."""
    return np.array(
        [(at << dependence.SHIFT) + place for at, own in enumerate(places) for place in sorted(own)],
        dtype=np.int64,
    )


@given(positions, positions)
def test_pairs_are_counted_where_they_stand(first: list[set[int]], second: list[set[int]]) -> None:
    ordered = dependence.ordered(keys(first), keys(second), 3).tolist()
    near = dependence.near(keys(first), keys(second), 3).tolist()
    both = list(zip(first, second, strict=True))
    assert ordered == [sum(at + 1 in others for at in own) for own, others in both]
    assert near == [sum(any(abs(at - o) < 8 for o in others) for at in own) for own, others in both]


def vectors(*rows: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the likenesses of articles by their terms' weights."""
    entries = [(at, term, value) for at, row in enumerate(rows) for term, value in enumerate(row) if value]
    owners, terms, values = (np.array(column) for column in zip(*entries, strict=True))
    return neighbours.likenesses(owners, terms, values.astype(np.float64), len(rows))


def test_likeness_is_the_cosine_and_an_empty_article_is_like_none() -> None:
    found = vectors([3, 4, 0], [0, 2, 0], [0, 0, 0], [0, 0, 5])
    assert found[0, 1] == pytest.approx(0.8)
    assert found[2].tolist() == [0, 0, 0, 0]
    assert found[3, :3].tolist() == [0, 0, 0]


def test_a_copy_is_no_neighbour_and_who_has_none_keeps_its_score() -> None:
    found = neighbours.nearest(vectors([1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]))
    assert found.likeness[0].tolist() == [0.5, 0.0, 0.0, 0.0]
    assert found.places[0][0] == 2
    scores = neighbours.smoothed(np.array([8.0, 6.0, 4.0, 2.0]), found)
    assert scores.tolist() == pytest.approx([7.8, 5.9, 4.3, 2.0])


def test_votes_that_are_equal_are_settled_by_name() -> None:
    names = [f"w{29 - at:02}" for at in range(30)]  # the numbers of terms run against their names
    terms = np.arange(30)
    words = ArticleTerms(np.zeros(30, dtype=np.intp), terms, np.ones(30, dtype=np.uint8))
    votes = feedback.vote(words, np.array([30.0]), np.array([2.0]))
    found = feedback.chosen(votes, names.__getitem__, {"w03"})
    assert [one.word for one in found] == [name for name in sorted(names) if name != "w03"][: feedback.TERMS]
    assert sum(one.share for one in found) == pytest.approx(1.0)


def test_nothing_to_vote_for_is_no_model() -> None:
    words = ArticleTerms(np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.uint8))
    assert feedback.chosen(feedback.vote(words, np.ones(1), np.ones(1)), lambda _: "the", {"the"}) == ()


def test_scores_put_below_a_floor_keep_their_order() -> None:
    found = feedback.below(np.array([1.0, 50.0, 0.0, 2.0]), 3.0)
    assert (found < 3.0).all()
    assert np.argsort(-found).tolist() == [1, 3, 0, 2]
    assert feedback.below(np.zeros(2), 3.0).tolist() == [0.0, 0.0]
