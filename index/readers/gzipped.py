"""Bounded decompression of .gz files: a small file must not fill the memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol, cast

from index.errors import ReadProblem

#: Files may always unpack to this many bytes ...
FREE_BYTES = 64 << 20
#: ... and to this many times their packed size (text packs 3 to 10 times, logs up to 50) ...
LARGEST_RATIO = 200
#: ... but never to more than this.
LARGEST_BYTES = 2 << 30
_CHUNK = 1 << 17


def gunzip(content: bytes, path: str | Path) -> bytes:
    """Return all members of the gzip file `content`, unpacked.

    Raises ReadProblem if it is no gzip data, is cut short or damaged, or unpacks to absurdly much.
    """
    return b"".join(unpacked_pieces(io.BytesIO(content), len(content), path))


class Readable(Protocol):
    """Anything with bytes to read."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end."""


def unpacked_pieces(packed: Readable, size: int, path: str | Path) -> Iterator[bytes]:
    """Yield all members of an open gzip file of `size` bytes, unpacked, piece by piece, to its end.

    Raises ReadProblem as `gunzip` does, when it comes to what is wrong.
    """
    limit = min(LARGEST_BYTES, max(FREE_BYTES, LARGEST_RATIO * size))
    done = 0
    try:
        with gzip.GzipFile(fileobj=cast(IO[bytes], packed)) as plain:
            while piece := plain.read(_CHUNK):
                done += len(piece)
                if done > limit:
                    raise ReadProblem(path, f"unpacks to more than {limit >> 20} MiB")
                yield piece
    except EOFError:
        raise ReadProblem(path, "gzip data is cut short") from None
    except (gzip.BadGzipFile, zlib.error):
        raise ReadProblem(path, "no gzip data, or damaged") from None
