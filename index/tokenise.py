"""Batches of texts to words, by arrays over their UTF-8 bytes; exactly what `Analyzer.terms` gives.

Bytes are cut into *runs*: letters, digits, `%` and all bytes beyond ASCII, and the marks `'`, `.` and `,`
where such bytes stand on both sides. No word crosses the end of a run and no rule of the analyser looks
beyond one, so what a run means depends on the run alone: each distinct run goes through the analyser once,
and from then on its words are found by table. A run is nearly always one word.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, count, islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis import LONGEST_FORM, PERCENT, Analyzer
from index.kernel.indexing import IndexingLoops, current_loops
from index.keytable import ABSENT, Keys, KeyTable, Values

#: Runs longer than this are analysed each time: they are data or unspaced script, and hardly repeat.
_LONGEST_KEPT = 64
_PADDING = 24

_BYTE = np.uint8
#: Characters that always end a word and are frequent in ordinary text: blanked, so that runs stay words.
_BLANKED = tuple(
    (char.encode(), b" " * len(char.encode())) for char in "\u00a0\u2013\u2014\u201c\u201d\u2026\u202f\u2022"
)
Bytes: TypeAlias = "NDArray[np.uint8]"

#: What a run is made of: letters, digits, the marks of a number, anything else.
_LETTER, _DIGIT, _MARK, _OTHER = 1, 2, 4, 8
_KINDS = np.full(256, _OTHER, dtype=_BYTE)
_KINDS[list(b"abcdefghijklmnopqrstuvwxyz")] = _LETTER
_KINDS[list(b"0123456789")] = _DIGIT
_KINDS[list(b".,")] = _MARK
_KINDS[0] = 0

_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


class Vocabulary:
    """Every (form, stem) met, numbered from 0 in the order of arrival; stems are numbered likewise."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self.stems: list[str] = []
        self.stem_of_form = array("i")
        # Looking up what is not there gives it the next number. A form with another stem than it had when it
        # was met first stands here again, with that stem behind it.
        self._form_numbers: dict[str, int] = defaultdict(count().__next__)
        self._stem_numbers: dict[str, int] = defaultdict(count().__next__)

    def number(self, form: str, stem: str) -> int:
        """Return the number of a (form, stem), a new one if it was not known."""
        own = self._stem_numbers[stem]
        if own == len(self.stems):
            self.stems.append(stem)
        number = self._form_numbers[form]
        if number < len(self.forms) and self.stem_of_form[number] != own:
            number = self._form_numbers[f"{form}\0{stem}"]
        if number == len(self.forms):
            self.forms.append(form)
            self.stem_of_form.append(own)
        return number

    def numbers(self, forms: Sequence[str], stems: Sequence[str]) -> NDArray[np.int32]:
        """Return what `number` does for each of many pairs, in a fraction of the time."""
        first = len(self.forms)
        found = _looked_up(self._form_numbers, forms)
        own = _looked_up(self._stem_numbers, stems)
        self.stems += _behind(self._stem_numbers, len(self.stems))
        self.forms += _behind(self._form_numbers, first)
        fresh = np.flatnonzero(found >= first)
        if len(fresh) > len(self.forms) - first:  # a form stands there twice: its first stem counts
            fresh = fresh[np.unique(found[fresh], return_index=True)[1]]
        self.stem_of_form.frombytes(own[fresh].tobytes())
        for place in np.flatnonzero(np.asarray(self.stem_of_form)[found] != own).tolist():
            found[place] = self.number(forms[place], stems[place])
        return found


def _looked_up(numbers: dict[str, int], words: Sequence[str]) -> NDArray[np.int32]:
    return np.fromiter(map(numbers.__getitem__, words), dtype=np.int32, count=len(words))


