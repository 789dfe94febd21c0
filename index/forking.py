"""Worker processes forked from this one: they have all that it has loaded, which takes a new one long.

Only a process with a single thread can be forked safely: what another thread holds is held for ever in the
new process. Linux alone tells how many there are, those of libraries included. And only a small process is
forked: the memory that both share is copied as soon as either writes to it, if only a count of references.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, NoReturn

_TASKS = "/proc/self/task"
_FILES = "/proc/self/fd"
_MEMORY = "/proc/self/statm"
#: Bytes of memory of the largest process that is forked.
MOST_MEMORY = 128 << 20
#: Signals by which programs are asked to end. By name: not every system has them all.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class ForkedProcess:
    """A process that was forked, with the pipes to it; as much of `subprocess.Popen` as workers need."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin: IO[bytes] | None = stdin
        self.stdout: IO[bytes] | None = stdout
        self._code: int | None = None
        self._waiting = threading.Lock()

    def kill(self) -> None:
        """End the process at once, if it has not ended."""
        if self._code is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has just been waited for

    def wait(self) -> int:
        """Wait for its end, maybe in several threads; return its exit code, that of a signal negative, 0 if
        somebody else took it."""
        with self._waiting:
            if self._code is None:
                try:
                    self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
                except ChildProcessError:
                    self._code = 0
            return self._code


def may_fork() -> bool:
    """Return whether this process has a single thread and little memory, on a system that says so."""
    try:
        if sys.platform != "linux" or len(os.listdir(_TASKS)) > 1:  # noqa: PTH208 (only their number)
            return False
        pages = int(Path(_MEMORY).read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return False
    return pages * os.sysconf("SC_PAGE_SIZE") <= MOST_MEMORY


def fork(work: Callable[[IO[bytes], IO[bytes]], int]) -> ForkedProcess:
    """Start a process that does `work` on what is written to it and what is read from it, and ends with the
    code that `work` returns. It has no other file of this process open but standard error."""
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    # A signal that came to both would have the new process do what the old one does then.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    pid = os.fork()
    if not pid:
        _work(work, theirs_in, theirs_out, before)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    os.close(theirs_in)
    os.close(theirs_out)
    return ForkedProcess(pid, os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb"))


def _work(
    work: Callable[[IO[bytes], IO[bytes]], int], source: int, sink: int, signals: Iterable[int]
) -> NoReturn:
    """Be the new process: nothing that the old one was about to do is done here."""
    code = 1
    try:
        os.setsid()  # ctrl-c is for the builder; it ends its workers itself
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        os.dup2(source, 0)
        os.dup2(sink, 1)
        _close_files()
        code = work(os.fdopen(0, "rb"), os.fdopen(1, "wb"))
    finally:
        os._exit(code)


def _close_files() -> None:
    """Close all files but the standard ones: the lock of a library must not outlive who took it."""
    for number in map(int, os.listdir(_FILES)):  # noqa: PTH208 (only their numbers)
        if number > 2:
            try:
                os.close(number)
            except OSError:
                pass  # that of the listing
