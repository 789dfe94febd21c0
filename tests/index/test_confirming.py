"""Pairs confirmed, by one process or several, whatever becomes of some, against the likeness of all texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import confirming
from index.confirming import confirmed_in
from index.copies import Pairs, Part
from index.likeness import COPY, likeness, shingles
from index.schema import unpack_article
from index.toc import open_generation
from tests.index.test_copies import text_of
from tests.search.shelf import Step, article, library_of

DIES = ("-c", "import sys; sys.exit(1)")
DIES_LATE = ("-c", "import sys; sys.stdin.buffer.read(9); sys.stdout.buffer.write(b'x'); sys.exit(1)")


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Part]:
    """Two segments in which every story stands five times, three times nearly as at first."""
    stories = [(seed, changed) for seed in range(40) for changed in (0, 2, 4, 30, 40)]
    made = [article(f"{seed:02}{changed:02}", text_of(seed, changed)) for seed, changed in stories]
    folder = tmp_path_factory.mktemp("copies")
    found: list[Part] = []
    for half in (made[0::2], made[1::2]):
        library = library_of(folder / f"{len(found)}", Step(tuple(half)))
        _, toc, (reader,) = open_generation(library.path)
        (segment,) = toc.segments
        found.append(
            Part(segment.segid, reader, segment.deleted, sum(part.reader.doc_count for part in found))
        )
    return found


@pytest.fixture(scope="module")
def alike(parts: list[Part]) -> list[list[int]]:
    """All pairs of copies among the articles of the parts, by the likeness of their texts."""
    stored = [unpack_article(record) for part in parts for record in part.reader.stored]
    sets = [shingles(one) for one in stored]
    pairs = combinations(range(len(sets)), 2)
    return [[one, other] for one, other in pairs if likeness(sets[one], sets[other]) >= COPY]


@pytest.mark.parametrize("program", [confirming._PROGRAM, DIES, DIES_LATE], ids=["all", "early", "late"])
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_copies_are_the_pairs_whose_texts_are_alike(
    parts: list[Part],
    alike: list[list[int]],
    jobs: int,
    program: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = sum(part.reader.doc_count for part in parts)
    assert len(alike) >= 120
    monkeypatch.setattr(confirming, "_SHARE", 16)
    monkeypatch.setattr(confirming, "_HEAD_START", 10)
    monkeypatch.setattr(confirming, "_PROGRAM", program)
    assert confirmed_in(parts, pairs_of(range(count)), jobs).tolist() == alike


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_it_does_not_matter_how_much_is_done_at_once(
    parts: list[Part], alike: list[list[int]], data: st.DataObject
) -> None:
    docs = sorted(data.draw(st.sets(st.integers(0, 199), max_size=30)))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_BYTES", "_TEXTS", "TOGETHER", "_HASHES", "_MOST_HELD"):
            patch.setattr(confirming, name, data.draw(st.sampled_from([1, 100, 1 << 14]), name))
        found = confirmed_in(parts, pairs_of(docs), 1)
    assert found.tolist() == [pair for pair in alike if set(pair) <= set(docs)]


def pairs_of(docs: Sequence[int]) -> Pairs:
    return np.array(list(combinations(docs, 2)), dtype=np.int64).reshape(-1, 2)
