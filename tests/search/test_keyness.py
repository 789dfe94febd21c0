"""Typical words and like articles, against counting in plain Python."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from search.evaluate import Evaluator
from search.keyness import surprise, typical_words
from search.similar import similar, telling_terms
from tests.search.shelf import Step, article, library_of, library_with

FORMS = ["oil", "prices", "rose", "cocoa", "ghana", "bank", "the", "7", "x"]
bodies = st.lists(st.lists(st.sampled_from(FORMS), max_size=12).map(" ".join), min_size=1, max_size=12)


def by_hand(inside: int, outside: int, size: int, others: int) -> float:
    total = 0.0
    for seen, space in ((inside, size), (outside, others)):
        expected = space * (inside + outside) / (size + others)
        total += seen * math.log(seen / expected) if seen else 0.0
    return 2 * total if inside * others >= outside * size else -2 * total


@given(st.integers(1, 50), st.integers(1, 50), st.data())
def test_surprise_is_the_log_likelihood_ratio(size: int, others: int, data: st.DataObject) -> None:
    inside, outside = data.draw(st.integers(0, size)), data.draw(st.integers(0, others))
    value = surprise(np.array([float(inside)]), np.array([float(outside)]), size, others)[0]
    if inside + outside:
        assert math.isclose(value, by_hand(inside, outside, size, others), abs_tol=1e-9)
    assert abs(value) >= -1e-9


@settings(max_examples=25, deadline=None)
@given(bodies, bodies, st.sets(st.integers(0, 23)), st.booleans())
def test_typical_words_are_those_of_counting(
    first: list[str], second: list[str], chosen: set[int], against_some: bool
) -> None:
    texts = first + second
    with tempfile.TemporaryDirectory() as folder:
        steps = [
            Step(add=tuple(article(f"{name}{at}", text) for at, text in enumerate(part)))
            for name, part in (("a", first), ("b", second))
        ]
        library = library_of(Path(folder), *steps)
        with library.reader() as reader:
            docs = np.array(sorted(at for at in chosen if at < len(texts)), dtype=np.intp)
            rest = np.setdiff1d(np.arange(len(texts)), docs)
            against = rest[::2] if against_some else None
            found = typical_words(reader, docs, 100, left_out=("the",), against=against)
            held = [set(reader.article(at).text.split()) for at in range(len(texts))]
    outside = rest if against is None else against
    wanted = []
    for form in set(FORMS) - {"the", "7", "x"}:
        within, beyond = (sum(form in held[at] for at in part.tolist()) for part in (docs, outside))
        value = by_hand(within, beyond, len(docs), len(outside)) if within else 0.0
        if within >= min(3, max(1, len(docs) // 3)) and round(value, 9) > 0:
            wanted.append((form, within, beyond, round(value, 2)))
    assert sorted((w.form, w.articles, w.others, w.surprise) for w in found) == sorted(wanted)
    assert [w.surprise for w in found] == sorted((w.surprise for w in found), reverse=True)


@settings(max_examples=25, deadline=None)
@given(bodies, st.data())
def test_like_articles_share_telling_words_and_are_no_copies(texts: list[str], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = library_with(Path(folder), *(article(str(at), text) for at, text in enumerate(texts)))
        analyzer = Analyzer()
        with library.reader() as reader:
            doc = data.draw(st.integers(0, len(texts) - 1))
            weights = telling_terms(reader.article(doc), reader, analyzer, frozenset(["the"]))
            found = similar(doc, weights, reader, Evaluator(reader))
            stems = [
                {token.stem for token in analyzer.tokens(reader.article(at).text)} for at in range(len(texts))
            ]
            copies = set(reader.copies.of(doc))
    assert "the" not in weights
    assert set(weights) <= stems[doc]
    needed = max(1, math.ceil(0.3 * len(weights)))
    wanted = {at for at, held in enumerate(stems) if weights and len(held & set(weights)) >= needed}
    assert set(found.docs.tolist()) == wanted - {doc} - copies
