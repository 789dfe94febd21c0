"""What the command does with its streams: colour, pipes, signals, and streams that are closed or full."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import Run, process_environment
from tests.index.shelf import put
from tests.search.cli.command import STYLE, Call, on_terminal, run, started


@pytest.mark.parametrize(
    ("option", "environment", "colored"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
    ],
)
def test_when_a_terminal_gets_colour(
    folder: Path, option: str, environment: dict[str, str], colored: bool
) -> None:
    drawn = on_terminal(folder, "search", "trade", "--color", option, **environment)
    assert bool(STYLE.search(drawn)) is colored
    assert (b"*trade*" in drawn) is not colored


@pytest.mark.parametrize("width", [24, 40, 70])
def test_a_concordance_fits_the_terminal(folder: Path, width: int) -> None:
    drawn = on_terminal(folder, "kwic", "trade", "--color", "never", COLUMNS=str(width))
    lines = drawn.decode().splitlines()
    assert len(lines) == 3
    assert all(len(line) <= width and line.endswith(".txt") for line in lines)
    assert {line.index("*") for line in lines} == {lines[0].index("*")}


def test_a_pipe_gets_colour_only_if_asked(call: Call) -> None:
    for command in (["search", "trade"], ["show", "news/talks.txt", "--query", "trade"]):
        plain, styled = call(*command)[1], call(*command, "--color", "always")[1]
        assert b"\x1b" not in plain
        assert STYLE.search(styled)
        assert STYLE.sub(b"", styled).lower() == plain.replace(b"*", b"").lower()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose answers are larger than a pipe holds."""
    folder = tmp_path_factory.mktemp("large")
    lines = (json.dumps({"id": str(at), "text": f"The coalition met. {'x ' * 500}"}) for at in range(400))
    put(folder / "news" / "wire.jsonl", "\n".join(lines))
    Library.create(folder / "library").update([folder / "news"])
    return folder


@pytest.mark.parametrize("style", ["text", "jsonl", "trec"])
def test_a_reader_that_goes_away_is_no_error(large: Path, style: str) -> None:
    process = started(large, "search", "--no-fold", "-n", "0", "--format", style, "coalition")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (0, b"")


def test_ctrl_c_is_exit_code_130(folder: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    os.mkfifo(queries)
    process = started(folder, "search", "--batch", str(queries))
    with queries.open("w"):  # returns when the command has opened its end and waits for us
        process.send_signal(signal.SIGINT)
    # Closed now: Python looks at a signal that came just before it began to read only when it has read.
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"byline: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("style", ["text", "paths"])
def test_a_full_disk_is_one_line_and_exit_code_2(folder: Path, style: str) -> None:
    with Path("/dev/full").open("wb") as full:
        process = started(folder, "search", "--format", style, "trade", stdout=full)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (2, b"byline: No space left on device\n")


def test_streams_that_are_closed_are_no_error(folder: Path) -> None:
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        command = f'"$0" -P -m tui search -c trade {closed}'
        done = subprocess.run(
            ["sh", "-c", command, sys.executable],
            capture_output=True,
            env=process_environment(BYLINE_LIBRARY=str(folder / "library")),
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), closed


def test_a_terminal_without_unicode_gets_escapes(folder: Path) -> None:
    code, _, err = run(folder, "search", "coaltion", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert code == 0
    assert b"coaltion \\u2192 coalition" in err


def test_a_folder_with_a_file_named_like_a_package_does_no_harm(
    folder: Path, tmp_path: Path, byline: Run
) -> None:
    (tmp_path / "search.py").write_text("raise SystemExit('a file of the user was imported')")
    assert byline("search", "-c", "trade", cwd=tmp_path, BYLINE_LIBRARY=str(folder / "library")).out == "3\n"
