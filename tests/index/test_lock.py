"""The writer's lock: one holder, named to others, free when the holder dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import LibraryLocked
from index.lock import LOCK_FILE, WriterLock
from tests.conftest import process_environment

_HOLDER = """
import sys
from pathlib import Path
from index.lock import WriterLock
with WriterLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def _hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=process_environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_holds_the_lock_and_a_killed_holder_leaves_it_free(
    tmp_path: Path,
) -> None:
    with _hold(tmp_path) as holder:
        with pytest.raises(LibraryLocked) as caught, WriterLock(tmp_path):
            pytest.fail("two writers")
        assert f"process {holder.pid} on " in caught.value.message
        assert " since 2" in caught.value.message
        assert "\n" not in str(caught.value)
        holder.kill()
        holder.wait()
    with WriterLock(tmp_path):
        assert "pid" in (tmp_path / LOCK_FILE).read_text()
    assert (tmp_path / LOCK_FILE).read_text() == ""


def test_the_lock_counts_inside_one_process_too(tmp_path: Path) -> None:
    with WriterLock(tmp_path), pytest.raises(LibraryLocked), WriterLock(tmp_path):
        pytest.fail("two writers")


@pytest.mark.parametrize("content", ["", "[]", "{}", "nonsense", '{"pid": 1}'])
def test_a_lock_file_that_tells_nothing_still_locks(tmp_path: Path, content: str) -> None:
    with WriterLock(tmp_path):
        (tmp_path / LOCK_FILE).write_text(content)
        with pytest.raises(LibraryLocked, match="another process"), WriterLock(tmp_path):
            pytest.fail("two writers")
