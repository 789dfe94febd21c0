"""One run of articles: words gathered, then turned into an index and written.

A row is what crosses to a worker process: plain values of one article, see `row_of`. A run is written as a
segment, or its words are shared with other processes that have a run each, and every one of them writes a
range of the terms of all; `index.parts` puts it together.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFileWriter
from index.codec.packing import Spool
from index.codec.segment_writer import SegmentWriter, id_field
from index.codec.stored import StoredWriter
from index.fields import FIELDS, Fields, RunWords, packed_words, unpacked_words, words_of
from index.names import folder_of
from index.record import Row, encoded, packed
from index.segment_names import scratch_file
from index.signature import BINS, WordHashes, signatures
from index.tokenise import Tokenizer, Words
from index.word_spool import WordSpool

#: A run is written when it holds so many words or articles.
_MOST_WORDS = 5 << 24
_MOST_ARTICLES = 9 << 16
#: Characters of an article that are searchable; what lies beyond is data, and only stored.
_LONGEST_TEXT = 8 << 20
_LONGEST_TITLE = 1 << 16
#: Characters that are tokenised at once.
_PORTION = 2 << 20
#: What stands for the kind of a date where there is none.
_UNDATED = 2


class _Column:
    """A text of each article; `known` are the distinct ones, `refs` which of them each has."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.refs = array("i")

    def add(self, texts: Iterable[str]) -> None:
        """Append the texts of the next articles."""
        known = self.known
        self.refs.extend([known.setdefault(text, len(known)) for text in texts])


class Run:
    """Gathers articles, then writes them; what of it waits in files is in `folder`, under the name `name`."""

    def __init__(self, tokenizer: Tokenizer, folder: Path, name: str, *, keep_articles: bool = True) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._hashes = WordHashes(tokenizer.vocabulary.forms)
        self._words = {field: WordSpool(folder / scratch_file(name, field)) for field in FIELDS}
        self._ids = Spool()
        self._id_sizes = array("I")
        self._columns = {name: _Column() for name in ("author", "folder", "source")}
        self._dates = array("q")
        self._dated = array("b")
        self._signatures = Spool()
        self._stored = StoredWriter() if keep_articles else None
        self._own: RunWords | None = None
        self.words = 0

    def __len__(self) -> int:
        return len(self._id_sizes)

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
        articles = [stored for stored, _, _ in rows]
        texts: list[bytes] = []
        for one in articles:
            title = b"" if one[4] else encoded(one[1][:_LONGEST_TITLE])
            texts += (title, encoded(one[2][: _LONGEST_TEXT - _LONGEST_TITLE]))
        if self._stored is not None:
            for one in articles:
                self._stored.add(packed(one))
        self._columns["source"].add([one[7] for one in articles])
        self._columns["author"].add([one[8] for one in articles])
        self._columns["folder"].add([folder_of(one[3], one[0]) for one in articles])
        self._dates.extend([date or 0 for _, date, _ in rows])
        self._dated.extend([_UNDATED if date is None else is_true for _, date, is_true in rows])
        ids = [encoded(one[0]) for one in articles]
        self._ids.append(np.frombuffer(b"".join(ids), dtype=np.uint8))
        self._id_sizes.extend(map(len, ids))
        words = self._tokenizer.words(texts)
        self._add_words(words)
        if self._stored is not None:
            self._signatures.append(self._signed(words))

    def _add_words(self, words: Words) -> None:
        self._words["text"].add(words.forms, words.counts)
        in_title = np.repeat(np.arange(len(words.counts)) % 2 == 0, words.counts)
        counts = words.counts.copy()
        counts[1::2] = 0
        self._words["title"].add(words.forms[in_title], counts)
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
        fields = Fields([self._own_words()])
        with SegmentWriter(path, len(self)) as writer:
            for name in FIELDS:
                writer.words(name, fields.words(name))
            writer.vectors(fields.vectors())
            self._write_articles(writer)
            writer.close(sync=False)
        self.drop()

    def shared(self) -> bytes:
        """Return what `write_part` takes of this run, in other processes too; nothing may be added then."""
        self._own = self._own_words()
        return packed_words(self._own, self._words)

    def forget(self) -> None:
        """Let go of what only adding and `shared` need."""
        del self._tokenizer, self._hashes

    def write_part(self, runs: Sequence[bytes], number: int, words: Path, articles: Path) -> None:
        """Write a part of the segment of several runs, as each has `shared` it; this is run `number`.

        To `words` goes one range of the terms of all runs, to `articles` all else of this run's articles, as
        a segment without words. Neither is synced to the disk; the run is used up then.
        """
        fields = Fields(self._everyone(runs, number))
        with ArrayFileWriter(words) as file:
            for name in FIELDS:
                field = fields.words(name, number, len(runs))
                if len(field):
                    field.write(file, name)
            file.close({}, sync=False)
        if not len(self):
            return
        with SegmentWriter(articles, len(self)) as writer:
            writer.vectors(fields.vectors(number))
            self._write_articles(writer)
            writer.close(sync=False)

    def drop(self) -> None:
        """Remove what waits in files; no other process can have come to need it later."""
        for spool in self._words.values():
            spool.drop()

    def _everyone(self, runs: Sequence[bytes], number: int) -> list[RunWords]:
        """Return the words of all runs; those of this one, `number`, are no longer kept here."""
        own, self._own = self._own, None
        assert own is not None, "nothing was shared"
        return [own if place == number else unpacked_words(run) for place, run in enumerate(runs)]

    def _own_words(self) -> RunWords:
        return words_of(self._words, self._tokenizer.vocabulary)

    def _all_ids(self) -> list[bytes]:
        text = b"".join(self._ids.chunks())
        ends = accumulate(self._id_sizes, initial=0)
        return [text[start:end] for start, end in pairwise(ends)]

    def _write_articles(self, writer: SegmentWriter) -> None:
        """Write all but words and vectors."""
        writer.plain("id", id_field(self._all_ids()))
        counts = np.concatenate([piece.counts for piece in self._words["text"].pieces()])
        writer.lengths("text", counts[0::2] + counts[1::2])
        writer.lengths("title", counts[0::2])
        values, kinds = np.array(self._dates, dtype=np.int64), np.array(self._dated, dtype=np.int8)
        writer.numbers("date", values, kinds == 1)
        writer.numbers("filedate", values, kinds == 0)
        for name, column in self._columns.items():
            texts = list(map(encoded, column.known))
            writer.referred_texts(name, texts, np.array(column.refs, dtype=np.int64))
        if self._signatures.size:
            rows = np.frombuffer(b"".join(self._signatures.chunks()), dtype=np.uint8)
            writer.signatures(rows.reshape(-1, BINS))
        if self._stored is not None:
            writer.stored(self._stored)
