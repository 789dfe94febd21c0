"""One run of articles: words gathered, then turned into an index and written.

A row is what crosses to a worker process: plain values of one article, see `row_of`. A run is written as a
segment, or its words are shared with other processes that have a run each, and every one of them writes a
range of the terms of all; `index.parts` puts it together.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFileWriter
from index.codec.segment_writer import SegmentWriter, id_field
from index.codec.stored import StoredWriter
from index.fields import FIELDS, Fields, RunWords, packed_words, unpacked_words, words_of
from index.names import folder_of
from index.record import Row, encoded, packed
from index.segment_names import scratch_file
from index.signature import WordHashes, signatures
from index.tokenise import Tokenizer, Words
from index.word_spool import WordSpool

#: A run is written when it holds so many words or articles.
_MOST_WORDS = 1 << 26
_MOST_ARTICLES = 1 << 19
#: Characters of an article that are searchable; what lies beyond is data, and only stored.
_LONGEST_TEXT = 8 << 20
_LONGEST_TITLE = 1 << 16
#: Characters that are tokenised at once.
_PORTION = 2 << 20
#: What stands for the kind of a date where there is none.
_UNDATED = 2


class Run:
    """Gathers articles, then writes them; what of it waits in files is in `folder`, under the name `name`."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, name: str, *, keep_articles: bool = True) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._hashes = WordHashes(tokenizer.vocabulary.forms)
        self._words = {field: WordSpool(folder / scratch_file(name, field)) for field in FIELDS}
        self._ids: list[bytes] = []
        self._columns: dict[str, list[bytes]] = {"source": [], "author": [], "folder": []}
        self._known: dict[bytes, bytes] = {}
        self._dates = array("q")
        self._dated = array("b")
        self._signatures: list[NDArray[np.uint8]] = []
        self._stored = StoredWriter() if keep_articles else None
        self.words = 0

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def is_full(self) -> bool:
        """Whether the run should be written before more is added."""
        return self.words >= _MOST_WORDS or len(self) >= _MOST_ARTICLES

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

    def add(self, rows: Sequence[Row]) -> None:
        """Add some articles; a few megabytes of them at once are fastest."""
        texts: list[bytes] = []
        for stored, date, is_true in rows:
            title = b"" if stored[4] else encoded(stored[1][:_LONGEST_TITLE])
            texts += (title, encoded(stored[2][: _LONGEST_TEXT - _LONGEST_TITLE]))
            self._ids.append(encoded(stored[0]))
            self._add_text("source", stored[7])
            self._add_text("author", stored[8])
            self._add_text("folder", folder_of(stored[3], stored[0]))
            self._dates.append(date or 0)
            self._dated.append(_UNDATED if date is None else is_true)
            if self._stored is not None:
                self._stored.add(packed(stored))
        words = self._tokenizer.words(texts)
        self._add_words(words)
        if self._stored is not None:
            self._signatures.append(self._signed(words))

    def _add_text(self, column: str, text: str) -> None:
        """Append to a column; equal texts are kept once."""
        value = encoded(text)
        self._columns[column].append(self._known.setdefault(value, value))

    def _add_words(self, words: Words) -> None:
        self._words["text"].add(words)
        in_title = np.repeat(np.arange(len(words.counts)) % 2 == 0, words.counts)
        counts = words.counts.copy()
        counts[1::2] = 0
        self._words["title"].add(Words(words.forms[in_title], counts))
        self.words += len(words.forms)

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
        fields = Fields([self._own_words()], self._tokenizer.vocabulary)
        writer = SegmentWriter(path, len(self))
        try:
            for name in FIELDS:
                writer.words(name, fields.words(name))
            writer.vectors(fields.vectors())
            self._write_articles(writer)
            writer.close(sync=False)
        except BaseException:
            writer.abandon()
            raise
        self.drop()

    def shared(self) -> bytes:
        """Return what `write_part` takes of this run, in other processes too; nothing may be added then."""
        return packed_words(self._words, self._tokenizer.vocabulary)

    def write_part(self, runs: Sequence[bytes], number: int, words: Path, articles: Path) -> None:
        """Write a part of the segment of several runs, as each has `shared` it; this one is run `number`.

        To `words` goes one range of the terms of all runs, to `articles` all else of this run's articles, as
        a segment without words. Neither is synced to the disk; the run is used up then.
        """
        vocabulary = self._tokenizer.vocabulary
        others = [
            None if place == number else unpacked_words(run, vocabulary) for place, run in enumerate(runs)
        ]
        own = self._own_words()
        fields = Fields([own if other is None else other for other in others], vocabulary)
        file = ArrayFileWriter(words)
        try:
            for name in FIELDS:
                field = fields.words(name, number, len(runs))
                if len(field):
                    field.write(file, name)
            file.close({}, sync=False)
        except BaseException:
            file.abandon()
            raise
        if not len(self):
            return
        writer = SegmentWriter(articles, len(self))
        try:
            writer.vectors(fields.vectors(number))
            self._write_articles(writer)
            writer.close(sync=False)
        except BaseException:
            writer.abandon()
            raise

    def drop(self) -> None:
        """Remove what waits in files; no other process can have come to need it later."""
        for spool in self._words.values():
            spool.drop()

    def _own_words(self) -> RunWords:
        return words_of(self._words, self._tokenizer.vocabulary)

    def _write_articles(self, writer: SegmentWriter) -> None:
        """Write all but words and vectors."""
        writer.plain("id", id_field(self._ids))
        counts = np.concatenate([piece.counts for piece in self._words["text"].pieces()])
        writer.lengths("text", counts[0::2] + counts[1::2])
        writer.lengths("title", counts[0::2])
        values, kinds = np.array(self._dates, dtype=np.int64), np.array(self._dated, dtype=np.int8)
        writer.numbers("date", values, kinds == 1)
        writer.numbers("filedate", values, kinds == 0)
        for name in sorted(self._columns):
            writer.texts(name, self._columns[name])
        if self._signatures:
            writer.signatures(np.concatenate(self._signatures))
        if self._stored is not None:
            writer.stored(self._stored)
