"""One file of a run: read it, tell whether it is the same as before, and make articles of what it holds.

`ingest` depends on its job alone and touches neither catalog nor index, so that jobs may be done in any
process: workers do them for a run of some size, the process of the run itself for a few.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.file_rows import FileRow
from index.names import article_id
from index.readers import Skip, unpacked
from index.record import Row, digest_of, seconds
from index.walk import why

#: Time that is looked at again in the next run, whatever it says then.
UNSETTLED = -1
_TRIES = 3
# Without O_NONBLOCK a pipe that took a file's place would be waited for without end.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FILE = str(DateOrigin.FILE)
_EPOCH = datetime(1970, 1, 1)
#: Reasons kept for one file; the rest is only counted.
_MOST_SKIPS = 1000


_NONE: Mapping[str, str] = {}


class Job(NamedTuple):
    """A file to read. `digest` is what its content was hashed to before; empty to read it in any case.

    `known` maps the keys of the articles that are indexed already to their hashes. Without a `relpath` the
    file holds what came through standard input.
    """

    label: str
    path: str
    relpath: str
    digest: bytes = b""
    file_dated: bool = False
    mtime_ns: int = UNSETTLED
    known: Mapping[str, str] = _NONE


class Ingested(NamedTuple):
    """What a job gave.

    `same` says that content and dates are those of before; then there are no articles. Else `entries`
    maps the key of each article to its hash, in the order of the file. `mtime_ns` is `UNSETTLED` if the
    file changed all the time, or is `unreadable`: there, and not to be opened. `text_size` is the size of
    the content, unpacked.
    """

    size: int
    mtime_ns: int
    looked_ns: int
    digest: bytes = b""
    same: bool = False
    entries: Mapping[str, str] = _NONE
    skips: tuple[tuple[int, str], ...] = ()
    unreadable: bool = False
    file_dated: bool = False
    text_size: int = 0

    @property
    def row(self) -> FileRow:
        """What is remembered of the file."""
        size, mtime, looked, digest, _, entries, skips, _, dated, _ = self
        return FileRow(size, mtime, looked, digest, dated, len(entries), skips)


def ingest(job: Job, add: Callable[[Row], None]) -> Ingested:
    """Do one job, and `add` its articles that are not indexed as they are.

    What is wrong with the file ends up in `skips`, never in an exception.
    """
    looked = time.time_ns()
    try:
        content, mtime, settled = _content(job.path)
    except OSError as error:
        reason = f"cannot be read: {why(error)}"
        return Ingested(0, UNSETTLED, looked, skips=((0, reason),), unreadable=True)
    size, remembered = len(content), mtime if settled else UNSETTLED
    digest = hashlib.blake2b(content, digest_size=16).digest()
    if digest == job.digest and (mtime == job.mtime_ns or not job.file_dated):
        return Ingested(size, remembered, looked, digest, same=True, text_size=size)
    try:
        read, text = unpacked(content, job.path)
        drafts, skips = last_of_each(read(text, job.path))
    except ReadProblem as problem:
        return Ingested(size, remembered, looked, digest, skips=((0, problem.reason),), text_size=size)
    entries, dated, time_of_file = {}, False, FileTime.of(mtime)
    for draft in drafts:
        row = row_of_draft(job, draft, time_of_file)
        entries[draft.key] = mark = digest_of(row)
        dated = dated or (row[1] is not None and not row[2])
        if job.known.get(draft.key) != mark:
            add(row)
    # By position: made so, a value takes a third of the time.
    return Ingested(
        size, remembered, looked, digest, False, entries, kept_skips(skips), False, dated, len(text)
    )


def _content(path: str) -> tuple[bytes, int, bool]:
    """Return a file's bytes and time, and whether it stood still while it was read."""
    handle = os.open(path, _FLAGS)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, "not a regular file")
        for _ in range(_TRIES):
            content = _all(handle, before.st_size)
            after = os.fstat(handle)
            mtime = after.st_mtime_ns
            if mtime == before.st_mtime_ns and len(content) == after.st_size == before.st_size:
                return content, mtime, True
            before = after
            os.lseek(handle, 0, os.SEEK_SET)
    finally:
        os.close(handle)
    return content, mtime, False


def _all(handle: int, size: int) -> bytes:
    """Return all bytes of an open file that had `size` of them just now."""
    piece = os.read(handle, size + 1)
    if len(piece) == size:
        return piece  # less than was asked for: the end
    pieces = [piece]
    while piece := os.read(handle, size + 1):
        pieces.append(piece)
        size = max(size - len(piece), 1 << 16)
    return b"".join(pieces)


def last_of_each(found: Iterable[Draft | Skip]) -> tuple[list[Draft], list[tuple[int, str]]]:
    """Return what was found, of equal keys the last, and what was skipped as (line, reason)."""
    last: dict[str, Draft] = {}
    skips: list[tuple[int, str]] = []
    for one in found:
        if isinstance(one, Skip):
            skips.append((one.line, one.reason))
            continue
        earlier = last.pop(one.key, None)
        if earlier is not None:
            skips.append((earlier.line, f"key used again in line {one.line}: {one.key[:100]}"))
        last[one.key] = one
    return list(last.values()), skips


def kept_skips(skips: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """Return the skips that are remembered of a file: the first, and how many more there are."""
    if len(skips) > _MOST_SKIPS:
        skips = [*skips[:_MOST_SKIPS], (0, f"{len(skips) - _MOST_SKIPS} more lines")]
    return tuple(skips)


class FileTime(NamedTuple):
    """The time of a file as the date of an article: ISO 8601 without a zone, and seconds since 1970 (UTC).

    The text is empty for a time that no calendar has.
    """

    iso: str
    seconds: int

    @classmethod
    def of(cls, mtime_ns: int) -> FileTime:
        """Return a file's time, which is counted in nanoseconds, in whole seconds."""
        return _file_time(mtime_ns // 1_000_000_000)


@lru_cache(maxsize=1024)
def _file_time(moment: int) -> FileTime:
    """Return whole seconds as the time of a file; many files of a folder were written in the same second."""
    try:
        return FileTime((_EPOCH + timedelta(0, moment)).isoformat(), moment)
    except OverflowError:
        return FileTime("", 0)


def row_of_draft(job: Job, draft: Draft, time: FileTime) -> Row:
    """Return the article of a draft as `index.record.row_of` does, dated by its file's time if nothing else
    tells its date. A job without a relative path is no file of the user's: it gives neither path nor time."""
    date, origin = draft.date, str(draft.date_origin)
    moment: int | None
    if date is not None:
        iso, moment = date.isoformat(), seconds(date)
    elif time.iso and job.relpath:
        iso, moment, origin = time.iso, time.seconds, _FILE
    else:
        iso, moment = "", None
    stored = (
        article_id(job.label, job.relpath, draft.key),
        draft.title,
        draft.text,
        job.path if job.relpath else "",
        int(draft.title_derived),
        iso,
        origin,
        draft.source,
        draft.author,
        draft.url,
        draft.key,
        draft.extras,
    )
    return stored, moment, moment is not None and origin != _FILE
