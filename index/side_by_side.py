"""Jobs done by worker processes side by side: many files in batches, a large file of lines in ranges.

Of a file that is cut into ranges no worker knows all keys, so each adds what it finds, and an article whose
key comes again further down is taken back here, by its number among the articles of its worker.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias, TypeVar

from index.ingest import UNSETTLED, Ingested, Job, kept_skips, last_of_each
from index.pool import WorkerPool
from index.readers import Skip, is_lines
from index.tasks import packed_job, unpacked_outcome

#: A batch of files has so many bytes, or so many files.
_BATCH = 1 << 20
_MOST_FILES = 256
#: A file of lines this large is cut into ranges of about this size.
_LARGE = 16 << 20
_RANGE = 2 << 20

P = TypeVar("P")
#: A message to a worker (None: there is nothing to ask) and what to do with the answer.
Task: TypeAlias = "tuple[tuple[Any, ...] | None, Callable[[int, tuple[Any, ...]], list[tuple[P, Ingested]]]]"


def ingest_side_by_side(
    pool: WorkerPool, jobs: Iterable[tuple[P, Job, int]], step: Callable[[int], None]
) -> Iterator[tuple[P, Ingested]]:
    """Do the jobs, each with its name and the size of its file, and yield what each gave, as they are done.

    `step` is called while a large file is read, with the bytes of it that are done. Raises `BuildFailed`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for handle, worker, answer in pool.answers(_tasks(pool, jobs, step, Path(scratch))):
            yield from handle(worker, answer)


def _tasks(
    pool: WorkerPool, jobs: Iterable[tuple[P, Job, int]], step: Callable[[int], None], scratch: Path
) -> Iterator[Task[P]]:
    names: list[P] = []
    batch: list[tuple[Any, ...]] = []
    size = 0
    for name, job, length in jobs:
        large = _LargeFile.opened(pool, job, step) if length >= _LARGE else None
        if large is not None:
            yield from large.tasks(name, scratch)
            continue
        names.append(name)
        batch.append(packed_job(job))
        size += length
        if size >= _BATCH or len(batch) >= _MOST_FILES:
            yield ("files", batch), _batch(names)
            names, batch, size = [], [], 0
    if batch:
        yield ("files", batch), _batch(names)


def _batch(names: list[P]) -> Callable[[int, tuple[Any, ...]], list[tuple[P, Ingested]]]:
    """Return what to do with the answer to a batch of files."""
    return lambda worker, answer: list(zip(names, map(unpacked_outcome, answer), strict=True))


@dataclass(frozen=True, slots=True)
class _Line:
    """An article of a large file; `number` is its place among the articles of its worker, or -1."""

    line: int
    key: str
    digest: str
    dated: bool
    number: int
    worker: int


