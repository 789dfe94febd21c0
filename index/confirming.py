"""Likely copies confirmed on their texts: each text is read once, in the order in which they are stored.

What is kept of a text in memory is a sketch (`index.sketches`), which settles most pairs; its shingles go to
a temporary file, from which those of the other pairs are compared. The texts of a large commit are shared out
among processes. Such a process (`python -P -m index.confirming`) reads one frame from stdin, ("texts", where
the segments lie and the numbers of their first articles, a file of the articles, which it replaces by that of
their shingles), and answers with ("sketches", and their arrays). One that fails leaves its share to the
process that asked.
"""

from __future__ import annotations

import sys
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.segment_reader import SegmentReader
from index.copies import Ints, Part
from index.frames import read_frame, write_frame
from index.likeness import COPY, TOGETHER, Pairs, likenesses
from index.processes import Process, end_workers, start_program
from index.said import said
from index.shingles import Shingles, hashed
from index.sketches import Sketches

#: A process of its own is started for so many texts, which take half a second.
_SHARE = 1 << 15
#: So many more are left to this process, which has begun before the others have started.
_HEAD_START = 1 << 14
_PROGRAM = ("-m", "index.confirming")
#: Bytes, and texts, whose shingles are worked out at once.
_BYTES = 1 << 18
_TEXTS = 1 << 10
#: Shingles, as often as they stand in their texts, that are compared at once.
_HASHES = 1 << 19
#: Bytes of shingles of one share that are held in memory rather than in a file.
_MOST_HELD = 32 << 20


class _Share(NamedTuple):
    """Articles that one process reads, and where it puts the sketches of their texts."""

    docs: Ints
    sketches: Sketches


def confirmed_in(parts: Sequence[Part], pairs: Pairs, jobs: int) -> Pairs:
    """Return those of `pairs`, ascending numbers of articles of `parts`, that are copies, ascending.

    With many articles, `jobs` processes (this is one of them) read them side by side.
    """
    if not len(pairs):
        return pairs
    docs, places = np.unique(pairs, return_inverse=True)
    jobs = min(jobs, len(docs) // _SHARE)
    if jobs > 1 and not all(part.reader.path.is_file() for part in parts):
        jobs = 1
    sketches = Sketches.empty(len(docs))
    each = max(0, len(docs) - _HEAD_START) // max(1, jobs)
    bounds = [0, *(len(docs) - each * others for others in reversed(range(max(1, jobs))))]
    shares = [_Share(docs[first:last], sketches.part(first, last)) for first, last in pairwise(bounds)]
    with ExitStack() as open_files:
        files = _read(parts, shares, open_files)
        return pairs[_are_copies(sketches, files, bounds, places.reshape(pairs.shape))]


def _read(parts: Sequence[Part], shares: list[_Share], open_files: ExitStack) -> list[IO[bytes]]:
    """Read the texts of the articles of each share; return files of the hashes of their shingles.

    This process reads the first share.
    """
    if len(shares) == 1:
        return [_here(parts, shares[0], open_files)]
    scratch = Path(open_files.enter_context(tempfile.TemporaryDirectory()))
    paths = [scratch / str(number) for number in range(1, len(shares))]
    processes = [start_program(_PROGRAM) for _ in paths]
    try:
        for process, share, path in zip(processes, shares[1:], paths, strict=True):
            _ask(process, parts, share.docs, path)
        files = [_here(parts, shares[0], open_files)]
        for process, share, path in zip(processes, shares[1:], paths, strict=True):
            if _answer(process, share.sketches):
                files.append(open_files.enter_context(path.open("rb", buffering=0)))
            else:
                files.append(_here(parts, share, open_files))
    finally:
        end_workers(processes)
    return files


def _here(parts: Sequence[Part], share: _Share, open_files: ExitStack) -> IO[bytes]:
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_MOST_HELD)  # noqa: SIM115 - closed by `open_files`
    open_files.callback(file.close)
    _sketch(parts, share, file)
    if file.tell() <= _MOST_HELD:
        return file
    file.flush()  # no longer in memory: small pieces are read faster without a buffer
    return open_files.enter_context(open(file.fileno(), "rb", buffering=0, closefd=False))


