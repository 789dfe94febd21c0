"""Candidates of many articles against all pairs of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.likeness import _AHEAD, _BAND, _ENOUGH, _by_bands, _ordered
from index.signature import BINS


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, _AHEAD + 1), st.integers(1, 3), st.sets(st.integers(0, 8)))
def test_bands_find_all_pairs_while_few_share_one(seed: int, count: int, bases: int, old: set[int]) -> None:
    """Rows are made of a few, some bytes changed; a row that begins with 0 has no signature."""
    random = np.random.RandomState(seed)
    rows = random.randint(1, 256, (bases, BINS), dtype=np.uint8)[random.randint(0, bases, count)]
    changed = random.random_sample(rows.shape) < random.choice([0, 0.1, 0.3])
    rows[changed] = random.randint(0, 3, int(changed.sum()))
    fresh = np.array([number not in old for number in range(count)], dtype=np.bool_)
    expected = []
    for one, other in combinations(range(count), 2):
        equal = rows[one] == rows[other]
        in_band = equal.reshape(-1, _BAND).all(axis=1).any()
        signed = rows[one, 0] and rows[other, 0]
        if signed and (fresh[one] or fresh[other]) and in_band and equal.sum() >= _ENOUGH:
            expected.append([one, other])
    assert _ordered(_by_bands(rows, fresh)).tolist() == expected
