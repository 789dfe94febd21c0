"""The arrays of surface forms against plain lists of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import Analyzer
from index.forms import Forms
from index.near_forms import FrequentForms, NearForms
from tests.search.shelf import texts

ANALYZER = Analyzer()
LETTERS = st.text("abstréüßя日", min_size=1, max_size=12)


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
