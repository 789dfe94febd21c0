"""Words that are few edits away: the same as by comparing with every word of two segments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.edits import words_near
from tests.search.shelf import Step, article, library_of

BODIES = ("moon moan mono noon mnoo boon moonlit übung übungen", "moon moans lunar lunatic solar sonar")
ANALYZER = Analyzer()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryReader]:
    folder: Path = tmp_path_factory.mktemp("edits")
    library = library_of(folder, *(Step((article(body[:4], body),)) for body in BODIES))
    with library.reader() as reader:
        yield reader


@settings(deadline=None)
@given(st.text("monslaurü", min_size=1, max_size=7), st.integers(1, 2), st.booleans())
def test_near_words_are_those_of_a_list(
    reader: LibraryReader, asked: str, edits: int, same_first: bool
) -> None:
    bodies = [{form for form, _ in ANALYZER.terms(body)} for body in BODIES]
    wanted = {
        (word, distance, sum(word in body for body in bodies))
        for word in set().union(*bodies)
        if (distance := OSA.distance(asked, word)) <= edits
        and (not same_first or distance < 2 or word[0] == asked[0])
    }
    assert set(words_near(reader, asked, edits, same_first=same_first)) == wanted
