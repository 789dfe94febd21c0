"""The documents, held against the program: what they show is what happens, and nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from index.analysis import LONGEST_FORM, Analyzer

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "docs" / "words.md"


def rows(page: Path) -> Iterator[list[str]]:
    """Yield the cells of each table row of a page, headings and rulers left out."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not line.startswith("|--") and not below.startswith("|--"):
            yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@cache
def analyzer(language: str) -> Analyzer:
    return Analyzer(language)


def word_rows() -> list[tuple[str, str, str, str]]:
    """Return (language, written, forms, stems) of each row of the page on words."""
    found = []
    for cells in rows(WORDS):
        language = "english" if len(cells) == 4 else cells.pop(0)
        written, forms, stems, _ = (cell.strip("`") for cell in cells)
        found.append((language, written, forms, stems))
    return found


@pytest.mark.parametrize(("language", "written", "forms", "stems"), word_rows())
def test_every_row_on_words_is_what_the_analyser_does(
    language: str, written: str, forms: str, stems: str
) -> None:
    found = analyzer(language).terms(written)
    assert " ".join(form for form, _ in found) == forms
    assert " ".join(stem for _, stem in found) == stems


def test_the_page_on_words_has_rows_and_names_the_longest_word() -> None:
    assert len(word_rows()) > 35
    assert f"longer than {LONGEST_FORM} characters" in WORDS.read_text(encoding="utf-8")
