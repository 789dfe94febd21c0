"""From the leaves of a parsed query to clauses of one library: words, phrases, patterns, conditions.

What only some queries need is loaded by the first that does.
What plain words stand for is decided elsewhere (`search/words.py`), for all of a query together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import query as wq

from index.analysis import PERCENT, Analyzer, Token
from index.reading import LibraryReader
from index.schema import NO_DATE
from index.value import Record, field
from search import bm25
from search.clauses import Clause, every_of, weighted
from search.evaluate import FormPhrase, SameWord
from search.filters import Dated
from search.known import Known
from search.marks import PhraseItem
from search.nodes import Fact, Leaf, Period, Phrase, Wildcard, Word
from search.plan import Plan, QueryWord
from search.results import MatchKind, Note, Part, PartKind
from search.tiers import Widened
from search.typos import PENALTY
from search.words import PARTS, Reading, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.expansions import AnyForm
    from search.variants import Same

#: Work that one pattern may take, for each article and at least, in the units of `index/patterns.py`; all
#: patterns and words with typos of a query may take twice as much, of which such a word takes a tenth.
WORK_PER_ARTICLE, LEAST_WORK = 5, 100_000
#: So many words in articles with all of them, for each article and at least, are looked at in all of a query
#: for words near each other.
NEAR_PER_ARTICLE, LEAST_NEAR = 2, 40_000
#: So many patterns, and so many phrases of words near each other, a query may have.
MOST_PATTERNS, MOST_NEARS = 16, 12
#: So many values are named where a condition fits none.
FEW_VALUES = 8


class Scope(Record):
    """Where in the query the interpreter is.

    `share` is the part of their score that words keep, 0 inside an excluded part; `silent` is above 0
    where nothing is marked, `choices` inside OR, where an article need not have the words.
    """

    share: float = 1.0
    silent: int = 0
    choices: int = 0


class Leaves(Record):
    """Makes the clauses of one query's leaves; leaves marks, corrections and notes in the plan."""

    reader: LibraryReader
    analyzer: Analyzer
    known: Known
    plan: Plan
    text: str
    words: Words
    file_dates: bool = False
    scope: Scope = field(default_factory=Scope)
    readings: dict[int, Reading] = field(default_factory=dict)
    found: list[QueryWord] = field(default_factory=list)
    work: int = -1
    near_work: int = 0
    patterns: int = 0
    nears: int = 0
    items: int = 0
    _tokens: dict[str, list[Token]] = field(default_factory=dict)

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a piece of query text."""
        known = self._tokens.get(text)
        if known is None:
            known = self._tokens[text] = list(self.analyzer.tokens(text))
        return known

    def is_blank(self, node: object) -> bool:
        """Return whether a leaf has nothing that could be searched."""
        if isinstance(node, Wildcard):
            from search.values import wild_forms

            return not wild_forms(node.text, self.analyzer)
        return isinstance(node, Word | Phrase) and not self.tokens(node.text)

    def is_plain(self, node: Word) -> bool:
        """Return whether a word is one word of any form, which may stand for others."""
        return not node.exact and not node.edits and len(self.tokens(node.text)) == 1

    def clause(self, node: Leaf) -> Clause | None:
        """Return the clause of a leaf, None if there is nothing in it to search for."""
        if isinstance(node, Word):
            return self.word(node)
        if isinstance(node, Wildcard):
            return self.wildcard(node)
        if isinstance(node, Phrase):
            return self.phrase(node)
        return self.dated(node) if isinstance(node, Period) else self.having(node)

    # Notes, marks and the like

    def note(self, node: Leaf, text: str) -> None:
        """Add a note to the plan, about the stretch of the query that a leaf comes from."""
        self.plan.notes.append(Note(text, node.start, node.end))

    def item(self, node: Word | Wildcard | Phrase, weight: float) -> int:
        """Return the number of a new query item of this idf."""
        self.items += 1
        marker = self.plan.marker
        marker.weights[self.items] = weight
        marker.labels[self.items] = self.text[node.start : node.end]
        if self.scope.choices:
            marker.optional.add(self.items)
        if node.field:
            marker.parts[self.items] = "title" if node.field == "title" else "body"
        return self.items

    def weight(self, articles: int) -> float:
        """Return the idf of a word that so many articles have."""
        return bm25.idf(self.reader.count, min(articles, self.reader.count))

    def made(self, node: Word | Wildcard | Phrase, kind: PartKind, query: wq.Query, shown: str) -> Clause:
        """Return a leaf's clause with its weight, written in byline's notation."""
        text = (f"{node.field}:" if node.field else "") + shown
        if node.boost != 1.0:
            text += f"^{node.boost:g}"
        return Clause(weighted(query, node.boost), text, Part(kind, text, node.start, node.end))

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

    def may_vary(self, node: Word) -> bool:
        """Return whether one more word with typos can be searched; note it if not."""
        taken = self.most_work // 5
        if self.work_left() < taken:
            self.note(node, "too many words with ~: this one was searched as typed")
            return False
        self.work -= taken
        return True

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

    # Patterns

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
