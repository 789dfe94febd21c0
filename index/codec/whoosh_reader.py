"""Whoosh's view of the terms of a segment of arrays, and their matchers.

This and `whoosh_documents` are what makes stock `whoosh.index.open_dir` and its searcher work on a library;
byline itself reads the arrays directly (`segment_reader`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from index.codec.plain import PlainReader
from index.codec.whoosh_storage import open_segment
from index.codec.words_reader import WordsReader
from index.schema import ArraySegment, WordsFormat


class ArrayTermInfo(TermInfo):  # type: ignore[misc,unused-ignore]
    """The statistics of a term; what needs its postings is counted when it is asked for.

    The names with an underscore are those that Whoosh's own code reads and, to add an offset, sets.
    """

    def __init__(self, weight: float, df: int, matcher: Callable[[], ArrayMatcher]) -> None:
        self._weight, self._df = weight, df
        self._matcher = matcher

    @cached_property
    def _postings(self) -> ArrayMatcher:
        return self._matcher()

    @cached_property
    def _minlength(self) -> int:
        return self._postings.block_min_length()

    @cached_property
    def _maxlength(self) -> int:
        return self._postings.block_max_length()

    @cached_property
    def _maxweight(self) -> float:
        return self._postings.block_max_weight()

    @cached_property
    def _minid(self) -> int:
        return self._postings.block_min_id()

    @cached_property
    def _maxid(self) -> int:
        return self._postings.block_max_id()


class ArrayMatcher(LeafMatcher):  # type: ignore[misc,unused-ignore]
    """One term's articles, in order; for Whoosh's block methods they are a single block."""

    def __init__(
        self,
        docs: list[int],
        weights: list[float],
        values: Callable[[], list[bytes]],
        lengths: Callable[[], NDArray[Any]],
        format_: Any,
        term: Any,
        scorer: Any,
    ) -> None:
        self._docs, self._weights = docs, weights
        self._load_values, self._load_lengths = values, lengths
        self._values: list[bytes] | None = None
        self.format = format_
        self._term = term
        self.scorer = scorer
        self._i = 0
        self._ended = False  # by quality: Whoosh still asks for the number it stood at

    def is_active(self) -> bool:
        return self._i < len(self._docs) and not self._ended

    def reset(self) -> None:
        self._i, self._ended = 0, False

    def copy(self) -> ArrayMatcher:
        load, lengths = self._load_values, self._load_lengths
        other = ArrayMatcher(self._docs, self._weights, load, lengths, self.format, self._term, self.scorer)
        other._i, other._ended = self._i, self._ended
        return other

    def id(self) -> int:
        return self._docs[self._i]

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs)

    def weight(self) -> float:
        return self._weights[self._i]

    def value(self) -> bytes:
        if self._values is None:
            self._values = self._load_values()
        return self._values[self._i]

    def next(self) -> bool:  # type: ignore[override,unused-ignore]
        self._i += 1
        return self._i == len(self._docs)

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._docs, id, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        if self.block_quality() > minquality:
            return 0
        self._ended = True
        return 1

    def block_min_id(self) -> int:
        """Return the first document: all postings are one block."""
        return self._docs[0]

    def block_max_id(self) -> int:
        """Return the last document."""
        return self._docs[-1]

    @cached_property
    def _lengths(self) -> tuple[int, int]:
        lengths = self._load_lengths()
        return int(lengths.min()), int(lengths.max())

    def block_min_length(self) -> int:
        """Return the fewest words of the field in any of the documents."""
        return self._lengths[0]

    def block_max_length(self) -> int:
        """Return the most words of the field in any of the documents."""
        return self._lengths[1]

    def block_max_weight(self) -> float:
        """Return the greatest weight."""
        return max(self._weights)


class ArrayCursor(base.FieldCursor):  # type: ignore[misc,unused-ignore]
    """Walks over the terms of a field as Whoosh's field decodes them."""

    def __init__(self, reader: ArrayTermsReader, fieldname: str, fieldobj: Any) -> None:
        self._reader, self._name, self._field = reader, fieldname, fieldobj
        self._terms = reader.field(fieldname).terms if reader.has(fieldname) else ()
        self._at = 0

    def first(self) -> Any:
        """Go to the field's first term and return it; None if there is none."""
        self._at = 0
        return self.text()

    def find(self, string: Any) -> Any:
        """Go to the first term that is not less than `string` and return it; None behind the last."""
        term = string if isinstance(string, bytes) else self._field.to_bytes(string)
        self._at = self._terms.lower_bound(term) if self._terms else 0
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return it; None behind the last."""
        self._at += 1
        return self.text()

    def text(self) -> Any:
        """Return the term that the cursor stands on, decoded; None behind the last."""
        return self._field.from_bytes(self._terms[self._at]) if self.is_valid() else None

    def term_info(self) -> Any:
        """Return what is known of the term that the cursor stands on; None behind the last."""
        return self._reader.term_info(self._name, self._terms[self._at]) if self.is_valid() else None

    def is_valid(self) -> bool:
        """Return whether the cursor stands on a term."""
        return self._at < len(self._terms)


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc,unused-ignore]
    """Terms and postings of one segment."""

    def __init__(self, storage: Any, segment: ArraySegment) -> None:
        self._segment = open_segment(storage, segment)

    def has(self, fieldname: str) -> bool:
        """Return whether any article has terms in the field."""
        return fieldname in self._segment.word_fields or fieldname in self._segment.plain_fields

    def field(self, fieldname: str) -> WordsReader | PlainReader:
        """Return the arrays of a field; raises `TermNotFound` if it has none."""
        field = self._segment.words(fieldname) or self._segment.plain(fieldname)
        if field is None:
            raise TermNotFound(f"No field {fieldname!r}")
        return field

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self.has(term[0]) and self.field(term[0]).terms.find(term[1]) >= 0

    def indexed_field_names(self) -> tuple[str, ...]:
        """Return the fields that have terms, ascending."""
        return tuple(sorted((*self._segment.word_fields, *self._segment.plain_fields)))

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:
        """Return a cursor before the terms of a field; it has none for a field that is not there."""
        return ArrayCursor(self, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) of all terms, ascending."""
        for name in self.indexed_field_names():
            for term in self.field(name).terms:
                yield name, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) of all terms from `prefix` of a field on, those of later fields too."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                terms = self.field(name).terms
                for number in range(terms.lower_bound(prefix) if name == fieldname else 0, len(terms)):
                    yield name, terms[number]

    def items(self) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield ((field, term), what is known of it) of all terms, ascending."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], ArrayTermInfo]]:
        """Yield what `items` does of the terms that `terms_from` gives."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def _find(self, fieldname: str, term: bytes) -> int:
        number = self.field(fieldname).terms.find(term)
        if number < 0:
            raise TermNotFound(f"No term {fieldname}:{term!r}")
        return number

    def term_info(self, fieldname: str, text: bytes) -> ArrayTermInfo:
        """Return weight and number of documents of a term; raises `TermNotFound`."""
        number, field = self._find(fieldname, text), self.field(fieldname)
        if isinstance(field, WordsReader):
            df, weight = int(field.df[number]), float(field.cf[number])
        else:
            weights = field.weights(number)
            df, weight = len(weights), float(weights.sum(dtype=np.float64))
        return ArrayTermInfo(weight, df, lambda: self.matcher(fieldname, text, None))

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the weight of a term in all documents together; 0 if it is not there."""
        if (fieldname, text) not in self:
            return 0.0
        weight: float = self.term_info(fieldname, text).weight()
        return weight

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many documents have a term, deleted ones included; 0 if it is not there."""
        if (fieldname, text) not in self:
            return 0
        df: int = self.term_info(fieldname, text).doc_frequency()
        return df

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        """Return the matcher over the postings of a term; raises `TermNotFound`."""
        number, field = self._find(fieldname, text), self.field(fieldname)
        docs = field.docs(number)
        own = None
        if isinstance(field, WordsReader):
            words = field
            weights = words.freqs(number).astype(np.float64).tolist()
            load = lambda: _values_of_words(words, number)  # noqa: E731
        else:
            plain = field
            weights = plain.weights(number).astype(np.float64).tolist()
            load = lambda: plain.values(number)  # noqa: E731
            own = plain.lengths(number)
        of_field = self._segment.lengths
        lengths = lambda: of_field(fieldname)[docs] if own is None else own  # noqa: E731
        return ArrayMatcher(docs.tolist(), weights, load, lengths, format_, (fieldname, text), scorer)


def _values_of_words(field: WordsReader, number: int) -> list[bytes]:
    format_ = WordsFormat()
    starts, positions = field.positions(number)
    names = [form.decode("utf-8", "surrogatepass") for form in field.forms(number)]
    ranks = field.ranks(number).tolist()
    places, bounds = positions.tolist(), starts.tolist()
    return [format_.encode(places[a:b], [names[rank] for rank in ranks[a:b]]) for a, b in pairwise(bounds)]
