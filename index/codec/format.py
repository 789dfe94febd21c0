"""Names and numbers of the segment file: the one place that its writers and readers share.

A segment is one file: a header of 16 bytes (`MAGIC`, version, zero), arrays one after another, each at a
multiple of 8 bytes and little-endian, then a table of CRC-32 sums, one for each block of `BLOCK` bytes
before it, then a directory in JSON, then a trailer of 40 bytes (`TRAILER`). Arrays are mapped, not read.

An indexed field F of words is these arrays; terms ascend by their UTF-8 bytes, articles within a term,
positions within an article:

    F.terms, F.term_ends        the terms' bytes, and where each ends (one more entry, the first is 0)
    F.df, F.cf                  articles and occurrences of each term
    F.docs16, F.docs32, F.bits  article numbers; which of them by `docs_kind`
    F.ranges                    for a docs16 term of a segment of several ranges of 65,536 articles: how
                                many of its articles lie before each range but the first
    F.freq.*, F.rank.*          occurrences in an article less one, and the surface form at each position
                                (its rank in its term, most frequent first), packed (see `packing`)
    F.head.*                    how many of an article's occurrences stand in its title, packed (only in a
                                field that begins with the title)
    F.positions                 each position less the one before it in the article, 255 for more than 254
    F.far, F.far_count          those larger steps (65,535 for more than 65,534), and how many a term has
    F.farther_at, F.farther     the largest steps: their places in F.far, their values
    F.form_count                surface forms of each term; below, one entry a form, by term, then rank
    F.form_sizes, F.form_bytes  the forms' bytes; size 0 is a form that equals its term
    F.form_df, F.form_cf        articles and occurrences of the forms of terms that have several
    F.offsets                   where every `SAMPLE`-th term begins in each of the arrays of varying size
    F.lengths                   words of each article

and of the whole segment: `signature`, `BINS` bytes for each article (see `index/signature.py`).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAGIC: Final = b"BYLINE\x1a\n"
VERSION: Final = 2
BLOCK: Final = 1 << 16
ALIGNMENT: Final = 8
HEADER: Final = struct.Struct("<8sII")
#: Offset of the sums, of the directory, its size, size of the file; CRC-32 of sums and directory, of the rest
TRAILER: Final = struct.Struct("<QQQQII")
EXTENSION: Final = ".byl"
#: The file of a segment's term vectors, see `vectors`.
VECTORS: Final = ".vec"

SAMPLE: Final = 128
RANGE: Final = 1 << 16
#: A term in at least one article of this many is a bitmap, if the segment is not tiny.
DENSE: Final = 8
SMALLEST_DENSE: Final = 1024

BITS, NARROW, WIDE = 0, 1, 2

FAR: Final = 255
FARTHER: Final = 65535


def docs_kind(df: NDArray[np.int64], doc_count: int) -> NDArray[np.int8]:
    """Return how the article numbers of terms with these article counts are kept: BITS, NARROW or WIDE."""
    import numpy as np  # not at the top: names are asked for before numpy is loaded

    kind = np.full(len(df), NARROW, dtype=np.int8)
    if doc_count > RANGE:  # the bounds of the ranges cost 4 bytes each, a wide number 2 more than a narrow
        kind[df <= 2 * (range_count(doc_count) - 1)] = WIDE
    if doc_count >= SMALLEST_DENSE:
        kind[df * DENSE >= doc_count] = BITS
    return kind


def range_count(doc_count: int) -> int:
    """Return the number of ranges of 65,536 articles."""
    return (doc_count + RANGE - 1) // RANGE
