"""Several fields of words, each with a range of the terms, as one: their arrays one after another.

Nothing is decoded, so it takes little longer than copying. What comes out is what one `WordsWriter` writes
that was given the blocks of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.packing import JoinedPacked
from index.codec.words_writer import DTYPES, offsets


class JoinedWords:
    """The field `name` of several files, each written for all `doc_count` articles.

    The terms of each file are greater than those of the one before; a file may have none.
    """

    def __init__(self, files: Sequence[ArrayFile], name: str, doc_count: int) -> None:
        self._name = name
        self._doc_count = doc_count
        self._files = [file for file in files if f"{name}.df" in file]

    def __len__(self) -> int:
        return sum(map(len, self._arrays("df")))

    def write(self, file: ArrayFileWriter, name: str) -> None:
        """Write the field under `name`."""
        file.add_chunks(f"{name}.terms", np.dtype(np.uint8), self._arrays("terms"))
        ends = np.cumsum(np.concatenate([[0], *(np.diff(part) for part in self._arrays("term_ends"))]))
        file.add(f"{name}.term_ends", ends.astype(np.uint32 if ends[-1] < 2**32 else np.uint64))
        columns = {key: self._joined(key) for key in ("df", "cf", "far_count", "form_count")}
        for key, column in columns.items():
            file.add(f"{name}.{key}", column)
        freqs, ranks = self._packed("freq", "df"), self._packed("rank", "cf")
        columns["form_text"] = self._form_text()
        file.add(f"{name}.offsets", offsets(self._doc_count, columns, freqs.widths(), ranks.widths()))
        self._copy(file, name, "bits", "docs16", "docs32", "ranges")
        freqs.write(file, f"{name}.freq")
        ranks.write(file, f"{name}.rank")
        if f"{self._name}.head.width" in self._files[0]:
            self._packed("head", "df").write(file, f"{name}.head")
        self._copy(file, name, "positions", "far", "farther")
        before = np.cumsum([0, *map(len, self._arrays("far"))]).astype(np.uint64)
        places = zip(self._arrays("farther_at"), before, strict=False)
        file.add(f"{name}.farther_at", np.concatenate([at + base for at, base in places]))
        self._copy(file, name, "form_bytes")
        for key in ("form_sizes", "form_df", "form_cf"):
            file.add(f"{name}.{key}", self._joined(key))

    def _arrays(self, key: str) -> list[NDArray[Any]]:
        return [file.array(f"{self._name}.{key}") for file in self._files]

    def _joined(self, key: str) -> NDArray[Any]:
        """Return a column; its dtype is the smallest that holds all, since it is the largest of theirs."""
        return np.concatenate(self._arrays(key))

    def _copy(self, file: ArrayFileWriter, name: str, *keys: str) -> None:
        for key in keys:
            file.add_chunks(f"{name}.{key}", DTYPES[key], self._arrays(key))

    def _packed(self, column: str, counts: str) -> JoinedPacked:
        parts = [(file, f"{self._name}.{column}") for file in self._files]
        return JoinedPacked(parts, self._arrays(counts))

    def _form_text(self) -> NDArray[np.int64]:
        """Return how many bytes the forms of each term take."""
        totals = []
        for sizes, counts in zip(self._arrays("form_sizes"), self._arrays("form_count"), strict=True):
            ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
            totals.append(np.diff(ends.take(np.cumsum(counts, dtype=np.int64)), prepend=0))
        return np.concatenate(totals)