def _sketch(parts: Sequence[Part], share: _Share, file: IO[bytes]) -> None:
    """Make the sketches of the texts of a share, and write the hashes of their shingles."""
    first = 0
    for texts in _batches(parts, share.docs):
        hashes, counts = hashed(texts)
        share.sketches.fill(first, hashes, counts)
        file.write(hashes.tobytes())
        first += len(texts)


def _batches(parts: Sequence[Part], docs: Ints) -> Iterator[list[bytes]]:
    """Yield the texts of ascending articles, about as many at a time as are best hashed at once."""
    batch: list[bytes] = []
    size = 0
    bounds = np.searchsorted(docs, [part.base for part in parts]).tolist()
    for part, first, last in zip(parts, bounds, [*bounds[1:], len(docs)], strict=True):
        for texts in said(part.reader.stored, docs[first:last] - part.base) if first < last else ():
            batch += texts
            size += sum(map(len, texts))
            if size >= _BYTES or len(batch) >= _TEXTS:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _are_copies(
    sketches: Sketches, files: Sequence[IO[bytes]], bounds: Sequence[int], pairs: Pairs
) -> NDArray[np.bool_]:
    """Return which pairs of texts have a likeness of at least `COPY`.

    `files` have the hashes of the shingles of the texts between two `bounds` each.
    """
    ends = 8 * np.cumsum(sketches.counts)

    def shingles(text: int) -> Shingles:
        share = bisect_right(bounds, text) - 1
        size = 8 * int(sketches.counts[text])
        before = int(ends[bounds[share] - 1]) if share else 0
        files[share].seek(int(ends[text]) - size - before)
        return np.frombuffer(files[share].read(size), dtype=np.uint64)

    found = np.empty(len(pairs), dtype=np.bool_)
    for first in range(0, len(pairs), TOGETHER):
        block = pairs[first : first + TOGETHER]
        same = sketches.same(block)
        left = np.flatnonzero(~same & (sketches.most(block) >= COPY))
        sizes = np.cumsum(sketches.counts[block[left]].sum(axis=1))
        for some in np.split(left, np.flatnonzero(np.diff(sizes // _HASHES)) + 1):
            same[some] = likenesses(block[some], shingles) >= COPY
        found[first : first + len(block)] = same
    return found


def _ask(process: Process, parts: Sequence[Part], docs: Ints, path: Path) -> None:
    assert process.stdin is not None
    places = tuple((str(part.reader.path), part.base) for part in parts)
    path.write_bytes(docs.tobytes())  # more than a pipe takes before the process listens
    try:
        write_frame(process.stdin, ("texts", places, str(path)))
    except OSError:
        pass  # it has ended, which shows when it is to answer


def _answer(process: Process, sketches: Sketches) -> bool:
    """Fill `sketches` with those that a process made; return False if it failed."""
    assert process.stdout is not None
    try:
        _, *arrays = read_frame(process.stdout)
    except (EOFError, OSError, ValueError):
        return False
    sketches.unpack(arrays)
    return True


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer the one question on `source`."""
    _, places, name = read_frame(source)
    path = Path(name)
    parts = [Part("", SegmentReader(Path(place)), frozenset(), base) for place, base in places]
    docs = np.frombuffer(path.read_bytes(), dtype=np.int64)
    share = _Share(docs, Sketches.empty(len(docs)))
    with path.open("wb") as file:
        _sketch(parts, share, file)
    write_frame(sink, ("sketches", *share.sketches.packed()))


def main() -> None:
    """Serve stdin and stdout; after any error nothing is answered."""
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except Exception:
        sys.exit(1)


if __name__ == "__main__":
    main()