def _behind(numbers: dict[str, int], first: int) -> list[str]:
    """Return the keys of a dictionary behind its `first` ones."""
    keys = list(islice(reversed(numbers), len(numbers) - first))
    keys.reverse()
    return keys


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts: form numbers, text after text, and how many each text has."""

    forms: NDArray[np.int32]
    counts: NDArray[np.int64]


class Tokenizer:
    """Turns texts into form numbers of `vocabulary`; remembers every run that it has seen."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.vocabulary = Vocabulary()
        self._analyzer = analyzer
        self._short = KeyTable(1)
        self._middle = KeyTable(2)
        self._long: dict[bytes, int] = {}
        self._several: list[tuple[int, ...]] = []
        self._several_known: dict[tuple[int, ...], int] = {}

    def words(self, texts: Sequence[bytes]) -> Words:
        """Return the words of `texts`, each in UTF-8 (lone surrogates as `surrogatepass` writes them)."""
        text = b"\n".join((b"", *texts, b""))
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        loops = current_loops()
        if loops is not None:
            return self._words_of_loops(loops, text, sizes)
        if not text.isascii():
            for char, blank in _BLANKED:
                text = text.replace(char, blank)
        content = _lowered(text)
        starts, ends = _runs(content)
        values = self._look_up(content, starts, ends)
        bounds = np.searchsorted(starts, np.concatenate(([0], np.cumsum(sizes + 1))))
        if len(values) and values.min() < 0:
            values, bounds = self._expand(values, bounds)
        return Words(values, np.diff(bounds).astype(np.int64))

    def _words_of_loops(self, loops: IndexingLoops, text: bytes, sizes: NDArray[np.int64]) -> Words:
        """Return the words of joined texts; only runs that are in no table yet are looked at by numpy."""
        blanked = [char for char, _ in _BLANKED]
        values, counts, unknown = loops.words(text, sizes, blanked, self._short.slots, self._middle.slots)
        if len(unknown):
            runs = b"\n".join([text[start:end] for start, end in unknown.tolist()])
            lengths = unknown[:, 1] - unknown[:, 0]
            ends = np.cumsum(lengths + 1) - 1
            values[values == ABSENT] = self._look_up(_lowered(runs), ends - lengths, ends)
        if len(values) and values.min() < 0:
            values, bounds = self._expand(values, np.concatenate(([0], np.cumsum(counts))))
            counts = np.diff(bounds)
        return Words(values, counts)

    def _look_up(self, content: Bytes, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Values:
        lengths = ends - starts
        low = _load(content, starts, lengths)
        longer = np.flatnonzero(lengths > 8)
        if not len(longer):
            return self._find(self._short, low, None)
        # Longer runs are looked up as short ones, too: that takes less than to put them apart.
        values = self._short.find(low)
        at, size = starts[longer], lengths[longer]
        values[longer] = 0
        new = np.flatnonzero(values == ABSENT)
        if len(new):
            values[new] = self._find(self._short, low[new], None)
        low = low[longer]
        middle = size <= 16
        found = np.empty(len(longer), dtype=np.int32)
        high = _load(content, at[middle] + 8, size[middle] - 8)
        found[middle] = self._find(self._middle, low[middle], high)
        rest = np.flatnonzero(~middle)
        found[rest] = [
            self._find_long(content[start : start + length].tobytes())
            for start, length in zip(at[rest].tolist(), size[rest].tolist(), strict=True)
        ]
        values[longer] = found
        return values

    def _find(self, table: KeyTable, low: Keys, high: Keys | None) -> Values:
        found = table.find(low, high)
        new = np.flatnonzero(found == ABSENT)
        if len(new):
            if high is None:
                keys = np.sort(low[new])
                keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
                table.add(keys, self._meanings(keys))
            else:
                order = new.take(np.lexsort((high[new], low[new])))  # `unique` of rows takes far longer
                pairs = np.stack((low.take(order), high.take(order)), axis=1)
                pairs = pairs[np.concatenate(([True], (pairs[1:] != pairs[:-1]).any(axis=1)))]
                table.add(pairs[:, 0].copy(), self._meanings(pairs), pairs[:, 1].copy())
            found[new] = table.find(low[new], None if high is None else high[new])
        return found

    def _find_long(self, run: bytes) -> int:
        known = self._long.get(run)
        if known is None:
            known = self._meaning(run.decode("utf-8", "surrogatepass"))
            if len(run) <= _LONGEST_KEPT:
                self._long[run] = known
        return known

    def _meanings(self, keys: Keys) -> Values:
        """Return the meaning of each of some runs, all different; rows of a key's words."""
        runs = keys.view(f"S{keys.nbytes // len(keys)}").ravel().tolist()
        texts = b"\n".join(runs).decode("utf-8", "surrogatepass").split("\n")
        kinds = np.bitwise_or.reduce(_KINDS.take(keys.view(_BYTE).reshape(len(keys), -1)), axis=1)
        is_word = kinds == _LETTER
        if self._analyzer.english:
            for place in np.flatnonzero(kinds == _LETTER | _OTHER).tolist():
                owner = texts[place].removesuffix("'s")
                if owner.isascii() and owner.isalpha():
                    texts[place], is_word[place] = owner, True
        # What has no letter but digits and marks, or no mark, is one word and its own stem.
        is_other = (kinds <= _LETTER | _DIGIT) & ~is_word | (kinds == _DIGIT | _MARK)
        words, others = list(compress(texts, is_word.tolist())), list(compress(texts, is_other.tolist()))
        values = np.empty(len(keys), dtype=np.int32)
        numbers = self.vocabulary.numbers(words + others, self._analyzer.stems_of(words) + others)
        values[is_word], values[is_other] = numbers[: len(words)], numbers[len(words) :]
        rest = np.flatnonzero(~(is_word | is_other))
        values[rest] = [self._meaning(texts[place]) for place in rest.tolist()]
        return values

    def _meaning(self, text: str) -> int:
        """Return the form number of a run of one word, else -1 - its place in the list of several words."""
        form = text[:-2] if self._analyzer.english and text.endswith("'s") else text
        if form.isascii():  # most runs are one word of letters, a possessive or a number
            if form.isalnum():
                form = form[:LONGEST_FORM]
                stem = self._analyzer.stem(form) if form.isalpha() else form
                return self.vocabulary.number(form, stem)
            if _is_number(text):
                return self.vocabulary.number(form, form)
        terms = self._analyzer.terms(text)
        numbers = tuple(self.vocabulary.number(form, stem) for form, stem in terms)
        if len(numbers) == 1:
            return numbers[0]
        place = self._several_known.setdefault(numbers, len(self._several))
        if place == len(self._several):
            self._several.append(numbers)
        return -1 - place

    def _expand(self, values: Values, bounds: NDArray[np.intp]) -> tuple[Values, NDArray[np.intp]]:
        """Return the words of runs that are not one word each, and the bounds counted in words."""
        several = np.flatnonzero(values < 0)
        groups = [self._several[-1 - value] for value in values[several].tolist()]
        sizes = np.fromiter(map(len, groups), dtype=np.intp, count=len(groups))
        more = np.concatenate(([0], np.cumsum(sizes - 1)))
        single = np.ones(len(values) + int(more[-1]), dtype=np.bool_)
        first = several + more[:-1]
        single[np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))] = False
        out = np.empty(len(single), dtype=np.int32)
        out[single] = values[values >= 0]
        out[~single] = [number for group in groups for number in group]
        return out, bounds + more.take(np.searchsorted(several, bounds))


