"""Clauses of patterns and of words with typos, which stand for many words, as far as there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import query as wq

from index.analysis import Token
from search.clauses import Clause, every_of
from search.leaf_maker import LeafMaker
from search.nodes import Wildcard, Word
from search.results import MatchKind, PartKind
from search.tiers import Widened
from search.typos import PENALTY
from search.words import PARTS

if TYPE_CHECKING:
    from search.expansions import AnyForm

#: Work that one pattern may take, for each article and at least, in the units of `index/patterns.py`; all
#: patterns and words with typos of a query may take twice as much, of which such a word takes a tenth.
WORK_PER_ARTICLE, LEAST_WORK = 5, 100_000
#: So many patterns a query may have.
MOST_PATTERNS = 16


class PatternMaker(LeafMaker):
    """Makes the clauses of patterns and of words with typos."""

    def wildcard(self, node: Wildcard) -> Clause | None:
        """Return the clause of a pattern; of one with marks inside, all its words are wanted."""
        from search.values import wild_forms

        pieces = wild_forms(node.text, self.analyzer)
        if len(pieces) > 1 and not self.scope.silent:
            self.note(node, f"{node.text} is searched as {' AND '.join(pieces)}")
        clauses = [(self.piece if set(piece) & {"*", "?"} else self.part)(node, piece) for piece in pieces]
        there = [clause for clause in clauses if clause is not None]
        return every_of(there) if there else None

    def part(self, node: Wildcard, text: str) -> Clause:
        """Return the clause of a word beside a pattern, joined to it by a mark."""
        token = self.tokens(text)[0]
        if not self.scope.silent:
            articles = self.reader.term("text", token.stem).count
            mark = (self.item(node, self.weight(articles)), token.form, MatchKind.STEM)
            self.plan.marker.stems.setdefault(token.stem, []).append(mark)
        return self.made(node, PartKind.WORD, wq.Term(PARTS[node.field], token.stem), token.form)

    def piece(self, node: Wildcard, pattern: str) -> Clause | None:
        """Return the clause of one word of a pattern, None if it would take too long."""
        from index.patterns import pattern_of

        query = self.any_form(node, pattern)
        if query is None:
            self.note(node, f"{pattern} would take too long and was left out: try fewer, or more letters")
            return None
        if not self.scope.silent:
            articles = max(1, query.forms.articles)
            marker, item = self.plan.marker, self.item(node, self.weight(articles))
            if pattern.endswith("*") and not set(pattern[:-1]) & {"*", "?"}:
                marker.prefixes.append((pattern[:-1], item))
            else:
                marker.patterns.append((pattern_of(pattern), item))
            if not query.forms.count:
                self.note(node, f"no article has a word like {pattern}")
        forms = query.forms
        if forms.kept < forms.count:
            self.note(
                node, f"{pattern} fits {forms.count:,} words; the {forms.kept:,} commonest are searched"
            )

        return self.made(node, PartKind.WILDCARD, query, pattern)

    @property
    def most_work(self) -> int:
        """What one pattern may take."""
        return max(LEAST_WORK, WORK_PER_ARTICLE * self.reader.count)

    def work_left(self) -> int:
        """Return how much the rest of the query may take."""
        if self.work < 0:
            self.work = 2 * self.most_work
        return self.work

    def any_form(self, node: Wildcard, pattern: str) -> AnyForm | None:
        """Return the query of all forms that look so, None if they are too many for one query."""
        self.patterns += 1
        if self.patterns > MOST_PATTERNS:
            return None
        share = min(self.work_left(), self.most_work)
        query = self.known.any_form(self.reader, node.field, pattern, share)
        if query is not None:
            self.work = max(0, self.work - query.work)
        return query

    def may_vary(self, node: Word) -> bool:
        """Return whether one more word with typos can be searched; note it if not."""
        taken = self.most_work // 5
        if self.work_left() < taken:
            self.note(node, "too many words with ~: this one was searched as typed")
            return False
        self.work -= taken
        return True

    def fuzzy(self, node: Word, token: Token, edits: int) -> Clause:
        """Return the clause of a word with typos: all that are so many edits away, the nearer the better."""
        from search.expansions import AnyStem

        near, count = self.known.neighbours(self.reader, self.analyzer, token.form, edits)
        others = [one for one in near if one.stem != token.stem]
        if count > len(near):
            self.note(node, f"{count:,} words are so near; the {len(near):,} nearest are searched")
        own = self.reader.term("text", token.stem).count
        if not own and not others:
            self.note(node, f"no article has a word like {token.form}")
        if not self.scope.silent:
            item = self.item(node, self.weight(own or 1))
            stems = self.plan.marker.stems
            stems.setdefault(token.stem, []).append((item, token.form, MatchKind.STEM))
            for one in others:
                stems.setdefault(one.stem, []).append((item, one.form, MatchKind.TYPO))
        variants = [(token.stem, 1.0), *((one.stem, PENALTY[max(one.edits, 1)]) for one in others)]
        query: wq.Query = AnyStem(PARTS[node.field], variants)
        if own and others:
            query = Widened([query], wq.Term(PARTS[node.field], token.stem))
            self.plan.added = True
        return self.made(node, PartKind.FUZZY, query, f"{token.form}~{edits}")
