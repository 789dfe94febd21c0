"""What each plain word of a query stands for: itself in all ways of writing it, or the words that were meant.

The words of a query are read together, since what one was meant to be shows in the others; only then is
each made a clause.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from whoosh import query as wq

from index.analysis import Analyzer, Token
from index.reading import LibraryReader
from index.value import Value
from search import bm25
from search.clauses import Clause
from search.company import Company
from search.evaluate import SameWord
from search.meant import Meant, Slot, as_typed, decide, is_inflection
from search.nodes import Word
from search.results import Correction, MatchKind, Note
from search.spellings import other_spellings
from search.tiers import Widened
from search.typos import Corrector, Variant, edits_allowed
from search.variants import Same, Variants

#: The field of the index, or the part of it, that a field of the query language asks for.
PARTS = {"": "text", "title": "title", "text": "body"}
#: Words in more than one of so many articles are never taken for misspelt.
RARE = 20
#: The same of words that the library has as typed: others would have to be far more frequent.
FREQUENT_ENOUGH = 60
#: So many different words of a query are corrected, the first.
MOST_CORRECTED = 64
#: What is added to a typed word scores at most this share of the least that the typed word scores.
_BELOW = 0.9
#: Share of its score that a word keeps which stands for two words of the query: it counts for both.
_HALF = 0.5


class Typed(Value):
    """A plain word of the query: its node and its one token; `excluded` ones are never corrected."""

    node: Word
    token: Token
    excluded: bool = False


class PhraseMark(NamedTuple):
    """Words side by side that are marked as one."""

    stems: tuple[str, ...]
    forms: tuple[str, ...]
    kind: MatchKind


class Reading(Value):
    """What a typed word stands for: the clause that finds it and what the answer says of it.

    `marks` are (stem, form as typed or meant, kind when the form differs) of one query item, whose idf is
    that of a word in `articles` articles; `phrases` belong to the same item. `content` is false for words
    without any, such as *the*.
    """

    clause: Clause
    articles: int
    marks: tuple[tuple[str, str, MatchKind], ...]
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Note, ...] = ()
    content: bool = True
    phrases: tuple[PhraseMark, ...] = ()


class _Ways(Value):
    """How a typed word is written: as typed, in other ways that are the same, as part of one word.

    `articles` have it as typed, in some inflection. Of an acronym that is mostly another word without its
    stops, `apart` says that this word only orders what is found.
    """

    word: Typed
    articles: int
    same: tuple[Same, ...]
    joined: tuple[Same, ...]
    apart: bool = False
    name: bool = False

    @property
    def stems(self) -> tuple[tuple[str, ...], ...]:
        """The ways that are one word, each as its stems."""
        own = ((self.word.token.stem,),) if (self.articles and not self.apart) or not self.same else ()
        return own + tuple(same.stems for same in self.same)


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
        self._variants = Variants(reader, analyzer, self._company, stop_words)

    def read(self, words: Iterable[Typed], typos: bool) -> dict[int, Reading]:
        """Return the reading of each word, by where it begins; without `typos` none is corrected."""
        ways = list(self._ways(sorted(words, key=lambda word: word.node.start)))
        meant: list[tuple[Meant, ...]] = [()] * len(ways)
        splits: list[Same | None] = [None] * len(ways)
        if typos:
            slots = list(self._slots(ways))
            if any(slot.variants for slot in slots):
                meant = decide(slots, self._company)
            for place, slot in enumerate(slots):
                if slot.own is None and not any(one.variant.edits < 2 for one in meant[place]):
                    splits[place] = self._variants.split(ways[place].word.token.form)
        return {
            one.word.node.start: self._run_together(one, split) if split else self._reading(one, found)
            for one, found, split in zip(ways, meant, splits, strict=True)
        }

    def together(self, tokens: Sequence[Token]) -> tuple[Same, ...]:
        """Return how a word of several parts (`co-ordinate`) is written as one; empty if it is not."""
        if len(tokens) != 2:
            return ()
        return self._variants.together(tokens[0].form, tokens[1].form)

    def as_one(self, first: str, second: str) -> bool:
        """Return whether two forms side by side are also written as one word."""
        return bool(self._variants.together(first, second))

    def is_stop_word(self, form: str) -> bool:
        """Return whether a form has no content."""
        return form in self._stop_words

    def is_itself(self, form: str, stem: str, typos: bool) -> bool:
        """Return whether a word typed in small letters stands for itself, whatever stands beside it.

        That is: some article has it, it is written in no other way and, with `typos`, nothing else was meant.
        """
        if self._variants.of(form, form):
            return False
        articles = self._reader.term("text", stem).count
        if not articles or not typos or not self._may_be_slip(form, articles):
            return articles > 0
        there = self._reader.form_count(form)
        return self._is_frequent(there) or (there > 0 and not self._rivals(form, stem, there))

    # Ways of writing

    def _ways(self, words: Sequence[Typed]) -> Iterator[_Ways]:
        """Yield how each word is written."""
        joined: dict[int, tuple[Same, ...]] = {}
        for one, other in pairwise(words):
            if side_by_side(one.node, other.node) and not one.excluded and not other.excluded:
                found = self._variants.together(one.token.form, other.token.form)
                if found:
                    for node in (one.node, other.node):
                        joined[node.start] = joined.get(node.start, ()) + found
        alone: dict[tuple[str, str, str, bool], tuple[int, tuple[Same, ...], bool]] = {}
        for place, word in enumerate(words):
            name = _is_name(words, place)
            key = (word.token.form, word.node.text, word.node.field, name)
            if key not in alone:  # a long query asks for the same words again and again
                alone[key] = self._alone(word, name)
            articles, same, apart = alone[key]
            yield _Ways(word, articles, same, joined.get(word.node.start, ()), apart, name)

    def _alone(self, word: Typed, name: bool) -> tuple[int, tuple[Same, ...], bool]:
        """Return how a word reads by itself: its articles, other spellings, and if it is apart from these."""
        form = word.token.form
        same = self._variants.of(form, word.node.text, name)
        if word.node.field:
            same = tuple(one for one in same if self._stands(word.node, one))
        articles = self._articles(word.node, word.token.stem)
        if same and articles and not self._is_written(word.token):
            articles = 0
        apart = bool(same) and bool(articles) and self._variants.is_pronoun(form, word.node.text)
        return articles, same, apart

    def _is_written(self, token: Token) -> bool:
        """Return whether the library has a word as typed or inflected otherwise, not just its stem."""
        return self._reader.form_count(token.form) > 0 or any(
            is_inflection(token.form, known) for known in self._reader.forms_of(token.stem)
        )

    def _stands(self, node: Word, same: Same) -> bool:
        return len(same.stems) > 1 or self._articles(node, same.stems[0]) > 0

    # What was meant

    def _slots(self, words: Sequence[_Ways]) -> Iterator[Slot]:
        """Yield each word as it takes part in deciding what was meant; only so many forms are looked up."""
        asked: set[str] = set()
        for ways in words:
            form = ways.word.token.form
            slot = self._slot(ways, form in asked or len(asked) < MOST_CORRECTED)
            if slot.variants or slot.own is None:
                asked.add(form)
            yield slot

    def _slot(self, ways: _Ways, correct: bool = True) -> Slot:
        """Return a word as it takes part in deciding what was meant; without `correct`, as typed."""
        word, articles = ways.word, ways.articles
        form, stem = word.token.form, word.token.stem
        speaks = form not in self._stop_words and articles > 0
        written = bool(ways.same or ways.joined)
        if word.excluded or not correct or written or not self._may_be_slip(form, articles):
            return Slot(stem, articles, 0.0, speaks=speaks)
        there = self._reader.form_count(form) if articles else 0
        if self._is_frequent(there):
            return Slot(stem, articles, 0.0)
        inflected = any(is_inflection(form, known) for known in self._reader.forms_of(stem))
        own = as_typed(there, articles, inflected)
        variants = [one for one in self._rivals(form, stem, there) if self._may_be(ways, one)]
        return Slot(stem, articles, own, tuple(variants), speaks)

    def _may_be_slip(self, form: str, articles: int) -> bool:
        """Return whether a word in so many articles may be taken for another, going by these alone."""
        common = RARE * articles > self._reader.count
        return not common and edits_allowed(form) > 0 and form not in self._stop_words

    def _is_frequent(self, articles: int) -> bool:
        """Return whether a form in so many articles is too frequent for a slip."""
        return FREQUENT_ENOUGH * articles > self._reader.count

    def _rivals(self, form: str, stem: str, there: int) -> list[Variant]:
        """Return the words that a form in `there` articles may have been meant for, but for its own stem."""
        near = self._corrector.frequent(form, there) if there else self._corrector.variants(form)
        return [variant for variant in near if variant.stem != stem]

    def _may_be(self, ways: _Ways, variant: Variant) -> bool:
        """Return whether a variant stands where the word is asked for, and is no other spelling of a name."""
        if ways.name and any(variant.form == other for other, _ in other_spellings(ways.word.token.form)):
            return False
        return ways.word.node.field != "title" or self._articles(ways.word.node, variant.stem) > 0

    def _articles(self, node: Word, stem: str) -> int:
        """Return how many articles have the stem in the part of the article that `node` asks for."""
        return self._reader.term("title" if node.field == "title" else "text", stem).count

    def _weight(self, node: Word, stem: str) -> float:
        return bm25.idf(self._reader.count, self._articles(node, stem))

    def _most(self, ways: _Ways) -> float:
        """Return what a word added to a typed one may weigh, so that it adds less than that does anywhere."""
        node = ways.word.node
        extra = bm25.TITLE_WEIGHT - 1.0
        mean = self._reader.mean_length("text") + extra * self._reader.mean_length("title")
        least, articles = 1.0, 0
        for stems in ways.stems:
            found = self._reader.postings("title" if node.field == "title" else "text", stems[0])
            lengths = self._reader.lengths("text")[found.docs]
            lengths = lengths + extra * self._reader.lengths("title")[found.docs]
            norms = bm25.norms(lengths, mean)
            least = min(least, float((found.freqs / (found.freqs + norms)).min(initial=1.0)))
            articles += len(found.docs)
        return _BELOW * least * bm25.idf(self._reader.count, min(articles, self._reader.count))

    # Readings

    def _reading(self, ways: _Ways, meant: Sequence[Meant]) -> Reading:
        """Return the reading of a word; as typed it counts if any article has it."""
        word, node, token = ways.word, ways.word.node, ways.word.token
        there = bool(ways.articles or ways.same)
        name = PARTS[node.field]
        marks: list[tuple[str, str, MatchKind]] = []
        phrases: list[PhraseMark] = []
        queries: list[wq.Query] = []
        added: list[wq.Query] = []
        if there or not (meant or ways.joined):
            if ways.articles or not ways.same:
                marks.append((token.stem, token.form, MatchKind.STEM))
            queries.append(_one_word(name, ways.stems))
        if ways.apart:
            queries.append(wq.Term(name, token.stem, boost=bm25.STOP_WORD_WEIGHT))
        _mark(ways.same, marks, phrases)
        most = self._most(ways) if there and meant else math.inf
        for place, one in enumerate(meant):
            kept = min(one.share, most / self._weight(node, one.variant.stem))
            marks.append((one.variant.stem, one.variant.form, MatchKind.TYPO))
            others = () if place or there else self._variants.of(one.variant.form, one.variant.form)
            _mark(others, marks, phrases, MatchKind.TYPO)
            stems = ((one.variant.stem,), *(same.stems for same in others))
            (added if there else queries).append(_one_word(name, stems, kept))
        queries += [wq.Term(name, same.stems[0], boost=_HALF) for same in ways.joined]
        _mark(ways.joined, marks, phrases)
        return Reading(
            Clause(_any_of(queries, added), _shown(ways, meant)),
            max(self._articles(node, stem) for stem, _, _ in marks) if marks else 0,
            tuple(marks),
            self._corrections(word, meant, added=there),
            () if queries and (there or meant or ways.joined) else (_absent(node, token.form),),
            self._has_content(ways, meant),
            tuple(phrases),
        )

    def _has_content(self, ways: _Ways, meant: Sequence[Meant]) -> bool:
        if ways.same or ways.joined:
            return True
        form = meant[0].variant.form if meant and not ways.articles else ways.word.token.form
        return form not in self._stop_words

    def _corrections(self, word: Typed, meant: Sequence[Meant], added: bool) -> tuple[Correction, ...]:
        if not meant:
            return ()
        node = word.node
        forms = tuple(one.variant.form for one in meant)
        return (Correction(node.text, forms, node.start, node.end, meant[0].variant.edits, added),)

    def _run_together(self, ways: _Ways, split: Same) -> Reading:
        """Return the reading of two words that lack the space between them."""
        node = ways.word.node
        prefix = f"{node.field}:" if node.field else ""
        clause = Clause(wq.Phrase(PARTS[node.field], list(split.stems)), f'{prefix}"{split.form}"')
        correction = Correction(node.text, (split.form,), node.start, node.end)
        articles = min(self._articles(node, stem) for stem in split.stems)
        mark = PhraseMark(split.stems, tuple(split.form.split()), MatchKind.TYPO)
        return Reading(clause, articles, (), (correction,), phrases=(mark,))


def _one_word(field: str, ways: Sequence[tuple[str, ...]], boost: float = 1.0) -> wq.Query:
    if len(ways) == 1:
        if len(ways[0]) == 1:
            return wq.Term(field, ways[0][0], boost=boost)
        return wq.Phrase(field, list(ways[0]), boost=boost)
    return SameWord(field, ways, boost)


def _any_of(queries: Sequence[wq.Query], added: Sequence[wq.Query]) -> wq.Query:
    """Return a word that is the best of several; what was `added` to it stands apart."""
    typed = queries[0] if len(queries) == 1 else wq.DisjunctionMax(list(queries))
    return Widened([*queries, *added], typed) if added else typed


def _mark(
    ways: Iterable[Same],
    marks: list[tuple[str, str, MatchKind]],
    phrases: list[PhraseMark],
    kind: MatchKind = MatchKind.SPELLING,
) -> None:
    """Add the marks of other ways of writing a word."""
    for same in ways:
        if len(same.stems) == 1:
            marks.append((same.stems[0], same.form, kind))
        else:
            phrases.append(PhraseMark(same.stems, tuple(same.form.split()), kind))


def _shown(ways: _Ways, meant: Sequence[Meant]) -> str:
    """Return a reading in byline's own notation; ways of writing are not told: each brings the others."""
    node, token = ways.word.node, ways.word.token
    forms = [one.variant.form for one in meant]
    if ways.articles or ways.same or not forms:
        forms.insert(0, token.form)
    text = forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"
    return f"{node.field}:{text}" if node.field else text


def _absent(node: Word, form: str) -> Note:
    return Note(f"no article has {form}", node.start, node.end)


def side_by_side(one: Word, other: Word) -> bool:
    """Return whether two words of the query have nothing but a space between them."""
    return other.start - one.end == 1 and not one.field and not other.field


def _is_name(words: Sequence[Typed], place: int) -> bool:
    """Return whether a word is typed like a name: with a capital, beside another or not at the beginning."""
    if not _is_capital(words[place].node.text):
        return False
    node = words[place].node
    near = [other.node for other in words[max(0, place - 1) : place + 2] if other.node is not node]
    return place > 0 or any(_is_capital(other.text) for other in near)


def _is_capital(text: str) -> bool:
    return text[:1].isupper() and text[1:2].islower()
