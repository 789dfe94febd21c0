"""Runs of words: where the words of a phrase stand one after the other.

All positions in the articles that have every word are numbered through, article after article, with gaps
between them that no run can cross. A word's occurrences, each less the word's place in the phrase, are then
the beginnings of all runs that the word allows, and the phrase stands where all its words agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.codec.term_reader import Occurrences
from index.kernel import Damaged, Kernel, current
from index.postings import Postings, TermPostings, occurrences_together
from index.reading import LibraryReader
from index.schema import TITLE_GAP
from index.value import Value
from search.best import all_of
from search.matches import Buffers, Flags, Numbers, common_places

Keys = NDArray[np.int64]

#: Positions that are numbered through at once, unless one article has more.
_PORTION = 1 << 22
#: More positions than any article has; only a damaged file says so.
_TOO_MANY = 1 << 24
#: Articles are narrowed down to those with a run so far if these are fewer than one in so many.
_FEW = 4


class Word(Value):
    """A word of a phrase: its stem and, where it must stand as written, its form."""

    stem: str
    form: str = ""


class Portion(Value):
    """Some articles that have all the words: their numbers, each word's places, and where each begins."""

    docs: Numbers
    places: dict[str, Numbers]
    origins: Keys
    flags: Flags | None


def runs(
    reader: LibraryReader, words: Sequence[Word], buffers: Buffers, field: str = "text", slop: int = 1
) -> Postings:
    """Return in which articles, and how often, the words stand in order, each within `slop` of the last.

    `field` is `text`, `title` or `body`.
    """
    terms = terms_of(reader, words)
    found: list[tuple[Numbers, Numbers]] = []
    if terms:
        kernel = current() if slop == 1 else None
        if kernel is not None:
            try:
                return _compiled(kernel, reader, terms, words, field)
            except Damaged:  # numpy will say what is wrong
                pass
        for portion in portions(reader, terms, len(words) * slop, buffers):
            run = _adjacent(portion, terms, words) if slop == 1 else _near(portion, terms, words, slop)
            found.append(counted(reader, portion, run, field))
    return put_together(found)


def terms_of(reader: LibraryReader, words: Sequence[Word]) -> dict[str, TermPostings]:
    """Return the terms of the words by their stems; none if there is a word that no article has."""
    terms: dict[str, TermPostings] = {}
    for word in words:
        term = terms[word.stem] = reader.term("text", word.stem)
        if not term.count:
            return {}
        if word.form and not term.has_form(word.form.encode("utf-8", "surrogatepass")):
            return {}
    return terms


def put_together(found: Sequence[tuple[Numbers, Numbers]]) -> Postings:
    """Return the articles of portions, and how often runs stand in each, as those of a term."""
    if not found:
        return Postings(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
    docs, counts = found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
    return Postings(docs, counts)


def _compiled(
    kernel: Kernel,
    reader: LibraryReader,
    terms: dict[str, TermPostings],
    words: Sequence[Word],
    field: str,
) -> Postings:
    """Return the runs of words without anything between them, by the compiled loops."""
    titles = None if field == "text" else (reader.lengths("title"), 1 if field == "title" else 2, TITLE_GAP)
    found = []
    for base in [part.base for part in terms[words[0].stem].parts]:
        structures, forms, sizes = [], [], []
        for word in words:
            term = terms[word.stem]
            at = next((at for at, part in enumerate(term.parts) if part.base == base), -1)
            if at < 0:
                break
            part = term.parts[at]
            rank = (
                part.words.rank_of(part.number, word.form.encode("utf-8", "surrogatepass"))
                if word.form
                else -1
            )
            if word.form and rank < 0:
                break
            structures.append(term.whole_structures[at])
            sizes.append(part.words.article_count(part.number))
            forms.append(rank)
        if len(structures) == len(words):
            order = sorted(range(len(words)), key=sizes.__getitem__)
            found.append(kernel.phrase(structures, order, sizes[order[0]], forms, titles))
    return put_together(found)


def portions(
    reader: LibraryReader, terms: dict[str, TermPostings], margin: int, buffers: Buffers
) -> Iterator[Portion]:
    """Yield the articles that have all the terms, with at least `margin` positions between them."""
    docs, places = all_of(list(terms.values()), buffers)
    if not len(docs):
        return
    extents = reader.lengths("text").take(docs).astype(np.int64)
    extents += TITLE_GAP + margin
    ends = extents.cumsum()
    cuts = [0]
    while cuts[-1] < len(docs):
        done = ends.item(cuts[-1] - 1) if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(ends.searchsorted(done + _PORTION, side="right"))))
    ends -= extents  # from here on, where they begin
    for first, last in pairwise(cuts):
        begin = ends.item(first)
        origins = ends[first:last] + (margin - begin)
        size = ends.item(last - 1) + extents.item(last - 1) - begin + margin
        yield Portion(
            docs[first:last],
            {stem: own[first:last] for stem, own in zip(terms, places, strict=True)},
            origins,
            buffers.positions(size) if size < _TOO_MANY else None,
        )


