"""Copies of a story: which articles of a library say the same, kept beside the segments.

A file `copies_N.byl`, of the format of a segment's file, holds the pairs of copies of generation N: the
articles that are in any pair, each by its segment and its number there, and the pairs. A generation is
answered by the file of the last one up to it that wrote any: a commit that changes nothing about copies
writes none. Articles of segments that are gone, and those that were deleted, are passed over, so that a
file can be old but not wrong. With each article stands the one that its group is named by, so that a search
has to work out only the groups that lost an article since.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.format import EXTENSION
from index.codec.segment_reader import SegmentReader
from index.errors import BylineError, LibraryDamaged
from index.value import Value

Ints = NDArray[np.int64]
Pairs = NDArray[np.int64]

_NONE: Ints = np.zeros(0, dtype=np.int64)
_NO_PAIRS: Pairs = np.zeros((0, 2), dtype=np.int64)
_FILE = re.compile(r"copies_(\d+)\.byl")


class Copies:
    """Articles that have copies, and the pairs of them.

    Member `m` is the article `numbers[m]` of the segment `segments[owners[m]]`; each row of `pairs` names two
    members, the lower one first, that are copies of each other. `heads` has for each member the one that its
    group is named by; it is empty if that was not worked out. The arrays are never changed.
    """

    def __init__(
        self,
        segments: Sequence[str] = (),
        owners: Ints = _NONE,
        numbers: Ints = _NONE,
        pairs: Ints = _NONE,
        heads: Ints = _NONE,
    ) -> None:
        self.segments = tuple(segments)
        self.owners, self.numbers, self.heads = owners, numbers, heads
        self.pairs: Pairs = pairs.reshape(-1, 2)


class Part(Value):
    """A segment of a generation: its id, its articles, which of them are deleted; the first's number."""

    segment: str
    reader: SegmentReader
    deleted: Set[int]
    base: int


class Groups:
    """Groups of copies in one generation, by article numbers.

    `docs` ascends; `heads` has for each of them the earliest article of its group (by date, those without a
    date last, then by id), which names the group.
    """

    def __init__(self, docs: NDArray[np.int64], heads: NDArray[np.int64], size: int) -> None:
        self.docs, self.heads, self._size = docs, heads, size

    def of(self, doc: int) -> list[int]:
        """Return all articles of the group of an article, ascending; [] if it has no copies."""
        place = int(np.searchsorted(self.docs, doc))
        if place == len(self.docs) or self.docs[place] != doc:
            return []
        found: list[int] = self.docs[self.heads == self.heads[place]].tolist()
        return found

    @cached_property
    def stories(self) -> NDArray[np.int64]:
        """For each article of the library the number of its story: its group's head, or itself."""
        stories = np.arange(self._size)
        stories[self.docs] = self.heads
        return stories


def read_copies(folder: Path, generation: int) -> Copies:
    """Return the copies of a generation; none if no file tells of any.

    Raises `LibraryDamaged` or `LibraryMismatch` if the file is not what was written.
    """
    written = [number for number, _ in _files(folder) if number <= generation]
    return _read(folder / copies_file(max(written))) if written else Copies()


def groups(copies: Copies, parts: Sequence[Part]) -> Groups:
    """Return the groups among the living articles of a generation."""
    docs, heads = numbered(copies, parts, numbers_of(copies, parts))
    return Groups(docs, heads, sum(part.reader.doc_count for part in parts))


def numbered(
    copies: Copies, parts: Sequence[Part], numbers: Ints, new: Pairs = _NO_PAIRS
) -> tuple[Ints, Ints]:
    """Return the ascending article numbers of all that have copies, and for each the head of its group.

    `numbers` has the article of each member (see `numbers_of`), `new` further pairs of articles. Only groups
    that lost or gained a member are worked out anew.
    """
    old = numbers[copies.pairs]
    if len(copies.heads):
        is_new = np.zeros(sum(part.reader.doc_count for part in parts) + 1, dtype=np.bool_)
        is_new[new] = True  # the last flag is that of number -1, which is no article
        changed = np.zeros(len(numbers), dtype=np.bool_)
        changed[copies.heads[(numbers < 0) | is_new[numbers]]] = True
        changed = changed[copies.heads]
        kept = np.flatnonzero(~changed)
        docs, heads = numbers[kept], numbers[copies.heads[kept]]
        old = old[changed[copies.pairs[:, 0]]]
    else:
        docs = heads = _NONE
    pairs = np.concatenate((old[(old[:, 0] >= 0) & (old[:, 1] >= 0)], new))
    if len(pairs):
        members, named = named_groups(pairs, parts)
        docs, heads = np.concatenate((docs, members)), np.concatenate((heads, named))
    order = np.argsort(docs)
    return docs[order], heads[order]


