"""Forked processes: alone with their pipes, ended by a signal or by themselves; none where threads are."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from index import Library, forking, intake, processes
from index.analysis import Analyzer
from index.forking import fork, may_fork
from index.frames import read_frame, write_frame
from index.processes import end_workers, start_workers
from tests.index.shelf import holdings, put

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how many threads there are")

#: Run in a process of its own, since this one has threads, of numpy and of what runs the tests.
_ALONE = """
import sys
from pathlib import Path
from index import Library, forking, intake, processes
forked = []
def fork(work, old=processes.fork):
    forked.append(work)
    return old(work)
processes.fork = fork
intake._MANY = 0
library = Library.open_or_create(Path(sys.argv[1]))
report = library.update([sys.argv[2]])
again = library.update(rebuild=True)
print(len(forked), report.articles, again.unchanged)
"""


def test_a_process_with_a_second_thread_is_not_forked() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        end.set()
        thread.join()


def test_a_process_is_forked_if_it_is_alone_and_small() -> None:
    program = """
from index import forking
alone = forking.may_fork()
held = bytes(b"x") * forking.MOST_MEMORY
large = forking.may_fork()
del held
forking._MEMORY = "/dev/null"
print(alone, large, forking.may_fork())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


def test_where_threads_cannot_be_counted_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "_TASKS", "/nowhere/to/be/found")
    assert not may_fork()


def _tell(source: IO[bytes], sink: IO[bytes]) -> int:
    (asked,) = read_frame(source)
    files = sorted(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208
    handler = signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    write_frame(sink, (asked, files[:3], len(files), os.getsid(0) == os.getpid(), handler))
    return 7


def test_a_fork_has_its_pipes_and_no_other_file() -> None:
    process = fork(_tell)
    assert process.stdin is not None
    assert process.stdout is not None
    write_frame(process.stdin, ("who",))
    # The fourth file is that of the listing itself.
    assert read_frame(process.stdout) == ("who", [0, 1, 2], 4, True, True)
    assert process.wait() == 7
    assert process.wait() == 7
    process.kill()  # it has ended: nobody else is hit
    end_workers([process])


def test_a_fork_that_is_killed_says_by_what() -> None:
    process = fork(lambda source, sink: len(source.read()))
    end_workers([process])
    assert process.wait() == -signal.SIGKILL


def test_a_fork_never_comes_back() -> None:
    def fail(source: IO[bytes], sink: IO[bytes]) -> int:
        raise SystemExit(0)

    process = fork(fail)
    assert process.wait() == 1
    end_workers([process])


def test_workers_end_with_the_one_who_started_them() -> None:
    program = """
import os, sys
from index.analysis import Analyzer
from index.processes import start_workers
workers = start_workers(2, Analyzer)
print(*(worker.pid for worker in workers), flush=True)
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    pids = list(map(int, done.stdout.split()))
    assert len(pids) == 2
    assert not done.stderr
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert select.select([handle], [], [], 60)[0], "it has not ended"
        finally:
            os.close(handle)


def test_forked_workers_give_the_library_that_others_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "news"
    for number in range(20):
        put(folder / f"{number}.txt", f"Story {number}\n\nTraders trade the {number}th of a kind.")
    forked, anew = str(tmp_path / "forked"), tmp_path / "anew"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, forked, str(folder)],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.stdout.split() == [str(2 * processes.default_jobs()), "20", "20"], done.stderr
    monkeypatch.setattr(processes, "may_fork", lambda: False)
    monkeypatch.setattr(intake, "_MANY", 0)
    Library.open_or_create(anew).update([folder])
    assert holdings(Library.open(forked)) == holdings(Library.open(anew))
    assert not Library.open(forked).check()


def test_a_run_with_forks_that_is_interrupted_ends_quietly(tmp_path: Path) -> None:
    program = """
import sys
from index import Library, intake
intake._MANY = 0
library = Library.create(sys.argv[1])
def interrupt(progress):
    if progress.files_total:
        raise KeyboardInterrupt
for _ in range(5):
    try:
        library.update([sys.argv[2]], progress=interrupt)
    except KeyboardInterrupt:
        print("interrupted")
print(library.status().articles)
"""
    for number in range(5):
        put(tmp_path / "news" / f"{number}.txt", f"Story {number}\n\nTraders trade.")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "library"), str(tmp_path / "news")],
        capture_output=True, text=True, check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["interrupted"] * 5 + ["0"], "")


def test_several_threads_may_wait_for_a_fork() -> None:
    for _ in range(20):
        process = fork(lambda source, sink: 5 + len(source.read()))
        with ThreadPoolExecutor(4) as threads:
            codes = [threads.submit(process.wait) for _ in range(4)]
            process.kill()
        assert {code.result() for code in codes} == {-signal.SIGKILL}
        end_workers([process])


def test_a_fork_whose_end_somebody_else_saw_is_no_error() -> None:
    process = fork(lambda source, sink: 5)
    os.waitpid(process.pid, 0)
    process.kill()
    assert process.wait() == 0
    end_workers([process])


def test_workers_are_started_anew_where_forking_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "may_fork", lambda: False)
    workers = start_workers(1, Analyzer)
    try:
        assert all(isinstance(worker, subprocess.Popen) for worker in workers)
    finally:
        end_workers(workers)
