"""From words in the order of the text to words in the order of the index: sorts of whole numbers.

A word is one uint64: from the high bits down its stem's number among the sorted stems, the article in which
it stands, its position there, and the rank of its form. Sorted, words stand by term, article and position;
everything else follows from differences of neighbours. Each number has as many bits as the articles need; if
these are more than 64 together (an article of millions of words among very many), the same order is made of
separate arrays. Terms are taken range by range, each of as many words as are sorted at once, and processes
side by side can take a range each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.changes import changes
from index.codec.words_writer import TermBlock
from index.numbering import Lexicon, Numbering
from index.record import TITLE_GAP
from index.word_spool import Piece

#: Words that are sorted at once, unless one term alone has more; twice as many if these are all, since each
#: pass looks at every word.
_PASS = 1 << 23
#: Words of a block, unless one term alone has more.
_CHUNK = 1 << 17
_MOST_BITS = 64


class Source(NamedTuple):
    """Some articles: their words piece by piece, a title and a body of each article in turn.

    `numbers` are a lexicon's numbers of the forms as they are numbered here.
    """

    pieces: Sequence[Piece]
    numbers: NDArray[np.int32]

    def numbered(self, table: NDArray[Any]) -> NDArray[Any]:
        """Return a table of the lexicon's words as one of the forms as they are numbered here."""
        return table.take(self.numbers)


class _Stretch(NamedTuple):
    """Some words in the order of the index: where those of each term in an article begin, and the article;
    `steps` and `ranks` of each are those of `TermBlock`."""

    starts: NDArray[np.intp]
    docs: NDArray[np.int64]
    steps: NDArray[np.uint32]
    ranks: NDArray[np.integer[Any]]


class _Chosen(NamedTuple):
    """Words of a piece: their forms and their places in it; how many each text has, its article, and what a
    place in it is ahead of the position; `table` has what was asked for of each form."""

    forms: NDArray[np.int32]
    places: NDArray[np.intp]
    counts: NDArray[np.integer[Any]]
    docs: NDArray[np.int64]
    begins: NDArray[np.int64]
    table: NDArray[Any]


#: Gives the sorted words [first, last), which begin with a term and end with one; in order, each only once.
_Read = Callable[[int, int], _Stretch]


def term_blocks(
    sources: Sequence[Source], lexicon: Lexicon, numbering: Numbering, first: int, last: int
) -> Iterator[TermBlock]:
    """Yield the terms [first, last) of `numbering`, ascending, in blocks of about `_CHUNK` words.

    Articles are numbered from 0 through all sources.
    """
    ends = np.cumsum(numbering.occurrences)
    form_ends = np.concatenate(([0], np.cumsum(numbering.form_count)))
    total = int(numbering.occurrences[first:last].sum())
    for low, high in pairwise(_cuts(ends, first, last, _PASS if total > 2 * _PASS else 2 * _PASS)):
        read = _sorted(sources, numbering, low, high)
        base = int(ends[low - 1]) if low else 0
        for begin, end in pairwise(_cuts(ends, low, high, _CHUNK)):
            words = read((int(ends[begin - 1]) if begin else 0) - base, int(ends[end - 1]) - base)
            forms = slice(int(form_ends[begin]), int(form_ends[end]))
            yield _block(lexicon, numbering, slice(begin, end), forms, words)


def _sorted(sources: Sequence[Source], numbering: Numbering, first: int, last: int) -> _Read:
    """Sort the words of the terms [first, last)."""
    counts = [piece.counts for source in sources for piece in source.pieces]
    articles = sum(map(len, counts)) // 2
    longest = max(int((starts_of(some) + some).max(initial=0)) for some in counts)
    ranks = int(numbering.form_count[first:last].max())
    bits = [number.bit_length() for number in (ranks, longest, articles, last - first)]
    if sum(bits) <= _MOST_BITS:
        return _sorted_keys(sources, numbering, first, last, bits)
    return _sorted_arrays(sources, numbering, first, last)


def _sorted_keys(
    sources: Sequence[Source], numbering: Numbering, first: int, last: int, bits: list[int]
) -> _Read:
    """Sort words as one number each."""
    at_position, at_doc, at_term = (np.uint64(sum(bits[:place])) for place in (1, 2, 3))
    codes = (numbering.terms - np.uint32(first)).astype(np.uint64) << at_term | numbering.ranks
    keys = np.empty(int(numbering.occurrences[first:last].sum()), dtype=np.uint64)
    at = 0
    for forms, places, counts, docs, begins, table in _chosen(sources, numbering, first, last, codes):
        texts = (docs.view(np.uint64) << at_doc) - (begins.view(np.uint64) << at_position)
        key = keys[at : at + len(forms)]
        table.take(forms, out=key, mode="clip")
        key += places.view(np.uint64) << at_position
        key += np.repeat(texts, counts)
        at += len(forms)
    keys.sort()
    doc_mask, position_mask, rank_mask = (np.uint64((1 << bits[place]) - 1) for place in (2, 1, 0))
    narrow: Any = np.uint8 if bits[0] <= 8 else np.uint32
    gone = 0  # of the keys

    def read(begin: int, end: int) -> _Stretch:
        nonlocal keys, gone
        chunk, rest = keys[begin - gone : end - gone], keys[end - gone :]
        if len(rest) <= len(chunk):  # little is left to read, or nothing: the others go with the chunk
            keys, gone = rest.copy(), end
        starts = changes(chunk, at_doc)
        firsts = chunk.take(starts)
        ranks = chunk.astype(narrow)
        ranks &= narrow(rank_mask)
        chunk >>= at_position  # each is read once; a frequent term is not to be there twice
        # Within an article only positions differ now.
        steps = _steps(chunk, starts, (firsts >> at_position) & position_mask)
        return _Stretch(starts, ((firsts >> at_doc) & doc_mask).view(np.int64), steps, ranks)

    return read


