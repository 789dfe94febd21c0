"""Two periods of an answer side by side: which words come and go, rise and fall between them.

The measure is that of typical words (`search/keyness.py`): the log-likelihood ratio of the number of articles
that have a word, here with the sign of the change.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from index.reading import LibraryReader, Numbers
from search.keyness import TypicalWord, candidates, clearest, fewest, weighed
from search.timeline import Period


class Trend(StrEnum):
    """What became of a word from the first period to the second: `new` and `gone` stand in one alone."""

    NEW = "new"
    RISES = "rises"
    FALLS = "falls"
    GONE = "gone"


class ChangedWord(NamedTuple):
    """A word by its most frequent form: in how many articles of each period it stands.

    `surprise` is the log-likelihood ratio, negative for what stands in a smaller share of the second.
    """

    trend: Trend
    form: str
    first: int
    second: int
    surprise: float


class Comparison(NamedTuple):
    """Two periods, which may overlap, and the words that tell them apart: by `Trend`, then by surprise."""

    first: Period
    second: Period
    words: tuple[ChangedWord, ...]


def changed_words(
    reader: LibraryReader, first: Numbers, second: Numbers, count: int, left_out: Collection[str] = ()
) -> tuple[ChangedWord, ...]:
    """Return the `count` words of each trend that tell the articles of two periods apart most clearly.

    `first` and `second` are article numbers. Words whose stem or form is in `left_out`, single letters and
    numbers are passed over. Empty if the library keeps no term vectors.
    """
    if not len(first) or not len(second):
        return ()  # nothing to compare with
    stems = chain(candidates(reader, second, first), candidates(reader, first, second))
    found: dict[Trend, list[TypicalWord]] = {trend: [] for trend in Trend}
    for word in weighed(reader, second, first, stems, left_out):
        if not round(word.surprise, 2):
            continue  # as frequent in both
        rises = word.surprise > 0
        if (word.articles if rises else word.others) >= fewest(len(second if rises else first)):
            found[_trend(word)].append(word)
    return tuple(
        ChangedWord(trend, word.form, word.others, word.articles, word.surprise)
        for trend, words in found.items()
        for word in clearest(reader, words, count, left_out)
    )


def _trend(word: TypicalWord) -> Trend:
    if word.surprise > 0:
        return Trend.RISES if word.others else Trend.NEW
    return Trend.FALLS if word.articles else Trend.GONE
