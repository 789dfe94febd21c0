"""Keeping freed memory for the next query.

A query takes and gives back arrays as long as its words' articles. By default the C library returns such
blocks to the system at once, and asking for fresh pages costs several times the arithmetic done in them.
"""

from __future__ import annotations

import sys

#: glibc's parameters for the heap's top and for blocks of their own, and the sizes (the second at its limit).
_TRIM_THRESHOLD, _KEEP = -1, 256 << 20
_MMAP_THRESHOLD, _LARGEST_BLOCK = -3, 32 << 20


def keep_freed_memory() -> bool:
    """Let the process keep up to 256 MiB of freed memory; return whether the C library could be told.

    Only glibc knows these parameters; elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _LARGEST_BLOCK)) and bool(mallopt(_TRIM_THRESHOLD, _KEEP))
