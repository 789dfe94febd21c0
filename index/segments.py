"""Rows to segment files, in this process: what a worker does, and the builder for a few articles."""

from __future__ import annotations

from pathlib import Path

from index.analysis import Analyzer
from index.record import Row
from index.run import Run
from index.segment_names import new_segment_id, part_file, segment_file
from index.tokenise import Tokenizer

#: With more words than this, what adding them took is let go before they are written. To let go takes time.
_MANY_WORDS = 1 << 23


class Segments:
    """Turns rows into as few segment files of a folder as memory allows; the commit syncs what stays."""

    def __init__(self, folder: Path, analyzer: Analyzer, *, keep_articles: bool = True) -> None:
        self._folder = folder
        self._tokenizer = Tokenizer(analyzer)
        self._keep = keep_articles
        self._run = self._new_run()
        self.written: list[tuple[str, int]] = []
        self.count = 0

    def _new_run(self) -> Run:
        return Run(self._tokenizer, self._folder, new_segment_id(), keep_articles=self._keep)

    def add(self, rows: list[Row]) -> None:
        """Add rows; a segment is written when a run is full. `count` is the number of all rows."""
        self.count += len(rows)
        for part in self._run.portions(rows):
            if self._run.is_full:
                self.flush()
            self._run.add(part)

    @property
    def pending(self) -> int:
        """The articles that are in no segment yet."""
        return len(self._run)

    def shared(self) -> bytes:
        """Return what `write_part` takes of what is pending, in other processes too; then nothing may be
        added."""
        shared = self._run.shared()
        if self._run.words > _MANY_WORDS:
            self._run.forget()
            del self._tokenizer
        return shared

    def write_part(self, shared: list[bytes], number: int) -> str:
        """Write one part of the segment of all that is pending in several processes; return its name.

        `shared` are the pending articles of all, anything for those of this process, at `number`;
        `index.parts` puts the parts together.
        """
        name = self._run.name
        self._run.write_part(
            shared, number, self._folder / part_file(name), self._folder / segment_file(name)
        )
        return name

    def flush(self) -> None:
        """Write what is left as a segment."""
        if len(self._run):
            run = self._run
            run.write(self._folder / segment_file(run.name))
            self.written.append((run.name, len(run)))
            self._run = self._new_run()
