"""BM25F and matching in plain Python, article by article, without an index: the oracle of the evaluator.

It knows articles, words and the formulas as they are documented, and nothing of segments or arrays. Only
the lengths of articles come from the library, whose format may round them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import query as wq

from index.analysis import Analyzer
from index.article import Article
from index.reading import LibraryReader
from search.evaluate import FormPhrase

K1, B, TITLE_WEIGHT = 1.5, 0.6, 2.0
ANALYZER = Analyzer()

Scores = dict[str, float]
#: A query as (kind, boost, parts…); see `Shelf.answer`.
Tree = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one article."""

    title: list[str]
    body: list[str]
    title_forms: list[str]
    body_forms: list[str]
    length: float

    def stems(self, field: str) -> list[str]:
        return {"title": self.title, "body": self.body, "text": self.title + self.body}[field]

    @property
    def forms(self) -> list[str]:
        return self.title_forms + self.body_forms

    def runs(self, field: str, phrase: Sequence[str], written: bool = False) -> int:
        """Count where the phrase stands (of forms, if `written`); it never goes from title into body."""
        title, body = (self.title_forms, self.body_forms) if written else (self.title, self.body)
        parts = {"title": [title], "body": [body], "text": [title, body]}[field]
        wanted = list(phrase)
        return sum(
            part[at : at + len(wanted)] == wanted
            for part in parts
            for at in range(len(part) - len(wanted) + 1)
        )


class Shelf:
    """The living articles of a library, by id."""

    def __init__(self, articles: Sequence[Article], reader: LibraryReader, analyzer: Analyzer) -> None:
        lengths = reader.lengths("text") + (TITLE_WEIGHT - 1) * reader.lengths("title")
        self.articles: dict[str, Words] = {}
        for one in articles:
            title = [] if one.title_derived else analyzer.terms(one.title)
            body = analyzer.terms(one.text)
            number = reader.number(one.id)
            assert number is not None
            self.articles[one.id] = Words(
                [stem for _, stem in title],
                [stem for _, stem in body],
                [form for form, _ in title],
                [form for form, _ in body],
                float(lengths[number]),
            )
        count = len(self.articles)
        self.mean = sum(words.length for words in self.articles.values()) / count if count else 1.0

    def scored(self, frequency: Callable[[Words], float], boost: float) -> Scores:
        """BM25 over all articles in which `frequency` is not zero."""
        found = {ident: f for ident, words in self.articles.items() if (f := frequency(words))}
        n, total = len(found), len(self.articles)
        idf = math.log(1 + (total - n + 0.5) / (n + 0.5))
        scores = {}
        for ident, f in found.items():
            norm = K1 * (1 - B + B * self.articles[ident].length / max(self.mean, 1e-9))
            scores[ident] = boost * idf * (K1 + 1) * f / (f + norm)
        return scores

    def answer(self, tree: Tree) -> Scores:
        """Return the articles that a tree matches, with their scores."""
        kind, boost, *parts = tree
        if kind == "every":
            return dict.fromkeys(self.articles, 0.0)
        if kind == "null":
            return {}
        if kind == "term":
            return self._term(parts[0], parts[1], boost)
        if kind == "phrase":
            if len(parts[1]) == 1:
                return self._term(parts[0], parts[1][0], boost)
            return self.scored(lambda words: words.runs(parts[0], parts[1]), boost)
        if kind == "exact":
            return self.scored(lambda words: words.runs(parts[0], parts[1], written=True), boost)
        if kind == "prefix":
            return self.scored(lambda words: sum(form.startswith(parts[0]) for form in words.forms), boost)
        answers = [self.answer(part) for part in parts]
        first, second = answers[0], answers[-1]
        if kind == "not":
            return {ident: 0.0 for ident in self.articles if ident not in first}
        if kind == "andnot":
            return {ident: score for ident, score in first.items() if ident not in second}
        if kind == "maybe":
            return {ident: score + second.get(ident, 0.0) for ident, score in first.items()}
        if kind == "constant":
            return {ident: float(boost) for ident in first}
        if kind == "and":
            there = [ident for ident in first if all(ident in answer for answer in answers)]
        else:
            there = list(dict.fromkeys(ident for answer in answers for ident in answer))
        join = max if kind == "best" else sum
        return {
            ident: boost * join([answer[ident] for answer in answers if ident in answer]) for ident in there
        }

    def _term(self, field: str, term: str, boost: float) -> Scores:
        if field == "form":
            return self.scored(lambda words: words.forms.count(term), boost)
        extra = TITLE_WEIGHT - 1 if field == "text" else 0.0
        return self.scored(
            lambda words: words.stems(field).count(term) + extra * words.title.count(term), boost
        )


_JOINTS = {"and": wq.And, "or": wq.Or, "best": wq.DisjunctionMax}


def whoosh_query(tree: Tree) -> Any:
    """Return the same tree as a Whoosh query."""
    kind, boost, *parts = tree
    if kind == "every":
        return wq.Every()
    if kind == "null":
        return wq.NullQuery
    if kind == "term":
        return wq.Term(parts[0], parts[1], boost=boost)
    if kind == "phrase":
        return wq.Phrase(parts[0], list(parts[1]), boost=boost)
    if kind == "exact":
        stems = [ANALYZER.term(form)[1] for form in parts[1]]
        query = FormPhrase(parts[0], stems, list(parts[1]))
        query.boost = boost
        return query
    if kind == "prefix":
        return wq.Prefix("form", parts[0], boost=boost)
    inside = [whoosh_query(part) for part in parts]
    if kind == "not":
        return wq.Not(inside[0])
    if kind == "andnot":
        return wq.AndNot(*inside)
    if kind == "maybe":
        return wq.AndMaybe(*inside)
    if kind == "constant":
        return wq.ConstantScoreQuery(inside[0], boost)
    return _JOINTS[kind](inside, boost=boost)
