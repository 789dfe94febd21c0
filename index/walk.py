"""What lies below a folder: every file, with its size and time, or the reason why it is left out.

Links are followed, but where one leads to a place that is walked anyway it is left out, and where it leads
back to a folder that the walk came through it ends there.
"""

# A walk over a million files makes no Path objects.
# ruff: noqa: PTH116, PTH118, PTH206

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

#: Folders reached through more links than this, each inside the last one's target, are left out.
_DEEPEST_LINKS = 3
_LONGEST_SUFFIX = 12


class Found(NamedTuple):
    """One entry below a root: `relpath` with "/" between its parts, `size` in bytes, `mtime_ns`.

    `reason` is empty for a file to be read and says else why it is left out. `blind` marks what could not
    be looked at: nothing is known about it or about what lies below it.
    """

    relpath: str
    size: int = 0
    mtime_ns: int = 0
    reason: str = ""
    blind: bool = False


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the way: `real` is its path without links, `through` those of the folders whose links
    led here, the root's first."""

    path: str
    relpath: str
    real: str
    through: tuple[str, ...]


def walk(
    root: Path, part: str, readable: Callable[[str], bool], leave_out: Path | None = None
) -> Iterator[Found]:
    """Yield what lies below `part` ("" or a relative path) of `root`, in the order of the names.

    `part` may be a file. `readable` tells a file that a reader knows; the folder `leave_out` is passed
    over. Raises `OSError` if `part` is not there or cannot be listed; later trouble is yielded.
    """
    start = os.path.join(root, part) if part else os.fspath(root)
    status = os.stat(start)
    if not stat.S_ISDIR(status.st_mode):
        yield _file(part, status, readable)
        return
    base = os.path.realpath(root)
    yield from _Walk(base, readable, leave_out).folder(_on_the_way(root, base, part))


def _on_the_way(root: Path, base: str, part: str) -> _Folder:
    """Return the folder `part` as a walk from `root` would reach it."""
    folder = _Folder(os.fspath(root), "", base, (base,))
    for name in part.split("/") if part else ():
        path = os.path.join(folder.path, name)
        real = os.path.realpath(path)
        linked = real != os.path.join(folder.real, name)
        through = (*folder.through, folder.real) if linked else folder.through
        folder = _Folder(path, f"{folder.relpath}/{name}".lstrip("/"), real, through)
    return folder


class _Walk:
    def __init__(self, base: str, readable: Callable[[str], bool], leave_out: Path | None) -> None:
        self._base = base
        self._readable = readable
        self._leave_out = os.path.realpath(leave_out) if leave_out else ""

    def folder(self, start: _Folder) -> Iterator[Found]:
        """Yield what lies below `start`; raises `OSError` if it cannot be listed itself."""
        waiting = [iter(self._entries(start))]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
            elif isinstance(step, Found):
                yield step
            elif step.real != self._leave_out:
                try:
                    waiting.append(iter(self._entries(step)))
                except OSError as error:
                    yield Found(step.relpath, reason=f"folder cannot be opened: {why(error)}", blind=True)

    def _entries(self, folder: _Folder) -> list[Found | _Folder]:
        with os.scandir(folder.path) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        return [self._entry(folder, entry) for entry in entries]

    def _entry(self, folder: _Folder, entry: os.DirEntry[str]) -> Found | _Folder:
        relpath = f"{folder.relpath}/{entry.name}" if folder.relpath else entry.name
        if entry.name[0] == ".":
            return Found(relpath, reason="hidden")
        try:
            linked = entry.is_symlink()
            status = entry.stat()
        except OSError as error:
            blind = not isinstance(error, FileNotFoundError)
            return Found(relpath, reason=f"cannot be looked at: {why(error)}", blind=blind)
        if not stat.S_ISDIR(status.st_mode):
            if linked and self._walked_anyway(entry.path, file=True):
                return Found(relpath, reason="link to a file of this root")
            return _file(relpath, status, self._readable)
        if not linked:
            return _Folder(entry.path, relpath, os.path.join(folder.real, entry.name), folder.through)
        return self._linked(folder, entry.path, relpath)

    def _linked(self, folder: _Folder, path: str, relpath: str) -> Found | _Folder:
        real = os.path.realpath(path)
        through = (*folder.through, folder.real)
        if any(_holds(real, passed) for passed in through):
            return Found(relpath, reason="link back to a folder above it")
        if self._walked_anyway(path, file=False):
            return Found(relpath, reason="link to a folder of this root")
        if len(through) - 1 > _DEEPEST_LINKS:
            return Found(relpath, reason="links nested too deeply")
        return _Folder(path, relpath, real, through)

    def _walked_anyway(self, path: str, *, file: bool) -> bool:
        """Tell whether a link's target is met by this walk in its own place."""
        real = os.path.realpath(path)
        if not _holds(self._base, real):
            return False
        below = os.path.relpath(real, self._base)
        hidden = any(name.startswith(".") for name in below.split(os.sep))
        return not hidden and (not file or self._readable(real))


def _holds(folder: str, path: str) -> bool:
    """Tell whether `path` is `folder` or lies below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _file(relpath: str, status: os.stat_result, readable: Callable[[str], bool]) -> Found:
    size, reason = status.st_size, ""
    if not stat.S_ISREG(status.st_mode):
        reason = "not a regular file"
    elif not readable(relpath):
        suffix = Path(relpath).suffix[:_LONGEST_SUFFIX]
        reason = f"unknown format {suffix}" if suffix else "unknown format (no suffix)"
    elif not size:
        reason = "empty"
    return Found(relpath, size, status.st_mtime_ns, reason)


def why(error: OSError) -> str:
    """Return what an `OSError` says went wrong, without its path."""
    return error.strerror or type(error).__name__
