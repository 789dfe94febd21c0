"""The words of a library: which begin so, which are near a word, and how many articles have each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.analysis import Analyzer
from index.reading import LibraryReader


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

    An edit is an insertion, a deletion, a replacement or a swap of neighbours (optimal string alignment).
    """
    from rapidfuzz.distance import OSA

    form = _one_form(analyzer, word)
    if not form:
        return ()
    found = [
        (OSA.distance(form, other), WordCount(other, articles))
        for other, articles in reader.forms_near(form, edits).items()
    ]
    fits = [(distance, word) for distance, word in found if distance <= edits]
    fits.sort(key=lambda one: (one[0], -one[1].articles, one[1].form))
    return tuple(word for _, word in fits[:count])


def _one_form(analyzer: Analyzer, text: str) -> str:
    forms = [token.form for token in analyzer.tokens(text)]
    return forms[0] if len(forms) == 1 else ""


def _ordered(reader: LibraryReader, forms: set[str], count: int) -> tuple[WordCount, ...]:
    found = [WordCount(form, reader.form_count(form)) for form in forms]
    return tuple(sorted(found, key=lambda word: (-word.articles, word.form))[:count])
