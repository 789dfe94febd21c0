"""The short way from plain words to what is searched for: all else of a plan is made when it is asked for.

Most queries are words that stand for themselves, joined one way, or a phrase. What finds their articles is
known at once; notes, marks and the query as it was understood are for the reader of an answer, and a program
that takes numbers, or the next key, never asks for them. Any other query, and every word that might have been
meant otherwise, takes the long way (`search/interpret.py`), which finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whoosh import query as wq

from index.analysis import Analyzer
from search.evaluate import FormPhrase
from search.nodes import AllOf, AnyOf, Group, Node, Phrase, Word
from search.plan import Mode, Plan
from search.words import Words, side_by_side

#: Longer lists of words take the long way.
_MOST_WORDS = 16
_KEPT = 4096


class LatePlan(Plan):
    """A plan of which only `query` is there; the rest is what `make` makes, when it is first asked for."""

    __slots__ = ("_make",)

    def __init__(self, query: wq.Query, make: Callable[[], Plan]) -> None:
        self.query, self.added, self._make = query, False, make

    def __getattr__(self, name: str) -> object:
        if name not in Plan.__match_args__:  # a slot that is not filled comes here too
            raise AttributeError(name)
        whole = self._make()
        fields: tuple[str, ...] = Plan.__match_args__
        for field in fields:
            setattr(self, field, getattr(whole, field))
        found: object = getattr(whole, name)
        return found


class Quick:
    """Makes the queries of plain words, for one generation of a library."""

    def __init__(self, analyzer: Analyzer, words: Words, most_of_all: int) -> None:
        self._analyzer, self._words, self._most_of_all = analyzer, words, most_of_all
        self._known: dict[tuple[str, bool], str | None] = {}

    def query(self, tree: Node | None, mode: Mode, typos: bool) -> wq.Query | None:
        """Return the query of a tree of plain words or of a phrase; None for whatever needs the long way."""
        kind = type(tree)
        if isinstance(tree, Phrase):
            return self._phrase(tree)
        if isinstance(tree, AnyOf | AllOf):
            items = tree.items
        elif isinstance(tree, Group):
            if mode is not Mode.AUTO or tree.required or tree.excluded or len(tree.plain) > self._most_of_all:
                return None
            items = tree.plain
        elif isinstance(tree, Word):
            items = (tree,)
        else:
            return None
        terms = self._terms(items, typos) if len(items) <= _MOST_WORDS else None
        if terms is None or (kind is Group and not self._are_apart(items)):
            return None
        if len(terms) == 1:
            return terms[0]
        return wq.Or(terms) if kind is AnyOf else wq.And(terms)

    def _terms(self, items: Sequence[Node], typos: bool) -> list[wq.Term] | None:
        terms = []
        for node in items:
            if not isinstance(node, Word) or node.field or node.exact or node.edits is not None:
                return None
            stem = self._stem(node.text, typos) if node.boost == 1.0 else None
            if stem is None:
                return None
            terms.append(wq.Term("text", stem))
        return terms

    def _stem(self, text: str, typos: bool) -> str | None:
        """Return the stem of a word that stands for itself, whatever the others are; None for another."""
        key = (text, typos)
        if key in self._known:
            return self._known[key]
        stem = None
        if text.isascii() and text.isalpha() and text.islower():
            form, own = self._analyzer.term(text)
            if self._words.is_itself(form, own, typos):
                stem = own
        if len(self._known) >= _KEPT:
            self._known = {}  # a new one: threads may be in the old one now
        self._known[key] = stem
        return stem

    def _are_apart(self, items: Sequence[Node]) -> bool:
        """Return whether words side by side all have content, and no two of them might be one."""
        words = [node for node in items if isinstance(node, Word)]
        forms = [self._analyzer.term(word.text)[0] for word in words]
        if any(map(self._words.is_stop_word, forms)):
            return False
        return not any(
            side_by_side(words[at], words[at + 1]) and self._words.as_one(forms[at], forms[at + 1])
            for at in range(len(words) - 1)
        )

    def _phrase(self, node: Phrase) -> wq.Query | None:
        if node.field or node.within or node.boost != 1.0:
            return None
        tokens = list(self._analyzer.tokens(node.text))
        if len(tokens) < 2:
            return None
        return FormPhrase("text", [token.stem for token in tokens], [token.form for token in tokens])
