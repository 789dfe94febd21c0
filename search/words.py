"""What each plain word of a query stands for: itself, or the words that were meant by it.

The words of a query are read together, since what one was meant to be shows in the others; only then is
each made a clause.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from whoosh import query as wq

from index.analysis import Analyzer, Token
from index.reading import LibraryReader
from index.value import Value
from search import bm25
from search.clauses import Clause
from search.company import Company
from search.meant import Meant, Slot, as_typed, decide, is_inflection
from search.nodes import Word
from search.results import Correction, MatchKind, Note
from search.typos import Corrector, Variant, edits_allowed

#: The field of the index, or the part of it, that a field of the query language asks for.
PARTS = {"": "text", "title": "title", "text": "body"}
#: Words in more than one of so many articles are never taken for misspelt.
RARE = 20
#: The same of words that the library has as typed: others would have to be far more frequent.
FREQUENT_ENOUGH = 60
#: What is added to a typed word scores at most this share of the least that the typed word scores.
_BELOW = 0.9


class Typed(Value):
    """A plain word of the query: its node and its one token; `excluded` ones are never corrected."""

    node: Word
    token: Token
    excluded: bool = False


class Reading(Value):
    """What a typed word stands for: the clause that finds it and what the answer says of it.

    `marks` are (stem, form as typed or meant, kind when the form differs) of one query item, whose idf is
    that of a word in `articles` articles. `content` is false for words without any, such as *the*.
    """

    clause: Clause
    articles: int
    marks: tuple[tuple[str, str, MatchKind], ...]
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    content: bool = True


class Words:
    """Reads the plain words of queries over one generation of a library."""

    def __init__(
        self, reader: LibraryReader, analyzer: Analyzer, corrector: Corrector, stop_words: frozenset[str]
    ) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._corrector = corrector
        self._stop_words = stop_words
        self._company = Company(reader)

    def read(self, words: Sequence[Typed], typos: bool) -> dict[Word, Reading]:
        """Return the reading of each word, by its node; without `typos` none is corrected."""
        meant: dict[Word, tuple[Meant, ...]] = {}
        if typos:
            slots = [self._slot(word) for word in words]
            if any(slot.variants for slot in slots):
                meant = dict(zip((word.node for word in words), decide(slots, self._company), strict=True))
        return {word.node: self._reading(word, meant.get(word.node, ())) for word in words}

    def _slot(self, word: Typed) -> Slot:
        """Return a word as it takes part in deciding what was meant."""
        form, stem = word.token.form, word.token.stem
        speaks = form not in self._stop_words
        articles = self._articles(word.node, stem)
        common = RARE * articles > self._reader.count
        if common or not speaks or word.excluded or not edits_allowed(form):
            return Slot(stem, articles, 0.0, speaks=speaks and articles > 0)
        there = self._reader.form_count(form) if articles else 0
        if FREQUENT_ENOUGH * there > self._reader.count:
            return Slot(stem, articles, 0.0)
        inflected = any(is_inflection(form, known) for known in self._reader.forms_of(stem))
        own = as_typed(there, articles, inflected)
        variants = [
            variant
            for variant in (self._corrector.frequent(form) if there else self._corrector.variants(form))
            if variant.stem != stem and self._may_be(word.node, variant)
        ]
        return Slot(stem, articles, own, tuple(variants), articles > 0)

    def _may_be(self, node: Word, variant: Variant) -> bool:
        """Return whether a variant stands in the part of the article that `node` asks for."""
        return node.field != "title" or self._articles(node, variant.stem) > 0

    def _articles(self, node: Word, stem: str) -> int:
        """Return how many articles have the stem in the part of the article that `node` asks for."""
        return self._reader.term("title" if node.field == "title" else "text", stem).count

    def _weight(self, node: Word, stem: str) -> float:
        return bm25.idf(self._reader.count, self._articles(node, stem))

    def _most(self, node: Word, stem: str) -> float:
        """Return what a word added to a typed one may weigh, so that it adds less than that does anywhere."""
        found = self._reader.postings("title" if node.field == "title" else "text", stem)
        extra = bm25.TITLE_WEIGHT - 1.0
        lengths = self._reader.lengths("text")[found.docs] + extra * self._reader.lengths("title")[found.docs]
        mean = self._reader.mean_length("text") + extra * self._reader.mean_length("title")
        norms = bm25.norms(lengths, mean)
        least = float((found.freqs / (found.freqs + norms)).min())
        return _BELOW * least * self._weight(node, stem)

    def _reading(self, word: Typed, meant: Sequence[Meant]) -> Reading:
        """Return the reading of a word; as typed it counts if any article has it."""
        node, token = word.node, word.token
        name = PARTS[node.field]
        prefix = f"{node.field}:" if node.field else ""
        articles = self._articles(node, token.stem)
        own = (token.stem, token.form, MatchKind.STEM)
        if not meant:
            notes = () if articles else (Note(f"no article has {token.form}", node.start, node.end),)
            clause = Clause(wq.Term(name, token.stem), prefix + token.form)
            content = token.form not in self._stop_words
            return Reading(clause, articles, (own,), notes=notes, content=content)
        forms = tuple(one.variant.form for one in meant)
        edits = meant[0].variant.edits
        correction = Correction(node.text, forms, node.start, node.end, edits, added=articles > 0)
        terms = [wq.Term(name, token.stem)] if articles else []
        most = self._most(node, token.stem) if articles else math.inf
        for one in meant:
            kept = min(one.share, most / self._weight(node, one.variant.stem))
            terms.append(wq.Term(name, one.variant.stem, boost=kept))
        shown = ((token.form,) if articles else ()) + forms
        text = shown[0] if len(shown) == 1 else f"({' OR '.join(shown)})"
        query = wq.DisjunctionMax(terms) if len(terms) > 1 else terms[0]
        marks = tuple((one.variant.stem, one.variant.form, MatchKind.TYPO) for one in meant)
        return Reading(
            Clause(query, prefix + text),
            articles or self._articles(node, meant[0].variant.stem),
            ((own,) if articles else ()) + marks,
            (correction,),
            content=forms[0] not in self._stop_words,
        )