def named_groups(pairs: Pairs, parts: Sequence[Part]) -> tuple[Ints, Ints]:
    """Return the ascending article numbers in any of the pairs, and for each the head of its group."""
    members = np.sort(pairs, axis=None)
    members = members[np.diff(members, prepend=-1) > 0]
    labels = components(len(members), np.searchsorted(members, pairs))
    ages = _ages(members.tolist(), parts)
    order = np.array(sorted(range(len(members)), key=ages.__getitem__), dtype=np.intp)
    heads = np.zeros(len(members), dtype=np.int64)
    heads[labels[order[::-1]]] = members[order[::-1]]  # the last one written, the earliest, stays
    return members, heads[labels]


def write_copies(folder: Path, generation: int, copies: Copies) -> None:
    """Write the file of a generation, not yet synced to the disk."""
    file = ArrayFileWriter(folder / copies_file(generation))
    try:
        file.add("segment", copies.owners.astype(np.uint32))
        file.add("number", copies.numbers.astype(np.uint32))
        file.add("pairs", copies.pairs.astype(np.uint32).reshape(-1))
        file.add("head", copies.heads.astype(np.uint32))
        file.close({"segments": list(copies.segments), "generation": generation}, sync=False)
    except BaseException:
        file.abandon()
        raise


def drop_unborn_copies(folder: Path, generation: int) -> None:
    """Remove what was written for `generation` and later by commits that did not come about."""
    for number, path in _files(folder):
        if number >= generation:
            path.unlink()


def drop_old_copies(folder: Path, generation: int) -> None:
    """Remove the files that no generation from the one before `generation` on can need."""
    written = sorted(number for number, _ in _files(folder) if number < generation)
    for number in written[:-1]:
        (folder / copies_file(number)).unlink(missing_ok=True)


def copies_problem(folder: Path, generation: int) -> tuple[Path, str] | None:
    """Return the file that a generation's copies are read from and what is wrong with it, if anything."""
    written = [number for number, _ in _files(folder) if number <= generation]
    if not written:
        return None
    path = folder / copies_file(max(written))
    try:
        if ArrayFile(path).damaged_blocks():
            return path, "a damaged block"
        _read(path)
    except BylineError as error:
        return path, error.message.removeprefix(f"{path}: ")
    return None


def _read(path: Path) -> Copies:
    file = ArrayFile(path)
    try:
        segments = [str(name) for name in file.facts["segments"]]
        owners, numbers, pairs, heads = (
            file.array(name).astype(np.int64) for name in ("segment", "number", "pairs", "head")
        )
        copies = Copies(segments, owners, numbers, pairs, heads)
        low, high = copies.pairs[:, 0], copies.pairs[:, 1]
        if len(owners) != len(numbers) or (owners >= len(segments)).any():
            raise ValueError("articles of segments that it does not name")
        if (low >= high).any() or (high >= len(owners)).any():
            raise ValueError("pairs of articles that are not there")
        if len(heads) and (len(heads) != len(owners) or (heads[heads] != heads).any()):
            raise ValueError("groups that no article of theirs names")
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise LibraryDamaged(path, f"not a list of copies ({error})") from error
    return copies


def _files(folder: Path) -> list[tuple[int, Path]]:
    found = ((_FILE.fullmatch(path.name), path) for path in folder.glob("copies_*"))
    return [(int(match[1]), path) for match, path in found if match]


def copies_file(generation: int) -> str:
    """Return the name of the file of a generation."""
    return f"copies_{generation}{EXTENSION}"


def numbers_of(copies: Copies, parts: Sequence[Part]) -> Ints:
    """Return the article number of each member, -1 for those that are not there."""
    out = np.full(len(copies.owners), -1, dtype=np.int64)
    for part in parts:
        if part.segment not in copies.segments:
            continue
        alive = np.ones(part.reader.doc_count, dtype=np.bool_)
        alive[list(part.deleted)] = False
        mine = np.flatnonzero(copies.owners == copies.segments.index(part.segment))
        numbers = copies.numbers[mine]
        there = mine[(numbers >= 0) & (numbers < len(alive))]
        living = there[alive[copies.numbers[there]]]
        out[living] = part.base + copies.numbers[living]
    return out


def part_of(doc: int, parts: Sequence[Part]) -> Part:
    return next(part for part in reversed(parts) if part.base <= doc)


def _ages(docs: Sequence[int], parts: Sequence[Part]) -> list[tuple[bool, int, bytes]]:
    """Return by what articles are ordered: those with a date by it, then the others; equal ones by id."""
    dates = {part.segment: part.reader.numbers("date") for part in parts}
    found = []
    for doc in docs:
        part = part_of(doc, parts)
        values, present = dates[part.segment]
        at = doc - part.base
        found.append((not present[at], int(values[at]) if present[at] else 0, part.reader.ident(at)))
    return found


def components(count: int, edges: Pairs) -> NDArray[np.int64]:
    """Return for each of `count` nodes the lowest node that it is connected with."""
    label = np.arange(count)
    while len(edges):
        low = np.minimum(label[edges[:, 0]], label[edges[:, 1]])
        before = label.copy()
        for side in (0, 1):
            np.minimum.at(label, label[edges[:, side]], low)
            np.minimum.at(label, edges[:, side], low)
        label = label[label]
        if np.array_equal(label, before):
            break
    return label
