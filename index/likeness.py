"""Which articles say the same: candidates by their signatures, confirmed on their texts.

Pairs of likely copies have three neighbouring bytes of their signatures in common, at one of eight places;
of those that agree in enough bytes the texts themselves are compared. The likeness of two texts is the
Jaccard index of their shingles, `SHINGLE` words in a row.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.shingles import Shingles, shingles_of
from index.signature import BINS, Signatures

#: From this likeness on, two articles are copies of one story.
COPY = 0.8
#: So many equal bytes make a pair a candidate: two of three in a hundred real copies at the bound have fewer.
_ENOUGH = 16
_BAND = 3
#: Articles that share a band stand in a row; each is compared with so many that follow it.
_AHEAD = 8
#: Up to so many new articles are compared with all others, which needs no sorting.
FEW = 8

#: So many signatures are compared with one at once.
_BLOCK = 1 << 13
#: So many pairs are compared at once, and so many bytes of shingles kept for those that follow.
_TOGETHER = 1 << 14
#: Articles whose shingles are worked out at once.
_ARTICLES = 256
_MOST_HELD = 64 << 20

_ONES = np.uint64(0x0101010101010101)

Pairs = NDArray[np.int64]


def shingles(article: Article) -> Shingles:
    """Return the shingles of an article's text, of its title if it has none; empty without any word.

    Each stands as a hash; they ascend. A text of fewer words than a shingle is one shingle.
    """
    return shingles_of([(article.title, article.text)])[0]


def likeness(one: Shingles, other: Shingles) -> float:
    """Return the share of the shingles of two texts that both have; 0 if neither has any."""
    together = np.concatenate((one, other))
    together.sort()
    both = int(np.count_nonzero(together[1:] == together[:-1]))
    return both / max(1, len(together) - both)


def candidates(rows: Signatures, fresh: NDArray[np.bool_]) -> Pairs:
    """Return pairs (a row each, the lower number first, ascending) that may be copies, one of them `fresh`.

    Rows without a signature are in no pair.
    """
    new = np.flatnonzero(fresh & (rows[:, 0] > 0))
    if not len(new):
        return np.zeros((0, 2), dtype=np.int64)
    return few_candidates([rows], new) if len(new) <= FEW else _ordered(_by_bands(rows, fresh))


def few_candidates(tables: Sequence[Signatures], new: NDArray[np.intp]) -> Pairs:
    """Return as `candidates` does the pairs of the few articles `new` with any; rows are numbered on from
    table to table."""
    return _ordered(_by_looking(tables, new))


def _ordered(found: Iterator[Pairs]) -> Pairs:
    pairs = np.concatenate([np.zeros((0, 2), dtype=np.int64), *found])
    pairs.sort(axis=1)
    keys = np.unique(pairs[:, 0] << 32 | pairs[:, 1])  # far faster than to compare rows
    return np.stack((keys >> 32, keys & 0xFFFFFFFF), axis=1)


def _by_looking(tables: Sequence[Signatures], new: NDArray[np.intp]) -> Iterator[Pairs]:
    bases = list(accumulate(map(len, tables), initial=0))
    for one in new.tolist():
        home = bisect_right(bases, one) - 1
        row = tables[home][one - bases[home]]
        if not row[0]:
            continue  # it has no words
        for table, base in zip(tables, bases, strict=False):
            others = _near(table, row) + base
            others = others[others != one]
            yield np.stack((np.full(len(others), one), others), axis=1)


def _near(rows: Signatures, row: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return the numbers of the rows that equal `row` in enough bytes.

    Rows are compared end to end, block by block: in rows of their own numpy would take ten times as long.
    """
    pattern = np.tile(row, min(_BLOCK, len(rows)))
    same = np.empty(len(pattern), dtype=np.bool_)
    flat = rows.reshape(-1)
    found = [np.zeros(0, dtype=np.intp)]
    for first in range(0, len(flat), len(pattern)):
        part = flat[first : first + len(pattern)]
        np.equal(part, pattern[: len(part)], out=same[: len(part)])
        enough = np.flatnonzero(
            _sums(same[: len(part)].view(np.uint64).reshape(len(part) // BINS, -1)) >= _ENOUGH
        )
        if len(enough):
            found.append(enough + first // BINS)
    return np.concatenate(found)


def _by_bands(rows: Signatures, fresh: NDArray[np.bool_]) -> Iterator[Pairs]:
    wide = np.ascontiguousarray(rows).view(np.uint64)
    signed = np.flatnonzero(rows[:, 0])
    order = signed[np.lexsort([wide[signed, column] for column in range(wide.shape[1])])]
    for first in range(0, BINS, _BAND):
        band = rows[:, first : first + _BAND].astype(np.uint32)
        keys = band[:, 0] << np.uint32(16) | band[:, 1] << np.uint32(8) | band[:, 2]
        there = order[np.argsort(keys[order], kind="stable")]
        sorted_keys = keys[there]
        for ahead in range(1, min(_AHEAD + 1, len(there))):
            same = np.flatnonzero(sorted_keys[ahead:] == sorted_keys[:-ahead])
            if not len(same):
                break
            one, other = there[same], there[same + ahead]
            some = np.flatnonzero(fresh[one] | fresh[other])
            one, other = one[some], other[some]
            enough = np.flatnonzero(_equal(rows[one], rows[other]) >= _ENOUGH)
            yield np.stack((one[enough], other[enough]), axis=1)


def _equal(rows: Signatures, others: Signatures) -> NDArray[np.uint64]:
    """Return in how many bytes each row equals the other."""
    return _sums(np.ascontiguousarray(rows == others).view(np.uint64))


def _sums(same: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return how many bytes of each row are 1, the others being 0; eight are added in one product."""
    # Bits 0 and 8 and so on are set: adding the words first leaves sums of bytes that do not overflow.
    words = same[:, 0].copy()
    for column in range(1, same.shape[1]):
        words += same[:, column]
    words *= _ONES
    words >>= np.uint64(56)
    return words


def confirmed(pairs: Pairs, words: Callable[[int], tuple[str, str]]) -> Pairs:
    """Return those of `pairs` whose articles have a likeness of at least `COPY`.

    `words` gives the title and the text of an article.
    """
    known: dict[int, Shingles] = {}
    held = 0
    keep = []
    # Block by block in ascending order of their articles: those are stored in groups of neighbours.
    for first in range(0, len(pairs), _TOGETHER):
        block = pairs[first : first + _TOGETHER]
        new = [doc for doc in np.unique(block).tolist() if doc not in known]
        for at in range(0, len(new), _ARTICLES):
            some = new[at : at + _ARTICLES]
            found = shingles_of([words(doc) for doc in some])
            known.update(zip(some, found, strict=True))
            held += sum(one.nbytes for one in found)
        keep += [likeness(known[one], known[other]) >= COPY for one, other in block.tolist()]
        if held > _MOST_HELD:
            known, held = {}, 0
    return pairs[np.array(keep, dtype=np.bool_)]
