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

from index.live import LiveSegment
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
    if against is None:
        others = np.flatnonzero(reader.living & ~_among(reader, docs))
    else:
        others = against
    least = fewest(len(docs))
    found = [
        word
        for word in weighed(reader, docs, others, candidates(reader, docs, against), left_out)
        if word.articles >= least and word.surprise > 0
    ]
    return tuple(clearest(reader, found, count, left_out))


def clearest(
    reader: LibraryReader, words: Iterable[TypicalWord], count: int, left_out: Collection[str]
) -> Iterator[TypicalWord]:
    """Yield the `count` words of highest surprise, whatever its sign, in the place of stems their forms.

    Words whose form is in `left_out` are passed over; equals come by their stems. Surprise is rounded.
    """
    left = count
    for word in sorted(words, key=lambda word: (-abs(round(word.surprise, 2)), word.form)):
        if not left:
            return
        form = reader.commonest_form(word.form)  # looked up for those alone that are given
        if form not in left_out:
            left -= 1
            yield word._replace(form=form, surprise=round(word.surprise, 2))


def fewest(articles: int) -> int:
    """Return in how many of so many articles a word must stand to be typical of them."""
    return min(_FEWEST, max(1, articles // 3))


def weighed(
    reader: LibraryReader, docs: Numbers, others: Numbers, stems: Iterable[str], left_out: Collection[str]
) -> Iterator[TypicalWord]:
    """Yield each of `stems`, once, with its numbers of articles; `form` is the stem.

    Those of `left_out`, single letters and numbers are passed over.
    """
    inside, outside = _among(reader, docs), _among(reader, others)
    words: list[tuple[str, int, int]] = []
    for stem in dict.fromkeys(stems):
        if stem in left_out or len(stem) < 2 or not stem[0].isalpha():
            continue
        there = reader.postings("text", stem).docs
        words.append((stem, int(inside.take(there).sum()), int(outside.take(there).sum())))
    within, beyond = (np.array([word[at] for word in words], dtype=np.float64) for at in (1, 2))
    values = surprise(within, beyond, len(docs), len(others)).tolist()
    for word, value in zip(words, values, strict=True):
        yield TypicalWord(*word, value)


def candidates(reader: LibraryReader, docs: Numbers, against: Numbers | None) -> Iterator[str]:
    """Yield the stems that are more frequent in `docs` than elsewhere: in `against`, or all others."""
    for segment in reader.segments:
        words, counts = segment.reader.words("text"), _counts(segment, docs)
        if words is None or counts is None:
            continue
        some = np.flatnonzero(counts)
        own = float(_own(segment, docs).size)
        if against is None:
            rest = np.maximum(words.df[some].astype(np.float64) - counts[some], 0.0)
            others = segment.reader.doc_count - own
        else:
            beyond = _counts(segment, against)
            rest = np.zeros(len(some)) if beyond is None else beyond[some]
            others = float(_own(segment, against).size)
        values = surprise(counts[some], rest, own, max(others, 1.0))
        for place in some[np.argsort(-values, kind="stable")[:_CANDIDATES]].tolist():
            yield words.terms[place].decode("utf-8", "surrogatepass")


def _counts(segment: LiveSegment, docs: Numbers) -> NDArray[np.float64] | None:
    """Return for each term of a segment how many of `docs` have it; None if the segment has none of them."""
    words, vectors = segment.reader.words("text"), segment.reader.vectors
    own = _own(segment, docs)
    if words is None or vectors is None or not len(own):
        return None
    counts = np.zeros(len(words.terms), dtype=np.float64)
    for portion in _portions(np.sort(own)):
        counts += np.bincount(vectors.of(portion).terms, minlength=len(counts))
    return counts


def _own(segment: LiveSegment, docs: Numbers) -> Numbers:
    """Return those of `docs` that are in a segment, by their numbers there."""
    last = segment.base + segment.reader.doc_count
    return docs[(docs >= segment.base) & (docs < last)] - segment.base


def _among(reader: LibraryReader, docs: Numbers) -> NDArray[np.bool_]:
    among = np.zeros(reader.size, dtype=np.bool_)
    among[docs] = True
    return among


def _portions(docs: Numbers) -> Iterable[Numbers]:
    return (docs[first : first + _PORTION] for first in range(0, len(docs), _PORTION))
