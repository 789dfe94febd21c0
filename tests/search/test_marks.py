"""Marks and passages: every marked word matches by its kind's rule, and no matching word stays unmarked."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer, Token
from search.marks import Mark, Marker, spans
from search.passages import LONGEST_PASSAGE, MOST_PASSAGES, best_passages
from search.results import Hit, MatchKind, Span
from search.searcher import Searcher
from tests.search.shelf import article, library_with, texts

ANALYZER = Analyzer()
EXACT, STEM, PREFIX, TYPO = MatchKind.EXACT, MatchKind.STEM, MatchKind.PREFIX, MatchKind.TYPO

# --- marks of a query, against a rule written down plainly -------------------------------------------


class Item:
    """One item of a query: how it is typed, and which words of an article it marks as what."""

    def __init__(self, typed: str, kind: str, *words: str, part: str = "") -> None:
        self.typed, self.kind, self.part = typed, kind, part
        self.words = words
        self.stems = [stem for word in words for _, stem in ANALYZER.terms(word)]
        self.forms = [form for word in words for form, _ in ANALYZER.terms(word)]

    def __repr__(self) -> str:
        return self.typed

    def runs(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int, MatchKind]]:
        """Yield [first, last] token and kind of all that this item matches."""
        if self.kind in ("quoted", "compound"):
            size = len(self.stems)
            for at in range(len(tokens) - size + 1):
                there = tokens[at : at + size]
                if [token.stem for token in there] == self.stems:
                    same = [token.form for token in there] == self.forms
                    if not same and self.kind == "quoted":
                        continue
                    yield at, at + size - 1, EXACT if same else STEM
            return
        for at, token in enumerate(tokens):
            if self.kind == "form" and token.form == self.forms[0]:
                yield at, at, EXACT
            elif self.kind == "word" and token.stem == self.stems[0]:
                yield at, at, EXACT if token.form == self.forms[0] else STEM
            elif self.kind == "typo" and token.stem == self.stems[0]:
                yield at, at, TYPO
            elif self.kind == "prefix" and token.form.startswith(self.forms[0]):
                yield at, at, PREFIX


ITEMS = [
    Item("coalition", "word", "coalition"),
    Item("trading", "word", "trading"),
    Item("colour", "word", "colour"),
    Item("U.S.", "word", "U.S."),
    Item("été", "word", "été"),
    Item("coaltion", "typo", "coalition"),
    Item("stabilsiation", "typo", "stabilisation"),
    Item('"enduring defeat"', "quoted", "enduring", "defeat"),
    Item('"defeat trades"', "quoted", "defeat", "trades"),
    Item("Daesh/ISIS", "compound", "Daesh", "ISIS"),
    Item("co-ordinate", "compound", "co", "ordinate"),
    Item("stab*", "prefix", "stab"),
    Item("=trade", "form", "trade"),
    Item("title:coalition", "word", "coalition", part="title"),
    Item("text:coalition", "word", "coalition", part="body"),
    Item('title:"enduring defeat"', "quoted", "enduring", "defeat", part="title"),
]
#: Every word that an item needs stands in the library, so that only the two misspelt ones are corrected.
VOCABULARY = (
    "coalition trading trade trades colour U.S. été stabilisation enduring defeat Daesh ISIS co ordinate"
)

WORDS = [
    *VOCABULARY.split(),
    "Coalitions",
    "defeats",
    "stable",
    "Daesh/ISIS",
    "co-ordinate",
    "isn’t",
    "Mr.",
    "日本",
]
WORDS += ["quiet", "morning", "of", "enduring defeat", "defeat trades", "Enduring\u202fdefeat", "x" * 90]
ENDS = [" ", " ", " ", " ", ", ", ". ", "; ", "\n\n", "! ", "-", "\u202f"]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(ENDS)), max_size=120).map(
    lambda pairs: "".join(word + end for word, end in pairs)
)
TITLES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
QUERIES = st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True)


def check(text: str, found: Sequence[Span], items: Sequence[Item], part: str) -> None:
    """Hold the spans of a whole text or title to the rule of each item."""
    tokens = list(ANALYZER.tokens(text))
    wanted = [
        (tokens[first].start, tokens[last].end, kind)
        for item in items
        if item.part in ("", part)
        for first, last, kind in item.runs(tokens)
    ]
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    for span in found:
        assert span.start in starts
        assert span.end in ends
        inside = [want for want in wanted if span.start <= want[0] and want[1] <= span.end]
        assert any(kind is span.kind for _, _, kind in inside), (text[span.start : span.end], span.kind)
        covered = {at for start, end, _ in inside for at in range(start, end)}
        outside = [t for t in tokens if span.start <= t.start < span.end and t.start not in covered]
        assert not outside, f"{outside} marked for nothing"
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start
    for start, end, _ in wanted:
        assert any(span.start <= start and end <= span.end for span in found), f"{text[start:end]} unmarked"


def check_hit(hit: Hit, items: Sequence[Item]) -> None:
    text = hit.article.text
    tokens = list(ANALYZER.tokens(text))
    assert len(hit.passages) <= MOST_PASSAGES
    for passage in hit.passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.text == passage.text.strip()
        assert all(not token.start < passage.start < token.end for token in tokens)
        assert all(not token.start < passage.end < token.end for token in tokens)
        check(passage.text, passage.spans, items, "body")
    for one in hit.passages:
        for other in hit.passages:
            assert one is other or one.end <= other.start or other.end <= one.start
    check(hit.article.title, hit.title_spans, items, "body" if hit.article.title_derived else "title")
    places = [want for item in items if item.part != "title" for want in item.runs(tokens)]
    assert bool(places) == any(passage.spans for passage in hit.passages)


@given(st.lists(st.tuples(TITLES, TEXTS), min_size=1, max_size=4), st.lists(QUERIES, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_marks_and_passages_keep_the_rules(written: list[tuple[str, str]], queries: list[list[Item]]) -> None:
    made = [
        article(str(at), text, title, title_derived=bool(at % 2)) for at, (title, text) in enumerate(written)
    ]
    with tempfile.TemporaryDirectory() as folder:
        library = library_with(Path(folder), article("words", VOCABULARY), *made)
        with Searcher(library) as searcher:
            for items in queries:
                query = " ".join(item.typed for item in items)
                results = searcher.search(query, None, mode="any")
                for hit in results.hits:
                    check_hit(hit, items)
                    check(hit.article.text, searcher.marks(hit.article, query), items, "body")
                    assert searcher.title_marks(hit.article, query) == hit.title_spans


def test_a_phrase_that_goes_on_in_the_next_sentence_is_shown_whole(tmp_path: Path) -> None:
    library = texts(tmp_path, "It was enduring. Defeat came late. Nothing else was said.")
    with Searcher(library) as searcher:
        (hit,) = searcher.search('"enduring defeat"').hits
    (passage,) = hit.passages
    assert passage.text == "It was enduring. Defeat came late."
    assert passage.spans == (Span(7, 23, EXACT),)


@pytest.mark.parametrize(
    ("query", "text", "kind"),
    [
        ("trade", "trade", EXACT),
        ("Trade’s", "TRADE", EXACT),
        ("trade", "trading", STEM),
        ('"fair trade"', "Fair trade", EXACT),
        ("fair-trade", "Fair trade", EXACT),
        ("fair-trade", "fair trades", STEM),
        ("tra*", "trading", PREFIX),
        ("tra* trading", "trading", EXACT),
        ("=trade", "trade", EXACT),
        ("coaltion", "coalition", TYPO),
        ("coaltion coalition", "coalition", EXACT),
    ],
)
def test_the_most_literal_kind_counts(tmp_path: Path, query: str, text: str, kind: MatchKind) -> None:
    with Searcher(texts(tmp_path, text)) as searcher:
        (hit,) = searcher.search(query).hits
    (span,) = hit.passages[0].spans
    assert (span.start, span.end, span.kind) == (0, len(text), kind)


@pytest.mark.parametrize("text", ["fair trades", "fairs trade", "trade fair", "fair and trade"])
def test_a_quoted_phrase_means_the_words_as_written(tmp_path: Path, text: str) -> None:
    with Searcher(texts(tmp_path, text, "unfair")) as searcher:
        assert searcher.search('"fair trade"').total == 0
        assert searcher.search('unfair OR "fair trade"').total == 1


def test_nothing_excluded_and_no_word_without_content_is_marked(tmp_path: Path) -> None:
    with Searcher(texts(tmp_path, "The coalition of the trade", "The talks")) as searcher:
        (hit,) = searcher.search("the coalition -talks").hits
        assert [hit.passages[0].text[s.start : s.end] for s in hit.passages[0].spans] == ["coalition"]
        assert len(searcher.search("the").hits) == 2
        assert searcher.search("the").hits[0].passages[0].spans


# --- passages ----------------------------------------------------------------------------------------


def marks_of(text: str, *words: str) -> list[Mark]:
    marker = Marker(stems={ANALYZER.terms(word)[0][1]: [(at, word, STEM)] for at, word in enumerate(words)})
    return marker.find(text, ANALYZER)


def test_without_marks_the_first_sentence_is_shown() -> None:
    (passage,) = best_passages("\n First one. Second one.", [], {})
    assert (passage.text, passage.start, passage.spans) == ("First one.", 2, ())
    assert best_passages("  \n", [], {}) == ()


def test_the_sentence_with_most_of_the_query_comes_first_and_others_must_bring_something_new() -> None:
    text = "Pact here. Pact and talks. Talks again. War too."
    found = best_passages(text, marks_of(text, "pact", "talks", "war"), {0: 1.0, 1: 1.0, 2: 0.5})
    assert [passage.text for passage in found] == ["Pact and talks.", "War too."]


def test_rare_words_are_worth_more() -> None:
    text = "The common word. The rare word."
    found = best_passages(text, marks_of(text, "common", "rare"), {0: 0.1, 1: 5.0}, most=1)
    assert found[0].text == "The rare word."


def test_a_sentence_of_100_000_characters_is_cut_around_its_best_marks() -> None:
    filler = "quiet words of no interest " * 1800
    text = f"{filler}pact {filler}pact then talks {filler}"
    (passage,) = best_passages(text, marks_of(text, "pact", "talks"), {0: 1.0, 1: 1.0})
    assert len(passage.text) <= LONGEST_PASSAGE
    assert [passage.text[span.start : span.end] for span in passage.spans] == ["pact", "talks"]
    assert text[passage.start - 1] == text[passage.end] == " "
    assert passage.text.split() == text[passage.start : passage.end].split()


@pytest.mark.parametrize("gap", ["", "\u3000", " "])
def test_text_without_spaces_is_cut_at_its_marks(gap: str) -> None:
    text = "、".join(["日本語"] * 300) + gap + "、pact、" + "、".join(["日本語"] * 300)
    (passage,) = best_passages(text, marks_of(text, "pact"), {0: 1.0})
    assert len(passage.text) <= LONGEST_PASSAGE
    assert [passage.text[span.start : span.end] for span in passage.spans] == ["pact"]
    (plain,) = best_passages(text, [], {})
    assert 0 < len(plain.text) <= LONGEST_PASSAGE


def test_a_word_longer_than_a_passage_is_shown_whole() -> None:
    word = "x" * 1000
    marker = Marker(prefixes=[("xxx", 1)])
    text = f"before {word} after"
    (passage,) = best_passages(text, marker.find(text, ANALYZER), {})
    assert word in passage.text
    assert len(passage.spans) == 1


# --- spans -------------------------------------------------------------------------------------------

MARKS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 8), st.sampled_from([EXACT, STEM, TYPO])), max_size=10
).map(lambda rows: sorted(Mark(start, start + size, kind, 0) for start, size, kind in rows))


@given(MARKS, st.integers(0, 20), st.integers(20, 50))
@settings(max_examples=200, deadline=None)
def test_spans_never_overlap_and_cover_what_the_marks_do(marks: list[Mark], start: int, end: int) -> None:
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    found = spans(marks, start, end)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    covered = {at for span in found for at in range(span.start + start, span.end + start)}
    assert covered == {at for mark in inside for at in range(mark.start, mark.end)}
    order = list(MatchKind)
    for span in found:
        kinds = [m.kind for m in inside if span.start <= m.start - start and m.end - start <= span.end]
        assert span.kind is max(kinds, key=order.index)
