"""What stored articles say, as bytes for the hashing of shingles, without making articles of them.

A stored article is JSON that begins with three strings: id, title, text. Where that is ASCII its bytes are
taken as they stand; any other article is read as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.codec.stored import StoredReader
from index.shingles import folded

Bytes: TypeAlias = NDArray[np.uint8]

_QUOTE, _ESCAPE = ord('"'), ord("\\")
#: What a backslash stands before if it is more than a mark between words: another one, or a character's code.
_SPECIAL = _ESCAPE, ord("u")
#: Of the quotes of a record those about its title and its text.
_FIRST, _LAST = 2, 5
#: Bytes of records that are looked at together.
_TOGETHER = 1 << 18
_NO_WORD = re.compile(rb"(?:\\.|[^A-Za-z0-9_\x80-\xff\\])*\Z", re.DOTALL)


def said(stored: StoredReader, numbers: NDArray[np.int64]) -> Iterator[list[bytes]]:
    """Yield the texts of stored articles (ascending numbers), some at a time, as `index.shingles.hashed`
    takes them; the title where the text has no word. Raises as the store does."""
    waiting: list[bytes] = []
    size = 0
    for records in stored.chosen(numbers):
        waiting += records
        size += sum(map(len, records))
        if size >= _TOGETHER:
            yield _texts(waiting)
            waiting, size = [], 0
    if waiting:
        yield _texts(waiting)


def _texts(records: list[bytes]) -> list[bytes]:
    """Return the texts of records."""
    data = b"".join(records)
    ends = np.cumsum(np.fromiter(map(len, records), dtype=np.int64, count=len(records)))
    content = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(content == _QUOTE)
    quotes = quotes[content[quotes - 1] != _ESCAPE]
    firsts = np.concatenate((np.zeros(1, dtype=np.intp), np.searchsorted(quotes, ends[:-1])))
    bounds = quotes.take(np.arange(_FIRST, _LAST + 1) + firsts[:, None], mode="clip").tolist()
    texts = [data[start + 1 : end] for _, _, start, end in bounds]
    for row, text in enumerate(texts):
        if _NO_WORD.match(text):
            texts[row] = data[bounds[row][0] + 1 : bounds[row][1]]
    for row in _not_plain(data, content, ends):
        texts[row] = _read(records[row])
    return texts


def _not_plain(data: bytes, content: Bytes, ends: NDArray[np.int64]) -> list[int]:
    """Return which records, by where they end, cannot be taken as they stand."""
    special = (content[1:] == _SPECIAL[0]) | (content[1:] == _SPECIAL[1])
    special &= content[:-1] == _ESCAPE
    if not special.any() and data.isascii():
        return []
    marks = np.concatenate((np.flatnonzero(special), np.flatnonzero(content >= 0x80)))
    marks.sort()
    return np.flatnonzero(np.diff(np.searchsorted(marks, ends), prepend=0)).tolist()


def _read(record: bytes) -> bytes:
    _, title, text, *_ = json.loads(record.decode("utf-8", "surrogatepass"))
    return folded(text) or folded(title)
