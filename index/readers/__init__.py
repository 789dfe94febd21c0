"""Readers: what is in a file, as articles. One module a format, chosen by the file's suffix.

A reader gets the whole content and gives each article as a `Draft` and each record that is none as a
`Skip`. Content is hostile: no bytes whatever make a reader raise anything but ReadProblem.
"""

# A run over a million files makes no Path objects.
# ruff: noqa: PTH119

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from index.article import Draft
from index.errors import ReadProblem
from index.readers.skip import Skip

__all__ = ["SUFFIXES", "Skip", "is_lines", "is_packed", "read", "read_bytes", "readable", "unpacked"]

#: What gives the articles in the content of a file, in order; the path is named in its errors.
Reader: TypeAlias = Callable[[bytes, str | Path], Iterator[Draft | Skip]]

#: The module of each format; it has a function `read` and is loaded when the first such file comes.
_READERS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
}
_SEPARATORS = ("", os.path.sep, os.path.altsep)
SUFFIXES = tuple(_READERS)
"""The suffixes that have a reader; each may be followed by `.gz`, in any case."""


def readable(path: str | Path) -> bool:
    """Return whether the name of `path` ends in a known suffix; looks at nothing but the name."""
    if isinstance(path, str) and path.endswith(SUFFIXES) and path[path.rfind(".") - 1] not in _SEPARATORS:
        return path.rfind(".") > 0  # so quickly, as there may be a million of them
    return _format(path)[0] in _READERS


def read(path: Path) -> Iterator[Draft | Skip]:
    """Return the articles of the file at `path`, as `read_bytes` does.

    Raises ReadProblem also if the file cannot be read or is no regular file.
    """
    try:
        if not path.is_file():
            raise ReadProblem(path, "not a file")
        content = path.read_bytes()
    except OSError as error:
        raise ReadProblem(path, error.strerror or "cannot be read") from error
    return read_bytes(content, path)


def read_bytes(content: bytes, path: str | Path) -> Iterator[Draft | Skip]:
    """Return the articles in the content of a file, in order; `path` gives the format and is named in errors.

    Raises ReadProblem, at the call and never later, if the whole content cannot be read as articles: an
    unknown suffix, binary or empty content, damaged or absurdly large gzip data.
    """
    read, text = unpacked(content, path)
    return read(text, path)


def unpacked(content: bytes, path: str | Path) -> tuple[Reader, bytes]:
    """Return the reader of a file and the content as it takes it: that of a gzipped file unpacked.

    Raises ReadProblem for an unknown suffix and for damaged or absurdly large gzip data.
    """
    suffix, packed = _format(path)
    if suffix not in _READERS:
        raise ReadProblem(path, "unknown format")
    if packed:
        from index.readers.gzipped import gunzip

        content = gunzip(content, path)
    return _reader(suffix), content


def is_lines(path: str | Path) -> bool:
    """Return whether the name says that every line of the file, unpacked, stands for itself."""
    return _format(path)[0] in (".jsonl", ".ndjson")


def is_packed(path: str | Path) -> bool:
    """Return whether the name says that the file is gzipped."""
    return str(path)[-len(".gz") :].lower() == ".gz"


@cache
def _reader(suffix: str) -> Reader:
    """Return the function that reads a format."""
    read: Reader = import_module(f"index.readers.{_READERS[suffix]}").read
    return read


def _format(path: str | Path) -> tuple[str, bool]:
    """Return the suffix that names the format, in lower case, and whether the file is gzipped."""
    name = path if isinstance(path, str) else str(path)
    dot = name.rfind(".")
    if dot > 0 and name[dot:] == ".txt" and name[dot - 1 : dot] not in _SEPARATORS:
        return ".txt", False  # so quickly, as there may be a million of them
    name = os.path.basename(name).lower()
    packed = name.endswith(".gz")
    if packed:
        name = name[: -len(".gz")]
    dot = name.rfind(".")
    return (name[dot:] if dot > 0 else ""), packed
