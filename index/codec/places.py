"""Where each term of a field begins in the arrays of varying size, worked out from the terms' counts.

The file holds only the counts; one running sum a stream, made at its first use, gives the places of all
terms. So finding a term's data costs a few look-ups of single numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.format import BITS, NARROW, docs_kind, range_count

Integers = NDArray[np.integer[Any]]


class Places:
    """The places of a field's terms; each property is a list-like of one integer a term."""

    def __init__(
        self,
        doc_count: int,
        df: Integers,
        cf: Integers,
        far_count: Integers,
        widths: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
        forms: tuple[Integers, Integers],
    ) -> None:
        self._doc_count = doc_count
        self._df, self._cf, self._far_count = df, cf, far_count
        self._freq_widths, self._rank_widths, self._head_widths = widths
        self._form_count, self._form_sizes = forms

    @cached_property
    def _kinds(self) -> NDArray[np.int8]:
        return docs_kind(self._df.astype(np.int64), self._doc_count)

    @cached_property
    def kinds(self) -> memoryview:
        """How each term's article numbers are kept (`BITS`, `NARROW`, `WIDE`)."""
        return self._kinds.data

    @cached_property
    def docs(self) -> memoryview:
        """Where each term's article numbers begin in the array of its kind."""
        sizes = self._df.astype(np.int64)
        sizes[self._kinds == BITS] = (self._doc_count + 7) // 8
        return _before_by_group(sizes, self._kinds)

    @cached_property
    def ranges(self) -> memoryview:
        """Where the bounds of each term with narrow numbers begin."""
        return _before((self._kinds == NARROW) * (range_count(self._doc_count) - 1))

    @cached_property
    def postings(self) -> memoryview:
        """How many postings come before each term."""
        return _before(self._df)

    @cached_property
    def occurrences(self) -> memoryview:
        """How many occurrences come before each term."""
        return _before(self._cf)

    @cached_property
    def freqs(self) -> memoryview:
        """Where each term's frequencies begin in the stream of their width."""
        return _before_by_group(self._df.astype(np.int64), self._freq_widths)

    @cached_property
    def heads(self) -> memoryview:
        """Where each term's occurrences in titles begin in the stream of their width."""
        return _before_by_group(self._df.astype(np.int64), self._head_widths)

    @cached_property
    def ranks(self) -> memoryview:
        """Where each term's ranks begin in the stream of their width."""
        return _before_by_group(self._cf.astype(np.int64), self._rank_widths)

    @cached_property
    def far(self) -> memoryview:
        """How many large steps come before each term."""
        return _before(self._far_count)

    @cached_property
    def forms(self) -> memoryview:
        """How many surface forms come before each term."""
        return _before(self._form_count)

    @cached_property
    def several(self) -> memoryview:
        """How many surface forms of terms with several come before each term."""
        counts = self._form_count.astype(np.int64)
        return _before(np.where(counts > 1, counts, 0))

    @cached_property
    def form_text(self) -> memoryview:
        """Where each surface form (not each term) begins in the bytes of the forms."""
        return _before(self._form_sizes)


def _before(sizes: Integers) -> memoryview:
    total = np.cumsum(sizes, dtype=np.int64)
    total -= sizes
    return total.data


def _before_by_group(sizes: NDArray[np.int64], groups: NDArray[Any]) -> memoryview:
    """Return for each entry the sum of the sizes before it in its own group."""
    out = np.empty(len(sizes), dtype=np.int64)
    for group in range(int(groups.max()) + 1 if len(groups) else 0):
        mine = groups == group
        own = sizes[mine]
        out[mine] = np.cumsum(own) - own
    return out.data
