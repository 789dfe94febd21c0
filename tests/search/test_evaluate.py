"""The evaluator against a brute-force scorer in plain Python, and against stock Whoosh where it is right."""

from __future__ import annotations

import fnmatch
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from index.analysis import Analyzer
from index.article import Article
from index.postings import FlatPostings, Postings
from index.reading import LibraryReader
from index.value import replace
from search import bm25
from search.best import ScoredTerm, best_of_any
from search.evaluate import Evaluator
from search.matches import Buffers, Matches, highest, intersection, plus, union, without
from search.runs import follow
from tests.search.brute import Shelf, Tree, whoosh_query
from tests.search.shelf import Step, article, commit, library_of, living

ANALYZER = Analyzer()

#: Few words, so that articles share them; with several forms of a stem, and words of every shape.
WORDS = ["trade", "trading", "trades", "Trade's", "coalition", "the", "U.S.", "20.04"]
WORDS += ["été", "etes", "日本", "don't", "a/b", "x"]
STEMS = sorted({stem for word in WORDS for _, stem in ANALYZER.terms(word)}) + ["absent"]
FORMS = sorted({form for word in WORDS for form, _ in ANALYZER.terms(word)}) + ["absent"]
PREFIXES = ["t", "trad", "tradi", "e", "日", "u.", "absent"]


def sentence(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=most).map(" ".join)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """One to three commits; an id that is added again is deleted first, and some just go."""
    steps: list[Step] = []
    there: set[str] = set()
    for _ in range(draw(st.integers(1, 3))):
        ids = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
        gone = draw(st.sets(st.sampled_from("abcdefgh"), max_size=2)) | (there & set(ids))
        made = tuple(
            article(ident, draw(sentence(14)), draw(sentence(3)), title_derived=draw(st.booleans()))
            for ident in ids
        )
        steps.append(Step(made, tuple(sorted(gone & there))))
        there = (there - gone) | set(ids)
    return steps


BOOSTS = st.sampled_from([1.0, 1.0, 0.5, 2.0])
FIELDS = st.sampled_from(["text", "text", "title", "body"])
LEAVES: st.SearchStrategy[Tree] = st.one_of(
    st.tuples(st.just("term"), BOOSTS, FIELDS, st.sampled_from(STEMS)),
    st.tuples(st.just("term"), BOOSTS, st.just("form"), st.sampled_from(["trade", "trading", "ete", "u.s."])),
    st.tuples(
        st.just("phrase"), BOOSTS, FIELDS, st.lists(st.sampled_from(STEMS), min_size=1, max_size=3).map(tuple)
    ),
    st.tuples(
        st.just("exact"), BOOSTS, FIELDS, st.lists(st.sampled_from(FORMS), min_size=1, max_size=3).map(tuple)
    ),
    st.tuples(st.just("prefix"), BOOSTS, st.sampled_from(PREFIXES)),
    st.sampled_from([("every", 1.0), ("null", 1.0)]),
)


def _joint(inside: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inside, min_size=1, max_size=3)
    joints = st.tuples(st.sampled_from(["and", "or", "best"]), BOOSTS, several)
    pairs = st.tuples(st.sampled_from(["andnot", "maybe"]), st.just(1.0), inside, inside)
    singles = st.tuples(st.just("not"), st.just(1.0), inside)
    constants = st.tuples(st.just("constant"), st.sampled_from([0.0, 1.5]), inside)
    return joints.map(lambda joint: (joint[0], joint[1], *joint[2])) | pairs | singles | constants


TREES: st.SearchStrategy[Tree] = st.recursive(LEAVES, _joint, max_leaves=8)


def by_id(reader: LibraryReader, found: Matches) -> dict[str, float]:
    assert len(set(found.docs.tolist())) == len(found.docs)
    found = found.sorted()
    assert len(found.docs) == len(found.scores)
    return {reader.ident(int(doc)): float(score) for doc, score in zip(found.docs, found.scores, strict=True)}


def agree(found: dict[str, float], wanted: dict[str, float]) -> bool:
    return found.keys() == wanted.keys() and all(abs(found[ident] - wanted[ident]) < 1e-6 for ident in wanted)


