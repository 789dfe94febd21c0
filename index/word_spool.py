"""The words of a run in the order of the text: gathered in memory, beyond some megabytes in a file.

The file is what other processes read of them (`pieces_of`).
"""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.container import mapped

#: Words that wait in memory.
_IN_MEMORY = 1 << 20


class Piece(NamedTuple):
    """The words of some texts: form numbers, text after text, and how many each text has."""

    forms: NDArray[np.int32]
    counts: NDArray[np.int32]


class WordSpool:
    """Collects words piece by piece; the file `path` is made when there are many, and removed by `drop`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[NDArray[np.int32]] = []
        self._held = 0
        self._sizes: list[int] = []
        self._counts: list[NDArray[np.int32]] = []
        self._written = 0

    def add(self, forms: NDArray[np.int32], counts: NDArray[np.integer[Any]]) -> None:
        """Append a piece."""
        self._waiting.append(forms)
        self._sizes.append(len(forms))
        self._counts.append(counts.astype(np.int32))
        self._held += len(forms)
        if self._held > _IN_MEMORY:
            self._spill()

    def pieces(self) -> list[Piece]:
        """Return all pieces."""
        if not self._written:
            return list(map(Piece, self._waiting, self._counts))
        return pieces_of(self.shared())

    def shared(self) -> tuple[Any, ...]:
        """Return plain values from which `pieces_of` makes the pieces, also in another process."""
        self._spill()
        counts = b"".join([part.tobytes() for part in self._counts])
        return str(self._path), self._sizes, list(map(len, self._counts)), counts

    def drop(self) -> None:
        """Remove the file."""
        if self._written:
            self._path.unlink(missing_ok=True)

    def _spill(self) -> None:
        if not self._held:
            return
        with self._path.open("ab") as file:
            for forms in self._waiting:
                file.write(forms.data)
        self._written += self._held
        self._waiting, self._held = [], 0


def pieces_of(shared: tuple[Any, ...]) -> list[Piece]:
    """Return the pieces that a spool shared; they are views of its file, which may be removed meanwhile."""
    path, sizes, lengths, counts = shared
    forms = np.frombuffer(mapped(Path(path)) if sum(sizes) else b"", dtype=np.int32)
    texts = np.frombuffer(counts, dtype=np.int32)
    return [
        Piece(forms[at : at + size], texts[first : first + length])
        for at, size, first, length in zip(
            accumulate(sizes, initial=0), sizes, accumulate(lengths, initial=0), lengths, strict=False
        )
    ]
