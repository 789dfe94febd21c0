"""Stems that are kept: all that come back are those that were saved, but for words of figures or spaces."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.stems import load_stems, save_stems

MARK = {"language": "english"}
words = st.text(st.sampled_from("ab\u00e9\u0663\u0301.1 \n\u2028_-'\0"), max_size=4)


@given(st.dictionaries(words, words))
def test_kept_are_words_without_figures_stops_and_spaces(stems: dict[str, str]) -> None:
    wanted = {
        word: stem for word, stem in stems.items() if word and stem and not re.search(r"[\d.\s]", word + stem)
    }
    with tempfile.TemporaryDirectory() as folder:
        save_stems(Path(folder), MARK, stems)
        assert load_stems(Path(folder), MARK) == wanted


def test_stems_of_other_rules_or_none_are_none(tmp_path: Path) -> None:
    assert load_stems(tmp_path, MARK) == {}
    save_stems(tmp_path, MARK, {"running": "run"})
    assert load_stems(tmp_path, {"language": "german"}) == {}
