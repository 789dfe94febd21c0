"""The arrays of surface forms against plain lists of them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import Analyzer
from index.forms import Forms
from index.near_forms import FrequentForms, NearForms
from index.reading import LibraryReader
from tests.search.shelf import texts

ANALYZER = Analyzer()
LETTERS = st.text("abstréüßя日", min_size=1, max_size=12) | st.sampled_from(
    ["a" * 254, "ba" * 128, "b" * 257]
)


@given(st.lists(LETTERS, min_size=1, max_size=30), st.lists(LETTERS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_prefixes_and_near_forms_are_those_of_a_plain_list(words: list[str], asked: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, texts(Path(folder), " ".join(words)).reader() as reader:
        field = reader.segments[0].reader.words("text")
        assert field is not None
        forms = Forms.of(field)
        known = [forms.form(number) for number in range(len(forms.starts))]
        assert sorted(known) == sorted({form for form, _ in ANALYZER.terms(" ".join(words))})
        for raw in asked:
            form = ANALYZER.term(raw)[0]
            began = {known[number] for number in forms.beginning(form.encode()).tolist()}
            assert began == {one for one in known if one.startswith(form)}
            for least in (0, 1, 2):  # every form is in one article
                numbers = FrequentForms(forms).near(form, least)
                likely = {one for one in known if one[0] == form[0] and OSA.distance(form, one) <= 1}
                assert len(numbers) == len(set(numbers.tolist()))
                assert set(forms.words(numbers)) >= (likely if least < 2 else set())
                assert least < 2 or not len(numbers)
            for edits in (1, 2):
                near = {one for one in known if OSA.distance(form, one) <= edits}
                numbers = NearForms(forms).near(form, edits)
                assert len(numbers) == len(set(numbers.tolist()))
                assert near <= set(forms.words(numbers)) == {known[number] for number in numbers.tolist()}
                alike = set(forms.words(NearForms(forms).near(form, edits, same_first=True)))
                assert {one for one in near if one[0] == form[0] or OSA.distance(form, one) < 2} <= alike


@given(st.lists(st.lists(LETTERS, min_size=1, max_size=8), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_articles_of_a_form_are_those_of_the_table(bodies: list[list[str]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        texts(Path(folder), *map(" ".join, bodies)).reader() as reader,
    ):
        known = dict(zip(reader.vocabulary.forms, reader.vocabulary.counts.tolist(), strict=True))
        assert known == {form: reader.form_count(form) for form in known}
        assert reader.form_count("nosuchword") == 0


@given(
    st.lists(st.text("abc", min_size=3, max_size=5), min_size=1, max_size=12, unique=True), st.integers(2, 60)
)
@settings(max_examples=20, deadline=None)
def test_frequent_words_of_several_segments_are_counted_together(words: list[str], least: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tables: list[FrequentForms | None] = [None]
        total: dict[str, int] = {}
        for name, step in (("one", 1), ("other", 2)):
            bodies = [" ".join(words[: 1 + at * step % len(words)]) for at in range(40)]
            with texts(Path(folder) / name, *bodies).reader() as reader:
                field = reader.segments[0].reader.words("text")
                assert field is not None
                forms = Forms.frequent(field, 2)
                tables.append(FrequentForms(forms))
                for number, articles in enumerate(forms.df.tolist()):
                    total[forms.form(number)] = total.get(forms.form(number), 0) + articles
        tabled = patch.object(LibraryReader, "_frequent_forms", lambda *_: tables)
        with tabled, texts(Path(folder) / "asked", "word").reader() as reader:
            for asked in words:
                found = reader.frequent_near(asked, least, 2)
                assert found.items() <= {item for item in total.items() if item[1] >= least}
                near = {one for one in total if one[0] == asked[0] and OSA.distance(asked, one) <= 1}
                assert {one for one in near if total[one] >= least} <= set(found)
