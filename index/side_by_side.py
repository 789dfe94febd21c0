"""Jobs done by worker processes side by side: many files in batches, a large file of lines in ranges.

Files of which nothing is known are asked for while the walk still goes on. What they gave comes back as the
catalog is to hold it, so that little is done here for each of a million files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from index.file_rows import PackedRow, Place, packed_row
from index.ingest import Ingested, Job
from index.large_file import LargeFile, may_be_large
from index.pool import WorkerPool
from index.roots import Root
from index.tasks import packed_job, unpacked_outcome

#: A batch of jobs has so many bytes, or so many files.
_BATCH = 1 << 20
_MOST_FILES = 256


class Fresh(NamedTuple):
    """What files of the root `root` gave of which nothing was known: their rows, their bytes, and those of
    the text in them."""

    root: int
    rows: list[PackedRow]
    size: int
    text_size: int


def fresh_one(place: Place, outcome: Ingested) -> Fresh:
    """Return what one file gave that was read as a new one."""
    number, relpath = place
    row = packed_row(relpath, outcome.row, outcome.entries)
    return Fresh(number, [row], outcome.size, outcome.text_size)


#: What was done: one job, named by its place, or a batch of files.
Done = tuple[Place, Ingested] | Fresh
_Handle = Callable[[int, tuple[Any, ...]], Iterable[Done]]


class SideBySide:
    """Has jobs done by the workers of a pool. `step` is called while a large file is read, with the bytes of
    it that are done."""

    def __init__(self, pool: WorkerPool, step: Callable[[int], None]) -> None:
        self.pool = pool
        self._step = step
        self._large: list[tuple[Place, Job, int]] = []

    def offer(self, root: Root, files: Sequence[tuple[str, int]]) -> None:
        """Have files read of which nothing is known: some relative paths with their sizes, as many as one
        process reads at once. Waits for nobody. Raises `BuildFailed`."""
        batch = []
        for relpath, size in files:
            if may_be_large(relpath, size):
                job = Job(root.label, root.place(relpath), relpath)
                self._large.append(((root.number, relpath), job, size))
            else:
                batch.append(relpath)
        if batch:
            message = ("fresh", root.label, str(root.path), batch)
            self.pool.ask(message, _fresh(root.number), light=True)

    def done(self, jobs: Iterable[tuple[Place, Job, int]]) -> Iterator[Done]:
        """Yield what was done of all that was offered, and of `jobs`, each with the size of its file, as it
        is done. Raises `BuildFailed`."""
        offered = {place for place, _, _ in self._large}
        with tempfile.TemporaryDirectory() as scratch:
            for done in self._answered(jobs, Path(scratch)):
                if isinstance(done, Fresh) or done[0] not in offered:
                    yield done
                else:
                    yield fresh_one(*done)

    def _answered(self, jobs: Iterable[tuple[Place, Job, int]], scratch: Path) -> Iterator[Done]:
        for message, handle in self._tasks(jobs, scratch):
            if message is None:
                yield from handle(-1, ())
                continue
            self.pool.ask(message, handle)
            yield from self._handled(wait=False)
        yield from self._handled(wait=True)

    def _handled(self, *, wait: bool) -> Iterator[Done]:
        for handle, worker, answer in self.pool.answers(wait=wait):
            yield from handle(worker, answer)

    def _tasks(
        self, jobs: Iterable[tuple[Place, Job, int]], scratch: Path
    ) -> Iterator[tuple[tuple[Any, ...] | None, _Handle]]:
        """Yield messages, and what to do with the answers; None where there is nothing to ask."""
        names: list[Place] = []
        batch: list[tuple[Any, ...]] = []
        size = 0
        for name, job, length in chain(self._large, jobs):
            large = LargeFile.opened(self.pool, job, length, self._step)
            if large is not None:
                yield from large.tasks(name, scratch)
                continue
            names.append(name)
            batch.append(packed_job(job))
            size += length
            if size >= _BATCH or len(batch) >= _MOST_FILES:
                yield ("files", batch), _named(names)
                names, batch, size = [], [], 0
        if batch:
            yield ("files", batch), _named(names)


def _fresh(root: int) -> _Handle:
    """Return what to do with the answer to a batch of files of which nothing was known."""
    return lambda worker, answer: [Fresh(root, *answer)]


def _named(names: list[Place]) -> _Handle:
    """Return what to do with the answer to a batch of jobs."""
    return lambda worker, answer: list(zip(names, map(unpacked_outcome, answer), strict=True))