@given(histories(), st.lists(TREES, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_any_tree_finds_and_scores_what_brute_force_does(history: list[Step], trees: list[Tree]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *history)
        with library.reader() as reader:
            shelf = Shelf(living(history), reader, ANALYZER)
            evaluator = Evaluator(reader)
            for tree in trees:
                found = by_id(reader, evaluator.matches(whoosh_query(tree)))
                wanted = shelf.answer(tree)
                assert agree(found, wanted), f"{tree}\nfound  {found}\nwanted {wanted}"


@given(histories())
@settings(max_examples=12, deadline=None)
def test_scores_are_the_same_after_a_rebuild(history: list[Step]) -> None:
    queries: list[wq.Query] = [wq.Term("text", stem) for stem in STEMS]
    queries.append(wq.Or([wq.Phrase("text", STEMS[:2]), wq.Prefix("form", "trad")]))
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *history)
        with library.reader() as reader:
            before = [by_id(reader, Evaluator(reader).matches(query)) for query in queries]
        commit(library, Step(tuple(living(history))), rebuild=True)
        with library.reader() as reader:
            after = [by_id(reader, Evaluator(reader).matches(query)) for query in queries]
    assert before == after


STOCK_FIELDS = st.sampled_from(["text", "title"])
STOCK: st.SearchStrategy[wq.Query] = st.recursive(
    st.builds(wq.Term, STOCK_FIELDS, st.sampled_from(STEMS))
    | st.builds(wq.Phrase, st.just("text"), st.lists(st.sampled_from(STEMS), min_size=2, max_size=3))
    | st.builds(wq.Prefix, st.just("text"), st.sampled_from(PREFIXES)),
    lambda inside: (
        st.lists(inside, min_size=1, max_size=3).map(wq.And)
        | st.lists(inside, min_size=1, max_size=3).map(wq.Or)
        | st.builds(lambda one, other: wq.And([one, wq.Not(other)]), inside, inside)
        | st.builds(wq.AndMaybe, inside, inside)
    ),
    max_leaves=5,
)


@given(histories(), st.lists(STOCK, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_stock_whoosh_finds_the_same_articles(history: list[Step], queries: list[wq.Query]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = library_of(Path(folder), *history)
        with library.reader() as reader:
            evaluator = Evaluator(reader)
            for query in queries:
                assert evaluator.matches(query).sorted().docs.tolist() == reader.stock(query).tolist(), query


@pytest.fixture
def reader(tmp_path: Path) -> LibraryReader:
    """A reader of three small articles."""
    bodies = ["Trade talks over trading", "The coalition trades", "Talks: coalition talks talks"]
    step = Step(tuple(article(f"{at}", body) for at, body in enumerate(bodies)))
    return library_of(tmp_path, step).reader()


@pytest.mark.parametrize("pattern", ["tr*e", "*it", "t?lk", "coal*"])
def test_kinds_without_a_function_are_asked_of_whoosh(reader: LibraryReader, pattern: str) -> None:
    found = Evaluator(reader).matches(wq.Wildcard("text", pattern, boost=2.0))
    wanted = [
        number
        for number in range(reader.size)
        if any(fnmatch.fnmatch(stem, pattern) for _, stem in ANALYZER.terms(reader.article(number).text))
    ]
    assert found.docs.tolist() == wanted
    assert set(found.scores) == {2.0}


def test_a_library_of_no_articles_answers_nothing(tmp_path: Path) -> None:
    with library_of(tmp_path).reader() as reader:
        evaluator = Evaluator(reader)
        for query in (wq.Every(), wq.Term("text", "trade"), wq.Not(wq.Term("text", "trade"))):
            assert evaluator.matches(query).docs.tolist() == []


def test_a_word_in_the_title_counts_more_and_a_shorter_article_too(tmp_path: Path) -> None:
    filler = "quiet words that stand for nothing here"
    step = Step(
        (
            article("body", f"Pact. {filler}", "Morning"),
            article("title", f"Noon. {filler}", "Pact"),
            article("long", f"Pact. {filler} {filler} {filler}", "Morning"),
        )
    )
    with library_of(tmp_path, step).reader() as reader:
        scores = by_id(reader, Evaluator(reader).matches(wq.Term("text", "pact")))
    assert scores["title"] > scores["body"] > scores["long"] > 0


@pytest.mark.parametrize("derived", [True, False])
def test_only_a_title_that_stands_as_one_is_searched_as_title(tmp_path: Path, derived: bool) -> None:
    one = replace(article("a", "Pact signed at dawn.", "Pact signed"), title_derived=derived)
    with library_of(tmp_path, Step((one,))).reader() as reader:
        found = Evaluator(reader).matches(wq.Term("title", "pact"))
    assert len(found.docs) == (not derived)


SETS = st.dictionaries(st.integers(0, 19), st.floats(0, 9), max_size=12)


def matches(scores: dict[int, float]) -> Matches:
    docs = sorted(scores)
    return Matches(np.array(docs, dtype=np.intp), np.array([scores[doc] for doc in docs], dtype=np.float64))


def plain(found: Matches) -> dict[int, float]:
    return dict(zip(found.docs.tolist(), found.scores.tolist(), strict=True))


@given(st.lists(SETS, max_size=4))
@settings(max_examples=150, deadline=None)
def test_sets_of_matches_combine_as_sets_do(sets: list[dict[int, float]]) -> None:
    parts = [matches(one) for one in sets]
    some = {doc for one in sets for doc in one}
    every = {doc for doc in some if all(doc in one for one in sets)}
    total = {doc: sum(one.get(doc, 0.0) for one in sets) for doc in some}
    best = {doc: max(one[doc] for one in sets if doc in one) for doc in some}
    room = Buffers(20)
    assert plain(union(parts, room)) == pytest.approx(total)
    assert plain(union(parts, room, best=True)) == best
    assert plain(intersection(parts, room)) == pytest.approx({doc: total[doc] for doc in every})
    assert not any(buffer.any() for buffer in (room.flags, room.scores, room.places))
    for one in sets:
        assert plain(without(matches(total), matches(one), room)) == {
            doc: score for doc, score in total.items() if doc not in one
        }
        assert plain(plus(matches(total), matches(one), room)) == pytest.approx(
            {doc: score + one.get(doc, 0.0) for doc, score in total.items()}
        )


@given(st.lists(st.lists(st.integers(0, 25), unique=True, max_size=8).map(sorted), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_adjacent_words_are_counted_as_by_hand(places: list[list[int]]) -> None:
    wanted = sum(all(start + at in places[at] for at in range(1, len(places))) for start in places[0])
    lists = [np.array(where, dtype=np.int64) for where in places]
    assert len(follow(lists, 1)) == wanted


def near(places: Sequence[Sequence[int]], slop: int) -> int:
    """Count the last words that can be reached from a first one in steps of at most `slop`."""
    ends = set(places[0])
    for where in places[1:]:
        ends = {place for place in where if any(0 < place - end <= slop for end in ends)}
    return len(ends)


@given(
    st.lists(st.lists(st.integers(0, 25), unique=True, max_size=8).map(sorted), min_size=2, max_size=3),
    st.integers(2, 5),
)
@settings(max_examples=200, deadline=None)
def test_near_words_are_counted_as_by_hand(places: list[list[int]], slop: int) -> None:
    lists = [np.array(where, dtype=np.int64) for where in places]
    assert len(follow(lists, slop)) == near(places, slop)


@given(
    st.lists(st.floats(0, 4).map(lambda x: round(x, 1)), max_size=2000), st.integers(0, 12), st.integers(0, 5)
)
@settings(max_examples=150, deadline=None)
def test_the_highest_are_those_of_a_sort(values: list[int], count: int, repeats: int) -> None:
    array = np.array(values * (repeats + 1), dtype=np.float64)
    found = np.sort(array[highest(array, count)])[::-1]
    least = sorted(values * (repeats + 1), reverse=True)[: min(count, len(array))]
    assert found[: len(least)].tolist() == least
    if least:
        assert len(found) == int((array >= least[-1]).sum())


@given(st.lists(SETS, max_size=4), st.integers(0, 6), st.floats(0.1, 3))
@settings(max_examples=200, deadline=None)
def test_the_best_few_are_those_of_the_whole_union(
    sets: list[dict[int, float]], count: int, floor: float
) -> None:
    room = Buffers(20)
    norms = floor + np.arange(20) / 7.0
    terms = []
    for number, one in enumerate(sets):
        docs = np.array(sorted(one), dtype=np.intp)
        freqs = np.array([1.0 + round(one[doc]) for doc in docs.tolist()])
        terms.append(ScoredTerm(FlatPostings(Postings(docs, freqs)), 0.5 + number, norms, floor))
    whole = plain(union([term.matches() for term in terms], room))
    found, total = best_of_any(terms, count, room)
    assert total == len(whole)
    got = plain(found)
    assert all(got[doc] == pytest.approx(whole[doc], abs=1e-9) for doc in got)
    least = sorted(whole.values(), reverse=True)[:count]
    assert sorted(got.values(), reverse=True)[:count] == pytest.approx(least)
    if least:
        assert {doc for doc, score in whole.items() if score >= least[-1]} <= set(got)
    assert not any(buffer.any() for buffer in (room.flags, room.places))


def test_the_formulas_are_those_of_the_source() -> None:
    assert bm25.idf(100, 100) > 0
    assert bm25.idf(100, 1) == pytest.approx(np.log(1 + 99.5 / 1.5))
    norms = bm25.norms(np.array([10.0, 20.0]), 10.0)
    assert norms == pytest.approx([1.5, 1.5 * (0.4 + 0.6 * 2)])
    assert bm25.scores(np.array([1.0, 2.0]), norms.copy(), 3.0) == pytest.approx(
        [3 * 2.5 / (1 + norms[0]), 3 * 2.5 * 2 / (2 + norms[1])]
    )


def test_articles_without_any_word_do_no_harm(tmp_path: Path) -> None:
    step = Step(tuple(Article(ident, "", "--- …", "/x") for ident in "ab"))
    with library_of(tmp_path, step).reader() as reader:
        evaluator = Evaluator(reader)
        assert len(evaluator.matches(wq.Every()).docs) == 2
        assert len(evaluator.matches(wq.Term("text", "trade")).docs) == 0


@pytest.mark.parametrize("kind", [wq.Or, wq.And])
def test_words_without_weight_find_all_as_equals(tmp_path: Path, kind: type[wq.Or | wq.And]) -> None:
    bodies = ["moon", "sun", "moon sun", "star", "sun moon moon"] * 5
    made = [article(f"{at:02}", body) for at, body in enumerate(bodies)]
    with library_of(tmp_path, Step(tuple(made))).reader() as reader:
        node = kind([wq.Term("text", "moon", boost=0.0), wq.Term("text", "sun", boost=0.0)])
        found, total = Evaluator(reader).best(node, 3)
        assert total == (20 if kind is wq.Or else 10) == len(found.docs)
        assert not found.scores.any()
