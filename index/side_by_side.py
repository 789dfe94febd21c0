"""Jobs done by worker processes side by side: many files in batches, a large file of lines in ranges."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from index.ingest import Ingested, Job
from index.large_file import LargeFile, Task
from index.pool import WorkerPool
from index.tasks import packed_job, unpacked_outcome

#: A batch of files has so many bytes, or so many files.
_BATCH = 1 << 20
_MOST_FILES = 256

P = TypeVar("P")


def ingest_side_by_side(
    pool: WorkerPool,
    jobs: Iterable[tuple[P, Job, int]],
    step: Callable[[int], None],
    meanwhile: Callable[[], object],
) -> Iterator[tuple[P, Ingested]]:
    """Do the jobs, each with its name and the size of its file, and yield what each gave, as they are done.

    `step` is called while a large file is read, with the bytes of it that are done; `meanwhile` once, when
    all processes have something to do. Raises `BuildFailed`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for handle, worker, answer in pool.answers(_tasks(pool, jobs, step, Path(scratch)), meanwhile):
            yield from handle(worker, answer)


def _tasks(
    pool: WorkerPool, jobs: Iterable[tuple[P, Job, int]], step: Callable[[int], None], scratch: Path
) -> Iterator[Task[P]]:
    names: list[P] = []
    batch: list[tuple[Any, ...]] = []
    size = 0
    for name, job, length in jobs:
        large = LargeFile.opened(pool, job, length, step)
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
