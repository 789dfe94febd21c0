"""A small signature of what an article says, from which its likeness to another can be told.

The text is its set of shingles, `SHINGLE` words in a row; the likeness of two texts is the share of
shingles that they have in common (the Jaccard index). One hash is made of each shingle; it falls into one
of `BINS` bins, and of each bin the smallest is kept (one-permutation hashing), cut to a byte. Bins that no
shingle fell into borrow from one that has some, chosen by the bin's number alone. The share of equal bytes
in two signatures then estimates the likeness.

Sources: P. Li, A. Owen, C.-H. Zhang, "One Permutation Hashing" (2012); A. Shrivastava, "Optimal
Densification for Fast and Accurate Minwise Hashing" (2017).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.kernel.indexing import current_loops

SHINGLE = 3
BINS = 24

Signatures = NDArray[np.uint8]

_EMPTY = np.uint32(0xFFFFFFFF)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93], dtype=np.uint64)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(33)
_LENDERS = np.argsort((np.arange(1, BINS * BINS + 1, dtype=np.uint64) * _MIX).reshape(BINS, BINS), axis=1)


def word_hashes(forms: Sequence[str]) -> NDArray[np.uint64]:
    """Return a hash of each word, the same in every process."""
    digests = (
        hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8).digest() for form in forms
    )
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


class WordHashes:
    """The hashes of the forms of a vocabulary that grows."""

    def __init__(self, forms: list[str]) -> None:
        self._forms = forms
        self._hashes = np.zeros(0, dtype=np.uint64)

    def of(self, numbers: NDArray[np.int32]) -> NDArray[np.uint64]:
        """Return the hash of each form, given by its number."""
        known = len(self._hashes)
        if known < len(self._forms):
            self._hashes = np.concatenate((self._hashes, word_hashes(self._forms[known:])))
        return self._hashes.take(numbers)


def signatures(words: NDArray[np.uint64], counts: NDArray[np.int64]) -> Signatures:
    """Return a row of `BINS` bytes for each text; `counts` says how many of the hashed `words` each has.

    A text of fewer words than a shingle is one shingle; one without words has a row of zeros, which
    `is_signed` tells apart.
    """
    if not counts.sum():
        return np.zeros((len(counts), BINS), dtype=np.uint8)
    loops = current_loops()
    if loops is not None:
        return loops.signatures(words, counts, _LENDERS)
    return _smallest(*shingled(words, counts), len(counts))


def shingled(
    words: NDArray[np.uint64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return a hash of each shingle of some texts, and the ascending number of its text; arguments as in
    `signatures`."""
    padded = np.concatenate((words, np.zeros(SHINGLE - 1, dtype=np.uint64)))
    hashes = padded[: len(words)] * _FACTORS[0]
    for place in range(1, SHINGLE):
        hashes += padded[place : place + len(words)] * _FACTORS[place]
    # No shingle begins at the last words of a text, but one at the first if the text is no longer.
    ends = np.cumsum(counts)
    begins = np.ones(len(words), dtype=np.bool_)
    for place in range(1, SHINGLE):
        begins[(ends - place)[counts > place]] = False
    short = np.flatnonzero((counts > 0) & (counts < SHINGLE))
    firsts = ends[short] - counts[short]
    hashes[firsts] = words[firsts] * _FACTORS[0]
    for place in range(1, SHINGLE):
        longer = firsts[counts[short] > place]
        hashes[longer] += words[longer + place] * _FACTORS[place]
    sizes = np.where(counts < SHINGLE, np.minimum(counts, 1), counts - (SHINGLE - 1))
    return hashes[begins], np.repeat(np.arange(len(counts)), sizes)


def _smallest(hashes: NDArray[np.uint64], texts: NDArray[np.intp], count: int) -> Signatures:
    """Return the signature of each text from its shingles."""
    hashes ^= hashes >> _SHIFT
    hashes *= _MIX
    hashes ^= hashes >> _SHIFT
    bins = ((hashes >> np.uint64(32)) * np.uint64(BINS) >> np.uint64(32)).view(np.int64)
    least = np.full(count * BINS, _EMPTY, dtype=np.uint32)
    np.minimum.at(least, texts * BINS + bins, hashes.astype(np.uint32))
    table = least.reshape(count, BINS)
    rows = np.flatnonzero((table == _EMPTY).any(axis=1) & (table != _EMPTY).any(axis=1))
    table[rows] = _filled(table[rows])
    found = (table % np.uint32(255) + np.uint32(1)).astype(np.uint8)
    found[(table == _EMPTY).all(axis=1)] = 0
    return found


def _filled(table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return rows in which every empty bin has borrowed from the first of its lenders that has something."""
    own, out = table.ravel(), table.flatten()
    empty = np.flatnonzero(own == _EMPTY)
    rows, bins = empty - empty % BINS, empty % BINS
    # The first lender of each bin, then the second of those bins that still are empty, and so on.
    for lenders in _LENDERS.T:
        lent = own.take(rows + lenders.take(bins))
        out[empty] = lent
        still = np.flatnonzero(lent == _EMPTY)
        if not len(still):
            break
        empty, rows, bins = empty[still], rows[still], bins[still]
    return out.reshape(table.shape)


def is_signed(rows: Signatures) -> NDArray[np.bool_]:
    """Return which rows are those of texts with words."""
    return rows[:, 0] > 0
