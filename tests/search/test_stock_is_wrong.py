"""Kinds of queries whose best few stock Whoosh gets wrong, beside what they are and what byline answers.

The examples are as small as they get: articles of a few words and one query. Each stands for a kind of
nested query, and each is wrong on Whoosh's own segments as on byline's, since the fault is in the matchers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from whoosh import query as wq
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.codec import default_codec
from whoosh.codec.base import Codec
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.analysis import Analyzer
from index.codec.whoosh_codec import ArrayCodec
from search.evaluate import Evaluator
from tests.search.brute import Shelf, Tree, whoosh_query
from tests.search.shelf import Step, article, library_of

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Case:
    """Articles, a query over them as a tree of `tests.search.brute`, and how many of the best are wanted."""

    bodies: tuple[str, ...]
    tree: Tree
    limit: int


def word(text: str) -> Tree:
    return ("term", 1.0, "text", text)


WHEAT, CORN, PRICE, OIL = map(word, ("wheat", "corn", "price", "oil"))
CASES = {
    "a word and any of two: the best article is missing": Case(
        ("corn price", "wheat corn price price", "wheat corn price", "wheat corn price", "corn price")
        + ("wheat", "corn price", "wheat wheat corn price"),
        ("and", 1.0, ("or", 1.0, WHEAT, CORN), PRICE),
        2,
    ),
    "a word and any of three: the best article is missing": Case(
        ("price oil", "wheat price oil", "corn corn price oil", "wheat corn price"),
        ("and", 1.0, ("or", 1.0, WHEAT, CORN, OIL), PRICE),
        1,
    ),
    "the best of two words: an article gets the score of its neighbour": Case(
        ("corn", "wheat corn"), ("best", 1.0, WHEAT, CORN), 2
    ),
    "a word but not another: the first article is not looked at": Case(
        ("corn", "wheat corn"), ("andnot", 1.0, WHEAT, CORN), 2
    ),
}
REQUIRE = Case(("corn", "wheat corn"), ("require", 1.0, WHEAT, CORN), 1)
RIGHT = {
    "word": Case(CASES["a word and any of two: the best article is missing"].bodies, WHEAT, 9),
    "all": Case(("corn", "wheat corn", "wheat corn corn"), ("and", 1.0, WHEAT, CORN), 2),
    "any": Case(("corn", "wheat corn", "wheat corn corn"), ("or", 1.0, WHEAT, CORN), 3),
}
CODECS: dict[str, type[Codec]] = {"stock": type(default_codec()), "arrays": ArrayCodec}


def query_of(tree: Tree) -> wq.Query:
    if tree[0] == "require":
        return wq.Require(query_of(tree[2]), query_of(tree[3]))
    query: wq.Query = whoosh_query(tree)
    return query


def stock(case: Case, codec: str) -> list[tuple[int, float]]:
    """Return the best articles and their scores as stock Whoosh has them."""
    analyzer: Any = SpaceSeparatedTokenizer()
    index = RamStorage().create_index(Schema(text=TEXT(analyzer=analyzer)))
    writer = index.writer(codec=CODECS[codec]())
    for body in case.bodies:
        writer.add_document(text=body)
    writer.commit()
    with index.searcher() as searcher:
        found = searcher.search(query_of(case.tree), limit=case.limit)
        return [(hit.docnum, round(hit.score, 6)) for hit in found]


def by_hand(case: Case) -> list[tuple[int, float]]:
    """Return the best articles by the formula of `whoosh.scoring.BM25F` with its usual constants."""
    articles = [body.split() for body in case.bodies]
    mean = sum(map(len, articles)) / len(articles)

    def scores(tree: Tree) -> Scores:
        if tree[0] == "term":
            found = {at: words.count(tree[3]) for at, words in enumerate(articles) if tree[3] in words}
            idf = math.log(len(articles) / (len(found) + 1)) + 1
            length = {at: byte_to_length(length_to_byte(len(articles[at]))) for at in found}
            return {
                at: idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length[at] / mean))
                for at, tf in found.items()
            }
        return joined(tree[0], [scores(part) for part in tree[2:]])

    ranked = sorted(scores(case.tree).items(), key=lambda pair: (-pair[1], pair[0]))
    return [(at, round(score, 6)) for at, score in ranked[: case.limit]]


def joined(kind: str, parts: list[Scores]) -> Scores:
    """Return the scores of a node from those of its parts, by what the node means."""
    first, second = parts[0], parts[-1]
    if kind == "andnot":
        return {at: score for at, score in first.items() if at not in second}
    if kind == "require":
        return {at: score for at, score in first.items() if at in second}
    join = max if kind == "best" else sum
    there = {at for part in parts for at in part}
    if kind == "and":
        there = {at for at in first if all(at in part for part in parts)}
    return {at: join(part[at] for part in parts if at in part) for at in there}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("case", RIGHT.values(), ids=list(RIGHT))
def test_the_sums_by_hand_are_those_of_stock_where_it_is_right(case: Case, codec: str) -> None:
    assert sorted(stock(case, codec)) == sorted(by_hand(case))


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_stock_gets_it_wrong(case: Case, codec: str) -> None:
    assert [score for _, score in stock(case, codec)] != [score for _, score in by_hand(case)]


@pytest.mark.parametrize("codec", CODECS)
def test_stock_raises_when_the_best_of_required_words_are_wanted(codec: str) -> None:
    assert len(by_hand(REQUIRE)) == 1
    with pytest.raises(AssertionError):
        stock(REQUIRE, codec)


@pytest.mark.parametrize("case", [*CASES.values(), REQUIRE], ids=[*CASES, "required"])
def test_byline_gets_it_right(case: Case, tmp_path: Path) -> None:
    articles = tuple(article(f"{at}", body) for at, body in enumerate(case.bodies))
    with library_of(tmp_path, Step(articles)).reader() as reader:
        evaluator, shelf = Evaluator(reader), Shelf(articles, reader, Analyzer())
        found, total = evaluator.best(query_of(case.tree), case.limit)
        if case.tree[0] == "require":
            first, second = (shelf.answer(part) for part in case.tree[2:])
            wanted = {ident: score for ident, score in first.items() if ident in second}
        else:
            wanted = shelf.answer(case.tree)
        assert total == len(wanted)
        best = sorted(wanted.values(), reverse=True)[: case.limit]
        assert sorted(found.scores.tolist(), reverse=True)[: case.limit] == pytest.approx(best, abs=1e-6)
        for doc, score in zip(found.docs.tolist(), found.scores.tolist(), strict=True):
            assert wanted[reader.ident(doc)] == pytest.approx(score, abs=1e-6)
