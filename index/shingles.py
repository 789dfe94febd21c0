"""The shingles of texts, worked out for many of them at once by arrays over their bytes.

A word is what `\\w+` finds in the casefolded text. Its hash is a polynomial in its bytes, which one running
sum gives for all words of a text; that of a shingle is made of its words' hashes as for signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.signature import shingled

Shingles = NDArray[np.uint64]

_WORD = re.compile(r"\w+")
_IS_WORD = np.array([byte >= 0x80 or chr(byte).isalnum() or byte == ord("_") for byte in range(256)])
_FACTOR = 0x9E3779B97F4A7C15
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(31)
_ONE = np.uint64(1)
#: Bytes that are hashed at once; a longer word counts as several.
_CHUNK = 1 << 18


def shingles_of(articles: Sequence[tuple[str, str]]) -> list[Shingles]:
    """Return for each title and text the hashes of the text's shingles, ascending, each once.

    They are those of the title if the text has no word, none if neither has.
    """
    if not articles:
        return []
    texts = [_words(text) or _words(title) for title, text in articles]
    bounds = np.cumsum([0, *(len(text) + 1 for text in texts)])
    starts, hashes = _hashed(b"\n%b\n" % b"\n".join(texts))
    counts = np.diff(np.searchsorted(starts, bounds + 1))
    found, owners = shingled(hashes, counts)
    ends = np.searchsorted(owners, np.arange(len(texts) + 1)).tolist()
    for first, last in pairwise(ends):
        found[first:last].sort()
    new = np.ones(len(found), dtype=np.bool_)
    new[1:] = (found[1:] != found[:-1]) | (owners[1:] != owners[:-1])
    found, owners = found[new], owners[new]
    return np.split(found, np.searchsorted(owners, np.arange(1, len(texts))))


def _words(text: str) -> bytes:
    """Return the words of a text as `_IS_WORD` tells them apart, b"" if there are none."""
    folded = text.casefold()
    if folded.isascii():
        return folded.encode() if _WORD.search(folded) else b""
    return " ".join(_WORD.findall(folded)).encode("utf-8", "surrogatepass")


def _hashed(text: bytes) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return where each word of `text` starts, and its hash; a byte that is no word stands at both ends."""
    starts, hashes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    powers, inverses = _powers()
    for first, last in _chunks(text):
        content = np.frombuffer(text, dtype=np.uint8, count=last - first, offset=first)
        flags = np.zeros(len(content) + 2, dtype=np.bool_)
        flags[1:-1] = _IS_WORD[content]
        edges = np.flatnonzero(flags[1:] != flags[:-1])
        begin, end = edges[0::2], edges[1::2]
        sums = np.zeros(len(content) + 1, dtype=np.uint64)
        values = content.astype(np.uint64)
        values += _ONE
        values *= powers[: len(content)]
        np.cumsum(values, out=sums[1:])
        own = (sums.take(end) - sums.take(begin)) * inverses.take(begin)
        own ^= own >> _SHIFT
        own *= _MIX
        starts.append(begin + first)
        hashes.append(own)
    return np.concatenate(starts), np.concatenate(hashes)


def _chunks(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield the bounds of chunks of `text` that end where a word does, but in a word longer than a chunk."""
    first = 0
    while len(text) - first > _CHUNK:
        last = first + _CHUNK
        gaps = np.flatnonzero(~_IS_WORD[np.frombuffer(text, dtype=np.uint8, count=_CHUNK, offset=first)])
        if len(gaps) and gaps[-1]:
            last = first + int(gaps[-1])
        yield first, last
        first = last
    yield first, len(text)


@cache
def _powers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers of the factor, and their inverses modulo 2**64."""
    factors = (
        np.full(_CHUNK, _FACTOR, dtype=np.uint64),
        np.full(_CHUNK, pow(_FACTOR, -1, 1 << 64), dtype=np.uint64),
    )
    for every in factors:
        every[0] = 1
        np.cumprod(every, out=every)
    return factors
