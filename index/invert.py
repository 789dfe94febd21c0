"""From words in the order of the text to words in the order of the index: one sort of whole numbers.

A word is one uint64: the number of its stem among the sorted stems (24 bits), its place in the run
(24 bits), the rank of its form (16 bits). Sorted, they stand by term, article and position; everything
else follows from differences of neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.codec.words_writer import TermBlock
from index.tokenise import Vocabulary

#: The most words (and stems) that one run can hold.
LONGEST_RUN = 1 << 24
_MOST_RANKS = (1 << 16) - 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where words stand: `part_counts` words in each part, part after part; `starts` the position of each
    part's first word; every `parts_per_doc` parts make an article."""

    part_counts: NDArray[np.int64]
    starts: NDArray[np.int64]
    parts_per_doc: int


@dataclass(frozen=True, slots=True)
class _Numbering:
    """The stems and forms of a run in their order on disk; `codes` maps a form's number to its uint64."""

    codes: NDArray[np.uint64]
    stems: list[str]
    occurrences: NDArray[np.int64]
    form_count: NDArray[np.int64]
    forms: list[str]
    form_occurrences: NDArray[np.int64]


def term_blocks(
    pieces: list[NDArray[np.int32]], layout: Layout, vocabulary: Vocabulary
) -> Iterator[TermBlock]:
    """Yield the terms of a run, ascending, in blocks of about a million words.

    `pieces` are form numbers of `vocabulary`, at most `LONGEST_RUN` together; the list is emptied.
    """
    if not any(map(len, pieces)):
        return
    numbering = _number(pieces, vocabulary)
    keys = _sorted_keys(pieces, numbering.codes)
    part_of = np.repeat(np.arange(len(layout.part_counts), dtype=np.int32), layout.part_counts)
    shift = np.cumsum(layout.part_counts) - layout.part_counts - layout.starts
    ends = np.cumsum(numbering.occurrences)
    form_ends = np.concatenate(([0], np.cumsum(numbering.form_count)))
    for first, last in pairwise(_cuts(ends)):
        begin = int(ends[first - 1]) if first else 0
        chunk = keys[begin : int(ends[last - 1])]
        places = ((chunk >> np.uint64(16)) & np.uint64(LONGEST_RUN - 1)).view(np.intp)
        parts = part_of.take(places)
        yield _block(
            numbering,
            slice(first, last),
            slice(int(form_ends[first]), int(form_ends[last])),
            docs=parts if layout.parts_per_doc == 1 else parts // layout.parts_per_doc,
            positions=places - shift.take(parts),
            ranks=(chunk & np.uint64(_MOST_RANKS)).astype(np.uint32),
        )


def _sorted_keys(pieces: list[NDArray[np.int32]], codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the words as sorted uint64; each piece is let go once it is taken over."""
    keys = np.empty(sum(map(len, pieces)), dtype=np.uint64)
    at = 0
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        places = np.arange(at, at + len(piece), dtype=np.uint64) << np.uint64(16)
        np.bitwise_or(codes.take(piece), places, out=keys[at : at + len(piece)])
        at += len(piece)
    keys.sort()
    return keys


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
    stem_numbers = np.unique(stem_of)
    stems = [vocabulary.stems[number] for number in stem_numbers.tolist()]
    order = sorted(range(len(stems)), key=stems.__getitem__)
    place_of_stem = np.zeros(len(vocabulary.stems), dtype=np.int64)
    place_of_stem[stem_numbers[order]] = np.arange(len(order))
    terms = place_of_stem[stem_of]
    by_name = np.empty(len(used), dtype=np.int64)
    by_name[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    sequence = np.lexsort((by_name, -counts[used], terms))
    form_count = np.bincount(terms, minlength=len(stems))
    first = np.cumsum(form_count) - form_count
    ranks = np.arange(len(used)) - first[terms[sequence]]
    codes = np.zeros(len(counts), dtype=np.uint64)
    codes[used[sequence]] = (terms[sequence] << 40) | np.minimum(ranks, _MOST_RANKS)
    return _Numbering(
        codes,
        [stems[number] for number in order],
        np.bincount(terms, weights=counts[used], minlength=len(stems)).astype(np.int64),
        form_count,
        [names[number] for number in sequence.tolist()],
        counts[used][sequence],
    )


def _block(
    numbering: _Numbering,
    terms: slice,
    forms: slice,
    *,
    docs: NDArray[np.int32],
    positions: NDArray[np.intp],
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
    starts = np.cumsum(freqs) - freqs
    first_rank = ranks[starts]
    other = np.flatnonzero(ranks != np.repeat(first_rank, freqs))
    out = np.bincount(first_form + first_rank, minlength=total)
    if len(other):  # further forms in the same article, each counted once
        posting = np.searchsorted(starts, other, side="right") - 1
        pairs = np.sort((posting << 32) | ranks[other])
        pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
        out += np.bincount(first_form[pairs >> 32] + (pairs & 0xFFFFFFFF), minlength=total)
    return out
