"""From words in the order of the text to words in the order of the index: one sort of whole numbers.

A word is one uint64: from the high bits down its stem's number among the sorted stems, the part of the run
in which it stands, its position there, and the rank of its form. Sorted, words stand by term, article and
position; everything else follows from differences of neighbours. Each number has as many bits as the run
needs; if these are more than 64 together (an article of millions of words among very many), the same order
is made of separate arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.words_writer import TermBlock
from index.tokenise import Vocabulary

#: The most words (and stems) that one run can hold.
LONGEST_RUN = 1 << 24
_CHUNK = 1 << 19


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the words of one piece stand: `part_counts` words in each part, part after part; `starts` is the
    position of each part's first word. Every `parts_per_doc` parts make an article."""

    part_counts: NDArray[np.int64]
    starts: NDArray[np.int64]
    parts_per_doc: int


@dataclass(frozen=True, slots=True)
class _Numbering:
    """The stems and forms of a run in their order on disk; `terms`, `ranks`: those of each form number."""

    terms: NDArray[np.uint32]
    ranks: NDArray[np.uint32]
    stems: list[str]
    occurrences: NDArray[np.int64]
    form_count: NDArray[np.int64]
    forms: list[str]
    form_occurrences: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The words of a run in the order of the index, however they are kept."""

    read: Callable[[int, int], tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]]


def term_blocks(
    pieces: list[NDArray[np.int32]], layouts: Sequence[Layout], vocabulary: Vocabulary
) -> Iterator[TermBlock]:
    """Yield the terms of a run, ascending, in blocks of about half a million words.

    `pieces` are form numbers of `vocabulary`, at most `LONGEST_RUN` together, each with its layout; the
    list is emptied.
    """
    if not any(map(len, pieces)):
        return
    numbering = _number(pieces, vocabulary)
    words = _sort(pieces, layouts, numbering)
    per_doc = layouts[0].parts_per_doc
    ends = np.cumsum(numbering.occurrences)
    form_ends = np.concatenate(([0], np.cumsum(numbering.form_count)))
    for first, last in pairwise(_cuts(ends)):
        parts, positions, ranks = words.read(int(ends[first - 1]) if first else 0, int(ends[last - 1]))
        yield _block(
            numbering,
            slice(first, last),
            slice(int(form_ends[first]), int(form_ends[last])),
            docs=parts if per_doc == 1 else parts // per_doc,
            positions=positions,
            ranks=ranks,
        )


def _sort(
    pieces: list[NDArray[np.int32]], layouts: Sequence[Layout], numbering: _Numbering, most_bits: int = 64
) -> _Sorted:
    part_count = sum(len(layout.part_counts) for layout in layouts)
    longest = max(int((layout.starts + layout.part_counts).max(initial=0)) for layout in layouts)
    bits = [
        int(largest).bit_length()
        for largest in (numbering.ranks.max(), longest, part_count, len(numbering.stems))
    ]
    if sum(bits) <= most_bits:
        return _sort_keys(pieces, layouts, numbering, bits)
    return _sort_arrays(pieces, layouts, numbering)


def _sort_keys(
    pieces: list[NDArray[np.int32]], layouts: Sequence[Layout], numbering: _Numbering, bits: list[int]
) -> _Sorted:
    """Sort words as one number each; each piece is let go once it is taken over."""
    at_position, at_part, at_term = (np.uint64(sum(bits[:place])) for place in (1, 2, 3))
    codes = (numbering.terms.astype(np.uint64) << at_term) | numbering.ranks
    keys = np.empty(sum(map(len, pieces)), dtype=np.uint64)
    at = 0
    for parts, positions, forms in _spread(pieces, layouts):
        key = keys[at : at + len(forms)]
        codes.take(forms, out=key)
        key |= parts.view(np.uint64) << at_part
        key |= positions.view(np.uint64) << at_position
        at += len(forms)
    keys.sort()
    part_mask, position_mask, rank_mask = (np.uint64((1 << bits[place]) - 1) for place in (2, 1, 0))

    def read(first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
        chunk = keys[first:last]
        parts = ((chunk >> at_part) & part_mask).view(np.int64)
        positions = ((chunk >> at_position) & position_mask).view(np.int64)
        return parts, positions, (chunk & rank_mask).astype(np.uint32)

    return _Sorted(read)


def _sort_arrays(
    pieces: list[NDArray[np.int32]], layouts: Sequence[Layout], numbering: _Numbering
) -> _Sorted:
    """Sort words by an index array: slower and larger, for what does not fit into one number."""
    spread = list(_spread(pieces, layouts))
    parts = np.concatenate([part for part, _, _ in spread])
    positions = np.concatenate([position for _, position, _ in spread])
    forms = np.concatenate([form for _, _, form in spread])
    order = np.argsort(numbering.terms[forms], kind="stable")

    def read(first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
        chosen = order[first:last]
        return parts[chosen], positions[chosen], numbering.ranks[forms[chosen]]

    return _Sorted(read)


def _spread(
    pieces: list[NDArray[np.int32]], layouts: Sequence[Layout]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]]:
    """Yield part, position and form of the words of each piece, and empty the list."""
    part = 0
    pieces.reverse()
    for layout in layouts:
        forms, counts = pieces.pop(), layout.part_counts
        parts = np.repeat(np.arange(part, part + len(counts)), counts)
        shift = np.cumsum(counts) - counts - layout.starts
        yield parts, np.arange(len(forms)) - np.repeat(shift, counts), forms
        part += len(counts)


def _cuts(ends: NDArray[np.int64]) -> list[int]:
    cuts = [0]
    while cuts[-1] < len(ends):
        done = int(ends[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(ends, done + _CHUNK, side="right"))))
    return cuts


def _number(pieces: list[NDArray[np.int32]], vocabulary: Vocabulary) -> _Numbering:
    counts = np.zeros(len(vocabulary.forms), dtype=np.int64)
    for piece in pieces:
        counts += np.bincount(piece, minlength=len(counts))
    used = np.flatnonzero(counts)
    names = [vocabulary.forms[number] for number in used.tolist()]
    stem_of = np.array(vocabulary.stem_of_form, dtype=np.int64)[used]
    stem_numbers = np.flatnonzero(np.bincount(stem_of, minlength=len(vocabulary.stems)))
    stems = [vocabulary.stems[number] for number in stem_numbers.tolist()]
    order = sorted(range(len(stems)), key=stems.__getitem__)
    place_of_stem = np.zeros(len(vocabulary.stems), dtype=np.int64)
    place_of_stem[stem_numbers[order]] = np.arange(len(order))
    terms = place_of_stem[stem_of]
    sequence = _by_frequency(terms, counts[used], names)
    form_count = np.bincount(terms, minlength=len(stems))
    first = np.cumsum(form_count) - form_count
    ranks = np.arange(len(used)) - first[terms[sequence]]
    term_of, rank_of = np.zeros(len(counts), dtype=np.uint32), np.zeros(len(counts), dtype=np.uint32)
    term_of[used[sequence]], rank_of[used[sequence]] = terms[sequence], ranks
    return _Numbering(
        term_of,
        rank_of,
        [stems[number] for number in order],
        np.bincount(terms, weights=counts[used], minlength=len(stems)).astype(np.int64),
        form_count,
        [names[number] for number in sequence.tolist()],
        counts[used][sequence],
    )


def _by_frequency(terms: NDArray[np.int64], counts: NDArray[np.int64], names: list[str]) -> NDArray[np.intp]:
    """Return the order of forms by term, then by falling count, then by name, which few forms need."""
    order = np.lexsort((-counts, terms))
    same = np.flatnonzero((np.diff(terms[order]) == 0) & (np.diff(counts[order]) == 0))
    tied = order[np.union1d(same, same + 1)].tolist()
    by_name = np.zeros(len(names), dtype=np.int64)
    by_name[sorted(tied, key=names.__getitem__)] = np.arange(len(tied))
    return np.lexsort((by_name, -counts, terms)) if tied else order


def _block(
    numbering: _Numbering,
    terms: slice,
    forms: slice,
    *,
    docs: NDArray[np.int64],
    positions: NDArray[np.int64],
    ranks: NDArray[np.uint32],
) -> TermBlock:
    occurrences = numbering.occurrences[terms]
    term_starts = np.cumsum(occurrences) - occurrences
    is_first = np.empty(len(docs), dtype=np.bool_)
    np.not_equal(docs[1:], docs[:-1], out=is_first[1:])
    is_first[term_starts] = True
    starts = np.flatnonzero(is_first)
    steps = np.empty(len(docs), dtype=np.int64)
    np.subtract(positions[1:], positions[:-1], out=steps[1:])
    steps[starts] = positions[starts]
    freqs = np.diff(starts, append=len(docs))
    df = np.diff(np.searchsorted(starts, term_starts), append=len(starts))
    form_count = numbering.form_count[terms]
    return TermBlock(
        terms=[stem.encode("utf-8", "surrogatepass") for stem in numbering.stems[terms]],
        df=df,
        docs=docs[starts],
        freqs=freqs,
        steps=steps,
        ranks=ranks,
        form_count=form_count,
        forms=[form.encode("utf-8", "surrogatepass") for form in numbering.forms[forms]],
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
    other = np.flatnonzero(ranks != np.repeat(first_rank, freqs))
    out = np.bincount(first_form + first_rank, minlength=total)
    if len(other):  # further forms in the same article, each counted once
        posting = np.searchsorted(starts, other, side="right") - 1
        pairs = np.sort((posting << 32) | ranks[other])
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        out += np.bincount(first_form[pairs >> 32] + (pairs & 0xFFFFFFFF), minlength=total)
    return out
