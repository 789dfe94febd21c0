"""The file that holds a segment's arrays: written once, in order; read by mapping it.

`ArrayFileWriter` and `ArrayFile` know names, dtypes and checksums; what the arrays mean is the business
of the modules beside this one.
"""

from __future__ import annotations

import io
import json
import mmap
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from index.codec.format import ALIGNMENT, BLOCK, HEADER, MAGIC, TRAILER, VERSION
from index.errors import LibraryDamaged, LibraryMismatch

Array = NDArray[Any]


class ArrayFileWriter:
    """Writes arrays into a new file; without `close` the file has no trailer and cannot be opened.

    With `content` all goes there, and `path` only names it. As a context it removes what it wrote if an error
    ends it.
    """

    def __init__(self, path: Path, content: io.BytesIO | None = None) -> None:
        self._path = None if content is not None else path
        self._file: IO[bytes] = path.open("xb") if content is None else content
        self._size = 0
        self._sums: list[int] = []
        self._sum = 0
        self._filled = 0
        self._entries: dict[str, tuple[str, int, int]] = {}
        self._write(HEADER.pack(MAGIC, VERSION, 0))

    def __enter__(self) -> ArrayFileWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.abandon()

    def add(self, name: str, array: Array) -> None:
        """Write one whole array."""
        self.add_chunks(name, array.dtype, (array,))

    def add_chunks(self, name: str, dtype: np.dtype[Any], chunks: Iterable[Array | bytes]) -> None:
        """Write one array that comes in pieces, each a contiguous array of `dtype` or its bytes."""
        if name in self._entries:
            raise ValueError(f"array {name!r} is there already")
        self._write(bytes(-self._size % ALIGNMENT))
        start = self._size
        for chunk in chunks:
            if len(chunk):
                self._write(chunk if isinstance(chunk, bytes) else np.ascontiguousarray(chunk).data.cast("B"))
        dtype = np.dtype(dtype).newbyteorder("<")
        self._entries[name] = (dtype.str, start, (self._size - start) // dtype.itemsize)

    def close(self, facts: dict[str, Any], *, sync: bool = True) -> int:
        """Write sums, directory (with `facts`, plain JSON values) and trailer; return the file's size."""
        if self._filled:
            self._sums.append(self._sum)
        sums = np.array(self._sums, dtype="<u4").tobytes()
        directory = json.dumps({"arrays": self._entries, "facts": facts}, separators=(",", ":")).encode()
        at = self._size
        total = at + len(sums) + len(directory) + TRAILER.size + len(MAGIC)
        head = (at, at + len(sums), len(directory), total, zlib.crc32(directory, zlib.crc32(sums)))
        trailer = TRAILER.pack(*head, zlib.crc32(repr(head).encode()))
        self._file.write(sums + directory + trailer + MAGIC)
        if self._path is not None:
            self._file.flush()
            if sync:
                os.fsync(self._file.fileno())
            self._file.close()
        return total

    def abandon(self) -> None:
        """Close and remove the unfinished file."""
        self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _write(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        self._file.write(view)
        self._size += len(view)
        while len(view):
            part = view[: BLOCK - self._filled]
            self._sum = zlib.crc32(part, self._sum)
            self._filled += len(part)
            if self._filled == BLOCK:
                self._sums.append(self._sum)
                self._sum = self._filled = 0
            view = view[len(part) :]


class ArrayFile:
    """A segment's file, mapped read-only, or its content. Arrays are views of it and keep it alive.

    Raises `LibraryDamaged` for a file that is cut short or whose directory is not what was written, and
    `LibraryMismatch` for another format version. Blocks are only checked by `damaged_blocks`.
    """

    def __init__(self, path: Path, content: bytes | mmap.mmap | None = None) -> None:
        self.path = path
        self._map = mapped(path) if content is None else content
        self._read_directory(len(self._map))

    def _read_directory(self, size: int) -> None:
        if size < HEADER.size + TRAILER.size + len(MAGIC):
            raise LibraryDamaged(self.path, "the file is cut short")
        magic, version, _ = HEADER.unpack_from(self._map, 0)
        if magic != MAGIC:
            raise LibraryDamaged(self.path, "not a segment of a byline library")
        if version != VERSION:
            raise LibraryMismatch(
                f"{self.path} has format version {version}, this program knows {VERSION}",
                "run byline index --rebuild",
            )
        if self._map[size - len(MAGIC) :] != MAGIC:
            raise LibraryDamaged(self.path, "the file is cut short or its end is damaged")
        *head, checksum, head_sum = TRAILER.unpack_from(self._map, size - len(MAGIC) - TRAILER.size)
        if zlib.crc32(repr((*head, checksum)).encode()) != head_sum or head[3] != size:
            raise LibraryDamaged(self.path, "the file is cut short or its end is damaged")
        self._sums_at, directory_at, directory_size, _ = head
        if zlib.crc32(self._map[self._sums_at : directory_at + directory_size]) != checksum:
            raise LibraryDamaged(self.path, "its directory is damaged")
        directory = json.loads(self._map[directory_at : directory_at + directory_size])
        self._directory_at = directory_at
        self._entries: dict[str, tuple[str, int, int]] = directory["arrays"]
        self.facts: dict[str, Any] = directory["facts"]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> Iterator[str]:
        """Yield the names of the arrays, in the order of the file."""
        yield from self._entries

    def array(self, name: str) -> Array:
        """Return an array; an empty one of uint8 if the file has none of this name."""
        entry = self._entries.get(name)
        if entry is None:
            return np.zeros(0, dtype=np.uint8)
        dtype, start, count = entry
        return np.frombuffer(self._map, dtype=dtype, count=count, offset=start)

    def damaged_blocks(self) -> list[int]:
        """Return the numbers of the blocks of 64 KiB whose bytes are not those that were written."""
        sums = np.frombuffer(self._map[self._sums_at : self._directory_at], dtype="<u4").tolist()
        with memoryview(self._map) as view:
            return [
                number
                for number, sum_ in enumerate(sums)
                if zlib.crc32(view[number * BLOCK : min((number + 1) * BLOCK, self._sums_at)]) != sum_
            ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to do: the map is released with the last array that looks into it."""


def mapped(path: Path) -> mmap.mmap | bytes:
    """Return a file, mapped; an empty one, which cannot be, as no bytes."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
