"""One writer at a time: a lock that the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import errno
import json
import os
import platform
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from index.errors import LibraryLocked

LOCK_FILE = "writer.lock"
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, 1 << 30, os.SEEK_SET)  # beyond the text, which others must be able to read
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """The right to write to the library in `folder`, held from `with` to its end.

    The lock file names its holder and stays behind when the lock is free: removing it would let two
    writers lock two files of one name. Entering raises `LibraryLocked` if another process, or another
    part of this one, holds the lock.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_FILE
        self._handle = -1

    def __enter__(self) -> Self:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _take(handle)
            _write(handle, json.dumps(_holder()))
        except OSError as error:
            os.close(handle)
            if error.errno in _BUSY:
                raise LibraryLocked(_held(self._path), "wait until it is done, or stop it") from None
            raise
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _write(self._handle, "")
        os.close(self._handle)
        self._handle = -1


def _holder() -> dict[str, str | int]:
    now = datetime.now().astimezone()
    return {"pid": os.getpid(), "host": platform.node(), "start": now.isoformat(timespec="seconds")}


def _write(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, text.encode())


def _held(path: Path) -> str:
    """Say who holds the lock file at `path`, as far as it tells."""
    try:
        holder = json.loads(path.read_text("utf-8", "replace"))
        who = f"process {holder['pid']} on {holder['host']} since {holder['start']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another process"
    return f"{path.parent} is being written by {who}"
