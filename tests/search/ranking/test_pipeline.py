"""The full ranking against plain Python, stage by stage; and that it fits itself: pages, rebuilds, order."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer, stop_words
from index.article import Article
from index.codec.format import VECTORS
from search.plan import Mode
from search.ranking import pipeline
from search.ranking.pipeline import FAST, FULL, Stages
from search.searcher import Ranked, Searcher
from tests.search.ranking import plain
from tests.search.shelf import Step, article, commit, library_of, living

ANALYZER = Analyzer()
#: Words that articles share, some in several forms, one without content; others that few have.
WORDS = ["trade", "trades", "grain", "ship", "ships", "sea", "harbour", "the", "silo", "moon"]
STOP_STEMS = frozenset(ANALYZER.stem(word) for word in stop_words("english"))
DEPTH, HEAD = 9, 5

bodies = st.lists(st.sampled_from(WORDS), max_size=16).map(" ".join)
titles = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Up to three commits; some articles of earlier ones are deleted."""
    steps: list[Step] = []
    there: list[str] = []
    for turn in range(draw(st.integers(1, 3))):
        ids = [f"{turn}{at:02}" for at in range(draw(st.integers(1, 12)))]
        gone = draw(st.sets(st.sampled_from(there), max_size=2)) if there else set()
        made = tuple(article(ident, draw(bodies), draw(titles)) for ident in ids)
        steps.append(Step(made, tuple(sorted(gone))))
        there = [ident for ident in there if ident not in gone] + ids
    return steps


queries = st.lists(
    st.sampled_from(["trade", "grain", "ships", "sea", "the", "moon", "absent"]), min_size=1, max_size=5
)


@pytest.fixture
def small_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "DEPTH", DEPTH)
    monkeypatch.setattr(pipeline, "HEAD", HEAD)


def ask(searcher: Searcher, query: str, stages: Stages, upto: int | None = None) -> Ranked:
    return searcher.rank(query, stages=stages, mode=Mode.ANY, typos=False, upto=upto)


def scores_of(searcher: Searcher, ranked: Ranked) -> plain.Scores:
    return dict(zip(searcher.ids(ranked), ranked.scores.tolist(), strict=True))


def in_order(scores: plain.Scores) -> plain.Scores:
    """Return scores by rank: to six digits, equals by id."""
    return dict(sorted(scores.items(), key=lambda pair: (-round(pair[1], 6), pair[0])))


def expected(shelf: plain.Shelf, base: plain.Scores, query: Sequence[str], stages: Stages) -> plain.Scores:
    """Return what the stages make of the scores by words, in order."""
    words = [ANALYZER.stem(word) for word in query if word != "the"]
    pool = dict(list(base.items())[:DEPTH])
    after = in_order(plain.dependence(shelf, pool, words)) if stages.dependence else pool
    head = dict(list(after.items())[:HEAD])
    if stages.neighbours:
        head = in_order(plain.smoothed(shelf, head))
    rest = {ident: score for ident, score in base.items() if ident not in head}
    best = dict(list(head.items())[:10])
    if stages.feedback and best and (shares := plain.model(shelf, best, STOP_STEMS)):
        rest = plain.fed_back(shelf, rest, len(words), shares)
    else:
        kept = 0.85 if after is not pool and after != pool else 1.0
        rest = {ident: after.get(ident, score * kept) for ident, score in rest.items()}
    highest = max(rest.values(), default=0.0)
    floor = min(head.values(), default=0.0) * (1 - 1e-6)
    return head | in_order({ident: score * floor / highest for ident, score in rest.items()})


@pytest.mark.usefixtures("small_stages")
@settings(max_examples=25, deadline=None)
@given(
    histories(),
    queries,
    st.sampled_from(
        [
            FULL,
            Stages(True, False, False),
            Stages(False, True, False),
            Stages(True, True, False),
            Stages(False, False, True),
        ]
    ),
)
def test_the_full_order_is_the_one_in_plain_python(
    steps: list[Step], query: list[str], stages: Stages
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *steps)
        shelf = plain.Shelf(living(steps), library.analyzer)
        with Searcher(library) as searcher:
            text = " ".join(query)
            base = scores_of(searcher, ask(searcher, text, FAST))
            found = scores_of(searcher, ask(searcher, text, stages))
    if set(query) != {"the"}:
        wanted = expected(shelf, base, query, stages)
        assert found == pytest.approx(wanted, abs=1e-6)
        assert list(found) == list(wanted)


@pytest.mark.usefixtures("small_stages")
@settings(max_examples=12, deadline=None)
@given(histories(), queries)
def test_pages_rebuilds_and_merges_change_nothing(steps: list[Step], query: list[str]) -> None:
    text = " ".join(query)
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *steps)
        with Searcher(library) as searcher:
            whole = ask(searcher, text, FULL)
            ids, scores = searcher.ids(whole), whole.scores.round(6).tolist()
            assert whole.total == ask(searcher, text, FAST).total == len(ids)
            assert scores == sorted(scores, reverse=True)
            for upto in (1, HEAD, HEAD + 1, DEPTH + 2):
                page = ask(searcher, text, FULL, upto)
                assert (searcher.ids(page), page.total) == (ids[:upto], whole.total)
                assert page.scores.round(6).tolist() == scores[:upto]
        commit(library, Step(tuple(living(steps))), rebuild=True)
        with Searcher(library) as searcher:
            again = ask(searcher, text, FULL)
            assert (searcher.ids(again), again.scores.round(6).tolist()) == (ids, scores)


def stories() -> list[Article]:
    """Twelve articles with one word each of the query, most of them about the sea, too."""
    return [
        article(f"{at:02}", f"harbour {'sea silt tide ' * (at % 4)} {'filler ' * at}", "", path=f"/{at}")
        for at in range(12)
    ]


def test_without_vectors_the_order_is_that_of_the_words(tmp_path: Path) -> None:
    library = library_of(tmp_path, Step(tuple(stories())))
    with Searcher(library) as searcher:
        words = scores_of(searcher, ask(searcher, "harbour", FAST))
        assert scores_of(searcher, ask(searcher, "harbour", FULL)) != words
    for path in library.path.glob(f"*{VECTORS}"):
        path.unlink()
    with Searcher(library) as searcher:
        found = scores_of(searcher, ask(searcher, "harbour", FULL))
        assert (found, list(found)) == (words, list(words))


@pytest.mark.usefixtures("small_stages")
def test_feedback_may_bring_in_articles_without_any_of_the_words(tmp_path: Path) -> None:
    more = article("like", "sea silt tide")
    library = library_of(tmp_path, Step((*stories(), more, article("other", "moon"))))
    with Searcher(library) as searcher:
        found = searcher.rank("harbour", mode=Mode.ANY)
        longer = searcher.rank("harbour", mode=Mode.ANY, more=True)
        assert "like" not in searcher.ids(found)
        assert "like" in searcher.ids(longer)
        assert "other" not in searcher.ids(longer)
        assert searcher.ids(longer)[:HEAD] == searcher.ids(found)[:HEAD]
        assert found.total == longer.total == 12


def test_an_answer_by_date_has_no_stages(tmp_path: Path) -> None:
    library = library_of(tmp_path, Step(tuple(stories())))
    with Searcher(library) as searcher:
        ranked = searcher.rank("harbour", sort="newest")
        assert ranked.trace is None
