"""The arrays of surface forms against plain lists of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.analysis import Analyzer
from index.forms import Forms
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
            for edits in (1, 2):
                near = {one for one in known if OSA.distance(form, one) <= edits}
                assert near <= {one for one, _ in forms.near(form, edits)}
