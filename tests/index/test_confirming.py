"""Copies confirmed by several processes are those that one confirms, whatever becomes of the others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import confirming
from index.confirming import _shared_out, _words_in, confirmed_in
from index.copies import Part
from index.likeness import candidates, confirmed
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


@pytest.mark.parametrize("program", [confirming._PROGRAM, DIES, DIES_LATE], ids=["all", "early", "late"])
@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_shares_give_what_all_give_at_once(
    parts: list[Part], jobs: int, program: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = np.concatenate([part.reader.signatures for part in parts if part.reader.signatures is not None])
    pairs = candidates(tables, np.ones(len(tables), dtype=np.bool_))
    expected = confirmed(pairs, _words_in(parts))
    assert 40 <= len(expected) < len(pairs)
    monkeypatch.setattr(confirming, "_SHARE", 16)
    monkeypatch.setattr(confirming, "_PROGRAM", program)
    assert confirmed_in(parts, pairs, jobs).tolist() == expected.tolist()


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda pair: pair[0] < pair[1]), min_size=1
    ),
    st.integers(1, 5),
)
def test_no_article_is_in_two_shares(chosen: list[tuple[int, int]], jobs: int) -> None:
    pairs = np.array(sorted(set(chosen)), dtype=np.int64)
    shares = _shared_out(pairs, jobs)
    assert len(shares) == jobs
    assert sorted(map(tuple, np.concatenate(shares).tolist())) == sorted(set(chosen))
    members = [set(share.ravel().tolist()) for share in shares]
    assert sum(map(len, members)) == len(set().union(*members))
