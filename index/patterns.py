"""Which surface forms of a library look like a pattern with `*` and `?`, and where any of them occurs.

All forms are first compared as arrays (beginning, length, letters); the few that may fit are then looked at
by a regular expression. A pattern may fit most of the vocabulary, so work is counted and bounded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.codec.words_reader import WordsReader
from index.forms import Forms, letters_of
from index.live import LiveSegment
from index.postings import Postings
from index.reading import LibraryReader
from index.value import Value

Numbers = NDArray[np.intp]

#: What a form costs to look at. All costs are in units of .1 µs, about, on one processor of 2020.
_LOOK = 5.0
#: What a form costs whose articles are read, and each of them: if its term has no form but chosen ones, else.
_WHOLE, _PARTIAL = (50.0, 0.15), (200.0, 0.6)
_ANY = r"(?:[\x00-\x7f]|[\xc2-\xf4][\x80-\xbf]{1,3}+)"


class FormSet(Value):
    """Surface forms of one generation: for each segment the numbers of the chosen ones, ascending.

    `field` is `text` (titles included) or `title`. `count` is how many forms fit, `kept` how many of them
    are chosen, `articles` those of the chosen ones, added up, `work` what it takes to read them.
    """

    field: str
    numbers: tuple[Numbers, ...]
    count: int
    kept: int
    articles: int
    work: int


def expression(pattern: str, one: str = ".") -> str:
    """Return the regular expression of a pattern: `*` is any number of characters, `?` one of them.

    `one` is the expression of a character. What stands between two `*` is taken where it comes first, once
    and for all, so that no pattern takes long.
    """
    first, *rest = (
        "".join(one if char == "?" else re.escape(char) for char in piece)
        for piece in re.sub(r"\*+", "*", pattern).split("*")
    )
    middle = "".join(f"(?>(?:{one})*?{piece})" for piece in rest[:-1])
    return first + middle + (f"(?:{one})*{rest[-1]}" if rest else "")


@lru_cache(maxsize=256)
def pattern_of(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of whole forms for a pattern."""
    return re.compile(expression(pattern), re.DOTALL)


@lru_cache(maxsize=256)
def _bytes_pattern(pattern: str) -> re.Pattern[bytes]:
    """Return the same for forms in UTF-8."""
    return re.compile(expression(pattern, _ANY).encode("utf-8", "surrogatepass"), re.DOTALL)


def forms_like(reader: LibraryReader, field: str, pattern: str, most: int) -> FormSet:
    """Return the forms that a pattern matches as a whole.

    If they would take more than `most` work, those of the most articles; if looking would, none, and a
    `count` of -1.
    """
    tables = reader.form_tables(field)
    fits = [np.zeros(0, dtype=np.intp) if forms is None else _likely(forms, pattern) for forms in tables]
    is_prefix = pattern.find("*") == len(pattern) - 1 and "?" not in pattern
    if not is_prefix:
        looked = int(sum(map(len, fits)) * _LOOK)
        if looked > most:
            return FormSet(field, (), -1, 0, 0, looked)
        matches = _bytes_pattern(pattern).fullmatch
        fits = [
            numbers if forms is None else forms.where(numbers, matches)
            for forms, numbers in zip(tables, fits, strict=True)
        ]
    df, cost = _costs(tables, fits)
    order = np.argsort(-df, kind="stable")
    work = np.cumsum(cost.take(order))
    count = kept = len(df)
    if count and work[-1] > most:
        kept = max(1, int(np.searchsorted(work, most, side="right")))
        chosen = np.sort(order[:kept])
        bounds = np.cumsum([0, *map(len, fits)])
        cuts = np.searchsorted(chosen, bounds)
        fits = [
            numbers[chosen[first:last] - start]
            for numbers, start, (first, last) in zip(fits, bounds, pairwise(cuts.tolist()), strict=False)
        ]
    articles = int(df.take(order[:kept]).sum())
    return FormSet(field, tuple(fits), count, kept, articles, int(work[kept - 1]) if kept else 0)


def _costs(
    tables: Sequence[Forms | None], fits: Sequence[Numbers]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the article counts of the chosen forms of all segments, and what each costs to read."""
    counts, costs = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for forms, numbers in zip(tables, fits, strict=True):
        if forms is None or not len(numbers):
            continue
        df, terms = forms.df.take(numbers), forms.terms.take(numbers)
        first, last = int(terms[0]), int(terms[-1])  # terms ascend with the numbers of their forms
        low, high = np.searchsorted(forms.terms, (first, last + 1))
        each = (terms, forms.terms[low:high])
        chosen, there = (np.bincount(part - first, minlength=last - first + 1) for part in each)
        whole = (chosen == there).take(terms - first)
        counts.append(df)
        costs.append(np.where(whole, _WHOLE[0] + _WHOLE[1] * df, _PARTIAL[0] + _PARTIAL[1] * df))
    return np.concatenate(counts), np.concatenate(costs)


def _likely(forms: Forms, pattern: str) -> Numbers:
    """Return the numbers of the forms of a segment that a pattern may match, ascending; none is missing."""
    beginning = re.split(r"[*?]", pattern, maxsplit=1)[0]
    name = beginning.encode("utf-8", "surrogatepass")
    fits = forms.beginning(name) if beginning else np.arange(len(forms.sizes))
    if pattern == f"{beginning}*":
        return fits
    least = len(pattern.replace("*", ""))
    lengths = forms.lengths.take(fits)
    fits = fits[lengths >= least if "*" in pattern else lengths == least]
    letters = re.sub(r"[*?]", "", pattern)
    if letters:
        wanted = letters_of(letters)
        fits = fits[(forms.letters.take(fits) & wanted) == wanted]
    return fits


def postings_of(reader: LibraryReader, chosen: FormSet) -> Postings:
    """Return where any of the chosen forms occurs, as if all were one word."""
    freqs = np.zeros(reader.size)
    tables = reader.form_tables(chosen.field)
    for segment, forms, numbers in zip(reader.segments, tables, chosen.numbers, strict=True):
        words = segment.reader.words(chosen.field)
        if words is not None and forms is not None:
            _add(words, forms, numbers, freqs[_own(segment)])
    if reader.count < reader.size:
        freqs[~reader.living] = 0.0
    docs = np.flatnonzero(freqs)
    return Postings(docs, freqs[docs])


def _own(segment: LiveSegment) -> slice:
    return slice(segment.base, segment.base + segment.reader.doc_count)


def _add(words: WordsReader, forms: Forms, numbers: Numbers, freqs: NDArray[np.float64]) -> None:
    """Add to `freqs`, an entry an article of the segment, the occurrences of the forms."""
    wanted: dict[int, list[int]] = {}
    terms, ranks = forms.terms.take(numbers).tolist(), forms.ranks.take(numbers).tolist()
    for term, rank in zip(terms, ranks, strict=True):
        wanted.setdefault(term, []).append(rank)
    for term, chosen in wanted.items():
        docs, times = words.docs(term), words.freqs(term)
        forms_there = words.form_count(term)
        if len(chosen) < forms_there:
            flags = np.zeros(forms_there, dtype=np.int64)
            flags[chosen] = 1
            there = flags.take(words.ranks(term))
            starts = np.cumsum(times, dtype=np.intp) - times
            times = there if len(there) == len(docs) else np.add.reduceat(there, starts)
        freqs[docs] += times
