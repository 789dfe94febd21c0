"""One value an article: whole numbers with a presence bitmap, and texts of which many are equal.

Arrays of a column of numbers C: C.values (less the smallest of them, which is a fact of the file, in the
smallest dtype; 0 where there is none) and C.present (a bitmap, absent where all are). Arrays of a column of
texts: C.terms and C.term_ends (the distinct texts, sorted) and C.refs (which of them, for each article).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.terms import Terms, TermsWriter
from index.codec.words_writer import narrowed


def write_numbers(
    file: ArrayFileWriter, name: str, values: NDArray[np.int64], present: NDArray[np.bool_]
) -> dict[str, int]:
    """Write a column of numbers; return the fact that the reader needs."""
    chosen = values[present]
    base = int(chosen.min()) if len(chosen) else 0
    kept = np.zeros(len(values), dtype=np.uint64)
    kept[present] = chosen.astype(np.uint64) - np.uint64(base & (2**64 - 1))
    file.add(f"{name}.values", narrowed(kept))
    if not present.all():
        file.add(f"{name}.present", np.packbits(present, bitorder="little"))
    return {"base": base}


def read_numbers(
    file: ArrayFile, name: str, facts: dict[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (values, present) of a column of numbers; values are 0 where there is none."""
    kept = file.array(f"{name}.values")
    present = np.ones(len(kept), dtype=np.bool_)
    if f"{name}.present" in file:
        bits = file.array(f"{name}.present")
        present = np.unpackbits(bits, count=len(kept), bitorder="little").view(np.bool_)
    values = (kept.astype(np.uint64) + np.uint64(int(facts["base"]) & (2**64 - 1))).view(np.int64)
    return np.where(present, values, 0), present


def write_texts(file: ArrayFileWriter, name: str, texts: Sequence[bytes], refs: NDArray[np.int64]) -> None:
    """Write a column of texts: the distinct ones, in any order, and which of them each article has."""
    order = sorted(range(len(texts)), key=texts.__getitem__)
    terms = TermsWriter()
    terms.append([texts[place] for place in order])
    terms.write(file, name)
    rank = np.empty(len(texts), dtype=np.int64)
    rank[order] = np.arange(len(texts))
    file.add(f"{name}.refs", narrowed(rank[refs]))


class TextColumn:
    """A column of texts: `texts` are the distinct ones, sorted, `refs` which of them each article has."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.texts = Terms(file, name)
        self.refs: NDArray[Any] = file.array(f"{name}.refs")

    def __getitem__(self, doc: int) -> bytes:
        return self.texts[int(self.refs[doc])]

    def __len__(self) -> int:
        return len(self.refs)