def _adjacent(portion: Portion, terms: dict[str, TermPostings], words: Sequence[Word]) -> Keys:
    """Return the keys of the last words of all runs without anything between the words, ascending."""
    order = sorted(range(len(words)), key=lambda at: terms[words[at].stem].size)
    stems = list(dict.fromkeys([words[at].stem for at in order[:2]]))
    places = [portion.places[stem] for stem in stems]
    known = dict(
        zip(stems, occurrences_together([terms[s] for s in stems], places, portion.origins), strict=True)
    )
    chosen: Numbers | None = None  # the articles in question, None for all
    starts, entries = _begins(known, words, order[0]), {}
    for step, at in enumerate(order[1:], 1):
        stem = words[at].stem
        if stem not in known:
            known[stem] = _occurrences(portion, terms[stem], stem, chosen)
        here, entries_there = common_places(starts, _begins(known, words, at), portion.flags)
        starts = starts.take(here)
        if step == 1:
            entries = {order[0]: here}
        else:
            entries = {word: where.take(here) for word, where in entries.items()}
        entries[at] = entries_there
        if not len(starts):
            return starts
        if step + 1 < len(order) and len(starts) * _FEW < len(portion.docs if chosen is None else chosen):
            owners = portion.origins.searchsorted(starts, side="right") - 1
            chosen = owners[np.diff(owners, prepend=-1) > 0]
    return _written(starts, entries, known, terms, words) + (len(words) - 1)


def _begins(known: Mapping[str, Occurrences], words: Sequence[Word], at: int) -> Keys:
    """Return where the phrase would begin for each occurrence of one of its words."""
    positions = known[words[at].stem].positions
    return positions - at if at else positions


def _written(
    starts: Keys,
    entries: Mapping[int, Numbers],
    known: Mapping[str, Occurrences],
    terms: Mapping[str, TermPostings],
    words: Sequence[Word],
) -> Keys:
    """Return those of the beginnings of runs whose words are written as wanted.

    `entries` are the places of the words of each run among the `known` occurrences; of a single word it has
    none: all of them are runs.
    """
    chosen: Numbers | None = None
    for at, word in enumerate(words):
        form = word.form.encode("utf-8", "surrogatepass")
        if not form or terms[word.stem].is_always(form):
            continue
        places = known[word.stem].places
        own = places.take(entries[at]) if at in entries else places
        if chosen is None:
            chosen = terms[word.stem].written_as(form, own).nonzero()[0]
        else:
            chosen = chosen.compress(terms[word.stem].written_as(form, own.take(chosen)))
    return starts if chosen is None else starts.take(chosen)


def _occurrences(portion: Portion, term: TermPostings, stem: str, chosen: Numbers | None) -> Occurrences:
    places, origins = portion.places[stem], portion.origins
    if chosen is not None:
        places, origins = places.take(chosen), origins.take(chosen)
    return term.occurrences(places, origins)


def _near(portion: Portion, terms: dict[str, TermPostings], words: Sequence[Word], slop: int) -> Keys:
    """Return the keys of the last words of all runs in which each word is near the one before."""
    keys = keys_of(portion, terms, words)
    return follow([keys[word] for word in words], slop)


def keys_of(portion: Portion, terms: dict[str, TermPostings], words: Sequence[Word]) -> dict[Word, Keys]:
    """Return the keys at which each word stands, ascending."""
    keys: dict[Word, Keys] = {}
    for word in dict.fromkeys(words):
        own = _occurrences(portion, terms[word.stem], word.stem, None)
        keys[word] = own.positions
        if word.form:
            form = word.form.encode("utf-8", "surrogatepass")
            keys[word] = own.positions[terms[word.stem].written_as(form, own.places)]
    return keys


def follow(words: Sequence[Keys], slop: int) -> Keys:
    """Return the keys at which the last of `words` ends a run of all of them in order.

    Each word stands at most `slop` positions after the one before it; keys ascend and are never so near
    that a run could leave its article.
    """
    ends = words[0]
    for word in words[1:]:
        if not len(ends) or not len(word):
            return np.zeros(0, dtype=np.int64)
        before = np.searchsorted(ends, word) - 1
        ends = word[(before >= 0) & (word - ends.take(np.maximum(before, 0)) <= slop)]
    return ends


def counted(
    reader: LibraryReader, portion: Portion, ends: Keys, field: str
) -> tuple[Numbers, NDArray[np.intp]]:
    """Return the articles in whose `field` runs end at the keys, and how many."""
    owners = portion.origins.searchsorted(ends, side="right") - 1
    if field != "text":
        headings = reader.lengths("title").take(portion.docs.take(owners))
        bounds = headings + TITLE_GAP * (headings > 0)
        in_title = ends - portion.origins.take(owners) < bounds
        owners = owners[in_title if field == "title" else ~in_title]
    counts = np.bincount(owners, minlength=len(portion.docs))
    there = counts.nonzero()[0]
    return portion.docs.take(there), counts.take(there)
