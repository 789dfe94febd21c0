"""The fields of words of one run or several together: their terms in order, ranges of them ready to write.

Several processes that have a run each can write a field together: each says what it has (`packed_words`),
makes the same `Fields` of what all said, and writes a range of the terms for the articles of all.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.strings import Strings
from index.codec.vectors import TextVectorsWriter
from index.codec.words_writer import WordsWriter
from index.invert import Source, term_blocks
from index.numbering import Lexicon, WordList
from index.tokenise import Vocabulary
from index.word_spool import Piece, WordSpool, pieces_of

Ints = NDArray[np.int64]

#: The fields, in the order in which they are written.
FIELDS = ("text", "title")


class RunWords(NamedTuple):
    """The words of a run; by field, where they stand and how often each occurs."""

    words: WordList
    pieces: dict[str, list[Piece]]
    occurrences: dict[str, Ints]


def words_of(spools: Mapping[str, WordSpool], vocabulary: Vocabulary) -> RunWords:
    """Return the words of a run of this process."""
    pieces = {name: spool.pieces() for name, spool in spools.items()}
    size = len(vocabulary.forms)
    occurrences = {name: _occurrences(some, size) for name, some in pieces.items()}
    return RunWords(WordList.of(vocabulary), pieces, occurrences)


def packed_words(run: RunWords, spools: Mapping[str, WordSpool]) -> bytes:
    """Return what `unpacked_words` takes in another process of the words of these spools."""
    fields = {name: (spool.shared(), run.occurrences[name].tobytes()) for name, spool in spools.items()}
    words = run.words
    return marshal.dumps((_packed(words.forms), _packed(words.stems), words.stem_of.tobytes(), fields))


def unpacked_words(packed: bytes) -> RunWords:
    """Return the words of another process's run."""
    forms, stems, stem_of, fields = marshal.loads(packed)
    return RunWords(
        WordList(_unpacked(forms), _unpacked(stems), np.frombuffer(stem_of, dtype=np.int32)),
        {name: pieces_of(shared) for name, (shared, _) in fields.items()},
        {name: np.frombuffer(counts, dtype=np.int64) for name, (_, counts) in fields.items()},
    )


class Fields:
    """The fields of some runs: articles follow each other from run to run."""

    def __init__(self, runs: Sequence[RunWords]) -> None:
        self._lexicon = Lexicon([run.words for run in runs])
        numbers = self._lexicon.numbers
        self._sources = {
            name: [Source(run.pieces[name], own) for run, own in zip(runs, numbers, strict=True)]
            for name in FIELDS
        }
        self._headings = np.concatenate(
            [piece.counts[0::2] for source in self._sources["text"] for piece in source.pieces]
        )
        self._numberings = {}
        for name in FIELDS:
            total = np.zeros(len(self._lexicon), dtype=np.int64)
            for run, own in zip(runs, numbers, strict=True):
                total[own] += run.occurrences[name]
            self._numberings[name] = self._lexicon.numbered(total)

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._headings)

    def words(self, name: str, number: int = 0, count: int = 1) -> WordsWriter:
        """Return a field, ready to be written: one of `count` ranges of its terms, with about as many words
        each, numbered from 0."""
        writer = WordsWriter(len(self), self._headings if name == "text" else None)
        numbering = self._numberings[name]
        terms = numbering.range_of(number, count)
        for block in term_blocks(self._sources[name], self._lexicon, numbering, *terms):
            writer.add(block)
        return writer

    def vectors(self, number: int = 0) -> TextVectorsWriter:
        """Return the term vectors of the articles of one run, ready to be written."""
        numbering, source = self._numberings["text"], self._sources["text"][number]
        terms = source.numbered(numbering.terms)
        writer = TextVectorsWriter(len(numbering.stems))
        for piece in source.pieces:
            counts = piece.counts
            writer.add(terms.take(piece.forms), counts[0::2] + counts[1::2])
        return writer


def _occurrences(pieces: Sequence[Piece], size: int) -> Ints:
    total = np.zeros(size, dtype=np.int64)
    for piece in pieces:
        total += np.bincount(piece.forms, minlength=size)
    return total


def _packed(strings: Strings) -> tuple[bytes, bytes]:
    return strings.data, strings.sizes.astype(np.int32).tobytes()


def _unpacked(packed: tuple[bytes, bytes]) -> Strings:
    data, sizes = packed
    return Strings(data, np.frombuffer(sizes, dtype=np.int32))
