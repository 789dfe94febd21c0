"""What sketches say of pairs of texts against the texts' own shingles."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.likeness import likeness, likenesses
from index.shingles import Shingles, distinct
from index.sketches import Sketches

#: Hashes of which some are drawn often; as those of shingles, they differ in more than their last bits.
hashes = st.integers(0, 40).map(lambda number: number * 0x9E3779B97F4A7C15 % 2**64) | st.integers(
    0, 2**49 - 1
).map(lambda number: number << 15)
texts = st.lists(st.lists(hashes, max_size=60).map(lambda some: np.array(some, dtype=np.uint64)), max_size=6)


def pairs_of(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(list(combinations(range(count), 2)), dtype=np.int64).reshape(-1, 2)


def sketched(every: list[Shingles], cut: int = 0) -> Sketches:
    sketches = Sketches.empty(len(every))
    for first, some in ((0, every[:cut]), (cut, every[cut:])):
        together = np.concatenate([np.zeros(0, dtype=np.uint64), *some])
        sketches.fill(first, together, np.array([len(one) for one in some], dtype=np.int64))
    return sketches


@settings(max_examples=50, deadline=None)
@given(texts)
def test_no_pair_is_more_alike_than_its_sketches_allow(every: list[Shingles]) -> None:
    pairs = pairs_of(len(every))
    exact = [likeness(distinct(every[one]), distinct(every[other])) for one, other in pairs.tolist()]
    assert (sketched(every).most(pairs) >= exact).all()


@settings(max_examples=50, deadline=None)
@given(texts)
def test_likenesses_of_many_pairs_are_those_of_each(every: list[Shingles]) -> None:
    pairs = pairs_of(len(every))
    exact = [likeness(distinct(every[one]), distinct(every[other])) for one, other in pairs.tolist()]
    assert likenesses(pairs, every.__getitem__).tolist() == exact


@settings(max_examples=50, deadline=None)
@given(texts, st.randoms(use_true_random=False))
def test_texts_of_the_same_shingles_are_told(every: list[Shingles], random: Random) -> None:
    shuffled = [
        np.array(sorted(one.tolist(), key=lambda _: random.random()), dtype=np.uint64) for one in every
    ]
    pairs = pairs_of(2 * len(every))
    both = [*every, *shuffled]
    exact = [
        len(both[a]) > 0 and sorted(both[a].tolist()) == sorted(both[b].tolist()) for a, b in pairs.tolist()
    ]
    assert sketched(both).same(pairs).tolist() == exact


@settings(max_examples=50, deadline=None)
@given(texts, st.integers(0, 6))
def test_sketches_do_not_depend_on_how_texts_are_taken_together(every: list[Shingles], cut: int) -> None:
    cut = min(cut, len(every))
    whole, parts, copy = sketched(every), Sketches.empty(len(every)), Sketches.empty(len(every))
    for first, last in ((0, cut), (cut, len(every))):
        parts.part(first, last).unpack(sketched(every[first:last]).packed())
    copy.unpack(whole.packed())
    for other in (sketched(every, cut), parts, copy):
        for one, same in zip(whole, other, strict=True):
            assert one.tolist() == same.tolist()
