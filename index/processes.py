"""Starting worker processes: forks of this process where that is safe, else `python -P -m index.worker`.

Those that are started anew are light to load, and never import the caller's main module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from index.forking import fork, may_fork

if TYPE_CHECKING:
    from index.analysis import Analyzer

#: The package's own parent: workers must import this very package, wherever the program was started.
_ROOT = str(Path(__file__).resolve().parent.parent)
_WORKER = ("-m", "index.worker")
_MOST_JOBS = 4
#: Memory of arrays that come and go by the megabyte is kept by glibc instead of given back and asked for
#: again, which took a tenth of a worker's time: blocks of so many bytes, and so many in all.
_KEPT_BLOCK, _KEPT = 8 << 20, 32 << 20
#: The numbers that glibc has for these two (M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in its malloc.h).
_FOR_KEPT_BLOCK, _FOR_KEPT = -3, -1
#: Numpy's threads for linear algebra only cost time to start.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(_KEPT_BLOCK),
    "MALLOC_TRIM_THRESHOLD_": str(_KEPT),
}


def default_jobs() -> int:
    """Return how many processes work side by side: one for each processor, at most four.

    Processors count that this process may run on, which in a container can be fewer than there are.
    """
    ours = getattr(os, "sched_getaffinity", None)  # only where the system has such a thing
    return min(len(ours(0)) if ours is not None else os.cpu_count() or 1, _MOST_JOBS)


class Process(Protocol):
    """What workers need of a `subprocess.Popen`."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int:
        """Wait for its end and return its exit code."""


def start_workers(jobs: int, analyzer: Callable[[], Analyzer]) -> list[Process]:
    """Start processes that `index.pool` speaks with; they wait for their first message.

    Forks have the analyser as it is now, with the stems that it knows; to others these must be told.
    """
    if not may_fork():
        return [start_program(_WORKER) for _ in range(jobs)]
    from index.worker import work  # takes long, but once for all of them

    held = analyzer()

    def start(source: IO[bytes], sink: IO[bytes]) -> int:
        _keep_memory()
        return work(source, sink, held)

    return [fork(start) for _ in range(jobs)]


def _keep_memory() -> None:
    """Do what the environment does for a process that is started anew."""
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library
        return
    mallopt(_FOR_KEPT_BLOCK, _KEPT_BLOCK)
    mallopt(_FOR_KEPT, _KEPT)


def start_program(program: Sequence[str]) -> Process:
    """Start a Python of its own that runs a program of ours, with pipes to it."""
    import subprocess  # not at the top: forks do without

    paths = [_ROOT, *filter(None, (os.environ.get("PYTHONPATH"),))]
    return subprocess.Popen(
        [sys.executable, "-P", *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**_ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # ctrl-c is for the builder; it ends its workers itself
    )


def end_workers(processes: list[Process]) -> None:
    """End processes at once, whatever they do, and wait for them."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
        close_pipes(process)


def close_pipes(process: Process) -> None:
    """Close our ends of a process's pipes."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
