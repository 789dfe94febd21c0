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

from index.codec.vectors import TextVectorsWriter
from index.codec.words_writer import WordsWriter
from index.invert import Source, numbered, stem_order, term_blocks
from index.tokenise import Vocabulary
from index.word_spool import WordSpool, pieces_of

#: The fields, in the order in which they are written.
FIELDS = ("text", "title")


class RunWords(NamedTuple):
    """The words of a run, by field: where they stand, and how often each form of the vocabulary occurs."""

    sources: dict[str, Source]
    occurrences: dict[str, NDArray[np.int64]]


def words_of(spools: Mapping[str, WordSpool], vocabulary: Vocabulary) -> RunWords:
    """Return the words of a run of this process."""
    sources = {name: Source(spool.pieces()) for name, spool in spools.items()}
    return RunWords(sources, {name: _occurrences(source, vocabulary) for name, source in sources.items()})


def packed_words(words: RunWords, spools: Mapping[str, WordSpool], vocabulary: Vocabulary) -> bytes:
    """Return what `unpacked_words` takes in another process of the words of these spools."""
    counts = words.occurrences
    used = np.flatnonzero(counts["text"])  # which has the words of titles, too
    numbers = used.tolist()
    return marshal.dumps(
        (
            len(vocabulary.forms),
            used.astype(np.int32).tobytes(),
            [vocabulary.forms[number] for number in numbers],
            [vocabulary.stems[vocabulary.stem_of_form[number]] for number in numbers],
            {name: (spool.shared(), counts[name][used].tobytes()) for name, spool in spools.items()},
        )
    )


def unpacked_words(packed: bytes, vocabulary: Vocabulary) -> RunWords:
    """Return the words of another process's run; `vocabulary` learns those that it lacks."""
    size, used, forms, stems, fields = marshal.loads(packed)
    known = vocabulary.numbers(forms, stems)
    numbers = np.zeros(size, dtype=np.int32)
    numbers[np.frombuffer(used, dtype=np.int32)] = known
    sources, occurrences = {}, {}
    for name, (shared, counts) in fields.items():
        sources[name] = Source(pieces_of(shared), numbers)
        occurrences[name] = np.zeros(len(vocabulary.forms), dtype=np.int64)
        occurrences[name][known] = np.frombuffer(counts, dtype=np.int64)
    return RunWords(sources, occurrences)


class Fields:
    """The fields of some runs: articles follow each other from run to run."""

    def __init__(self, runs: Sequence[RunWords], vocabulary: Vocabulary) -> None:
        """Take the runs, all of which count the forms of `vocabulary`, which knows those of all by now."""
        self._sources = {name: [run.sources[name] for run in runs] for name in FIELDS}
        self._headings = np.concatenate(
            [piece.counts[0::2] for source in self._sources["text"] for piece in source.pieces]
        )
        self._numberings = {}
        order = stem_order(vocabulary)
        for name in FIELDS:
            total = np.zeros(len(vocabulary.forms), dtype=np.int64)
            for run in runs:
                total[: len(run.occurrences[name])] += run.occurrences[name]
            self._numberings[name] = numbered(total, vocabulary, order)

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._headings)

    def words(self, name: str, number: int = 0, count: int = 1) -> WordsWriter:
        """Return a field, ready to be written: one of `count` ranges of its terms, with about as many words
        each, numbered from 0."""
        writer = WordsWriter(len(self), self._headings if name == "text" else None)
        numbering = self._numberings[name]
        for block in term_blocks(self._sources[name], numbering, *numbering.range_of(number, count)):
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


def _occurrences(source: Source, vocabulary: Vocabulary) -> NDArray[np.int64]:
    total = np.zeros(len(vocabulary.forms), dtype=np.int64)
    for piece in source.pieces:
        total += np.bincount(piece.forms, minlength=len(total))
    return total
