"""What each plain word of a query stands for: itself, or the words that were meant by it.

The words of a query are read together, since what one was meant to be shows in the others; only then is
each made a clause.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoosh import query as wq

from index.analysis import Analyzer, Token
from index.reading import LibraryReader
from index.value import Value
from search.clauses import Clause
from search.nodes import Word
from search.results import Correction, MatchKind, Note
from search.typos import (
    FAR_MORE_FREQUENT,
    MOST_VARIANTS,
    PENALTY,
    Corrector,
    Variant,
    edits_allowed,
    is_inflection,
)

#: The field of the index, or the part of it, that a field of the query language asks for.
PARTS = {"": "text", "title": "title", "text": "body"}


class Typed(Value):
    """A plain word of the query: its node and its one token; `excluded` ones are never corrected."""

    node: Word
    token: Token
    excluded: bool = False


class Reading(Value):
    """What a typed word stands for: the clause that finds it and what the answer says of it.

    `marks` are (stem, form as typed or meant, kind when the form differs) of one query item, whose idf is
    that of a word in `articles` articles.
    """

    clause: Clause
    articles: int
    marks: tuple[tuple[str, str, MatchKind], ...]
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()


class Words:
    """Reads the plain words of queries over one generation of a library."""

    def __init__(self, reader: LibraryReader, analyzer: Analyzer, corrector: Corrector) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._corrector = corrector

    def read(self, words: Sequence[Typed], typos: bool) -> dict[Word, Reading]:
        """Return the reading of each word, by its node; without `typos` none is corrected."""
        meant = {
            word.node: self._meant(word, self._articles(word.node, word.token.stem))
            for word in words
            if typos and not word.excluded
        }
        return {word.node: self._reading(word, meant.get(word.node, {})) for word in words}

    def _articles(self, node: Word, stem: str) -> int:
        """Return how many articles have the stem in the part of the article that `node` asks for."""
        return len(self._reader.postings("title" if node.field == "title" else "text", stem).docs)

    def _meant(self, word: Typed, articles: int) -> dict[str, Variant]:
        """Return the corrections of a word by stem, the likeliest first; {} where it needs none.

        A word that no article has as typed, but some have by its stem, is corrected only to far more
        frequent words.
        """
        token = word.token
        common = FAR_MORE_FREQUENT * articles > self._reader.count
        if common or not edits_allowed(token.form):
            return {}
        if any(is_inflection(token.form, form) for form in self._reader.forms_of(token.stem)):
            return {}
        found: dict[str, Variant] = {}
        for variant in self._corrector.variants(token.form):
            stem = self._analyzer.stem(variant.form)
            if stem not in found and self._articles(word.node, stem) > FAR_MORE_FREQUENT * articles:
                found[stem] = variant
            if len(found) == MOST_VARIANTS:
                break
        found.pop(token.stem, None)
        return found

    def _reading(self, word: Typed, meant: dict[str, Variant]) -> Reading:
        """Return the reading of a word; as typed it counts if any article has it."""
        node, token = word.node, word.token
        name = PARTS[node.field]
        prefix = f"{node.field}:" if node.field else ""
        articles = self._articles(node, token.stem)
        own = (token.stem, token.form, MatchKind.STEM)
        if not meant:
            notes = () if articles else (Note(f"no article has {token.form}", node.start, node.end),)
            clause = Clause(wq.Term(name, token.stem), prefix + token.form)
            return Reading(clause, articles, (own,), notes=notes)
        forms = tuple(variant.form for variant in meant.values())
        edits = next(iter(meant.values())).edits
        correction = Correction(node.text, forms, node.start, node.end, edits, added=articles > 0)
        terms = [wq.Term(name, token.stem)] if articles else []
        terms += [wq.Term(name, stem, boost=PENALTY[variant.edits]) for stem, variant in meant.items()]
        shown = ((token.form,) if articles else ()) + forms
        text = shown[0] if len(shown) == 1 else f"({' OR '.join(shown)})"
        query = wq.DisjunctionMax(terms) if len(terms) > 1 else terms[0]
        marks = tuple((stem, variant.form, MatchKind.TYPO) for stem, variant in meant.items())
        return Reading(
            Clause(query, prefix + text),
            articles or self._articles(node, next(iter(meant))),
            ((own,) if articles else ()) + marks,
            (correction,),
        )
