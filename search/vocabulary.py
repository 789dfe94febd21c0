"""The words of a library: which begin so, which are near a word, and how many articles have each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.edits import words_near


class WordCount(NamedTuple):
    """A surface form and the number of articles that have it (deleted ones since the last merge included)."""

    form: str
    articles: int


def beginning(reader: LibraryReader, analyzer: Analyzer, prefix: str, count: int) -> tuple[WordCount, ...]:
    """Return the `count` most frequent words that begin so, the most frequent first.

    Empty if `prefix` is not the beginning of one word.
    """
    form = _one_form(analyzer, prefix)
    if not form:
        return ()
    candidates: set[str] = set()
    for forms in reader.form_tables("text"):
        if forms is None:
            continue
        numbers = forms.beginning(form.encode("utf-8", "surrogatepass"))
        best = numbers[np.argsort(-forms.df.take(numbers), kind="stable")[: 4 * count]]
        candidates.update(forms.words(best))
    return _ordered(reader, candidates, count)


def near(
    reader: LibraryReader, analyzer: Analyzer, word: str, edits: int, count: int
) -> tuple[WordCount, ...]:
    """Return the words at most `edits` edits from `word`, the nearest first, of these the most frequent.

    See `search/edits.py` for what an edit is.
    """
    form = _one_form(analyzer, word)
    if not form:
        return ()
    found = words_near(reader, form, edits)
    found.sort(key=lambda one: (one.edits, -one.articles, one.form))
    return tuple(WordCount(near.form, near.articles) for near in found[:count])


def _one_form(analyzer: Analyzer, text: str) -> str:
    forms = [token.form for token in analyzer.tokens(text)]
    return forms[0] if len(forms) == 1 else ""


def _ordered(reader: LibraryReader, forms: set[str], count: int) -> tuple[WordCount, ...]:
    found = [WordCount(form, reader.form_count(form)) for form in forms]
    return tuple(sorted(found, key=lambda word: (-word.articles, word.form))[:count])
