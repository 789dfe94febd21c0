"""Wildcards and words with typos, against trying every word of every article."""

from __future__ import annotations

import fnmatch
import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import Analyzer
from index.patterns import forms_like
from index.reading import LibraryReader
from search.evaluate import Evaluator
from search.expansions import AnyForm, AnyStem
from search.misspelt import neighbours
from search.results import MatchKind
from search.searcher import Searcher
from search.typos import PENALTY
from tests.search.brute import K1, B, Scores, Shelf, Words
from tests.search.shelf import Step, article, library_of, library_with, living, texts
from tests.search.test_evaluate import agree, by_id, histories

ANALYZER = Analyzer()
UNBOUNDED = 10**9
PATTERNS = st.text("tradeingsco?*日é.", min_size=1, max_size=6).map(lambda text: text.replace("é", "e"))
FIELDS = st.sampled_from(["text", "title", "body"])


def like(field: str, pattern: str) -> Callable[[Words], float]:
    def count(words: Words) -> float:
        forms = {"text": words.forms, "title": words.title_forms, "body": words.body_forms}[field]
        return sum(fnmatch.fnmatchcase(form, pattern) for form in forms)

    return count


def any_form(reader: LibraryReader, field: str, pattern: str, boost: float) -> AnyForm:
    own = forms_like(reader, "title" if field == "title" else "text", pattern, UNBOUNDED)
    less = forms_like(reader, "title", pattern, UNBOUNDED) if field == "body" else None
    return AnyForm(own, less, boost)


@given(histories(), st.lists(PATTERNS, min_size=1, max_size=6), FIELDS, st.sampled_from([1.0, 3.0]))
@settings(max_examples=60, deadline=None)
def test_patterns_find_and_score_what_trying_every_word_does(
    history: list[Step], patterns: list[str], field: str, boost: float
) -> None:
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        shelf = Shelf(living(history), reader, ANALYZER)
        evaluator = Evaluator(reader)
        for pattern in patterns:
            found = by_id(reader, evaluator.matches(any_form(reader, field, pattern, boost)))
            assert agree(found, shelf.scored(like(field, pattern), boost)), pattern


@given(histories(), st.integers(0, 400))
@settings(max_examples=30, deadline=None)
def test_a_bounded_pattern_keeps_the_commonest_forms(history: list[Step], most: int) -> None:
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        tables = [table for table in reader.form_tables("text") if table is not None]
        counts = sorted((int(df) for table in tables for df in table.df), reverse=True)
        chosen = forms_like(reader, "text", "*", most)
        kept = [
            int(table.df[number])
            for table, numbers in zip(
                reader.form_tables("text"), chosen.numbers or [np.zeros(0, int)] * len(tables), strict=True
            )
            if table is not None
            for number in numbers
        ]
        assert sorted(kept, reverse=True) == counts[: chosen.kept]
        assert chosen.kept == len(counts) or chosen.work <= max(most, 64 + counts[0])


def typed(shelf: Shelf, field: str, form: str, edits: int) -> Scores:
    """Score by the best variant: that of the fewest edits wins by its share, then the most frequent."""
    forms = {form for words in shelf.articles.values() for form in words.forms}
    shares: dict[str, float] = {}
    for other in forms:
        distance = OSA.distance(form, other)
        if distance <= edits:
            stem = ANALYZER.stem(other)
            shares[stem] = max(shares.get(stem, 0.0), PENALTY[max(distance, 1)])
    shares[ANALYZER.stem(form)] = 1.0

    def often(words: Words, stem: str) -> float:
        return words.stems(field).count(stem) + (words.title.count(stem) if field == "text" else 0)

    there = [ident for ident, words in shelf.articles.items() if any(often(words, stem) for stem in shares)]
    total = len(shelf.articles)
    idf = math.log(1 + (total - len(there) + 0.5) / (len(there) + 0.5))
    scores = {}
    for ident in there:
        words = shelf.articles[ident]
        norm = K1 * (1 - B + B * words.length / max(shelf.mean, 1e-9))
        scores[ident] = max(
            share * idf * (K1 + 1) * often(words, stem) / (often(words, stem) + norm)
            for stem, share in shares.items()
        )
    return scores


@given(
    histories(),
    st.sampled_from(["trade", "trdae", "coaltion", "tradings", "tse", "日", "x"]),
    st.integers(1, 2),
    FIELDS,
)
@settings(max_examples=60, deadline=None)
def test_words_with_typos_count_as_their_best_variant(
    history: list[Step], form: str, edits: int, field: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        shelf = Shelf(living(history), reader, ANALYZER)
        tables = [table for table in reader.form_tables("text") if table is not None]
        gone = {form for table in tables for form in map(table.form, range(len(table.df)))}
        gone -= {form for words in shelf.articles.values() for form in words.forms}
        near, _ = neighbours(reader, ANALYZER, form, edits)
        stem = ANALYZER.stem(form)
        variants = [(stem, 1.0)]
        variants += [(one.stem, PENALTY[max(one.edits, 1)]) for one in near if one.stem != stem]
        found = by_id(reader, Evaluator(reader).matches(AnyStem(field, variants)))
        wanted = typed(shelf, field, form, edits)
    assert found.keys() == wanted.keys()
    if not gone:  # forms of deleted articles may be nearer than those that are left
        assert agree(found, wanted)


def test_a_rare_misspelling_does_not_win_by_being_rare(tmp_path: Path) -> None:
    bodies = ["the coalition met", "the coalition spoke", "a coalition", "coaltion here", "other words"]
    with Searcher(texts(tmp_path, *bodies)) as searcher:
        ids = [hit.article.id for hit in searcher.search("coalition~1").hits]
        assert ids[-1] == "03"
        assert set(ids) == {"00", "01", "02", "03"}
        (hit,) = [hit for hit in searcher.search("coalition~1").hits if hit.article.id == "03"]
        assert [span.kind for span in hit.passages[0].spans] == [MatchKind.TYPO]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("coaltion~", {"talks", "title"}),
        ("coaltion~0", set()),
        ("title:coaltion~", {"title"}),
        ("text:coaltion~", {"talks"}),
        ("gran~1", {"grain"}),
        ("grnai~1", set()),
        ("grnai~2", {"grain"}),
        ("rgain~1", {"grain"}),
        ("co*tion", {"title"}),
        ("co*tion*", {"talks", "title"}),
        ("title:co*tion", {"title"}),
        ("text:co*tion", set()),
        ("text:co*tions", {"talks"}),
        ("c?al*", {"talks", "title"}),
        ("co*", {"talks", "title", "grain"}),
        ("gra?n", {"grain"}),
        ("gr?n", set()),
        ("g*", {"grain"}),
        ("title:=coalition", {"title"}),
        ("title:=coalitions", set()),
        ("=coalitions", {"talks"}),
        ("-c*", {"grain"}),
        ("-grain~1", {"talks", "title"}),
        ("north-c*", {"grain"}),
    ],
)
@pytest.mark.parametrize("typos", [False, True])
def test_operators_find_the_same_with_corrections_on_or_off(
    tmp_path: Path, query: str, wanted: set[str], typos: bool
) -> None:
    made = (
        article("talks", "Coalitions talk."),
        article("title", "Nothing here.", "A coalition"),
        article("grain", "Grain; north-side." if query == "-c*" else "Grain from the north coast."),
    )
    with Searcher(library_with(tmp_path, *made)) as searcher:
        results = searcher.search(query, typos=typos)
        assert {hit.article.id for hit in results.hits} == wanted
        assert results.corrections == ()
