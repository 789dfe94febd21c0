"""Joining a field of words: the terms of all sources walked together, block by block.

What belongs to a term in one source stays together, so joining is copying stretches of bytes; only the
ranks of forms whose order changes are worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.words_reader import WordsReader, empty_block
from index.codec.words_writer import TermBlock
from index.invert import form_articles
from index.value import replace

#: Occurrences of all sources together that are joined at once.
_BLOCK = 1 << 20


class Numbering(NamedTuple):
    """The new numbers of one source's articles: `base` and up for those that live, -1 for the others."""

    base: int
    living: NDArray[np.bool_]
    whole: bool

    def numbers(self) -> NDArray[np.int64]:
        """Return the new number of each article."""
        return np.where(self.living, np.cumsum(self.living) - 1 + self.base, -1)


def joined_blocks(fields: list[tuple[Numbering, WordsReader]]) -> Iterator[TermBlock]:
    """Yield the blocks of the joined field, ascending; the sources' articles follow each other."""
    if not fields:
        return
    largest = max((field for _, field in fields), key=lambda field: int(field.cf.sum(dtype=np.int64)))
    numbers = [None if numbering.whole else numbering.numbers() for numbering, _ in fields]
    starts = [0] * len(fields)
    for _, cut in largest.cuts(max(1, _BLOCK // len(fields))):
        bound = largest.terms[cut] if cut < len(largest.terms) else None
        ends = [
            len(field.terms) if bound is None else field.terms.lower_bound(bound, start)
            for (_, field), start in zip(fields, starts, strict=True)
        ]
        blocks = [
            _moved(field.block(start, end), numbering.base, new)
            for (numbering, field), new, start, end in zip(fields, numbers, starts, ends, strict=True)
            if start < end
        ]
        yield _join([block for block in blocks if block.terms])
        starts = ends


def _moved(block: TermBlock, base: int, numbers: NDArray[np.int64] | None) -> TermBlock:
    """Return a block with its articles renumbered, deleted ones and what only they held left out."""
    if numbers is None:
        return replace(block, docs=block.docs + np.uint32(base)) if base else block
    docs = numbers[block.docs]
    keep = docs >= 0
    kept = np.repeat(keep, block.freqs)
    term_of = np.repeat(np.arange(len(block.terms)), block.df)[keep]
    df = np.bincount(term_of, minlength=len(block.terms))
    freqs, steps = block.freqs[keep], block.steps[kept]
    first_form = np.cumsum(block.form_count) - block.form_count
    form_of = np.repeat(first_form[term_of], freqs) + block.ranks[kept]
    form_cf = np.bincount(form_of, minlength=len(block.forms))
    used = form_cf > 0
    place = np.cumsum(used) - 1
    owner = np.repeat(np.arange(len(block.terms)), block.form_count)
    form_count = np.bincount(owner[used], minlength=len(block.terms))
    first_used = np.cumsum(form_count) - form_count
    ranks = (place[form_of] - np.repeat(first_used[term_of], freqs)).astype(np.uint32)
    there = df > 0
    alive, order = np.flatnonzero(there).tolist(), np.flatnonzero(used).tolist()
    return TermBlock(
        terms=[block.terms[term] for term in alive],
        df=df[there],
        docs=docs[keep],
        freqs=freqs,
        steps=steps,
        ranks=ranks,
        form_count=form_count[there],
        forms=[block.forms[form] for form in order],
        form_df=form_articles(df[there], freqs, ranks, form_count[there]),
        form_cf=form_cf[used],
    )


def _join(blocks: list[TermBlock]) -> TermBlock:
    """Return one block with the terms of all; articles ascend from block to block."""
    if not blocks:
        return empty_block()
    terms = sorted(set().union(*(block.terms for block in blocks)))
    number = {term: place for place, term in enumerate(terms)}
    term_of = [np.fromiter(map(number.__getitem__, b.terms), np.int64, len(b.terms)) for b in blocks]
    own_cf = [_occurrences(block) for block in blocks]
    forms, form_count, form_df, form_cf, ranks = _join_forms(blocks, term_of, own_cf, len(terms))
    df = np.zeros((len(blocks), len(terms)), dtype=np.int64)
    cf = np.zeros((len(blocks), len(terms)), dtype=np.int64)
    for row, (block, mine) in enumerate(zip(blocks, term_of, strict=True)):
        df[row, mine], cf[row, mine] = block.df, own_cf[row]
    pattern = _Pattern(df, cf)
    return TermBlock(
        terms=terms,
        df=df.sum(axis=0),
        docs=pattern.postings([block.docs for block in blocks]),
        freqs=pattern.postings([block.freqs for block in blocks]),
        steps=pattern.occurrences([block.steps for block in blocks]),
        ranks=pattern.occurrences(ranks),
        form_count=form_count,
        forms=forms,
        form_df=form_df,
        form_cf=form_cf,
    )


def _occurrences(block: TermBlock) -> NDArray[np.int64]:
    total = np.cumsum(block.freqs, dtype=np.int64)
    return np.diff(total[np.cumsum(block.df) - 1], prepend=0)


class _Pattern:
    """From which block each stretch of the joined one comes: neighbouring terms of one block are one."""

    def __init__(self, df: NDArray[np.int64], cf: NDArray[np.int64]) -> None:
        """Take the counts of term `t` in block `p`, at `[p, t]`."""
        self._blocks = len(df)
        postings = df.T.ravel()
        there = np.flatnonzero(postings)
        source = there % self._blocks
        first = np.flatnonzero(np.diff(source, prepend=-1))
        self._source = source[first]
        self._postings = np.add.reduceat(postings[there], first)
        self._occurrences = np.add.reduceat(cf.T.ravel()[there], first)

    def postings(self, parts: list[NDArray[Any]]) -> NDArray[Any]:
        """Return one array of the blocks' arrays that have an entry a posting."""
        return self._joined(parts, self._postings)

    def occurrences(self, parts: list[NDArray[Any]]) -> NDArray[Any]:
        """Return one array of the blocks' arrays that have an entry an occurrence."""
        return self._joined(parts, self._occurrences)

    def _joined(self, parts: list[NDArray[Any]], sizes: NDArray[np.int64]) -> NDArray[Any]:
        dtype = np.result_type(*parts)
        starts = np.empty(len(sizes), dtype=np.int64)
        for block in range(self._blocks):
            mine = self._source == block
            own = sizes[mine]
            starts[mine] = np.cumsum(own) - own
        first, last = starts * dtype.itemsize, (starts + sizes) * dtype.itemsize
        texts = [part.astype(dtype, copy=False).tobytes() for part in parts]
        stretches = zip(self._source.tolist(), first.tolist(), last.tolist(), strict=True)
        return np.frombuffer(b"".join([texts[block][a:b] for block, a, b in stretches]), dtype)


def _join_forms(
    blocks: list[TermBlock],
    term_of: list[NDArray[np.int64]],
    own_cf: list[NDArray[np.int64]],
    term_count: int,
) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], list[NDArray[Any]]]:
    """Return forms, their counts a term, df, cf, and each block's ranks in the new order of its terms."""
    known: dict[tuple[int, bytes], int] = {}
    places: list[NDArray[np.int64]] = []
    for block, mine in zip(blocks, term_of, strict=True):
        owners = np.repeat(mine, block.form_count).tolist()
        keys = zip(owners, block.forms, strict=True)
        places.append(np.fromiter([known.setdefault(key, len(known)) for key in keys], np.int64, len(owners)))
    df, cf = np.zeros(len(known), dtype=np.int64), np.zeros(len(known), dtype=np.int64)
    for block, place in zip(blocks, places, strict=True):
        df[place] += block.form_df
        cf[place] += block.form_cf
    keys_ = list(known)
    owner = np.fromiter([key[0] for key in keys_], np.int64, len(keys_))
    by_name = np.empty(len(keys_), dtype=np.int64)
    names = [key[1] for key in keys_]
    by_name[sorted(range(len(keys_)), key=names.__getitem__)] = np.arange(len(keys_))
    order = np.lexsort((by_name, -cf, owner))
    count = np.bincount(owner, minlength=term_count)
    first = np.cumsum(count) - count
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - first[owner[order]]
    ranks = [
        _new_ranks(block, rank[place], own) for block, place, own in zip(blocks, places, own_cf, strict=True)
    ]
    return [names[place] for place in order.tolist()], count, df[order], cf[order], ranks


def _new_ranks(block: TermBlock, new: NDArray[np.int64], cf: NDArray[np.int64]) -> NDArray[Any]:
    """Return the block's ranks; `new` is the new rank of each of its forms. Most terms keep theirs."""
    begin = np.cumsum(block.form_count) - block.form_count
    owner = np.repeat(np.arange(len(block.terms)), block.form_count)
    changed = np.zeros(len(block.terms), dtype=np.bool_)
    changed[owner[new != np.arange(len(new)) - begin[owner]]] = True
    if not changed.any():
        return block.ranks
    where = np.flatnonzero(np.repeat(changed, cf))
    forms = np.repeat(begin[changed], cf[changed]) + block.ranks.take(where)
    moved = new.take(forms)
    ranks = block.ranks.astype(np.result_type(block.ranks.dtype, np.min_scalar_type(int(moved.max()))))
    ranks[where] = moved
    return ranks
