"""One run of articles: words gathered in memory, written as one segment.

A row is what crosses to a worker process: plain values of one article, see `row_of`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_writer import SegmentWriter, id_field
from index.codec.stored import StoredWriter
from index.codec.vectors import VectorsWriter
from index.codec.words_writer import WordsWriter
from index.invert import LONGEST_RUN, Layout, term_blocks
from index.names import folder_of
from index.record import TITLE_GAP, Row, encoded, packed
from index.signature import BINS, WordHashes, signatures
from index.tokenise import Tokenizer, Words

#: A run is written when it holds so many words, or could not take the next rows.
_FULL = 14 << 20
#: Characters of an article that are searchable; what lies beyond is data, and only stored.
_LONGEST_TEXT = 8 << 20
_LONGEST_TITLE = 1 << 16
#: Characters that are tokenised at once.
_PORTION = 2 << 20


class Run:
    """Gathers articles until `words` nears the limit of a run, then writes them as a segment."""

    def __init__(self, tokenizer: Tokenizer, *, keep_articles: bool = True) -> None:
        self._tokenizer = tokenizer
        self._hashes = WordHashes(tokenizer.vocabulary.forms)
        self._forms: list[NDArray[np.int32]] = []
        self._headings: list[NDArray[np.int32]] = []
        self._counts: list[NDArray[np.int64]] = []
        self._ids: list[bytes] = []
        self._sources: list[bytes] = []
        self._authors: list[bytes] = []
        self._folders: list[bytes] = []
        self._dates: list[tuple[int | None, bool]] = []
        self._signatures: list[NDArray[np.uint8]] = []
        self._stored = StoredWriter() if keep_articles else None
        self.words = 0

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def room(self) -> int:
        """How many words of another run this one could take over."""
        return max(0, _FULL - self.words)

    @staticmethod
    def portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
        """Cut rows into portions of a size that is quick to tokenise."""
        first = size = 0
        for place, (stored, _, _) in enumerate(rows):
            size += len(stored[2])
            if size >= _PORTION:
                yield rows[first : place + 1]
                first, size = place + 1, 0
        if first < len(rows):
            yield rows[first:]

    def is_full(self, rows: Sequence[Row]) -> bool:
        """Return whether the run should be written before these rows are added."""
        most = sum(min(len(row[0][1]) + len(row[0][2]), _LONGEST_TEXT) // 2 + 2 for row in rows)
        return len(self) > 0 and (self.words >= _FULL or self.words + most > LONGEST_RUN)

    def add(self, rows: Sequence[Row]) -> None:
        """Add some articles; a few megabytes of them at once are fastest."""
        texts: list[bytes] = []
        for stored, date, is_true in rows:
            title = b"" if stored[4] else encoded(stored[1][:_LONGEST_TITLE])
            texts += (title, encoded(stored[2][: _LONGEST_TEXT - _LONGEST_TITLE]))
            self._ids.append(encoded(stored[0]))
            self._sources.append(encoded(stored[7]))
            self._authors.append(encoded(stored[8]))
            self._folders.append(encoded(folder_of(stored[3], stored[0])))
            self._dates.append((date, is_true))
            if self._stored is not None:
                self._stored.add(packed(stored))
        words = self._tokenizer.words(texts)
        self._add_words(words)
        if self._stored is not None:
            self._signatures.append(self._signed(words))

    def packed(self) -> tuple[Any, ...]:
        """Return all that was gathered as plain values, for the `take_over` of a run in another process; this
        one is used up then."""
        forms = np.concatenate(self._forms)
        vocabulary = self._tokenizer.vocabulary
        used = np.flatnonzero(np.bincount(forms, minlength=len(vocabulary.forms)))
        dense = np.zeros(len(vocabulary.forms), dtype=np.int32)
        dense[used] = np.arange(len(used))
        numbers = used.tolist()
        return (
            [vocabulary.forms[number] for number in numbers],
            [vocabulary.stems[vocabulary.stem_of_form[number]] for number in numbers],
            dense.take(forms).tobytes(),
            np.concatenate(self._counts).tobytes(),
            self._ids,
            self._sources,
            self._authors,
            self._folders,
            self._dates,
            np.concatenate(self._signatures).tobytes() if self._signatures else b"",
            None if self._stored is None else self._stored.packed(),
        )

    def take_over(self, packed: tuple[Any, ...]) -> None:
        """Add, behind the articles that are here, those of a run that was packed."""
        names, stems, forms, counts, ids, sources, authors, folders, dates, signed, stored = packed
        numbers = np.array(self._tokenizer.vocabulary.numbers(names, stems), dtype=np.int32)
        self._add_words(
            Words(numbers.take(np.frombuffer(forms, dtype=np.int32)), np.frombuffer(counts, dtype=np.int64))
        )
        self._ids += ids
        self._sources += sources
        self._authors += authors
        self._folders += folders
        self._dates += dates
        if self._stored is not None:
            self._signatures.append(np.frombuffer(signed, dtype=np.uint8).reshape(-1, BINS))
            self._stored.append_packed(*stored)

    def _add_words(self, words: Words) -> None:
        self._forms.append(words.forms)
        in_title = np.repeat(np.arange(len(words.counts)) % 2 == 0, words.counts)
        self._headings.append(words.forms[in_title])
        self._counts.append(words.counts)
        self.words += len(words.forms)
        if self.words > LONGEST_RUN:
            raise ValueError("a run holds too many words")

    def _signed(self, words: Words) -> NDArray[np.uint8]:
        """Return the signatures of the bodies, of the titles where there is no body."""
        counts = words.counts.copy()
        counts[0::2][counts[1::2] > 0] = 0
        chosen = words.forms
        if not np.array_equal(counts, words.counts):
            chosen = chosen[np.repeat(counts > 0, words.counts)]
        return signatures(self._hashes.of(chosen), counts[0::2] + counts[1::2])

    def write(self, path: Path) -> None:
        """Write the segment's file, not yet synced to the disk; the run is used up then."""
        writer = SegmentWriter(path, len(self._ids))
        try:
            self._write_words(writer)
            writer.plain("id", id_field(self._ids))
            for name, wanted in (("date", True), ("filedate", False)):
                present = np.array([date is not None and true is wanted for date, true in self._dates], bool)
                values = np.array([date or 0 for date, _ in self._dates], dtype=np.int64)
                writer.numbers(name, values, present)
            writer.texts("source", self._sources)
            writer.texts("author", self._authors)
            writer.texts("folder", self._folders)
            if self._signatures:
                writer.signatures(np.concatenate(self._signatures))
            if self._stored is not None:
                writer.stored(self._stored)
            writer.close(sync=False)
        except BaseException:
            writer.abandon()
            raise

    def _write_words(self, writer: SegmentWriter) -> None:
        titles, bodies = ([counts[place::2] for counts in self._counts] for place in (0, 1))
        layouts = {
            "title": (
                self._headings,
                [Layout(counts, np.zeros(len(counts), dtype=np.int64), 1) for counts in titles],
            ),
            "text": (self._forms, [Layout(counts, _starts(counts), 2) for counts in self._counts]),
        }
        heading, rest = np.concatenate(titles), np.concatenate(bodies)
        for name, lengths in (("title", heading), ("text", heading + rest)):
            field = WordsWriter(len(heading), heading if name == "text" else None)
            vectors = VectorsWriter(len(heading)) if name == "text" else None
            for block in term_blocks(*layouts[name], self._tokenizer.vocabulary):
                field.add(block)
                if vectors is not None:
                    vectors.add(block)
            writer.words(name, field)
            if vectors is not None:
                writer.vectors(vectors)
            writer.lengths(name, lengths)


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first position of each part, titles and bodies in turn."""
    starts = np.zeros(len(counts), dtype=np.int64)
    starts[1::2] = np.where(counts[0::2] > 0, counts[0::2] + TITLE_GAP, 0)
    return starts
