"""Rows to segment files, in this process: what a worker does, and the builder for a few articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.analysis import Analyzer
from index.record import Row
from index.run import Run
from index.segment_names import new_segment_id, segment_file
from index.tokenise import Tokenizer


class Segments:
    """Turns rows into as few segment files of a folder as memory allows; the commit syncs what stays."""

    def __init__(self, folder: Path, analyzer: Analyzer, *, keep_articles: bool = True) -> None:
        self._folder = folder
        self._tokenizer = Tokenizer(analyzer)
        self._keep = keep_articles
        self._run = Run(self._tokenizer, keep_articles=keep_articles)
        self.written: list[tuple[str, int]] = []
        self.count = 0

    def add(self, rows: list[Row]) -> None:
        """Add rows; a segment is written when a run is full. `count` is the number of all rows."""
        self.count += len(rows)
        for part in self._run.portions(rows):
            if self._run.is_full(part):
                self.flush()
            self._run.add(part)

    @property
    def pending(self) -> tuple[int, int, int]:
        """The words and the articles that are in no segment yet, and the words for which there is room."""
        return self._run.words, len(self._run), self._run.room

    def packed(self) -> tuple[Any, ...]:
        """Return what is left as plain values, for `take_over` in another process; it is gone from here."""
        packed, self._run = self._run.packed(), Run(self._tokenizer, keep_articles=self._keep)
        return packed

    def take_over(self, packed: tuple[Any, ...]) -> None:
        """Add what was left in another process, behind what is left here."""
        self._run.take_over(packed)

    def flush(self) -> None:
        """Write what is left as a segment."""
        if len(self._run):
            name = new_segment_id()
            count = len(self._run)
            self._run.write(self._folder / segment_file(name))
            self.written.append((name, count))
            self._run = Run(self._tokenizer, keep_articles=self._keep)
