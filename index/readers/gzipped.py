"""Bounded decompression of .gz files: a small file must not fill the memory."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

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
    limit = min(LARGEST_BYTES, max(FREE_BYTES, LARGEST_RATIO * len(content)))
    chunks: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise ReadProblem(path, f"unpacks to more than {limit >> 20} MiB")
                chunks.append(chunk)
    except EOFError:
        raise ReadProblem(path, "gzip data is cut short") from None
    except (gzip.BadGzipFile, zlib.error):
        raise ReadProblem(path, "no gzip data, or damaged") from None
    return b"".join(chunks)
