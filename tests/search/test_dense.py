"""Libraries large enough for every layout of postings, against the brute-force scorer.

Frequent words are kept as bits, their numbers packed in all widths, and articles have positions beyond one
and two bytes; two segments, with articles deleted in both.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.reading import LibraryReader
from search.best import best_of_any
from search.evaluate import Evaluator
from search.matches import Matches
from tests.search.brute import ANALYZER, Shelf, Tree, whoosh_query
from tests.search.loops import WAYS, using
from tests.search.shelf import Step, article, library_of, living

#: Words by how often they are drawn; some share a stem.
WORDS = ["the", "market", "trade", "trading", "price", "prices", "coalition", "harvest", "grain", "x9"]
WEIGHTS = [40, 20, 12, 3, 8, 4, 2, 1, 0.3, 0.1]
STEMS = sorted({stem for word in WORDS for _, stem in ANALYZER.terms(word)})
FORMS = sorted({form for word in WORDS for form, _ in ANALYZER.terms(word)})


def _steps() -> tuple[Step, ...]:
    rng = random.Random(5)

    def text(most: int) -> str:
        return " ".join(rng.choices(WORDS, WEIGHTS, k=rng.randint(0, most)))

    made = [article(f"{at:05}", text(30), text(3) if at % 3 else "") for at in range(1700)]
    long = [
        article("a far", "grain " + "filler " * 300 + "harvest grain " + "filler " * 66_000 + "grain price"),
        article("b many", "the market " * 400 + "grain trade trading", "the market " * 20),
    ]
    gone = [f"{at:05}" for at in rng.sample(range(1400), 90)]
    again = [article(ident, text(20), text(2)) for ident in gone[:40]]
    late = ["00005", "01500", "a far"]
    return (
        Step(tuple(made[:1400] + long)),
        Step(tuple(made[1400:] + again), tuple(gone)),
        Step((), tuple(late)),
    )


STEPS = _steps()


@pytest.fixture(scope="module", params=["one segment", "two segments"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LibraryReader]:
    """A reader of the articles, in one segment (nothing is deleted then) or in several."""
    steps = STEPS if request.param == "two segments" else (Step(tuple(living(STEPS))),)
    with library_of(tmp_path_factory.mktemp("dense"), *steps).reader() as reader:
        yield reader


@pytest.fixture(scope="module", params=WAYS, autouse=True)
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ask by numpy, then by the compiled loops."""
    yield from using(request.param, tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def shelf(opened: LibraryReader) -> Shelf:
    """The same articles for the brute-force scorer."""
    return Shelf(living(STEPS), opened, ANALYZER)


def _trees() -> list[Tree]:
    rng = random.Random(11)
    trees: list[Tree] = []
    for size in (2, 3, 4):
        for kind in ("or", "and", "or", "and"):
            words = [("term", rng.choice([1.0, 1.0, 0.5]), "text", rng.choice(STEMS)) for _ in range(size)]
            trees.append((kind, 1.0, *words))
        for field in ("text", "text", "title", "body"):
            trees.append(("phrase", 1.0, field, tuple(rng.choices(STEMS[:6], k=size))))
            trees.append(("exact", 1.0, field, tuple(rng.choices(FORMS, k=size))))
    trees += [("term", 1.0, field, stem) for field in ("text", "title", "body") for stem in STEMS]
    trees += [
        ("prefix", 1.0, "pri"),
        ("phrase", 1.0, "text", ("grain", "trade")),
        ("and", 1.0, trees[0], trees[1]),
    ]
    return trees


def _by_id(reader: LibraryReader, found: Matches) -> dict[str, float]:
    return {reader.ident(doc): score for doc, score in zip(found.docs.tolist(), found.scores, strict=True)}


@pytest.mark.parametrize("tree", _trees(), ids=str)
def test_every_layout_gives_what_brute_force_does(opened: LibraryReader, shelf: Shelf, tree: Tree) -> None:
    wanted = shelf.answer(tree)
    evaluator = Evaluator(opened)
    assert _by_id(opened, evaluator.matches(whoosh_query(tree))) == pytest.approx(wanted, abs=1e-6)
    for count in (0, 1, 10):
        opened._terms.clear()  # decoded words take other ways than fresh ones
        found, total = evaluator.best(whoosh_query(tree), count)
        best = _by_id(opened, found)
        assert total == len(wanted)
        highest = sorted(wanted.values(), reverse=True)[:count]
        assert sorted(best.values(), reverse=True)[:count] == pytest.approx(highest, abs=1e-6)
        assert all(best[ident] == pytest.approx(wanted[ident], abs=1e-6) for ident in best)
        if highest:
            assert {ident for ident, score in wanted.items() if score > highest[-1] + 1e-6} <= set(best)
    buffers = evaluator.buffers
    assert not any(buffer.any() for buffer in (buffers.flags, buffers.scores, buffers.places))
    assert not buffers.positions(0).any()


@pytest.mark.parametrize("stem", [*STEMS, "absent"])
def test_articles_are_found_among_others(opened: LibraryReader, stem: str) -> None:
    """What a term says of some articles is what it says of all."""
    rng = np.random.default_rng(3)
    alive = np.flatnonzero(opened.living)
    whole = opened.term("text", stem)
    weights = dict(zip(whole.docs.tolist(), whole.weights.tolist(), strict=True))
    assert whole.heaviest >= max(weights.values(), default=0)
    for size in (0, 1, 40, len(alive)):
        docs = np.sort(rng.choice(alive, size, replace=False))
        opened._terms.clear()
        inside, places = opened.term("text", stem).find(docs)
        assert docs[inside].tolist() == [doc for doc in docs.tolist() if doc in weights]
        there = opened.term("text", stem).weights_at(places)
        assert there.tolist() == [weights[doc] for doc in docs[inside].tolist()]


def test_frequent_words_are_kept_as_bits(opened: LibraryReader) -> None:
    assert opened.term("text", "the").is_dense
    assert not opened.term("text", "grain").is_dense


def test_threads_may_ask_for_terms_at_once(opened: LibraryReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading._KEPT_POSTINGS", 500)
    wanted = {stem: len(opened.term("text", stem).docs) for stem in STEMS}
    evaluator = Evaluator(opened)
    queries = [[opened.term("text", one), opened.term("text", other)] for one in STEMS for other in STEMS]
    totals = [
        best_of_any([evaluator.scored(t) for t in terms], 10, evaluator.buffers)[1] for terms in queries
    ]

    def ask(first: int) -> bool:
        same = [len(opened.term("text", STEMS[(first + step) % len(STEMS)]).docs) for step in range(50)]
        again = [
            best_of_any([evaluator.scored(t) for t in terms], 10, evaluator.buffers)[1]
            for terms in queries[::7]
        ]
        return same == [wanted[STEMS[(first + step) % len(STEMS)]] for step in range(50)] and (
            again == totals[::7]
        )

    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, range(16)))
    finally:
        sys.setswitchinterval(before)
