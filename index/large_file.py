"""A large file of lines, plain or gzipped, shared out between worker processes in ranges.

It is read once here, for its hash and the ends of its lines, and parsed by the workers. Those read the
ranges of a plain file themselves and are sent those of a gzipped one, which is unpacked here. Of a range no
worker knows the keys of the others, so each adds what it finds, and an article whose key comes again further
down is taken back here, by its number among the articles of its worker.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from index.errors import ReadProblem
from index.ingest import UNSETTLED, Ingested, Job, kept_skips
from index.readers import is_lines, is_packed

if TYPE_CHECKING:
    from index.pool import WorkerPool

#: A file of lines of so many bytes, unpacked, is cut into ranges of about this size.
_LARGE = 4 << 20
_RANGE = 1 << 20
#: How much larger text is than its packed form, at least.
_UNPACKS_TO = 3
_HEAD = 8192

P = TypeVar("P")
#: A message to a worker (None: there is nothing to ask) and what to do with the answer.
Task: TypeAlias = "tuple[tuple[Any, ...] | None, Callable[[int, tuple[Any, ...]], list[tuple[P, Ingested]]]]"


def unpacked_size(path: str, size: int) -> int:
    """Return about how many bytes of text a file of `size` bytes holds."""
    return size * _UNPACKS_TO if is_packed(path) else size


def may_be_large(path: str, size: int) -> bool:
    """Return whether name and size of a file are those of one that is read in ranges."""
    if size < _LARGE // _UNPACKS_TO:
        return False  # so quickly, as there may be a million of them
    return unpacked_size(path, size) >= _LARGE and is_lines(path)


class _Range(NamedTuple):
    """Whole lines of the file: where they begin (bytes, unpacked), how many bytes, the number of the first.

    `content` are the lines themselves, None if they can be read from the file; `read` is how much of the file
    had been read when they were cut.
    """

    offset: int
    size: int
    line: int
    content: bytes | None
    read: int


class _Hashed:
    """An open file that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.blake2b(digest_size=16)
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        data = self._stream.read(size)
        self._hash.update(data)
        self.size += len(data)
        return data

    def digest(self) -> bytes:
        """Return the hash of what was read."""
        return self._hash.digest()