def _is_number(run: str) -> bool:
    """Return whether an ASCII run is digits with single stops and commas between them, and no longer than a
    form may be."""
    return len(run) <= LONGEST_FORM and run.replace(".", "").replace(",", "").isdigit()


def _lowered(text: bytes) -> Bytes:
    """Return a text in lower case with separators behind it, in whole numbers of 8 bytes."""
    content = np.frombuffer(text.ljust((len(text) + _PADDING + 7) & ~7, b"\n"), dtype=_BYTE)
    capital = content - _BYTE(ord("A")) < _BYTE(26)
    return content | capital.view(_BYTE) << _BYTE(5)


def _runs(content: Bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the runs of a text in lower case start and end; it must begin and end with separators."""
    word = content - _BYTE(ord("a")) < _BYTE(26)
    word |= content - _BYTE(ord("0")) < _BYTE(10)
    word |= content == _BYTE(ord(PERCENT))
    word |= content >= _BYTE(128)
    joined = (content | _BYTE(2)) == _BYTE(ord("."))  # or a comma
    joined |= content == _BYTE(ord("'"))
    joined[1:] &= word[:-1]
    joined[:-1] &= word[1:]
    word |= joined
    edges = np.empty(len(word), dtype=np.bool_)
    edges[0] = False
    np.not_equal(word[1:], word[:-1], out=edges[1:])
    places = np.flatnonzero(edges)
    return np.ascontiguousarray(places[0::2]), places[1::2]


def _load(content: Bytes, at: NDArray[np.intp], lengths: NDArray[np.intp]) -> Keys:
    """Return up to 8 bytes from each offset `at`, little-endian, zero-padded beyond `lengths`."""
    from_each = np.ndarray((len(content) - 7,), dtype=np.uint64, buffer=content, strides=(1,))
    keys: Keys = from_each[at]
    keys &= _MASKS.take(lengths, mode="clip")
    return keys
