"""Adding and removing articles: one writer, one commit.

A builder holds Whoosh's write lock from its making to `commit` or `cancel`. Until the commit's TOC rename
nothing that it did can be seen, and the state before stays searchable, also through a rebuild. A few
articles are made into a segment here; more of them by worker processes side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC, clean_files

from index.analysis import Analyzer
from index.article import Article
from index.copies import Copies, Part
from index.copies_file import drop_old_copies, drop_unborn_copies, read_copies, write_copies
from index.copying import renewed
from index.errors import BylineError, LibraryLocked
from index.policy import merged
from index.pool import WorkerPool
from index.processes import default_jobs, start_workers
from index.record import Row, row_of
from index.schema import ArraySegment, analyzer_of
from index.segment_names import INDEX_NAME, segment_file, vectors_file
from index.segments import Segments
from index.toc import LibraryIndex

#: Characters handed to a worker process at once.
_BATCH = 1 << 20
#: Fewer characters than this are not worth starting processes for.
_FEW = 8 << 20


class Builder:
    """Collects changes to the index in `path` and commits them as one new generation.

    `rebuild` starts from nothing: what the old generation holds is dropped at the commit. An article
    added under an id that the index has already does not replace it: delete the id first, in the same
    builder; deletions only touch articles of earlier generations. `jobs` is the number of worker
    processes (by default one for each processor, at most four; 1 builds in this process).
    `articles` is the number of all articles of the index, known after the commit.
    `keep_articles=False` leaves the stored articles out: nothing can be shown then, only counted.
    """

    def __init__(
        self,
        path: Path,
        analyzer: Analyzer,
        *,
        rebuild: bool = False,
        jobs: int | None = None,
        keep_articles: bool = True,
    ) -> None:
        self._path = path
        self._analyzer = analyzer
        shared = analyzer_of(analyzer.language)
        if shared is not analyzer:
            shared.learn(analyzer.stems)
        self._rebuild = rebuild
        self._jobs = default_jobs() if jobs is None else max(1, jobs)
        self._keep = keep_articles
        self._index = LibraryIndex(path)
        self._lock = self._index.lock("WRITELOCK")
        if not self._lock.acquire():
            raise LibraryLocked("another program is writing to this library", "wait until it is done")
        try:
            self._toc = self._index._read_toc()
            self._segments: list[ArraySegment] = [] if rebuild else list(self._toc.segments)
        except BaseException:
            self._lock.release()
            raise
        self._waiting: list[Row] = []
        self._waiting_size = self._taken = 0
        self._pool: WorkerPool | None = None
        self._here: Segments | None = None
        self._held: list[list[Row]] = []
        self._open = True
        self.articles = 0

    def add(self, article: Article) -> None:
        """Add one article; it is searchable after `commit`. Raises `BuildFailed`."""
        self.add_row(row_of(article))

    def add_row(self, row: Row) -> None:
        """Add one article as plain values, as `add` does."""
        self._waiting.append(row)
        self._waiting_size += len(row[0][2])
        if self._waiting_size >= _BATCH:
            self._hand_over()

    def pool(self) -> WorkerPool:
        """Return the worker processes, which are started if need be, for files to be read by them."""
        if self._pool is None:
            processes = start_workers(self._jobs, lambda: self._analyzer)
            self._pool = WorkerPool(self._path, self._analyzer, processes, keep_articles=self._keep)
            for held in self._held:
                self._pool.add(held)
            self._held = []
        return self._pool

    def take_pool(self, pool: WorkerPool) -> None:
        """Let worker processes that are at work already be the builder's own; it has none yet."""
        self._pool = pool

    def close(self) -> None:
        """Have everything that was added written, without waiting for it; only deletions may follow."""
        if self._waiting:
            self._hand_over()
        if self._pool is not None:
            self._pool.close()

    def delete(self, ids: Iterable[str]) -> None:
        """Remove the articles with these ids from the earlier generations; unknown ids are no error."""
        wanted = sorted(ident.encode("utf-8", "surrogatepass") for ident in ids)
        if not wanted:
            return
        for segment in self._segments:
            field = self._index.open_segment(segment).plain("id")
            if field is None:
                continue
            for ident in wanted:
                number = field.terms.find(ident)
                if number >= 0:
                    segment.deleted.update(field.docs(number).tolist())

    def commit(self) -> int:
        """Make everything durable and visible at once; return the new generation."""
        made = []
        for name, count, dropped in self._finish():
            segment = ArraySegment(INDEX_NAME, count, name)
            segment.deleted = dropped
            made.append(segment)
        segments, moves = merged(self._index, self._segments, made)
        generation = int(self._toc.generation) + 1
        copies = set()
        if self._keep:
            copies = self._write_copies(generation, segments, moves, {segment.segid for segment in made})
        old = {segment.segid for segment in self._toc.segments}
        fresh = (segment.segid for segment in segments if segment.segid not in old)
        names = {name for segment in fresh for name in (segment_file(segment), vectors_file(segment))}
        self._index.storage.fresh = names | copies
        TOC(self._toc.schema, segments, generation).write(self._index.storage, INDEX_NAME)
        clean_files(self._index.storage, INDEX_NAME, generation, segments)
        drop_old_copies(self._path, generation)
        self.articles = sum(segment.doc_count() for segment in segments)
        self._close()
        return generation

    def _write_copies(
        self,
        generation: int,
        segments: list[ArraySegment],
        moves: dict[str, tuple[str, NDArray[np.int64]]],
        fresh: set[str],
    ) -> set[str]:
        """Write what copies there are in the coming generation, if that changed; return the new files."""
        drop_unborn_copies(self._path, generation)
        known: Copies | None = None
        if not self._rebuild:
            try:
                known = read_copies(self._path, generation - 1)
            except BylineError:  # damaged: they are found anew
                pass
        if known is None:
            fresh = fresh | {segment.segid for segment in segments} | set(moves)
        parts, base = [], 0
        for segment in segments:
            reader = self._index.open_segment(segment)
            parts.append(Part(segment.segid, reader, segment.deleted, base))
            base += reader.doc_count
        copies = renewed(known or Copies(), moves, parts, fresh, self._jobs)
        return set() if copies is known else {write_copies(self._path, generation, copies)}

    def cancel(self) -> None:
        """Drop everything since the builder was made; the index stays as it was."""
        if self._open:
            if self._pool is not None:
                self._pool.stop()
            kept = self._index._read_toc()
            clean_files(self._index.storage, INDEX_NAME, kept.generation, kept.segments)
            self._close()

    def _hand_over(self) -> None:
        """Pass on the waiting rows: to the workers, or to this process while they are few."""
        rows, self._waiting = self._waiting, []
        self._taken += self._waiting_size
        self._waiting_size = 0
        if self._jobs > 1 and self._pool is None and self._taken >= _FEW:
            self.pool()
        if self._pool is not None:
            self._pool.add(rows)
        elif self._jobs > 1:
            self._held.append(rows)
        else:
            self._own().add(rows)

    def _own(self) -> Segments:
        if self._here is None:
            self._here = Segments(self._path, self._analyzer, keep_articles=self._keep)
        return self._here

    def _finish(self) -> list[tuple[str, int, set[int]]]:
        if self._waiting:
            self._hand_over()
        if self._pool is not None:
            return self._pool.finish()
        for rows in self._held:
            self._own().add(rows)
        if self._here is None:
            return []
        self._here.flush()
        return [(name, count, set()) for name, count in self._here.written]

    def _close(self) -> None:
        self._lock.release()
        self._open = False
        shared = analyzer_of(self._analyzer.language)
        if shared is not self._analyzer:
            shared.learn(self._analyzer.stems)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()
