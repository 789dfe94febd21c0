"""Batches of texts to words, by arrays over their UTF-8 bytes; exactly what `Analyzer.terms` gives.

Bytes are cut into *runs*: letters, digits, `%` and all bytes beyond ASCII, and the marks `'`, `.` and `,`
where such bytes stand on both sides. No word crosses the end of a run and no rule of the analyser looks
beyond one, so what a run means depends on the run alone: each distinct run goes through the analyser once,
and from then on its words are found by table. A run is nearly always one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
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

_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


class Vocabulary:
    """Every (form, stem) met, numbered from 0 in the order of arrival; stems are numbered likewise."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self.stems: list[str] = []
        self.stem_of_form: list[int] = []
        self._form_numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}

    def number(self, form: str, stem: str) -> int:
        """Return the number of a (form, stem), a new one if it was not known."""
        key = form if form == stem else f"{form}\0{stem}"
        known = self._form_numbers.get(key)
        if known is None:
            known = self._form_numbers[key] = len(self.forms)
            self.forms.append(form)
            number = self._stem_numbers.setdefault(stem, len(self.stems))
            if number == len(self.stems):
                self.stems.append(stem)
            self.stem_of_form.append(number)
        return known

    def numbers(self, forms: Sequence[str], stems: Sequence[str]) -> list[int]:
        """Return what `number` does for each of many pairs, all different, in a fraction of the time."""
        pairs = zip(forms, stems, strict=True)
        keys = [form if form == stem else f"{form}\0{stem}" for form, stem in pairs]
        known = list(map(self._form_numbers.get, keys))
        fresh = [place for place, number in enumerate(known) if number is None]
        first = len(self.forms)
        self._form_numbers.update(zip([keys[place] for place in fresh], count(first), strict=False))
        self.forms += [forms[place] for place in fresh]
        own = [stems[place] for place in fresh]
        new = [stem for stem in dict.fromkeys(own) if stem not in self._stem_numbers]
        self._stem_numbers.update(zip(new, count(len(self.stems)), strict=False))
        self.stems += new
        self.stem_of_form += map(self._stem_numbers.__getitem__, own)
        return [self._form_numbers[key] for key in keys]


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
                table.add(keys, self._meanings(keys.view("S8").tolist()))
            else:
                order = new.take(np.lexsort((high[new], low[new])))  # `unique` of rows takes far longer
                pairs = np.stack((low.take(order), high.take(order)), axis=1)
                pairs = pairs[np.concatenate(([True], (pairs[1:] != pairs[:-1]).any(axis=1)))]
                values = self._meanings(pairs.view("S16").ravel().tolist())
                table.add(pairs[:, 0].copy(), values, pairs[:, 1].copy())
            found[new] = table.find(low[new], None if high is None else high[new])
        return found

    def _find_long(self, run: bytes) -> int:
        known = self._long.get(run)
        if known is None:
            known = self._meaning(run.decode("utf-8", "surrogatepass"))
            if len(run) <= _LONGEST_KEPT:
                self._long[run] = known
        return known

    def _meanings(self, runs: list[bytes]) -> Values:
        """Return the meaning of each of some runs, all different and shorter than a form may be."""
        texts = b"\n".join(runs).decode("utf-8", "surrogatepass").split("\n")
        ascii_ones = [text for text in texts if text.isascii()]
        words = [text for text in ascii_ones if text.isalpha()]
        others = [text for text in ascii_ones if not text.isalpha() and (text.isalnum() or _is_number(text))]
        forms, stems = words + others, self._analyzer.stems_of(words) + others
        numbers = dict(zip(forms, self.vocabulary.numbers(forms, stems), strict=True))
        found = map(numbers.get, texts)
        return np.array(
            [
                self._meaning(text) if number is None else number
                for text, number in zip(texts, found, strict=True)
            ],
            dtype=np.int32,
        )

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
