"""Words of a library against a list of all words: which begin so, which are near."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.searcher import Searcher
from tests.search.shelf import Step, article, library_of

words = st.text("abé", min_size=1, max_size=5)
texts = st.lists(st.lists(words, max_size=8), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None)
@given(texts, texts, words, st.integers(1, 2), st.integers(1, 5))
def test_words_are_those_of_a_list(
    first: list[list[str]], second: list[list[str]], asked: str, edits: int, limit: int
) -> None:
    steps = [
        Step(tuple(article(f"{name}{at}", " ".join(held)) for at, held in enumerate(part)))
        for name, part in (("a", first), ("b", second))
    ]
    with tempfile.TemporaryDirectory() as folder, Searcher(library_of(Path(folder), *steps)) as searcher:
        analyzer = searcher._now.analyzer
        form = next(iter(analyzer.tokens(asked))).form
        counts = Counter(
            form
            for held in first + second
            for form in {token.form for token in analyzer.tokens(" ".join(held))}
        )
        completed = searcher.complete(asked, limit)
        near = searcher.words_near(asked, edits, limit)
    begins = sorted((-count, word) for word, count in counts.items() if word.startswith(form))
    assert [(-word.articles, word.form) for word in completed] == begins[:limit]
    distances = sorted((OSA.distance(form, word), -count, word) for word, count in counts.items())
    wanted = [(word, -count) for distance, count, word in distances if distance <= edits]
    assert [tuple(word) for word in near] == wanted[:limit]
