"""The vectors of a whole library: the same terms and counts whatever segments it is made of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import index.policy
from index.codec.format import VECTORS
from index.library import Library
from index.reading import LibraryReader
from index.vectors import LibraryVectors
from tests.search.shelf import Step, article, commit, library_of, living

STEPS = (
    Step((article("a", "wheat grain sea"), article("b", "ships at sea"), article("gone", "grain " * 9))),
    Step((article("c", "grain ships, ñandú"), article("d", ""), article("e", "sea sea wheat")), ("gone",)),
)


def facts(library: Library) -> tuple[dict[str, Counter[str]], dict[str, int]]:
    """Return the vector of each article by words, and the count of each word, asked as a search asks."""
    with LibraryReader(library.path) as reader:
        vectors = LibraryVectors(reader)
        assert vectors.complete
        docs = np.flatnonzero(reader.living)[::-1]
        found = vectors.of(docs)
        ids = [reader.ident(doc) for doc in docs.tolist()]
        rows: dict[str, Counter[str]] = {ident: Counter() for ident in ids}
        counts: dict[str, int] = {}
        for owner, term, freq, count in zip(
            found.owners.tolist(),
            found.terms.tolist(),
            found.freqs.tolist(),
            vectors.counts(found.terms).tolist(),
            strict=True,
        ):
            name = vectors.name(term)
            rows[ids[owner]][name] = freq
            assert counts.setdefault(name, count) == count
    return rows, counts


def segments(library: Library) -> int:
    with LibraryReader(library.path) as reader:
        return len(reader.segments)


def test_segments_and_deletions_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.policy, "_choose", lambda *_: [])
    library = library_of(tmp_path, *STEPS)
    assert segments(library) == 2
    several = facts(library)
    assert several[0]["e"] == Counter(sea=2, wheat=1)
    assert several[1]["grain"] == 2
    monkeypatch.undo()
    commit(library, Step(tuple(living(STEPS))), rebuild=True)
    assert segments(library) == 1
    assert facts(library) == several


def test_a_missing_file_makes_them_incomplete(tmp_path: Path) -> None:
    library = library_of(tmp_path, *STEPS)
    next(iter(library.path.glob(f"*{VECTORS}"))).unlink()
    with LibraryReader(library.path) as reader:
        assert not LibraryVectors(reader).complete
