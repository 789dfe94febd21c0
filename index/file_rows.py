"""What is remembered of a file: the articles that it gave, or why none; as a value, and as in the catalog."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Place = tuple[int, str]
"""A root's number and a relative path: where a file is."""

Skips: TypeAlias = tuple[tuple[int, str], ...]

#: How the entries of one article without a key begin, as most files have; and a length that none of them has.
_ONE = '{"": "'
_LONGEST_ONE = 64
NO_SKIPS = "[]"


class FileRow(NamedTuple):
    """What is known of one file. `skips` are (line, reason), line 0 for the file as a whole."""

    size: int
    mtime_ns: int
    looked_ns: int = 0
    digest: bytes = b""
    file_dated: bool = False
    articles: int = 0
    skips: Skips = ()


class Change(NamedTuple):
    """The new state of one place; `row` is None for a place that is gone."""

    place: Place
    row: FileRow | None
    entries: Mapping[str, str]


PackedRow: TypeAlias = tuple[bytes, int, int, int, bytes, bool, int, str, str]
"""A file's relative path, its `FileRow` and its entries, in the types that the catalog has."""


def packed_row(relpath: str, row: FileRow, entries: Mapping[str, str]) -> PackedRow:
    """Return what the catalog holds of a file."""
    size, mtime, looked, digest, dated, articles, skips = row
    noted = json.dumps(skips) if skips else NO_SKIPS
    packed = packed_entries(entries)
    return os.fsencode(relpath), size, mtime, looked, digest, dated, articles, noted, packed


def unpacked_row(packed: PackedRow) -> FileRow:
    """Return what `packed_row` was given, without the entries."""
    _, size, mtime, looked, digest, dated, articles, skips, _ = packed
    return FileRow(size, mtime, looked, digest, bool(dated), articles, unpacked_skips(skips))


def unpacked_skips(packed: str) -> Skips:
    """Return the skips of a file, as the catalog holds them."""
    return tuple((line, reason) for line, reason in json.loads(packed)) if packed != NO_SKIPS else ()


def packed_entries(entries: Mapping[str, str]) -> str:
    """Return key and hash of each article of a file as JSON."""
    if len(entries) == 1 and (digest := entries.get("")):  # one article without a key, as most files have
        return f'{_ONE}{digest}"}}'
    return json.dumps(dict(entries))


def unpacked_entries(packed: str) -> dict[str, str]:
    """Return key and hash of each article of a file, as the catalog holds them."""
    if len(packed) < _LONGEST_ONE and packed.startswith(_ONE) and packed.count('"') == 4:
        return {"": packed[len(_ONE) : -2]}
    entries: dict[str, str] = json.loads(packed)
    return entries
