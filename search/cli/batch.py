"""Answer the queries of a batch in their order; side by side, once it is clear that it takes a while.

Each worker is a process (`search.cli.batch_worker`), since most of a query's time is Python's own. What it
prints comes back as bytes and is printed here.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from index.errors import BylineError
from search.cli.answers import print_answer
from search.cli.streams import on_terminal
from search.cli.wanted import Wanted
from search.searcher import Searcher

if TYPE_CHECKING:
    import subprocess

#: A query's id in the batch ("" without one) and its text.
Query = tuple[str, str]

#: After so many seconds the rest is shared out, if it is likely to take as long again.
_PATIENCE = 0.5
#: A worker is given so many queries at once.
_SHARE = 32


def answer_all(searcher: Searcher, queries: Sequence[Query], wanted: Wanted) -> bool:
    """Print the answers to all queries in their order; return whether any found something.

    On a terminal all is done here: nobody waits for the last of hundreds of answers there.
    """
    jobs = 1 if len(queries) < 2 or on_terminal() else _jobs()
    began = time.perf_counter()
    found = False
    for done, (number, text) in enumerate(queries):
        passed = time.perf_counter() - began
        if jobs > 1 and passed > _PATIENCE and passed * (len(queries) - done) > _PATIENCE * done:
            return _side_by_side(searcher, queries[done:], wanted, jobs) or found
        found |= print_answer(searcher, number, text, wanted)
    return found


def _jobs() -> int:
    from index.processes import default_jobs  # not at the top: one query needs no other process

    return default_jobs()


def _side_by_side(searcher: Searcher, queries: Sequence[Query], wanted: Wanted, jobs: int) -> bool:
    """Print the answers to queries that worker processes find, in the order of the queries."""
    shares = [queries[at : at + _SHARE] for at in range(0, len(queries), _SHARE)]
    found = False
    for out, err, hit in _answers(searcher, shares, wanted, jobs):
        click.echo(err, err=True, nl=False)
        click.echo(out, nl=False)
        found |= hit
    return found


def _answers(
    searcher: Searcher, shares: Sequence[Sequence[Query]], wanted: Wanted, jobs: int
) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield what workers print for each share, on both streams, and whether anything was found."""
    from concurrent.futures import ThreadPoolExecutor  # not at the top: few batches need it
    from queue import SimpleQueue

    from index.frames import read_frame, write_frame

    workers = [_start(searcher, wanted) for _ in range(min(jobs, len(shares)))]
    free: SimpleQueue[Any] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def ask(share: Sequence[Query]) -> tuple[bytes, bytes, bool]:
        worker = free.get()
        try:
            write_frame(worker.stdin, ("queries", list(share)))
            answer = read_frame(worker.stdout)
        except (OSError, EOFError) as error:
            raise BylineError("a process that answered a part of the batch has ended", "try again") from error
        finally:
            free.put(worker)
        if answer[0] == "error":
            raise BylineError(*answer[1:])
        out, err, hit = answer
        return out, err, hit

    pool = ThreadPoolExecutor(len(workers))
    try:
        yield from pool.map(ask, shares)
    finally:
        for worker in workers:
            worker.kill()
        pool.shutdown(cancel_futures=True)
        for worker in workers:
            _end(worker)


def _start(searcher: Searcher, wanted: Wanted) -> subprocess.Popen[bytes]:
    import pickle
    import subprocess
    from pathlib import Path

    from index.frames import write_frame

    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, (os.environ.get("PYTHONPATH"),))]
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "search.cli.batch_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # ctrl-c is for this process; it ends its workers itself
    )
    assert worker.stdin is not None
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    write_frame(worker.stdin, ("start", str(searcher.path), encoding, pickle.dumps(wanted)))
    return worker


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.wait()
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
