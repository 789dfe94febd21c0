"""What comes into a library: files read and analysed, here while they are few, else by worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.file_rows import Place
from index.ingest import Job, ingest
from index.large_file import unpacked_size
from index.pool import WorkerPool
from index.processes import Process, default_jobs, end_workers, start_workers
from index.record import Row
from index.roots import Root
from index.side_by_side import Done, SideBySide, fresh_one
from index.watch import Watch

if TYPE_CHECKING:
    from index.analysis import Analyzer
    from index.builder import Builder

#: Bytes to read for which worker processes are started.
_MANY = 4 << 20


class Intake:
    """Has the files of a run read, and gives their articles to a builder; `close` ends all that it began."""

    def __init__(
        self,
        folder: Path,
        make_builder: Callable[[], Builder],
        analyzer: Callable[[], Analyzer],
        watch: Watch,
    ) -> None:
        self._folder = folder
        self._make_builder = make_builder
        self._analyzer = analyzer
        self._watch = watch
        self._builder: Builder | None = None
        self._found: list[tuple[Root, list[tuple[str, int]]]] = []
        self._size = 0
        self._side: SideBySide | None = None
        self._workers: list[Process] = []

    @property
    def has_builder(self) -> bool:
        """Whether anything was added to a builder, or deleted from it."""
        return self._builder is not None

    @property
    def has_workers(self) -> bool:
        """Whether worker processes were started."""
        return self._side is not None

    @property
    def builder(self) -> Builder:
        """The builder of the run, made when it is first asked for."""
        if self._builder is None:
            self._builder = self._make_builder()
            if self._side is not None:
                self._builder.take_pool(self._side.pool)
        return self._builder

    def take_note(self, root: Root, files: list[tuple[str, int]]) -> None:
        """Remember new files that the walk found; once there are many, workers begin to read them."""
        self._found.append((root, files))
        self._watch.files_total += len(files)
        self._watch.bytes_total += sum(size for _, size in files)
        if self._side is None:
            self._size += sum(unpacked_size(relpath, size) for relpath, size in files)
        if self._size >= _MANY:
            self._have_workers()
        self._watch.step()

    def expect(self, sizes: Iterable[tuple[Place, int]]) -> None:
        """Take into account what else is to be read, which starts workers if all of it is much."""
        for (_, relpath), size in sizes:
            self._watch.files_total += 1
            self._watch.bytes_total += size
            self._size += unpacked_size(relpath, size)
        if self._size >= _MANY:
            self._have_workers()

    def _have_workers(self) -> None:
        """Start the workers if need be, and give them what was found."""
        if self._side is None:
            if self._builder is None:
                self._workers = start_workers(default_jobs(), self._analyzer)
                pool = WorkerPool(self._folder, self._analyzer(), self._workers)
            else:
                pool = self._builder.pool()
            self._side = SideBySide(pool, self._watch.step)
        for root, files in self._found:
            self._side.offer(root, files)
        self._found = []

    def done(self, jobs: Iterable[tuple[Place, Job, int]]) -> Iterator[Done]:
        """Yield what was done of all new files that were found, and of `jobs`, as it is done."""
        if self._side is not None:
            assert self.builder  # it takes long to load: the workers have something to do by now
            yield from self._side.done(jobs)
            return
        for root, files in self._found:
            for relpath, _ in files:
                self._watch.step()
                outcome = ingest(Job(root.label, root.place(relpath), relpath), self._add)
                yield fresh_one((root.number, relpath), outcome)
        for place, job, _ in jobs:
            self._watch.step()
            yield place, ingest(job, self._add)

    def _add(self, row: Row) -> None:
        self.builder.add_row(row)
        self._watch.step()

    def commit(self) -> int:
        """Commit what the builder has, and return the number of articles of the library."""
        builder = self.builder
        builder.commit()
        self._builder = None
        return builder.articles

    def close(self) -> None:
        """End what was begun and was not committed."""
        if self._builder is not None:
            self._builder.cancel()
            self._builder = None
        end_workers(self._workers)
        self._workers = []
