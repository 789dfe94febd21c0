"""The innermost loops of searching and indexing compiled from C, for those who want them.

They are several times as fast. Numpy does the same everywhere else, to the last bit, and is what the loops
are tested against. Nothing is compiled unasked: `python -m index.kernel` does it, with the system's C
compiler, and puts the result beside this file, where the next process finds it. With BYLINE_KERNEL=off it is
left alone.
"""

from __future__ import annotations

import os
import struct
import sys
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.kernel.indexing import IndexingLoops

#: That of `byline_version` in the C file: raised whenever a function or a structure of C changes.
VERSION = 4
VARIABLE = "BYLINE_KERNEL"
SOURCES = tuple(Path(__file__).with_name(name) for name in ("kernel.c", "indexing.c"))
COMPILED = Path(__file__).with_name(f"kernel_{VERSION}.so")

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


class Damaged(Exception):
    """The arrays of a segment do not fit each other; who catches it asks numpy, which says what is wrong."""


class Kernel:
    """The compiled loops of a file. Raises `OSError` or `AttributeError` if it is not such a file."""

    def __init__(self, path: Path) -> None:
        import ctypes

        library = ctypes.CDLL(str(path))
        if library.byline_version() != VERSION:
            raise OSError(f"{path} was compiled from another version")
        pointer, number, real, text = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double, ctypes.c_char_p
        self._any: Any = library.byline_any
        self._any.argtypes = (
            *(text,) * 5, number, number, pointer, number, real, number, *(pointer,) * 3,
        )  # fmt: skip
        self._all: Any = library.byline_all
        self._all.argtypes = (text, text, number, number, pointer, pointer)
        self._best_of_all: Any = library.byline_best_of_all
        self._best_of_all.argtypes = (
            *(text,) * 4, number, number, pointer, number, real, number, *(pointer,) * 3,
        )  # fmt: skip
        self._phrase: Any = library.byline_phrase
        self._phrase.argtypes = (
            text, text, number, number, text, pointer, number, number, pointer, pointer,
        )  # fmt: skip
        self._library = library
        self._last: tuple[Floats | None, int] = (None, 0)
        for function in (self._any, self._all, self._best_of_all, self._phrase):
            function.restype = number

    @cached_property
    def indexing(self) -> IndexingLoops:
        """The loops of indexing, which no search loads."""
        from index.kernel.indexing import IndexingLoops

        return IndexingLoops(self._library)

    def best_of_any(
        self,
        terms: list[list[bytes]],
        weights: list[float],
        bounds: list[float],
        order: list[int],
        norms: Floats,
        count: int,
        slack: float,
    ) -> tuple[Longs, Floats, int]:
        """Return articles with any of the terms, their scores, and how many have any.

        The articles are the best `count` and all that score as much as the last, but for `slack`, in no
        order. `terms` are the structures of their parts, none of them empty; `order` is that in which terms
        are taken: of two the rarer first, of more from the highest of `bounds` down. Raises `Damaged`.
        """
        parts, starts = _joined(terms)
        given = (
            parts, starts, _doubles(weights), _doubles(bounds), _longs(order), len(terms), len(norms),
            self._address(norms), count, slack,
        )  # fmt: skip
        return self._selected(self._any, given, count)

    def best_of_all(
        self,
        terms: list[list[bytes]],
        order: list[int],
        rarest: int,
        weights: list[float],
        norms: Floats,
        count: int,
        slack: float,
    ) -> tuple[Longs, Floats, int]:
        """Return the same of the articles with all the terms.

        The first of the terms has the fewest postings, `rarest`; `order` are their numbers in the query.
        """
        parts, starts = _joined(terms)
        given = (
            parts, starts, _longs(order), _doubles(weights), len(terms), rarest, self._address(norms),
            count, slack,
        )  # fmt: skip
        return self._selected(self._best_of_all, given, count)

    def _address(self, norms: Floats) -> int:
        """Return where an array lies; asked again and again of the same one."""
        known = self._last
        if known[0] is not norms:
            known = self._last = (norms, norms.ctypes.data)
        return known[1]

    def _selected(self, function: Any, given: tuple[Any, ...], count: int) -> tuple[Longs, Floats, int]:
        size = max(4 * count, 64)
        while True:
            found = np.empty(2 * size + 1, dtype=np.int64)
            address = found.ctypes.data
            total = function(*given, size, address, address + 8 * size, address + 16 * size)
            check(total)
            chosen = int(found[-1])
            if chosen <= size:
                return found[:chosen], found[size : size + chosen].view(np.float64), total
            size = chosen

    def all_of(self, terms: list[list[bytes]], rarest: int) -> tuple[Longs, Longs]:
        """Return the ascending articles that have all the terms, and their places, a row a term.

        The first term has the fewest postings, `rarest`. Raises `Damaged`.
        """
        parts, starts = _joined(terms)
        found = np.empty((len(terms) + 1, rarest), dtype=np.int64)
        address = found.ctypes.data
        count = self._all(parts, starts, len(terms), rarest, address, address + 8 * rarest)
        check(count)
        return found[0, :count], found[1:, :count]

    def phrase(
        self, parts: list[bytes], order: list[int], rarest: int, forms: list[int], titles: Titles | None
    ) -> tuple[Longs, Longs]:
        """Return in which articles of one segment, and how often, words stand one after the other.

        `parts` has the structure of each word there, `forms` the wanted rank of each word's form, -1 for any;
        `order` names the words, the rarest first, which has `rarest` postings. Raises `Damaged`.
        """
        found = np.empty(2 * rarest, dtype=np.int64)
        lengths, which, gap = titles or (None, 0, 0)
        address = found.ctypes.data
        count = self._phrase(
            b"".join(parts), _longs(order), len(parts), rarest, _longs(forms),
            0 if lengths is None else lengths.ctypes.data, which, gap, address, address + 8 * rarest,
        )  # fmt: skip
        check(count)
        return found[:count], found[rarest : rarest + count]


#: The words of each title; 1 for runs in titles, 2 for the others; the positions between title and body.
Titles = tuple[Floats, int, int]


def _joined(terms: list[list[bytes]]) -> tuple[bytes, bytes]:
    """Return all parts, and where those of each term begin among them."""
    starts = [0, *accumulate(map(len, terms))]
    return b"".join([part for parts in terms for part in parts]), _longs(starts)


def _longs(values: list[int]) -> bytes:
    return struct.pack(f"{len(values)}q", *values)


def _doubles(values: list[float]) -> bytes:
    return struct.pack(f"{len(values)}d", *values)


def check(result: int) -> None:
    """Raise `Damaged` or `MemoryError` if a loop returned that."""
    if result == -2:
        raise MemoryError
    if result < 0:
        raise Damaged


def _loaded() -> Kernel | None:
    if os.environ.get(VARIABLE) == "off" or sys.byteorder != "little" or not COMPILED.is_file():
        return None
    try:
        return Kernel(COMPILED)
    except (OSError, AttributeError):
        return None  # of another machine or version: numpy does as well


class _Chosen:
    kernel: Kernel | None = None
    asked = False


def current() -> Kernel | None:
    """Return the compiled loops, or None if there are none; looked for once."""
    if not _Chosen.asked:
        use(_loaded())
    return _Chosen.kernel


def use(kernel: Kernel | None) -> None:
    """Set what `current` returns."""
    _Chosen.kernel, _Chosen.asked = kernel, True
