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
#: Pairs whose texts are compared at once, and bits of a shingle's hash that tell it from others then.
TOGETHER = 1 << 14
_BITS = 49

_LOW = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)
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
    keys = pairs[:, 0] << 32 | pairs[:, 1]  # far faster than to compare rows
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]
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
    order, classes = _ranked(rows)
    table, new = rows[order], fresh[order]
    for first in range(0, BINS, _BAND):
        keys = np.arange(len(order), dtype=np.uint64)  # a band and a place in one number: sorted far faster
        for place, column in enumerate(range(first, first + _BAND)):
            keys |= table[:, column].astype(np.uint64) << np.uint64(32 + 8 * place)
        keys.sort()
        there = (keys & _LOW).view(np.int64)
        keys >>= np.uint64(32)
        # Gathered once, in the order of this band: what is compared then lies side by side.
        near, rank, is_new = table.take(there, axis=0), classes.take(there), new.take(there)
        for ahead in range(1, min(_AHEAD + 1, len(there))):
            same = keys[ahead:] == keys[:-ahead]
            if not same.any():
                break
            same &= is_new[ahead:] | is_new[:-ahead]
            if first:
                same &= rank[ahead:] != rank[:-ahead]  # equal rows stand as far apart in every band
            one = np.flatnonzero(same)
            one = one[_equal(near.take(one, axis=0), near.take(one + ahead, axis=0)) >= _ENOUGH]
            yield np.stack((order[there[one]], order[there[one + ahead]]), axis=1)


def _ranked(rows: Signatures) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the rows that have a signature, equal ones side by side and ascending, and the number of the
    class of equal rows that each is in."""
    signed = np.flatnonzero(rows[:, 0])
    wide = np.ascontiguousarray(rows[signed]).view(np.uint64)
    last = wide[:, -1]
    order = np.argsort(last)
    ranked = last[order]
    tied = np.zeros(len(order) + 1, dtype=np.bool_)
    np.equal(ranked[1:], ranked[:-1], out=tied[1:-1])
    places = np.flatnonzero(tied[1:] | tied[:-1])
    some = np.sort(order[places])
    order[places] = some[np.lexsort(wide[some].T)]
    ranked = wide[order]
    classes = np.cumsum(np.any(ranked != np.roll(ranked, 1, axis=0), axis=1))
    return signed[order], classes


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


def likenesses(pairs: Pairs, shingles: Callable[[int], Shingles]) -> NDArray[np.float64]:
    """Return the likeness of the two texts of each of up to `TOGETHER` pairs.

    `shingles` gives those of a text by its number, in any order and as often as they stand there.
    """
    numbers = np.arange(len(pairs), dtype=np.uint64) << np.uint64(_BITS + 1)
    known = {text: shingles(text) for text in set(pairs.ravel().tolist())}
    own = [known[text] for text in pairs.ravel().tolist()]
    together = np.concatenate([np.zeros(0, dtype=np.uint64), *own])
    together >>= np.uint64(64 - _BITS)
    together <<= _ONE
    counts = np.fromiter(map(len, own), dtype=np.intp, count=len(own))
    together |= np.repeat(np.stack((numbers, numbers | _ONE), axis=1).ravel(), counts)
    together.sort()
    together = together[np.diff(together, prepend=~together[:1]) != 0]  # each once of each text
    shared = together[1:] >> _ONE == together[:-1] >> _ONE
    owners = (together >> np.uint64(_BITS + 1)).astype(np.intp)
    both = np.bincount(owners[1:][shared], minlength=len(pairs))
    found: NDArray[np.float64] = both / np.maximum(1, np.bincount(owners, minlength=len(pairs)) - both)
    return found
