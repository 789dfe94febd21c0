"""What is known of articles beside their words, as columns: sources, authors, paths, ids.

A column is a list of distinct texts and, for each article, which of them it has: a question about a value is
asked once for each distinct text. Columns are read at their first use and kept.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from index.live import LiveSegment
from index.names import path_of
from index.reading import LibraryReader
from index.schema import unpack_article
from index.value import Value


class Column(Value):
    """`texts` are distinct; `refs` has for each article of the generation the number of its text."""

    texts: tuple[str, ...]
    refs: NDArray[np.intp]


class Facts:
    """The columns of one generation; safe to use from several threads."""

    def __init__(self, reader: LibraryReader) -> None:
        self._reader = reader
        self._columns: dict[str, Column] = {}
        self._lock = threading.Lock()

    def column(self, name: str) -> Column:
        """Return the column `source`, `author`, `path` or `id`; an article without a value has ""."""
        with self._lock:
            if name not in self._columns:
                self._columns[name] = self._read(name)
            return self._columns[name]

    def _read(self, name: str) -> Column:
        known: dict[str, int] = {}
        parts = [np.zeros(0, dtype=np.intp)]
        for segment in self._reader.segments:
            if name in ("source", "author"):
                texts, refs = _texts(segment, name)
            else:
                texts = _ids(segment) if name == "id" else _paths(segment)
                refs = np.arange(len(texts))
            own = [known.setdefault(text, len(known)) for text in texts]
            parts.append(np.array(own, dtype=np.intp)[refs])
        return Column(tuple(known), np.concatenate(parts))


def _texts(segment: LiveSegment, name: str) -> tuple[list[str], NDArray[np.intp]]:
    column = segment.reader.texts(name)
    if column is None:
        return [""], np.zeros(segment.reader.doc_count, dtype=np.intp)
    texts = [text.decode("utf-8", "surrogatepass") for text in column.texts]
    return texts, column.refs.astype(np.intp)


def _ids(segment: LiveSegment) -> list[str]:
    return [ident.decode("utf-8", "surrogatepass") for ident in segment.reader.idents()]


def _paths(segment: LiveSegment) -> list[str]:
    """Return the path of each article; one without a folder is read from the article itself."""
    texts, refs = _texts(segment, "folder")
    known: dict[tuple[int, str], str] = {}
    paths = []
    for ref, ident in zip(refs.tolist(), _ids(segment), strict=True):
        file = ident if "\\" in ident else ident.partition("#")[0]  # many articles of one file
        path = known.get((ref, file))
        if path is None:
            path = known[ref, file] = path_of(texts[ref], ident)
        paths.append(path)
    if "" in texts and len(segment.reader.stored):
        for doc, path in enumerate(paths):
            if not path:
                paths[doc] = unpack_article(segment.reader.stored[doc]).path
    return paths
