"""The words of several runs as one list, and how a field numbers their stems and forms on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import changes
from index.codec.strings import Strings
from index.tokenise import Vocabulary

Ints = NDArray[np.int64]


class WordList(NamedTuple):
    """The forms and stems of a run by their numbers there, and the stem of each form."""

    forms: Strings
    stems: Strings
    stem_of: NDArray[np.int32]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> WordList:
        """Return the words of a vocabulary."""
        stem_of = np.array(vocabulary.stem_of_form, dtype=np.int32)
        return cls(Strings.of(vocabulary.forms), Strings.of(vocabulary.stems), stem_of)


class Numbering(NamedTuple):
    """The stems and forms of a field in their order on disk; `terms`, `ranks`: those of each word.

    `stems` and `forms` are their numbers in the lexicon; of each is given how often it occurs.
    """

    terms: NDArray[np.uint32]
    ranks: NDArray[np.uint32]
    stems: NDArray[np.intp]
    occurrences: Ints
    form_count: Ints
    forms: NDArray[np.intp]
    form_occurrences: Ints

    def range_of(self, number: int, count: int) -> tuple[int, int]:
        """Return the terms [first, last) of one of `count` ranges of about as many words each."""
        ends = np.cumsum(self.occurrences)
        total = int(ends[-1]) if len(ends) else 0
        wanted = np.array([total * number // count, total * (number + 1) // count])
        first, last = np.searchsorted(ends, wanted, side="left").tolist()
        return first, len(ends) if number + 1 == count else last


class Lexicon:
    """The words of some runs, each a form and its stem, numbered by stem, then form.

    `numbers` has for each run the number here of each of its words. `forms` and `stems` are those of all runs
    one after another: most stand there more than once.
    """

    def __init__(self, lists: Sequence[WordList]) -> None:
        self.forms = Strings.joined([words.forms for words in lists])
        self.stems = Strings.joined([words.stems for words in lists])
        by_stem, self._stem_at = self.stems.ranked()
        by_form, _ = self.forms.ranked()
        bases = np.cumsum([0, *(len(words.stems) for words in lists)])
        stem_of = np.concatenate([words.stem_of + base for words, base in zip(lists, bases, strict=False)])
        keys = by_stem.take(stem_of) << 32 | by_form
        order = np.argsort(keys)
        keys = keys.take(order)
        starts = changes(keys)
        self._form_at = order.take(starts)
        self._stem_of = keys.take(starts) >> 32
        numbers = np.empty(len(order), dtype=np.int32)
        numbers[order] = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(starts, append=len(order)))
        self.numbers = np.split(numbers, np.cumsum([len(words.forms) for words in lists[:-1]]))

    def __len__(self) -> int:
        return len(self._form_at)

    def numbered(self, counts: Ints) -> Numbering:
        """Return the terms and forms of a field in which each word occurs so many times.

        The forms of a term stand by falling count, then by name.
        """
        used = np.flatnonzero(counts)
        starts = changes(self._stem_of.take(used))
        form_count = np.diff(starts, append=len(used))
        terms = np.repeat(np.arange(len(starts)), form_count)
        several = np.flatnonzero(np.repeat(form_count > 1, form_count))
        some = used.take(several)
        used[several] = some.take(np.lexsort((-counts.take(some), terms.take(several))))
        form_counts = counts.take(used)
        term_of, rank_of = np.zeros(len(self), dtype=np.uint32), np.zeros(len(self), dtype=np.uint32)
        term_of[used] = terms
        rank_of[used] = np.arange(len(used)) - starts.take(terms)
        return Numbering(
            terms=term_of,
            ranks=rank_of,
            stems=self._stem_at.take(self._stem_of.take(used.take(starts))),
            occurrences=np.add.reduceat(form_counts, starts) if len(starts) else form_counts,
            form_count=form_count,
            forms=self._form_at.take(used),
            form_occurrences=form_counts,
        )
