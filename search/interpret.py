"""From a parsed query to what is searched in one library: a Whoosh query tree, marks and corrections.

Here the words meet the library: which are known, which were misspelt, which carry no content. Side by
side, up to `ALL_WORDS` words with content are all wanted; of longer queries any. Words without content
only order what the others found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whoosh import query as wq

from index.analysis import Analyzer, Token
from index.reading import LibraryReader
from index.value import replace
from search import bm25
from search.clauses import Clause, combine, joined, weighted
from search.evaluate import FormPhrase, SameWord
from search.marks import PhraseItem
from search.plan import Mode, Plan, QueryWord
from search.query import AllOf, AnyOf, Group, Node, ParsedQuery, Phrase, Word
from search.results import MatchKind, Note
from search.typos import Corrector
from search.words import PARTS, Reading, Typed, Words

#: Up to so many words with content side by side, an article must have all of them.
ALL_WORDS = 4


def _start(node: Node) -> int:
    """Return where a node begins in the query."""
    if isinstance(node, Word | Phrase):
        return node.start
    items = node.plain + node.required + node.excluded if isinstance(node, Group) else node.items
    return min(map(_start, items), default=0)


class Interpreter:
    """Makes plans for one generation of a library."""

    def __init__(
        self, reader: LibraryReader, analyzer: Analyzer, corrector: Corrector, stop_words: frozenset[str]
    ) -> None:
        self._reader = reader
        self._analyzer = analyzer
        self._words = Words(reader, analyzer, corrector, stop_words)
        self._stop_words = stop_words

    def plan(self, parsed: ParsedQuery, mode: Mode = Mode.AUTO, typos: bool = True) -> Plan:
        """Return what to search for; a query without anything to search for gives a null query."""
        run = _Run(self, mode, typos, parsed.text)
        plan = run.top(parsed.tree)
        plan.words = tuple(_side_by_side(run.found, parsed.text))
        plan.notes[:0] = parsed.notes
        return plan


def _terms(query: wq.Query) -> list[wq.Term]:
    """Return the terms of a word's clause."""
    return [query] if isinstance(query, wq.Term) else list(getattr(query, "subqueries", ()))


def _side_by_side(words: list[QueryWord], text: str) -> Iterator[QueryWord]:
    """Yield the words in the order of the query, each with whether it stands right after the one before."""
    end = -1
    for word in sorted(words, key=lambda word: word.start):
        follows = end >= 0 and text[end : word.start].isspace()
        yield replace(word, follows=True) if follows else word
        end = word.end


