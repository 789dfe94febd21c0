"""The files that tell which articles of a generation are copies.

A file `copies_N.byl`, of the format of a segment's file, holds the copies of generation N: the articles that
are in any pair, each by its segment and its number there, the pairs, and what each group is named by. A file
`copies_N-B.byl` holds only pairs that are to be added to those of `copies_B.byl`, so that a small commit
writes little, however many copies the library has. A generation is answered by the file of the last one up to
it that wrote any: a commit that changes nothing about copies writes none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.format import EXTENSION
from index.copies import Copies
from index.errors import BylineError, LibraryDamaged

_FILE = re.compile(r"copies_(\d+)(?:-(\d+))?\.byl")


class _Named(NamedTuple):
    """A file by its name: its generation, that of the file that it adds to (-1 for none), and the name."""

    generation: int
    base: int
    name: str


def read_copies(folder: Path, generation: int) -> Copies:
    """Return the copies of a generation; none if no file tells of any.

    Raises `LibraryDamaged` or `LibraryMismatch` if a file is not what was written.
    """
    newest = _newest(folder, generation)
    if newest is None:
        return Copies()
    if newest.base < 0:
        return _read(folder / newest.name, newest.generation)
    copies = _read(folder / copies_file(newest.base), newest.base)
    copies.later = _read(folder / newest.name, newest.generation)
    return copies


def write_copies(folder: Path, generation: int, copies: Copies) -> str:
    """Write the file of a generation, not yet synced to the disk, and return its name.

    Of copies with some that came later only these are written: an earlier generation wrote the others.
    """
    name = copies_file(generation)
    if copies.later is not None:
        name, copies = copies_file(generation, copies.generation), copies.later
    with ArrayFileWriter(folder / name) as file:
        file.add("segment", copies.owners.astype(np.uint32))
        file.add("number", copies.numbers.astype(np.uint32))
        file.add("pairs", copies.pairs.astype(np.uint32).reshape(-1))
        file.add("head", copies.heads.astype(np.uint32))
        file.close({"segments": list(copies.segments), "generation": generation}, sync=False)
    return name


def drop_unborn_copies(folder: Path, generation: int) -> None:
    """Remove what was written for `generation` and later by commits that did not come about."""
    for file in _files(folder):
        if file.generation >= generation:
            (folder / file.name).unlink()


def drop_old_copies(folder: Path, generation: int) -> None:
    """Remove the files that no generation from the one before `generation` on can need."""
    written = sorted(file for file in _files(folder) if file.generation <= generation)
    before = [file for file in written if file.generation < generation]
    needed = {*before[-1:], *written[len(before) :]}
    bases = {file.base for file in needed}
    for file in before:
        if file not in needed and file.generation not in bases:
            (folder / file.name).unlink(missing_ok=True)


def copies_problem(folder: Path, generation: int) -> tuple[Path, str] | None:
    """Return a file that a generation's copies are read from and what is wrong with it, if anything."""
    newest = _newest(folder, generation)
    if newest is None:
        return None
    bases = [copies_file(newest.base)] if newest.base >= 0 else []
    for path in (folder / name for name in (*bases, newest.name)):
        try:
            if ArrayFile(path).damaged_blocks():
                return path, "a damaged block"
            _read(path, generation)
        except FileNotFoundError:
            return path, "the file is missing"
        except BylineError as error:
            return path, error.message.removeprefix(f"{path}: ")
    return None


def copies_file(generation: int, base: int = -1) -> str:
    """Return the name of the file of a generation, which holds all or adds to that of `base`."""
    return f"copies_{generation}{EXTENSION}" if base < 0 else f"copies_{generation}-{base}{EXTENSION}"


def _read(path: Path, generation: int) -> Copies:
    try:
        file = ArrayFile(path)
    except FileNotFoundError as error:
        raise LibraryDamaged(path, "the file is missing") from error
    try:
        segments = [str(name) for name in file.facts["segments"]]
        owners, numbers, pairs, heads = (
            file.array(name).astype(np.int64) for name in ("segment", "number", "pairs", "head")
        )
        copies = Copies(segments, owners, numbers, pairs, heads, generation)
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


def _newest(folder: Path, generation: int) -> _Named | None:
    return max((file for file in _files(folder) if file.generation <= generation), default=None)


def _files(folder: Path) -> list[_Named]:
    matches = (_FILE.fullmatch(path.name) for path in folder.glob("copies_*"))
    return [_Named(int(match[1]), int(match[2] or -1), match[0]) for match in matches if match]