class LargeFile:
    """One such file; `opened` tells whether a job's file is one, `tasks` shares it out."""

    def __init__(self, pool: WorkerPool, job: Job, step: Callable[[int], None], stream: IO[bytes]) -> None:
        self._pool = pool
        self._job = job
        self._step = step
        self._stream = stream
        self._packed = is_packed(job.path)
        self._looked = time.time_ns()
        self._before = os.fstat(stream.fileno())
        self._answers: dict[int, tuple[int, tuple[Any, ...]]] = {}
        self._ranges = -1
        self._size = self._text_size = self._done = 0
        self._digest = b""
        self._sound = True
        self._problem = ""

    @classmethod
    def opened(cls, pool: WorkerPool, job: Job, size: int, step: Callable[[int], None]) -> LargeFile | None:
        """Return the file of a job, which has `size` bytes, if it is one to be read in ranges."""
        if not may_be_large(job.path, size):
            return None
        from index.readers import jsonl  # only where there is such a file

        try:
            stream = Path(job.path).open("rb", buffering=0)  # noqa: SIM115 - closed by `tasks`
        except OSError:
            return None  # whoever reads it whole finds the words for it
        file = cls(pool, job, step, stream)
        try:
            head = next(file._blocks(_Hashed(stream), _HEAD), b"")
        except (OSError, ReadProblem):
            head = b"\0"
        if jsonl.is_plain(head):
            return file
        stream.close()
        return None

    def tasks(self, name: P, scratch: Path) -> Iterator[Task[P]]:
        """Yield the ranges of the file as tasks; the last answer gives the result."""
        try:
            if self._is_same():
                same = Ingested(
                    self._before.st_size, self._before.st_mtime_ns, self._looked, self._job.digest,
                    same=True, text_size=self._before.st_size,
                )  # fmt: skip
                yield None, lambda worker, answer: [(name, same)]
                return
            known = ""
            if self._job.known:
                known = str(scratch / f"{id(self):x}")
                Path(known).write_bytes(marshal.dumps(dict(self._job.known)))
            job = (self._job.label, self._job.path, self._job.relpath, b"", False, self._before.st_mtime_ns)
            for number, part in enumerate(self._cut()):
                if part.content is None:
                    message: tuple[Any, ...] = ("lines", job, part.offset, part.size, part.line, known)
                else:
                    message = ("text", job, part.content, part.line, known)
                yield message, self._receiver(name, number, part.read)
            if not self._ranges:
                yield None, lambda worker, answer: [(name, self._result())]
        finally:
            self._stream.close()

    def _is_same(self) -> bool:
        """Tell whether content and dates are those of before; leaves the stream at its start."""
        job = self._job
        same = False
        if job.digest and not (job.file_dated and self._before.st_mtime_ns != job.mtime_ns):
            self._stream.seek(0)
            hashed = _Hashed(self._stream)
            while hashed.read(_RANGE):
                pass
            same = hashed.digest() == job.digest and self._is_settled(hashed.size)
        self._stream.seek(0)
        return same

    def _is_settled(self, size: int) -> bool:
        now, before = os.fstat(self._stream.fileno()), self._before
        return (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns) and size == now.st_size

    def _blocks(self, stream: _Hashed, size: int) -> Iterator[bytes]:
        """Yield the text in blocks of at least `size` bytes but for the last, unpacked if need be."""
        if not self._packed:
            while block := stream.read(size):
                yield block
            return
        from index.readers.gzipped import unpacked_pieces

        pieces: list[bytes] = []
        held = 0
        for piece in unpacked_pieces(stream, self._before.st_size, self._job.path):
            pieces.append(piece)
            held += len(piece)
            if held >= size:
                yield b"".join(pieces)
                pieces, held = [], 0
        if pieces:
            yield b"".join(pieces)

    def _cut(self) -> Iterator[_Range]:
        """Yield the ranges; before the last is given, all is known."""
        stream = _Hashed(self._stream)
        waiting: _Range | None = None
        count = 0
        for part in self._parts(stream):
            if waiting is not None:
                yield waiting
            waiting, count = part, count + 1
        try:
            while stream.read(_RANGE):
                pass  # behind what is damaged: it belongs to the hash
            self._sound = self._sound and self._is_settled(stream.size)
        except OSError:
            self._sound = False
        self._digest, self._size, self._ranges = stream.digest(), stream.size, count
        if waiting is not None:
            yield waiting

    def _parts(self, stream: _Hashed) -> Iterator[_Range]:
        """Yield whole lines, block by block; notes what ends them early."""
        offset, line = 0, 1
        held: list[bytes] = []  # the beginning of a line that goes on in the next block
        size = 0

        def part(count: int, content: list[bytes]) -> _Range:
            return _Range(offset, count, line, b"".join(content) if self._packed else None, stream.size)

        try:
            for block in self._blocks(stream, _RANGE):
                self._text_size += len(block)
                end = block.rfind(b"\n") + 1
                if end:
                    yield part(size + end, [*held, block[:end]])
                    offset, line = offset + size + end, line + block.count(b"\n")
                    held, size = [], 0
                if self._packed:
                    held.append(block[end:])
                size += len(block) - end
            if size:
                yield part(size, held)
        except ReadProblem as problem:
            self._problem = problem.reason
        except OSError:
            self._sound = False

    def _receiver(
        self, name: P, number: int, read: int
    ) -> Callable[[int, tuple[Any, ...]], list[tuple[P, Ingested]]]:
        def receive(worker: int, answer: tuple[Any, ...]) -> list[tuple[P, Ingested]]:
            self._answers[number] = worker, answer
            self._done = max(self._done, read)
            self._step(self._done)
            return [(name, self._result())] if len(self._answers) == self._ranges else []

        return receive

    def _result(self) -> Ingested:
        if any(answer == ("gone",) for _, answer in self._answers.values()):
            self._drop_all()
            reason = "cannot be read: it was taken away meanwhile"
            return Ingested(0, UNSETTLED, self._looked, skips=((0, reason),), unreadable=True)
        remembered = self._before.st_mtime_ns if self._sound else UNSETTLED
        digest = self._digest if self._sound else b""
        if self._problem:
            self._drop_all()
            return self._nothing(remembered, digest, self._problem)
        entries, skips, dated = self._joined()
        if not (entries or skips):
            return self._nothing(remembered, digest, "empty")
        return Ingested(
            self._size,
            remembered,
            self._looked,
            digest,
            entries=entries,
            skips=kept_skips(skips),
            file_dated=dated,
            text_size=self._text_size,
        )

    def _nothing(self, remembered: int, digest: bytes, reason: str) -> Ingested:
        """Return that the whole file gave nothing."""
        skips = ((0, reason),)
        return Ingested(self._size, remembered, self._looked, digest, skips=skips, text_size=self._size)

    def _joined(self) -> tuple[dict[str, str], list[tuple[int, str]], bool]:
        """Return key and hash of each article, in the order of the lines and of equal keys the last; what was
        skipped; whether an article has the file's date. Of a file with a million lines each costs memory."""
        found: dict[str, Any] = {}  # by key: first the article's place in what follows, then its hash
        lines, numbers, workers = array("q"), array("q"), array("i")
        digests, dates = bytearray(), bytearray()
        skips: list[tuple[int, str]] = []
        for part in range(self._ranges):
            worker, answer = self._answers.pop(part)
            for values in marshal.loads(answer[0]):
                if len(values) == 2:
                    skips.append(values)
                    continue
                line, key, digest, dated, number = values
                earlier = found.pop(key, None)
                if earlier is not None:
                    skips.append((lines[earlier], f"key used again in line {line}: {key[:100]}"))
                    dates[earlier] = False
                    if numbers[earlier] >= 0:
                        self._pool.drop(workers[earlier], numbers[earlier])
                found[key] = len(lines)
                lines.append(line)
                numbers.append(number)
                workers.append(worker)
                digests += bytes.fromhex(digest)
                dates.append(dated)
        width = len(digests) // max(1, len(lines))
        for key, place in found.items():
            found[key] = digests[place * width : (place + 1) * width].hex()
        return found, skips, any(dates)

    def _drop_all(self) -> None:
        for worker, answer in self._answers.values():
            for values in () if answer == ("gone",) else marshal.loads(answer[0]):
                if len(values) == 5 and values[4] >= 0:
                    self._pool.drop(worker, values[4])
