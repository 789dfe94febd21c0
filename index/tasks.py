"""What a worker process is asked to do with files: read, parse, analyse and index them, and tell of it.

Messages and answers are plain values that `marshal` takes.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.file_rows import packed_row
from index.ingest import FileTime, Ingested, Job, ingest, row_of_draft
from index.readers import Skip
from index.record import Row, digest_of
from index.roots import Root

if TYPE_CHECKING:
    from index.segments import Segments


def packed_job(job: Job) -> tuple[Any, ...]:
    """Return a job as plain values: few for a file that is new."""
    if not (job.digest or job.known):
        return job.label, job.path, job.relpath
    known = dict(job.known)
    return job.label, job.path, job.relpath, job.digest, job.file_dated, job.mtime_ns, known


def unpacked_outcome(values: tuple[Any, ...]) -> Ingested:
    """Return what one job gave, from the answer to a message of files."""
    return Ingested._make(values)


def do(segments: Segments, message: tuple[Any, ...]) -> tuple[Any, ...]:
    """Do what a message asks for: ("files", jobs), ("fresh", label, folder, relative paths), ("lines", job,
    offset, size, line, known) or ("text", job, content, line, known)."""
    return _DONE_BY[message[0]](segments, *message[1:])


def _files(segments: Segments, jobs: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return what each job gave."""
    rows: list[Row] = []
    outcomes = tuple([tuple(ingest(Job(*values), rows.append)) for values in jobs])
    segments.add(rows)
    return outcomes


def _fresh(segments: Segments, label: str, folder: str, relpaths: list[str]) -> tuple[Any, ...]:
    """Return what the catalog is to hold of files of a root of which nothing is known, how many bytes they
    have, and how many of text."""
    rows: list[Row] = []
    size = text_size = 0
    found = []
    place = Root(label, Path(folder), 0).place
    for relpath in relpaths:
        outcome = ingest(Job(label, place(relpath), relpath), rows.append)
        found.append(packed_row(relpath, outcome.row, outcome.entries))
        size += outcome.size
        text_size += outcome.text_size
    segments.add(rows)
    return found, size, text_size


def _lines(
    segments: Segments, values: tuple[Any, ...], offset: int, size: int, line: int, known_in: str
) -> tuple[Any, ...]:
    """Return what `_text` does for a range of a file; ("gone",) if it cannot be read."""
    try:
        with Path(values[1]).open("rb") as stream:
            stream.seek(offset)
            content = stream.read(size)
    except OSError:
        content = b""
    if len(content) != size:
        return ("gone",)
    return _text(segments, values, content, line, known_in)


def _text(
    segments: Segments, values: tuple[Any, ...], content: bytes, line: int, known_in: str
) -> tuple[Any, ...]:
    """Return, marshalled, (line, reason) or (line, key, hash, whether it has the file's date, its number here
    or -1) for each line of a text that is not blank. The job's time is that of the file now."""
    from index.readers import jsonl

    job = Job(*values)
    known = _known(known_in) if known_in else {}
    found: list[tuple[Any, ...]] = []
    rows: list[Row] = []
    time = FileTime.of(job.mtime_ns)
    for draft in jsonl.records(content, line):
        if isinstance(draft, Skip):
            found.append((draft.line, draft.reason))
            continue
        row = row_of_draft(job, draft, time)
        digest, number = digest_of(row), -1
        if known.get(draft.key) != digest:
            number = segments.count + len(rows)
            rows.append(row)
        found.append((draft.line, draft.key, digest, row[1] is not None and not row[2], number))
    segments.add(rows)
    return (marshal.dumps(found),)


_DONE_BY: dict[str, Callable[..., tuple[Any, ...]]] = {
    "files": _files,
    "fresh": _fresh,
    "lines": _lines,
    "text": _text,
}


@lru_cache(maxsize=1)
def _known(path: str) -> dict[str, str]:
    known: dict[str, str] = marshal.loads(Path(path).read_bytes())
    return known