class _Run:
    """One query's way through the interpreter; collects marks, corrections and notes."""

    def __init__(self, owner: Interpreter, mode: Mode, typos: bool, text: str) -> None:
        self.reader, self.analyzer = owner._reader, owner._analyzer
        self.words, self.stop_words = owner._words, owner._stop_words
        self.mode, self.typos, self.text = mode, typos, text
        self.readings: dict[Word, Reading] = {}
        self.known: dict[str, list[Token]] = {}
        self.made = Plan(wq.NullQuery, "")
        self.made.marker.forms_of = self.reader.forms_of
        self.items = 0
        self.choices = 0  # > 0 inside OR: an article need not have the words there
        self.silent = 0  # > 0 inside an excluded part: nothing there is marked or corrected
        self.share = 1.0  # of their score that words keep here; 0 inside an excluded part
        self.found: list[QueryWord] = []

    def top(self, tree: Node | None) -> Plan:
        plan = self.made
        if tree is None:
            return plan
        self.readings = self.words.read(list(self.typed(tree)), self.typos)
        clause = self.group(tree, plan) if isinstance(tree, Group) else self.clause(tree)
        clause = clause or Clause(wq.NullQuery, "")
        plan.query, plan.understood = clause.query, clause.shown
        return plan

    def typed(self, node: Node, excluded: bool = False) -> Iterator[Typed]:
        """Yield the plain words below a node, in the order of the query."""
        if isinstance(node, Word):
            tokens = self.tokens(node)
            if len(tokens) == 1 and not node.prefix and not (node.exact and not node.field):
                yield Typed(node, tokens[0], excluded)
        elif isinstance(node, Group):
            items = [(item, excluded) for item in node.plain + node.required]
            items += [(item, True) for item in node.excluded]
            for item, out in sorted(items, key=lambda pair: _start(pair[0])):
                yield from self.typed(item, out)
        elif isinstance(node, AllOf | AnyOf):
            for item in node.items:
                yield from self.typed(item, excluded)

    def tokens(self, node: Word | Phrase) -> list[Token]:
        """Return the words of a node's text."""
        found = self.known.get(node.text)
        if found is None:
            found = self.known[node.text] = list(self.analyzer.tokens(node.text))
        return found

    def clause(self, node: Node) -> Clause | None:
        """Return the clause of a node, or None if there is nothing in it to search for."""
        if isinstance(node, Word):
            return self.word(node)
        if isinstance(node, Phrase):
            return self.phrase(node)
        if isinstance(node, Group):
            return self.group(node)
        self.choices += isinstance(node, AnyOf)
        found = [clause for clause in map(self.clause, node.items) if clause is not None]
        self.choices -= isinstance(node, AnyOf)
        if len(found) < 2:
            return found[0] if found else None
        if isinstance(node, AllOf):
            return Clause(wq.And([c.query for c in found]), joined(found, " AND "))
        return Clause(wq.Or([c.query for c in found]), joined(found, " OR "))

    def is_blank(self, node: Node) -> bool:
        return isinstance(node, Word | Phrase) and not self.tokens(node)

    def is_stop_word(self, node: Node) -> bool:
        if not isinstance(node, Word) or node.exact or node.prefix or node.field:
            return False
        return node in self.readings and not self.readings[node].content

    def group(self, group: Group, plan: Plan | None = None) -> Clause | None:
        """Return the clause of items side by side, None if there is nothing in them to search for.

        With `plan`, leave there how the query may be relaxed.
        """
        plain = [node for node in group.plain if not self.is_blank(node)]
        stops = [node for node in plain if self.is_stop_word(node)]
        content = [node for node in plain if not self.is_stop_word(node)]
        if not content and not group.required:
            content, stops = stops, []
        wanted = sum(not isinstance(node, AllOf | AnyOf) for node in content)
        every = self.mode is Mode.ALL or (self.mode is Mode.AUTO and wanted <= ALL_WORDS)
        if every:
            must, may = list(content), []
        else:
            strict = self.mode is Mode.AUTO
            must = [node for node in content if strict and not isinstance(node, Word)]
            may = [node for node in content if node not in must]
        required = self.clauses(group.required)
        parts = self.clauses(must)
        choice = self.clauses(may)
        extra = self.clauses(stops, bm25.STOP_WORD_WEIGHT)
        excluded = self.excluded(group.excluded)
        clause = combine(required + parts, choice, extra, excluded)
        if plan is not None and every and self.mode is Mode.AUTO:
            plan.parts = tuple(required + parts)
            plan.must = frozenset(range(len(required)))
            plan.excluded = wq.Or([c.query for c in excluded]) if excluded else None
            plan.extra = wq.Or([c.query for c in extra]) if extra else None
        return clause

    def clauses(self, nodes: Sequence[Node], boost: float = 1.0) -> list[Clause]:
        outer, self.share = self.share, self.share * boost
        self.silent += boost < 1.0
        found = [clause for clause in map(self.clause, nodes) if clause is not None]
        self.silent -= boost < 1.0
        self.share = outer
        return [Clause(weighted(clause.query, boost), clause.shown) for clause in found]

    def excluded(self, nodes: Sequence[Node]) -> list[Clause]:
        outer, self.share = self.share, 0.0
        self.silent += 1
        found = self.clauses(nodes)
        self.silent -= 1
        self.share = outer
        return found

    def note(self, node: Word, text: str) -> None:
        self.made.notes.append(Note(text, node.start, node.end))

    def item(self, node: Word | Phrase, weight: float) -> int:
        """Return the number of a new query item of this idf."""
        self.items += 1
        self.made.marker.weights[self.items] = weight
        self.made.marker.labels[self.items] = self.text[node.start : node.end]
        if self.choices:
            self.made.marker.optional.add(self.items)
        if node.field:
            self.made.marker.parts[self.items] = "title" if node.field == "title" else "body"
        return self.items

    def weight(self, articles: int) -> float:
        return bm25.idf(self.reader.count, articles)

    def word(self, node: Word) -> Clause | None:
        tokens = self.tokens(node)
        if not tokens:
            return None
        prefix = f"{node.field}:" if node.field else ""
        if len(tokens) > 1:
            if node.prefix:
                self.note(node, "* works after one word only")
            return self.sequence(node, tokens, f'{prefix}"{" ".join(token.form for token in tokens)}"')
        token = tokens[0]
        if node.prefix:
            return self.prefix(node, token.form, f"{prefix}{token.form}*")
        if node.exact and node.field:
            self.note(node, f"= does not work with {node.field}:")
        if node.exact and not node.field:
            found = self.reader.postings("form", token.form).docs
            if not self.silent:
                self.made.marker.add_form(token.form, self.item(node, self.weight(len(found))))
            return Clause(wq.Term("form", token.form), f"={token.form}")
        return self.plain(node, self.readings[node])

    def plain(self, node: Word, reading: Reading) -> Clause:
        """Return the clause of a word that stands for itself or others; note and mark what it stands for."""
        item = 0
        if not self.silent:
            self.made.corrections += reading.corrections
            self.made.notes += reading.notes
            item = self.item(node, self.weight(reading.articles))
            for stem, form, kind in reading.marks:
                self.made.marker.stems.setdefault(stem, []).append((item, form, kind))
            for stems, forms, kind in reading.phrases:
                self.made.marker.phrases.append(PhraseItem(stems, forms, False, item, kind=kind))
        if self.share:
            self.found.append(self.scored(node, reading, item))
        return reading.clause

    def scored(self, node: Word, reading: Reading, item: int) -> QueryWord:
        """Return a word as it adds to scores."""
        shares = {term.text: float(term.boost) for term in _terms(reading.clause.query)}
        stems = tuple((stem, shares.get(stem, 1.0), kind) for stem, _, kind in reading.marks)
        return QueryWord(node.text, stems, PARTS[node.field], self.share, item, node.start, node.end)

    def prefix(self, node: Word, form: str, shown: str) -> Clause:
        """Return the clause of all words that begin with `form`.

        A field has stems only: there it finds articles that have such a word, and its stem in the field.
        """
        if not self.silent:
            self.made.marker.prefixes.append((form, self.item(node, 1.0)))
        found = wq.Prefix("form", form)
        if not node.field:
            return Clause(found, shown)
        stems = sorted({self.analyzer.stem(word) for word in self.reader.terms("form", form)})
        inside = wq.DisjunctionMax([wq.Term(PARTS[node.field], stem) for stem in stems])
        return Clause(wq.And([inside, wq.ConstantScoreQuery(found, 0.0)]), shown)

    def phrase(self, node: Phrase) -> Clause | None:
        tokens = self.tokens(node)
        if not tokens:
            return None
        prefix = f"{node.field}:" if node.field else ""
        return self.sequence(node, tokens, f'{prefix}"{" ".join(token.form for token in tokens)}"')

    def sequence(self, node: Word | Phrase, tokens: list[Token], shown: str) -> Clause:
        """Return the clause of words that must stand side by side: as written, if they were quoted.

        Parts of one word (`co-ordinate`) may also be written together.
        """
        exact = isinstance(node, Phrase)
        stems = tuple(token.stem for token in tokens)
        forms = tuple(token.form for token in tokens)
        same = () if exact else self.words.together(tokens)
        if not self.silent:
            weight = sum(self.weight(len(self.reader.postings("text", stem).docs)) for stem in stems)
            item = self.item(node, weight)
            self.made.marker.phrases.append(PhraseItem(stems, forms, exact, item))
            for one in same:
                mark = (item, one.form, MatchKind.SPELLING)
                self.made.marker.stems.setdefault(one.stems[0], []).append(mark)
        if exact:
            return Clause(FormPhrase(PARTS[node.field], list(stems), list(forms)), shown)
        if same:
            ways = [stems, *(one.stems for one in same)]
            return Clause(
                SameWord(PARTS[node.field], ways), f"({' OR '.join((shown, *(s.form for s in same)))})"
            )
        return Clause(wq.Phrase(PARTS[node.field], list(stems)), shown)
