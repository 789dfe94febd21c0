"""Where sorted or grouped values change: the beginnings of what is equal."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Values that are looked at once, so that little more memory is needed than they take.
_CHUNK = 1 << 18


def changes(values: NDArray[np.integer[Any]], shift: Any = 0) -> NDArray[np.intp]:
    """Return where a value differs from the one before it, the first place included.

    The lowest `shift` bits do not count; it is of the values' own type.
    """
    differs = np.ones(len(values), dtype=np.bool_)
    for first in range(0, len(values), _CHUNK):
        part = values[first : first + _CHUNK + 1]
        if shift:
            part = part >> shift
        np.not_equal(part[1:], part[:-1], out=differs[first + 1 : first + len(part)])
    return np.flatnonzero(differs)


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers ascending, each once: `np.unique`, which imports `numpy.ma` to say the same."""
    found = np.sort(values, axis=None)
    return found.take(changes(found))
