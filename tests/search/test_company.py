"""The company of words against plain counting."""

from __future__ import annotations

import math
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.builder import Builder
from search import company
from search.company import Company
from tests.search.shelf import article, library_with, texts

WORDS = ("ax", "bay", "cod", "dun")
BODIES = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), min_size=1, max_size=20)


@given(BODIES)
@settings(max_examples=30, deadline=None)
def test_information_and_lift_are_those_of_plain_counts(bodies: list[list[str]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        texts(Path(folder), *map(" ".join, bodies)).reader() as reader,
    ):
        known = Company(reader)
        small = company._SMALL
        size = len(bodies)
        total = sum(map(len, bodies))
        found = known.information(list(WORDS), list(WORDS))
        for one, row in zip(WORDS, found.tolist(), strict=True):
            for word, value in zip(WORDS, row, strict=True):
                both = sum(word in body and one in body for body in bodies)
                own, other = (sum(each in body for body in bodies) for each in (word, one))
                expected = math.log((both + small) * size / ((own + small) * (other + small)))
                assert value == pytest.approx(max(0.0, expected))
                follows = sum(pair == (one, word) for body in bodies for pair in pairwise(body))
                times = [sum(body.count(each) for body in bodies) + 1.0 for each in (one, word)]
                lift = math.log((follows + small) * total / (times[0] * times[1])) if follows else 0.0
                assert known.lift(one, word) == pytest.approx(max(0.0, lift))


def test_large_libraries_are_sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = ["trade talks", "trade"] * 60 + ["other words"] * 300
    library = library_with(tmp_path, *(article(f"{at:03}", body) for at, body in enumerate(bodies)))
    with library.reader() as reader:
        whole = Company(reader)
        monkeypatch.setattr(company, "MOST_ARTICLES", 100)
        monkeypatch.setattr(company, "MOST_TOGETHER", 7)
        part = Company(reader)
        for word in ("trade", "talk", "other"):
            sampled, full = (one.information([word], ["trade"]) for one in (part, whole))
            assert sampled == pytest.approx(full, abs=0.7)
        assert part.lift("trade", "talk") == pytest.approx(whole.lift("trade", "talk"), abs=0.3)
        assert part.lift("talk", "trade") == whole.lift("talk", "trade") == 0.0


def test_deleted_articles_are_no_company(tmp_path: Path) -> None:
    library = library_with(
        tmp_path, article("a", "trade talks"), *(article(f"b{n}", "other") for n in range(9))
    )
    with Builder(library.path, library.analyzer) as builder:
        builder.delete(("a",))
        builder.commit()
    with library.reader() as reader:
        assert Company(reader).lift("trade", "talk") == 0.0
