"""Starting worker processes (such as `python -P -m index.worker`): light to load, soon started.

They are started anew, never forked from a program that has threads, and never import the caller's main
module.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: The package's own parent: workers must import this very package, wherever the program was started.
_ROOT = str(Path(__file__).resolve().parent.parent)
_WORKER = ("-m", "index.worker")
_MOST_JOBS = 4
#: Numpy's threads for linear algebra only cost time to start. Memory of arrays that come and go by the
#: megabyte is kept (by glibc, which reads these) instead of given back and asked for again, which took a
#: tenth of a worker's time.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(8 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(32 << 20),
}


def default_jobs() -> int:
    """Return how many processes work side by side: one for each processor, at most four.

    Processors count that this process may run on, which in a container can be fewer than there are.
    """
    ours = getattr(os, "sched_getaffinity", None)  # only where the system has such a thing
    return min(len(ours(0)) if ours is not None else os.cpu_count() or 1, _MOST_JOBS)


def start_workers(jobs: int, program: Sequence[str] | None = None) -> list[subprocess.Popen[bytes]]:
    """Start processes that wait for their first message: those that `index.pool` speaks with, or others."""
    paths = [_ROOT, *filter(None, (os.environ.get("PYTHONPATH"),))]
    return [
        subprocess.Popen(
            [sys.executable, "-P", *(program or _WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # ctrl-c is for the builder; it ends its workers itself
        )
        for _ in range(jobs)
    ]


def end_workers(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes at once, whatever they do, and wait for them."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()
        close_pipes(process)


def close_pipes(process: subprocess.Popen[bytes]) -> None:
    """Close our ends of a process's pipes."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                pass
