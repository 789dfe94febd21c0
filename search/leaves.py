"""From the leaves of a parsed query to clauses of one library: words, phrases, conditions.

Patterns and words with typos are in `search/leaf_patterns.py`, what all need in `search/leaf_maker.py`. What
only some queries need is loaded by the first that does.
What plain words stand for is decided elsewhere (`search/words.py`), for all of a query together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import query as wq

from index.analysis import PERCENT, Token
from index.schema import NO_DATE
from search.clauses import Clause, every_of
from search.evaluate import FormPhrase, SameWord
from search.filters import Dated
from search.leaf_patterns import PatternMaker
from search.marks import PhraseItem
from search.nodes import Fact, Leaf, Period, Phrase, Wildcard, Word
from search.plan import QueryWord
from search.results import MatchKind, Part, PartKind
from search.words import PARTS, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.variants import Same

#: So many words in articles with all of them, for each article and at least, are looked at in all of a query
#: for words near each other.
NEAR_PER_ARTICLE, LEAST_NEAR = 2, 40_000
#: So many phrases of words near each other a query may have.
MOST_NEARS = 12
#: So many values are named where a condition fits none.
FEW_VALUES = 8


class Leaves(PatternMaker):
    """Makes the clauses of one query's leaves."""

    def is_blank(self, node: object) -> bool:
        """Return whether a leaf has nothing that could be searched."""
        if isinstance(node, Wildcard):
            from search.values import wild_forms

            return not wild_forms(node.text, self.analyzer)
        return isinstance(node, Word | Phrase) and not self.tokens(node.text)

    def clause(self, node: Leaf) -> Clause | None:
        """Return the clause of a leaf, None if there is nothing in it to search for."""
        if isinstance(node, Word):
            return self.word(node)
        if isinstance(node, Wildcard):
            return self.wildcard(node)
        if isinstance(node, Phrase):
            return self.phrase(node)
        return self.dated(node) if isinstance(node, Period) else self.having(node)

    # Words

    def word(self, node: Word) -> Clause | None:
        """Return the clause of a word, or of several that a mark joins; None if no word is left of it."""
        tokens = self.tokens(node.text)
        if not tokens:
            return None
        if len(tokens) > 1:
            if node.edits:
                self.note(node, "~ works after one word only")
            if node.exact:
                forms = " ".join(token.form for token in tokens)
                return self.made(node, PartKind.PHRASE, self.sequence(node, tokens, exact=True), f'"{forms}"')
            same = self.words.together(tokens)
            if tokens[-1].form == PERCENT and not same and not self.reader.form_count(PERCENT):
                tokens = tokens[:-1]  # the sign alone tells too little to find nothing for it
            return self.joined(node, tokens, same)
        if node.exact:
            return self.exact(node, tokens[0])
        if node.edits:
            return self.fuzzy(node, tokens[0], node.edits if self.may_vary(node) else 0)
        return self.plain(node, self.readings[node.start])

    def plain(self, node: Word, reading: Reading) -> Clause:
        """Return the clause of a word that stands for itself or others; note and mark what it stands for."""
        item = 0
        if not self.scope.silent:
            self.plan.corrections += reading.corrections
            self.plan.added |= any(correction.added for correction in reading.corrections)
            self.plan.notes += reading.notes
            item = self.item(node, self.weight(reading.articles))
            for stem, form, kind in reading.marks:
                self.plan.marker.stems.setdefault(stem, []).append((item, form, kind))
            for stems, forms, kind in reading.phrases:
                self.plan.marker.phrases.append(PhraseItem(stems, forms, False, item, kind=kind))
        if self.scope.share:
            self.found.append(self.scored(node, reading, item))
        shown = reading.clause.shown.removeprefix(f"{node.field}:")
        return self.made(node, PartKind.WORD, reading.clause.query, shown)

    def scored(self, node: Word, reading: Reading, item: int) -> QueryWord:
        """Return a word as it adds to scores."""
        query = reading.clause.query
        terms = [query] if isinstance(query, wq.Term) else getattr(query, "subqueries", ())
        shares = {term.text: float(term.boost) for term in terms if isinstance(term, wq.Term)}
        stems = tuple([(stem, shares.get(stem, 1.0), kind) for stem, _, kind in reading.marks])
        weight = self.scope.share * node.boost
        own = (node.text, stems, PARTS[node.field], weight, item, node.start, node.end)
        return QueryWord(*own, False, query)

    def exact(self, node: Word | Phrase, token: Token) -> Clause:
        """Return the clause of a word as written."""
        query: wq.Query = FormPhrase(PARTS[node.field], [token.stem], [token.form])
        articles = self.reader.form_count(token.form)
        if not node.field:
            query = wq.Term("form", token.form)
        if not self.scope.silent:
            self.plan.marker.add_form(token.form, self.item(node, self.weight(articles)))
            if not articles:
                self.note(node, f"no article has {token.form} written so")
        return self.made(node, PartKind.EXACT, query, f"={token.form}")

    # Phrases

    def phrase(self, node: Phrase) -> Clause | None:
        """Return the clause of quoted words, side by side or near; None if no word is left of it."""
        tokens = self.tokens(node.text)
        if not tokens:
            return None
        shown = f'"{" ".join(token.form for token in tokens)}"'
        if node.within and len(tokens) > 1:
            words = [(token.stem, token.form) for token in tokens]
            if not self.may_be_near(node, tokens):
                exact = [self.exact(node, token) for token in tokens]
                return every_of(exact)
            if not self.scope.silent:
                self.mark_together(node, tokens, exact=True, within=node.within)
            query = self.known.near(PARTS[node.field], tuple(words), node.within)
            return self.made(node, PartKind.NEAR, query, f"{shown}~{node.within}")
        return self.made(node, PartKind.PHRASE, self.sequence(node, tokens, exact=True), shown)

    def sequence(self, node: Word | Phrase, tokens: list[Token], exact: bool, told: bool = True) -> wq.Query:
        """Return the query of words side by side, in any form or as written; absent ones are `told`."""
        if not self.scope.silent:
            self.mark_together(node, tokens, exact, told=told)
        stems = [token.stem for token in tokens]
        if exact:
            return FormPhrase(PARTS[node.field], stems, [token.form for token in tokens])
        return wq.Phrase(PARTS[node.field], stems)

    def joined(self, node: Word, tokens: list[Token], same: Sequence[Same]) -> Clause:
        """Return the clause of words that a mark joins (`Daesh/ISIS`), which may be also written as one.

        They stand side by side, in any form.
        """
        shown = "-".join(token.form for token in tokens).replace(f"-{PERCENT}", PERCENT)
        query = self.sequence(node, tokens, exact=False, told=not same)
        if not same:
            return self.made(node, PartKind.JOINED, query, shown)
        if not self.scope.silent:
            for one in same:
                if len(one.stems) == 1:
                    mark = (self.items, one.form, MatchKind.SPELLING)
                    self.plan.marker.stems.setdefault(one.stems[0], []).append(mark)
                else:
                    forms = tuple(one.form.split())
                    phrase = PhraseItem(one.stems, forms, False, self.items, kind=MatchKind.SPELLING)
                    self.plan.marker.phrases.append(phrase)
        stems = tuple(token.stem for token in tokens)
        query = SameWord(PARTS[node.field], [stems, *(one.stems for one in same)])
        return self.made(node, PartKind.WORD, query, shown)

    def mark_together(
        self, node: Word | Phrase, tokens: list[Token], exact: bool, within: int = 0, told: bool = True
    ) -> None:
        """Have words that stand together marked as one item, `within` so many words of each other.

        Words that no article has are noted if they are to be `told`.
        """
        stems = tuple(token.stem for token in tokens)
        forms = tuple(token.form for token in tokens)
        counts = [self.reader.term("text", stem).count for stem in stems]
        for form, count in zip(forms, counts, strict=True):
            if not count and told:
                self.note(node, f"no article has {form}")
        item = self.item(node, sum(map(self.weight, counts)))
        self.plan.marker.phrases.append(PhraseItem(stems, forms, exact, item, within))

    def may_be_near(self, node: Phrase, tokens: list[Token]) -> bool:
        """Return whether words near each other can be searched; note it if not.

        The first such words of a query always can. It takes as long as there are words in articles with all.
        """
        needed = len(tokens) * min(self.reader.term("text", token.stem).count for token in tokens)
        most = max(LEAST_NEAR, NEAR_PER_ARTICLE * self.reader.count)
        self.nears += 1
        if self.nears > MOST_NEARS or (self.near_work and self.near_work + needed > most):
            self.note(
                node, "too many frequent words near each other: these were searched without the distance"
            )
            return False
        self.near_work += max(needed, 1)
        return True

    # Conditions

    def dated(self, node: Period) -> Clause:
        """Return the clause of a condition on dates."""
        query = Dated(node.first, node.last, self.file_dates)
        dates = query.dates(self.reader)[self.reader.living]
        if not query.fits(dates).any():
            from search.moments import day_of

            known = dates[dates != NO_DATE]
            reach = (
                f"dates are {day_of(known.min())} to {day_of(known.max())}" if len(known) else "none has one"
            )
            self.note(node, f"no article has a date of its own in {node.field}:{node.text}; {reach}")
        text = f"{node.field}:{node.text}"
        return Clause(query, text, Part(PartKind.CONDITION, text, node.start, node.end))

    def having(self, node: Fact) -> Clause:
        """Return the clause of a condition on source, author, path or id."""
        query = self.known.having(self.reader, self.analyzer, node)
        if not query.values.any():
            values = sorted(filter(None, query.column.texts))
            known = f"; there are {', '.join(values)}" if 0 < len(values) <= FEW_VALUES else ""
            known = known or ("" if values else f"; none has a known {node.field}")
            self.note(node, f"no article has this {node.field}{known}")
        value = f'"{node.text}"' if node.quoted else node.text
        text = f"{node.field}:{'=' * node.exact}{value}"
        return Clause(query, text, Part(PartKind.CONDITION, text, node.start, node.end))
