"""Words typical of some articles, measured against all others.

The measure is the log-likelihood ratio G² for one word in two corpora of different size (T. Dunning,
"Accurate Methods for the Statistics of Surprise and Coincidence", 1993; in the form of P. Rayson and R.
Garside, "Comparing Corpora using Frequency Profiling", 2000). What is counted is articles that have the word,
not occurrences, so that one long article cannot speak for all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.reading import LibraryReader, Numbers

#: Words of each segment that are looked at closely.
_CANDIDATES = 400
#: A typical word stands in at least so many of the articles, if they are not fewer than ten.
_FEWEST = 3
#: Articles whose words are counted at once.
_PORTION = 4096


class TypicalWord(NamedTuple):
    """A word by its most frequent form: in how many of the articles it stands, in how many of the others.

    `surprise` is G²; above 15.13 the difference is one that chance makes once in ten thousand times.
    """

    form: str
    articles: int
    others: int
    surprise: float


def surprise(
    inside: NDArray[np.float64], outside: NDArray[np.float64], size: float, others: float
) -> NDArray[np.float64]:
    """Return G² of words that stand in `inside` of `size` articles and in `outside` of `others` others.

    Negative where the word is rarer inside than outside.
    """
    share = (inside + outside) / max(size + others, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(inside > 0, inside * np.log(inside / (size * share)), 0.0)
        second = np.where(outside > 0, outside * np.log(outside / (others * share)), 0.0)
    found: NDArray[np.float64] = 2.0 * (first + second)
    rarer = inside * others < outside * size
    return np.where(rarer, -found, found)


def typical_words(
    reader: LibraryReader,
    docs: Numbers,
    count: int,
    *,
    left_out: Collection[str] = (),
    against: Numbers | None = None,
) -> tuple[TypicalWord, ...]:
    """Return the `count` words most typical of the articles `docs`, the most surprising first.

    They are measured against all living articles that are not among them, or against those of `against`.
    Words whose stem or form is in `left_out`, single letters and numbers are passed over. Empty if the
    library keeps no term vectors.
    """
    inside, outside = np.zeros(reader.size, dtype=np.bool_), np.zeros(reader.size, dtype=np.bool_)
    inside[docs] = True
    if against is None:
        outside[:] = reader.living & ~inside
    else:
        outside[against] = True
    size, others = float(inside.sum()), float(outside.sum())
    least = min(_FEWEST, max(1, int(size) // 3))
    found: list[TypicalWord] = []
    for stem in dict.fromkeys(_candidates(reader, docs, size)):
        if stem in left_out or len(stem) < 2 or not stem[0].isalpha():
            continue
        there = reader.postings("text", stem).docs
        within, beyond = float(inside.take(there).sum()), float(outside.take(there).sum())
        value = float(surprise(np.array([within]), np.array([beyond]), size, others)[0])
        if within >= least and value > 0:
            form = reader.commonest_form(stem)
            if form not in left_out:
                found.append(TypicalWord(form, int(within), int(beyond), round(value, 2)))
    found.sort(key=lambda word: (-word.surprise, word.form))
    return tuple(found[:count])


def _candidates(reader: LibraryReader, docs: Numbers, size: float) -> Iterator[str]:
    """Yield the stems that are more frequent in `docs` than their number in the library lets expect."""
    for segment in reader.segments:
        words, vectors = segment.reader.words("text"), segment.reader.vectors
        own = docs[(docs >= segment.base) & (docs < segment.base + segment.reader.doc_count)] - segment.base
        if words is None or vectors is None or not len(own):
            continue
        counts = np.zeros(len(words.terms), dtype=np.int64)
        for portion in _portions(np.sort(own)):
            counts += np.bincount(vectors.of(portion).terms, minlength=len(counts))
        some = np.flatnonzero(counts)
        there = counts[some].astype(np.float64)
        rest = np.maximum(words.df[some].astype(np.float64) - there, 0.0)
        values = surprise(there, rest, float(len(own)), max(segment.reader.doc_count - float(len(own)), 1.0))
        for place in some[np.argsort(-values, kind="stable")[:_CANDIDATES]].tolist():
            yield words.terms[place].decode("utf-8", "surrogatepass")


def _portions(docs: Numbers) -> Iterable[Numbers]:
    return (docs[first : first + _PORTION] for first in range(0, len(docs), _PORTION))
