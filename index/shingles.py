"""The shingles of texts, worked out for many of them at once by arrays over their bytes.

A text is the casefolded UTF-8 of what was written; a word of it is what `\\w+` finds there. Words are told
apart by their bytes, eight at a time, which make its hash; that of a shingle is made of its words' hashes as
for signatures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.kernel.indexing import current_loops
from index.signature import SHINGLE

Shingles = NDArray[np.uint64]

_WORD = re.compile(r"\w+")
#: What stands for a word in the bytes of a text: 1 for a word, 0 between them.
_CLASSES = bytes(byte >= 0x80 or chr(byte).isalnum() or byte == ord("_") for byte in range(256))
_ESCAPE = ord("\\")
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93], dtype=np.uint64)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT = np.uint64(32)
#: Words up to so many bytes are hashed by arrays, what is behind that in longer ones word by word.
_LONGEST = 64
#: Bytes that are hashed at once; a longer word counts as several.
_CHUNK = 1 << 19


def shingles_of(articles: Sequence[tuple[str, str]]) -> list[Shingles]:
    """Return for each title and text the hashes of the text's shingles, ascending, each once.

    They are those of the title if the text has no word, none if neither has.
    """
    found, counts = hashed([folded(text) or folded(title) for title, text in articles])
    ends = np.cumsum(counts)
    return [distinct(some) for some in np.split(found, ends[:-1])] if len(ends) else []


def distinct(hashes: Shingles) -> Shingles:
    """Return hashes ascending, each once."""
    found = np.sort(hashes)
    new = np.ones(len(found), dtype=np.bool_)
    np.not_equal(found[1:], found[:-1], out=new[1:])
    return found[new]


def folded(text: str) -> bytes:
    """Return the words of a text, as `hashed` takes them; b"" if there are none."""
    small = text.casefold()
    if small.isascii():
        return small.replace("\\", " ").encode() if _WORD.search(small) else b""
    return " ".join(_WORD.findall(small)).encode("utf-8", "surrogatepass")


def hashed(texts: Sequence[bytes]) -> tuple[Shingles, NDArray[np.int64]]:
    """Return hashes of the shingles of texts, as often as they are there, and how many each text has.

    Letters and digits of ASCII, underscores and all bytes beyond ASCII are parts of words, but for what
    follows a backslash; A to Z are taken as small letters. A text of fewer words than a shingle is one
    shingle, one without words none.
    """
    bounds = np.ones(len(texts) + 1, dtype=np.int64)
    bounds[1:] += np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    starts, words = _words(b"\n%b\n" % b"\n".join(texts))
    ends = np.searchsorted(starts, bounds)
    counts = np.diff(ends)
    sums = words * _FACTORS[0]
    for place in range(1, SHINGLE):
        sums[:-place] += words[place:] * _FACTORS[place]
    return _within(sums, words, ends, counts)


def _within(
    sums: Shingles, words: Shingles, ends: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Shingles, NDArray[np.int64]]:
    """Return the sums that lie within their text, and how many they are of each.

    `ends` are the bounds of the texts in words, `counts` how many each has.
    """
    keep = np.ones(len(sums), dtype=np.bool_)
    for place in range(1, SHINGLE):
        keep[ends[1:][counts >= place] - place] = False
    for count in range(1, SHINGLE):
        first = ends[:-1][counts == count]
        keep[first] = True
        sums[first] = sum(words[first + at] * _FACTORS[at] for at in range(count))
    return sums[keep], np.where(counts >= SHINGLE, counts - (SHINGLE - 1), counts > 0)


def _words(text: bytes) -> tuple[NDArray[np.int64], Shingles]:
    """Return where each word of `text` starts, and its hash; a byte that is no word stands at both ends."""
    found = [_words_of(text, first, last) for first, last in _chunks(text)]
    return np.concatenate([starts for starts, _ in found]), np.concatenate([hashes for _, hashes in found])


def _words_of(text: bytes, first: int, last: int) -> tuple[NDArray[np.int64], Shingles]:
    """Return where the words between two bytes of `text` start, and their hashes."""
    loops = current_loops()
    if loops is not None:
        starts, hashes = loops.word_hashes(text[first:last])
        return starts + first, hashes
    part = b"\n%b\n" % text[first:last]
    flags = np.frombuffer(bytearray(part.translate(_CLASSES)), dtype=np.bool_)
    escapes = np.flatnonzero(np.frombuffer(part, dtype=np.uint8) == _ESCAPE)
    flags[escapes + 1] = False
    edges = np.flatnonzero(flags[1:] != flags[:-1])
    edges += 1
    starts, ends = edges[0::2], edges[1::2]
    return starts + (first - 1), _hashes(part.lower() + bytes(8), starts, ends - starts)


def _hashes(text: bytes, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Shingles:
    """Return the hash of each word; eight bytes follow the last."""
    eights = np.ndarray(len(text) - 7, dtype="<u8", buffer=text, strides=(1,))  # one from each byte on
    hashes = _mixed(eights[starts] & _MASKS.take(sizes, mode="clip"))
    more = np.flatnonzero(sizes > 8)
    for place in range(8, _LONGEST, 8):
        if not len(more):
            return hashes
        following = eights[starts[more] + place] & _MASKS.take(sizes[more] - place, mode="clip")
        hashes[more] = _mixed(hashes[more] + following)
        more = more[sizes[more] > place + 8]
    for word, start, size in zip(more.tolist(), starts[more].tolist(), sizes[more].tolist(), strict=True):
        hashes[word] = _extended(int(hashes[word]), text[start + _LONGEST : start + size])
    return hashes


def _mixed(values: Shingles) -> Shingles:
    """Return other numbers for numbers, no two the same, every bit of which depends on many."""
    values *= _FACTORS[0]
    values ^= values >> _SHIFT
    values *= _MIX
    return values


def _extended(value: int, rest: bytes) -> int:
    """Return the hash of a word from that of what stands before the rest of it; no array is that small."""
    factor, mix, all_ones = int(_FACTORS[0]), int(_MIX), (1 << 64) - 1
    for place in range(0, len(rest), 8):
        value = (value + int.from_bytes(rest[place : place + 8], "little")) * factor & all_ones
        value = (value ^ value >> 32) * mix & all_ones
    return value


def _chunks(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield the bounds of chunks of `text` that end where a word does, but in a word longer than a chunk."""
    first = 0
    while len(text) - first > _CHUNK:
        last = first + _CHUNK
        between = text[first:last].translate(_CLASSES).rfind(b"\0")
        if between > 0:
            last = first + between
        yield first, last
        first = last
    yield first, len(text)