def _sorted_arrays(sources: Sequence[Source], numbering: Numbering, first: int, last: int) -> _Read:
    """Sort words by an index array: slower and larger, for what does not fit into one number."""
    terms, ranks, docs, positions = [], [], [], []
    every = np.arange(len(numbering.terms))
    for forms, places, counts, owner, begins, table in _chosen(sources, numbering, first, last, every):
        numbers = table.take(forms)
        terms.append(numbering.terms.take(numbers))
        ranks.append(numbering.ranks.take(numbers))
        docs.append(np.repeat(owner, counts))
        positions.append(places - np.repeat(begins, counts))
    by_term = np.concatenate(terms)
    order = np.argsort(by_term, kind="stable")
    owners, where, stood = np.concatenate(docs), np.concatenate(positions), np.concatenate(ranks)

    def read(begin: int, end: int) -> _Stretch:
        chosen = order[begin:end]
        doc = owners.take(chosen)
        starts = changes(by_term.take(chosen).astype(np.int64) << 40 | doc)
        places = where.take(chosen)
        steps = _steps(places, starts, places.take(starts))
        return _Stretch(starts, doc.take(starts), steps, stood.take(chosen))

    return read


def _chosen(
    sources: Sequence[Source], numbering: Numbering, first: int, last: int, table: NDArray[Any]
) -> Iterator[_Chosen]:
    """Yield of each piece the words of the terms [first, last), and `table` for its forms."""
    inside = (numbering.terms >= first) & (numbering.terms < last)
    whole = first == 0 and last == len(numbering.stems)
    doc = 0
    for source in sources:
        flags, own = source.numbered(inside), source.numbered(table)
        for forms, counts in source.pieces:
            ends = np.cumsum(counts)
            docs = np.arange(2 * doc, 2 * doc + len(counts)) >> 1
            begins = ends - counts - starts_of(counts)
            doc += len(counts) // 2
            if whole:
                yield _Chosen(forms, np.arange(len(forms)), counts, docs, begins, own)
                continue
            places = np.flatnonzero(flags.take(forms))
            counts = np.diff(np.searchsorted(places, ends), prepend=0)
            yield _Chosen(forms.take(places), places, counts, docs, begins, own)


def starts_of(counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the first position of each text, titles and bodies in turn, from their numbers of words."""
    starts = np.zeros(len(counts), dtype=np.int64)
    starts[1::2] = np.where(counts[0::2] > 0, counts[0::2] + TITLE_GAP, 0)
    return starts


def _steps(
    places: NDArray[np.integer[Any]], starts: NDArray[np.intp], firsts: NDArray[np.integer[Any]]
) -> NDArray[np.uint32]:
    """Return each place less the one before it; at `starts`, what `firsts` says."""
    steps = np.empty(len(places), dtype=np.uint32)
    np.subtract(places[1:], places[:-1], out=steps[1:], casting="unsafe")
    steps[starts] = firsts
    return steps


def _cuts(ends: NDArray[np.int64], first: int, last: int, size: int) -> list[int]:
    """Return bounds of ranges of the terms [first, last) that have at most `size` words each, or one term."""
    cuts = [first]
    while cuts[-1] < last:
        done = int(ends[cuts[-1] - 1]) if cuts[-1] else 0
        end = int(np.searchsorted(ends, done + size, side="right"))
        cuts.append(min(last, max(cuts[-1] + 1, end)))
    return cuts


def _block(lexicon: Lexicon, numbering: Numbering, terms: slice, forms: slice, words: _Stretch) -> TermBlock:
    """Return a block of the terms and forms of these numbers, whose words are given."""
    starts, docs, steps, ranks = words
    occurrences = numbering.occurrences[terms]
    freqs = np.diff(starts, append=len(steps))
    df = np.diff(np.searchsorted(starts, np.cumsum(occurrences) - occurrences), append=len(starts))
    form_count = numbering.form_count[terms]
    return TermBlock(
        terms=lexicon.stems.chosen(numbering.stems[terms]),
        df=df,
        docs=docs,
        freqs=freqs,
        steps=steps,
        ranks=ranks,
        form_count=form_count,
        forms=lexicon.forms.chosen(numbering.forms[forms]),
        form_df=form_articles(df, freqs, ranks, form_count),
        form_cf=numbering.form_occurrences[forms],
    )


def form_articles(
    df: NDArray[np.int64],
    freqs: NDArray[np.integer[Any]],
    ranks: NDArray[np.integer[Any]],
    form_count: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return in how many articles each form stands, by term, then rank; arguments as in `TermBlock`."""
    total = int(form_count.sum())
    first_form = np.repeat(np.cumsum(form_count) - form_count, df)
    starts = np.cumsum(freqs, dtype=np.int64) - freqs
    first_rank = ranks[starts]
    begins = np.zeros(len(ranks), dtype=np.bool_)
    begins[starts] = True
    other = np.flatnonzero((ranks[1:] != ranks[:-1]) > begins[1:]) + 1  # another form than the word before
    out = np.bincount(first_form + first_rank, minlength=total)
    if len(other):  # further forms in the same article, each counted once
        posting = np.searchsorted(starts, other, side="right") - 1
        further = np.flatnonzero(ranks[other] != first_rank[posting])
        pairs = np.sort((posting[further] << 32) | ranks[other[further]])
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        out += np.bincount(first_form[pairs >> 32] + (pairs & 0xFFFFFFFF), minlength=total)
    return out