class _LargeFile:
    """A large file of lines: read once here for its hash and the ends of lines, parsed by the workers."""

    def __init__(self, pool: WorkerPool, job: Job, step: Callable[[int], None], stream: IO[bytes]) -> None:
        self._pool = pool
        self._job = job
        self._step = step
        self._stream = stream
        self._looked = time.time_ns()
        self._before = os.fstat(stream.fileno())
        self._answers: dict[int, tuple[int, tuple[Any, ...]]] = {}
        self._ranges = -1
        self._size = self._done = 0
        self._hash = hashlib.blake2b(digest_size=16)
        self._sound = True

    @classmethod
    def opened(cls, pool: WorkerPool, job: Job, step: Callable[[int], None]) -> _LargeFile | None:
        """Return the file of a job if it is one to be read in ranges."""
        if not is_lines(job.path):
            return None
        try:
            stream = Path(job.path).open("rb", buffering=0)  # noqa: SIM115 - closed by `tasks`
        except OSError:
            return None  # whoever reads it whole finds the words for it
        from index.readers import jsonl

        if jsonl.is_plain(stream.read(8192)):
            return cls(pool, job, step, stream)
        stream.close()
        return None

    def tasks(self, name: P, scratch: Path) -> Iterator[Task[P]]:
        """Yield the ranges of the file as tasks; the last answer gives the result."""
        try:
            if self._is_same():
                same = Ingested(
                    self._size, self._before.st_mtime_ns, self._looked, self._job.digest,
                    same=True, text_size=self._size,
                )  # fmt: skip
                yield None, lambda worker, answer: [(name, same)]
                return
            known = ""
            if self._job.known:
                known = str(scratch / f"{id(self):x}")
                Path(known).write_bytes(marshal.dumps(dict(self._job.known)))
            job = (self._job.label, self._job.path, self._job.relpath, b"", False, self._before.st_mtime_ns)
            for number, (offset, size, line) in enumerate(self._cut()):
                yield ("lines", job, offset, size, line, known), self._receiver(name, number, size)
        finally:
            self._stream.close()

    def _is_same(self) -> bool:
        """Tell whether content and dates are those of before; leaves the stream at its start."""
        self._stream.seek(0)
        job = self._job
        if not job.digest or (job.file_dated and self._before.st_mtime_ns != job.mtime_ns):
            return False
        digest = hashlib.blake2b(digest_size=16)
        while block := self._stream.read(_RANGE):
            digest.update(block)
            self._size += len(block)
        self._stream.seek(0)
        if digest.digest() == job.digest and self._is_settled():
            return True
        self._size = 0
        return False

    def _is_settled(self) -> bool:
        now, before = os.fstat(self._stream.fileno()), self._before
        return (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns) and (
            self._size == now.st_size
        )

    def _cut(self) -> Iterator[tuple[int, int, int]]:
        """Yield offset, size and first line of each range; before the last is given, all is known."""
        waiting: tuple[int, int, int] | None = None
        offset = size = count = lines = 0
        line = 1
        while block := self._block():
            self._hash.update(block)
            self._size += len(block)
            end = block.rfind(b"\n") + 1
            if not end:  # within a long line
                size += len(block)
                continue
            lines = block.count(b"\n")
            if waiting is not None:
                yield waiting
            waiting, count = (offset, size + end, line), count + 1
            offset, size, line = offset + size + end, len(block) - end, line + lines
        if size:
            if waiting is not None:
                yield waiting
            waiting, count = (offset, size, line), count + 1
        self._sound &= self._is_settled()
        self._ranges = count
        if waiting is not None:
            yield waiting

    def _block(self) -> bytes:
        try:
            return self._stream.read(_RANGE)
        except OSError:
            self._sound = False
            return b""

    def _receiver(
        self, name: P, number: int, size: int
    ) -> Callable[[int, tuple[Any, ...]], list[tuple[P, Ingested]]]:
        def receive(worker: int, answer: tuple[Any, ...]) -> list[tuple[P, Ingested]]:
            self._answers[number] = worker, answer
            self._done += size
            self._step(self._done)
            return [(name, self._result())] if len(self._answers) == self._ranges else []

        return receive

    def _result(self) -> Ingested:
        if any(answer == ("gone",) for _, answer in self._answers.values()):
            return self._unreadable()
        found = list(self._found())
        kept, skips = last_of_each(found)
        last = {line.line for line in kept}
        for line in found:
            if isinstance(line, _Line) and line.number >= 0 and line.line not in last:
                self._pool.drop(line.worker, line.number)
        return Ingested(
            self._size,
            self._before.st_mtime_ns if self._sound else UNSETTLED,
            self._looked,
            self._hash.digest() if self._sound else b"",
            entries={line.key: line.digest for line in kept},
            skips=kept_skips(skips) if found else ((0, "empty"),),
            file_dated=any(line.dated for line in kept),
            text_size=self._size,
        )

    def _found(self) -> Iterator[_Line | Skip]:
        for number in range(self._ranges):
            worker, answer = self._answers.pop(number)
            for values in answer:
                if len(values) == 2:
                    yield Skip(*values)
                else:
                    line, key, digest, dated, place = values
                    yield _Line(line, key, digest, dated, place, worker)

    def _unreadable(self) -> Ingested:
        for worker, answer in self._answers.values():
            for values in answer:
                if len(values) == 5 and values[4] >= 0:
                    self._pool.drop(worker, values[4])
        reason = "cannot be read: it was taken away meanwhile"
        return Ingested(0, UNSETTLED, self._looked, skips=((0, reason),), unreadable=True)
