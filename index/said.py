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
_NO_WORD = re.compile(rb"(?:\\.|[^A-Za-z0-9_\x80-\xff\\])*\Z", re.DOTALL)


def said(stored: StoredReader, numbers: NDArray[np.int64]) -> Iterator[list[bytes]]:
    """Yield the texts of stored articles (ascending numbers), some at a time, as `index.shingles.hashed`
    takes them; the title where the text has no word. Raises as the store does."""
    for data, places in stored.chosen(numbers):
        content = np.frombuffer(data, dtype=np.uint8)
        quotes = np.flatnonzero(content == _QUOTE)
        quotes = quotes[content[quotes - 1] != _ESCAPE]
        among = np.arange(_FIRST, _LAST + 1) + np.searchsorted(quotes, places[:, 0])[:, None]
        bounds = quotes.take(among, mode="clip").tolist()
        texts = [data[start + 1 : end] for _, _, start, end in bounds]
        for row, text in enumerate(texts):
            if _NO_WORD.match(text):
                texts[row] = data[bounds[row][0] + 1 : bounds[row][1]]
        for row in _not_plain(data, content, places):
            texts[row] = _read(data[places[row, 0] : places[row, 1]])
        yield texts


def _not_plain(data: bytes, content: Bytes, places: NDArray[np.int64]) -> list[int]:
    """Return which records cannot be taken as they stand."""
    first = int(places[0, 0])
    special = (content[1:] == _SPECIAL[0]) | (content[1:] == _SPECIAL[1])
    special &= content[:-1] == _ESCAPE
    if not special.any() and data[first:].isascii():
        return []
    marks = np.concatenate((np.flatnonzero(special), np.flatnonzero(content[first:] >= 0x80) + first))
    marks.sort()
    return np.flatnonzero(np.diff(np.searchsorted(marks, places), axis=1)).tolist()


def _read(record: bytes) -> bytes:
    _, title, text, *_ = json.loads(record.decode("utf-8", "surrogatepass"))
    return folded(text) or folded(title)
