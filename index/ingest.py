"""One file of a run: read it, tell whether it is the same as before, and make articles of what it holds.

`ingest` depends on its job alone and touches neither catalog nor index, so that jobs may be done in any
process.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.article import Article, DateOrigin, Draft
from index.errors import ReadProblem
from index.names import article_id
from index.readers import Skip, read_bytes
from index.walk import why

#: Time that is looked at again in the next run, whatever it says then.
UNSETTLED = -1
_TRIES = 3
#: Reasons kept for one file; the rest is only counted.
_MOST_SKIPS = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. `digest` is what its content was hashed to before; empty to read it in any case."""

    label: str
    path: Path
    relpath: str
    digest: bytes = b""
    file_dated: bool = False
    mtime_ns: int = UNSETTLED


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a job gave.

    `same` says that content and dates are those of before; then there are no articles. Else `articles`
    holds each article with its hash, one a key, in the order of the file. `mtime_ns` is `UNSETTLED` if
    the file changed all the time, or is `unreadable`: there, and not to be opened.
    """

    size: int
    mtime_ns: int
    looked_ns: int
    digest: bytes = b""
    same: bool = False
    articles: tuple[tuple[Article, str], ...] = ()
    skips: tuple[tuple[int, str], ...] = ()
    unreadable: bool = False

    @property
    def file_dated(self) -> bool:
        """True if an article has its date from the file's time."""
        return any(article.date_origin is DateOrigin.FILE for article, _ in self.articles)


def ingest(job: Job) -> Ingested:
    """Do one job; what is wrong with the file ends up in `skips`, never in an exception."""
    looked = time.time_ns()
    try:
        content, mtime, settled = _content(job.path)
    except OSError as error:
        reason = f"cannot be read: {why(error)}"
        return Ingested(0, UNSETTLED, looked, skips=((0, reason),), unreadable=True)
    size, remembered = len(content), mtime if settled else UNSETTLED
    digest = hashlib.blake2b(content, digest_size=16).digest()
    if digest == job.digest and (mtime == job.mtime_ns or not job.file_dated):
        return Ingested(size, remembered, looked, digest, same=True)
    try:
        articles, skips = _articles(job, read_bytes(content, job.path), mtime)
    except ReadProblem as problem:
        return Ingested(size, remembered, looked, digest, skips=((0, problem.reason),))
    return Ingested(size, remembered, looked, digest, articles=articles, skips=skips)


def _content(path: Path) -> tuple[bytes, int, bool]:
    """Return a file's bytes and time, and whether it stood still while it was read."""
    # Without O_NONBLOCK a pipe that took the file's place would be waited for without end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        before = os.fstat(stream.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise OSError(0, "not a regular file")
        for _ in range(_TRIES):
            content = stream.read()
            after = os.fstat(stream.fileno())
            settled = (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
            if settled and len(content) == after.st_size:
                return content, after.st_mtime_ns, True
            before = after
            stream.seek(0)
    return content, after.st_mtime_ns, False


def _articles(
    job: Job, drafts: Iterable[Draft | Skip], mtime: int
) -> tuple[tuple[tuple[Article, str], ...], tuple[tuple[int, str], ...]]:
    """Return the articles with their hashes, and what was skipped; of equal keys the last wins."""
    found: dict[str, Draft] = {}
    skips: list[tuple[int, str]] = []
    for draft in drafts:
        if isinstance(draft, Skip):
            skips.append((draft.line, draft.reason))
            continue
        earlier = found.pop(draft.key, None)
        if earlier is not None:
            skips.append((earlier.line, f"key used again in line {draft.line}: {draft.key[:100]}"))
        found[draft.key] = draft
    file_date = _file_date(mtime)
    articles = (_article(job, draft, file_date) for draft in found.values())
    if len(skips) > _MOST_SKIPS:
        skips[_MOST_SKIPS:] = [(0, f"{len(skips) - _MOST_SKIPS} more lines")]
    return tuple((article, _digest(article)) for article in articles), tuple(skips)


def _article(job: Job, draft: Draft, file_date: datetime | None) -> Article:
    date, origin = draft.date, draft.date_origin
    if date is None and file_date is not None:
        date, origin = file_date, DateOrigin.FILE
    return Article(
        id=article_id(job.label, job.relpath, draft.key),
        title=draft.title,
        text=draft.text,
        path=str(job.path),
        title_derived=draft.title_derived,
        date=date,
        date_origin=origin,
        source=draft.source,
        author=draft.author,
        url=draft.url,
        key=draft.key,
        extras=draft.extras,
    )


def _file_date(mtime: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(mtime // 1_000_000_000, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None  # a time that no calendar has


def _digest(article: Article) -> str:
    """Return a hash of all that an article says, its id and path apart."""
    values = [
        article.title,
        article.text,
        str(article.title_derived),
        str(article.date),
        article.date_origin,
        article.source,
        article.author,
        article.url,
        *(text for item in sorted(article.extras.items()) for text in item),
    ]
    state = hashlib.blake2b(digest_size=8)
    for value in values:
        encoded = value.encode("utf-8", "surrogatepass")
        state.update(b"%d:" % len(encoded))
        state.update(encoded)
    return state.hexdigest()
