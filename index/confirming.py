"""Copies of a large commit confirmed side by side: their pairs are shared out among processes.

A process (`python -P -m index.confirming`) reads one frame from stdin, ("pairs", where the segments lie and
the numbers of their first articles, the pairs), and answers with ("kept", those that are confirmed). One that
fails leaves its share to the process that asked.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from index.codec.segment_reader import SegmentReader
from index.copies import Part, components, part_of
from index.frames import read_frame, write_frame
from index.likeness import Pairs, confirmed
from index.processes import end_workers, start_workers
from index.schema import unpack_words

#: A process of its own is started for so many pairs, which take half a second.
_SHARE = 1 << 14
_PROGRAM = ("-m", "index.confirming")


def confirmed_in(parts: Sequence[Part], pairs: Pairs, jobs: int) -> Pairs:
    """Return those of `pairs`, ascending numbers of articles of `parts`, that are copies, ascending.

    With many pairs, `jobs` processes (this is one of them) work side by side.
    """
    words = _words_in(parts)
    jobs = min(jobs, len(pairs) // _SHARE)
    if jobs < 2 or not all(part.reader.path.is_file() for part in parts):
        return confirmed(pairs, words)
    shares = _shared_out(pairs, jobs)
    processes = start_workers(len(shares) - 1, _PROGRAM)
    try:
        for process, share in zip(processes, shares[1:], strict=True):
            _ask(process, parts, share)
        found = [confirmed(shares[0], words)]
        for process, share in zip(processes, shares[1:], strict=True):
            answer = _answer(process)
            found.append(confirmed(share, words) if answer is None else answer)
    finally:
        end_workers(processes)
    every = np.concatenate(found)
    return every[np.lexsort((every[:, 1], every[:, 0]))]


def _shared_out(pairs: Pairs, jobs: int) -> list[Pairs]:
    """Return `pairs` in about equal shares; no article is in two of them, so that each is read once."""
    members, places = np.unique(pairs, return_inverse=True)
    edges = places.reshape(pairs.shape)
    groups = components(len(members), edges).take(edges[:, 0])
    order = np.argsort(groups, kind="stable")
    groups = groups.take(order)
    ends = [len(pairs) * share // jobs for share in range(1, jobs)]
    return np.split(pairs[order], np.searchsorted(groups, groups.take(ends)))


def _words_in(parts: Sequence[Part]) -> Callable[[int], tuple[str, str]]:
    """Return what tells the title and the text of an article by its number."""

    def words(doc: int) -> tuple[str, str]:
        part = part_of(doc, parts)
        return unpack_words(part.reader.stored[doc - part.base])

    return words


def _ask(process: subprocess.Popen[bytes], parts: Sequence[Part], pairs: Pairs) -> None:
    assert process.stdin is not None
    places = tuple((str(part.reader.path), part.base) for part in parts)
    try:
        write_frame(process.stdin, ("pairs", places, pairs.tobytes()))
    except OSError:
        pass  # it has ended, which shows when it is to answer


def _answer(process: subprocess.Popen[bytes]) -> Pairs | None:
    """Return the pairs that a process confirmed; None if it failed."""
    assert process.stdout is not None
    try:
        _, kept = read_frame(process.stdout)
    except (EOFError, OSError, ValueError):
        return None
    return _pairs(kept)


def _pairs(packed: bytes) -> Pairs:
    return np.frombuffer(packed, dtype=np.int64).reshape(-1, 2)


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Answer the one question on `source`."""
    _, places, pairs = read_frame(source)
    parts = [Part("", SegmentReader(Path(path)), frozenset(), base) for path, base in places]
    write_frame(sink, ("kept", confirmed(_pairs(pairs), _words_in(parts)).tobytes()))


def main() -> None:
    """Serve stdin and stdout; after any error nothing is answered."""
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except Exception:
        sys.exit(1)


if __name__ == "__main__":
    main()
