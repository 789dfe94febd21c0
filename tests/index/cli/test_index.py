"""`byline index`, `status`, `forget` as processes: options, streams, exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.lock import WriterLock
from tests.conftest import Run, process_environment
from tests.index.shelf import LONG_AGO, put


@pytest.fixture
def news(tmp_path: Path) -> Path:
    put(tmp_path / "news/a.txt", "Ships\n\nThe ships sailed.\n")
    put(tmp_path / "news/b.txt", "Talks\n\nTalks about tariffs.\n")
    put(tmp_path / "news/.hidden.txt", "x")
    return tmp_path / "news"


def test_index_reports_on_stdout_and_makes_the_library(byline: Run, news: Path, home: Path) -> None:
    ran = byline("index", news)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "added 2, changed 0, removed 0, unchanged 0: 2 articles in the library"
    assert lines[1] == "left out 1: 1 hidden"
    assert lines[2].startswith("read 53 B in ")
    assert (home / "library" / "library.json").is_file()
    assert byline("index").out.startswith("added 0, changed 0, removed 0, unchanged 2: 2 articles")


@pytest.mark.parametrize("option", [("--json",), ("--format", "json")])
def test_reports_come_as_json(inside: Run, news: Path, option: tuple[str, ...]) -> None:
    report = json.loads(inside("index", news, *option).out)
    assert (report["added"], report["articles"], report["bytes"]) == (2, 2, 53)
    assert report["skipped"] == [{"path": str(news / ".hidden.txt"), "line": 0, "reason": "hidden"}]
    status = json.loads(inside("status", *option).out)
    assert (status["articles"], status["skipped"]) == (2, {"hidden": 1})
    assert [root["path"] for root in status["roots"]] == [str(news)]
    assert json.loads(inside("forget", news, *option).out)["removed"] == 2


def test_status_and_forget_tell_what_is_there(inside: Run, news: Path) -> None:
    inside("index", news)
    ran = inside("status")
    assert (ran.code, ran.err) == (0, "")
    assert "articles  2 from 2 files, 53 B" in ran.out
    assert f"folder    {news}: 2 articles, label news" in ran.out
    ran = inside("forget", "news")
    assert (ran.code, ran.out) == (
        0,
        "added 0, changed 0, removed 2, unchanged 0: 0 articles in the library\n",
    )
    ran = inside("forget", "news")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("byline: ")
    assert ran.err.count("\n") == 1


def test_the_library_may_be_named_before_and_after_the_command(
    inside: Run, news: Path, tmp_path: Path
) -> None:
    assert inside("-L", "./one", "index", news).code == 0
    assert inside("index", news, "--library", "./one").out.startswith("added 0,")
    assert inside("-L", "./two", "status", "-L", "./one").code == 0
    assert (tmp_path / "one/library.json").is_file()
    assert not (tmp_path / "two").exists()
    assert inside("-L", "wire", "index", news).code == 0
    assert inside("status", "-L", "wire").code == 0
    assert inside("status", BYLINE_LIBRARY="wire").code == 0


def test_rebuild_and_prune(inside: Run, news: Path) -> None:
    inside("index", news)
    assert inside("index", "--rebuild").out.startswith("added 0, changed 0, removed 0, unchanged 2")
    (news / "a.txt").unlink()
    (news / "b.txt").unlink()
    kept = inside("index")
    assert (kept.code, kept.out.splitlines()[0]) == (
        0,
        "added 0, changed 0, removed 0, unchanged 0: 2 articles in the library",
    )
    assert kept.err.count("\n") == 1
    assert "--prune" in kept.err
    refused = inside("index", "--rebuild")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert inside("index", "--prune").out.startswith("added 0, changed 0, removed 2")


@pytest.mark.parametrize("command", ["index", "forget"])
def test_an_empty_path_is_not_this_folder(inside: Run, news: Path, command: str) -> None:
    inside("index", news)
    ran = inside(command, "")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "an empty path: . is this folder" in ran.err
    assert "articles  2 from" in inside("status").out


def test_the_language_is_fixed_when_the_library_is_made(inside: Run, news: Path) -> None:
    assert inside("index", news, "--language", "french").code == 0
    assert "language  french" in inside("status").out
    assert inside("index", "--language", "french").code == 0
    ran = inside("index", "--language", "english")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "french" in ran.err
    assert inside("index", news, "--language", "klingon").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("index",),
        ("index", "nowhere"),
        ("index", "--no-such-option"),
        ("index", "--format", "xml"),
        ("index", "nul\udcff"),
        ("status",),
        ("forget", "news"),
        ("forget",),
        ("status", "extra"),
        ("status", "-L", ""),
    ],
)
def test_errors_are_one_line_on_stderr_and_make_nothing(
    inside: Run, home: Path, arguments: tuple[str, ...]
) -> None:
    ran = inside(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("byline: ")
    assert ran.err.count("\n") == 1
    assert not (home / "library").exists()


def test_a_missing_library_says_what_to_do(inside: Run, home: Path) -> None:
    for command in ("status", "index"):
        assert inside(command).err == f"byline: no library at {home / 'library'}: run byline index FOLDER\n"


def test_a_library_that_is_being_written_names_the_writer(inside: Run, news: Path, home: Path) -> None:
    inside("index", news)
    with WriterLock(home / "library"):
        ran = inside("index")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert f"process {os.getpid()} on " in ran.err


def test_names_cannot_reach_the_terminal_as_controls(inside: Run, news: Path) -> None:
    put(news / "x\x1b]0;owned\x07\u202e.bin", "x")
    put(Path(os.fsdecode(os.fsencode(news) + b"/\xe9.jsonl")), "{")
    outputs = [inside("index", news).out, inside("status").out, inside("index", "no\x1b[2Jwhere\n").err]
    outputs.append(inside("index", "--json").out)
    for output in outputs:
        assert output.strip()
        assert not any(char in output for char in "\x1b\x07\u202e\udce9")
    assert json.loads(outputs[-1])["articles"] == 2


@pytest.mark.parametrize("command", [("index", "news"), ("status",), ("--help",), ("index", "--help")])
def test_a_closed_pipe_is_no_error(tmp_path: Path, news: Path, inside: Run, command: tuple[str, ...]) -> None:
    inside("index", news)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui", *command],
        stdout=writing,
        stderr=subprocess.PIPE,
        env=process_environment(),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_an_error(news: Path, inside: Run) -> None:
    inside("index", news)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui", "status"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=process_environment(),
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_output_in_another_encoding_cannot_fail(news: Path, byline: Run) -> None:
    put(news / "one → other.bin", "x")
    ran = byline("index", news, PYTHONIOENCODING="latin-1")
    assert (ran.code, ran.err) == (0, "")
    assert "one \\u2192 other.bin" in ran.out


def test_on_a_terminal_progress_is_shown_and_cleared(news: Path, home: Path, tmp_path: Path) -> None:
    outer, inner = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui", "index", str(news)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=inner,
        env=process_environment(COLUMNS="60"),
        timeout=60,
        check=True,
    )
    os.close(inner)
    shown = os.read(outer, 10_000).decode()
    os.close(outer)
    assert done.stdout.startswith(b"added 2,")
    lines = [line.strip() for line in shown.split("\r")]
    assert "0 of 2 files, 0 articles, 0 B" in lines
    assert "2 of 2 files, 2 articles, 53 B, writing the index" in lines
    assert lines[-1] == ""
    assert "\x1b" not in shown
    assert all(len(line) < 60 for line in lines)


def test_changes_are_told_apart(inside: Run, news: Path) -> None:
    inside("index", news)
    put(news / "a.txt", "Ships\n\nThe ships came back.\n", mtime_ns=LONG_AGO + 1)
    put(news / "c.txt", "New.\n")
    (news / "b.txt").unlink()
    assert inside("index").out.startswith("added 1, changed 1, removed 1, unchanged 0: 2 articles")


def test_check_names_what_is_damaged_and_what_to_do(inside: Run, news: Path, home: Path) -> None:
    assert inside("index", news).code == 0
    sound = inside("check")
    assert (sound.code, sound.err) == (0, "")
    assert "is sound" in sound.out
    (segment,) = (home / "library").glob("*.byl")
    content = bytearray(segment.read_bytes())
    content[len(content) // 3] ^= 1
    segment.write_bytes(content)
    damaged = inside("check", "--json")
    assert damaged.code == 2
    (found,) = json.loads(damaged.out)["damage"]
    assert found["path"] == str(segment)
    assert "--rebuild" in damaged.err


def test_articles_come_through_standard_input(inside: Run) -> None:
    fed = inside(
        "index", "--stdin", "--source", "wire", stdin='{"id": "7", "text": "Ships sailed."}\nbroken\n'
    )
    assert fed.code == 0
    assert fed.out.startswith("added 1, changed 0, removed 0, unchanged 0: 1 article ")
    assert "  -:2: not JSON" in fed.out
    assert inside("search", "ships", "--fields", "id", "--format", "csv").out.splitlines()[1:] == ["wire#7"]
    assert inside("search", "ships", "-l").out == ""  # it is in no file
    assert "source    wire: 1 article, from standard input" in inside("status").out
    assert inside("index", "--rebuild").out.endswith("1 article in the library\n")
    assert inside("forget", "--source", "wire").out.startswith("added 0, changed 0, removed 1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("index", "--stdin"),
        ("index", "--source", "wire"),
        ("index", "--stdin", "--source", "wire", "--rebuild"),
        ("index", "--stdin", "--source", "a/b"),
        ("index", "--files-from", "nothing.txt"),
        ("index", "--files-from", "-"),
        ("forget",),
        ("forget", "--source", "wire", "news"),
    ],
)
def test_what_does_not_go_together_is_one_line(inside: Run, arguments: tuple[str, ...]) -> None:
    ran = inside(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("between", ["\n", "\0", "\r\n"])
def test_names_of_files_come_from_a_list(inside: Run, news: Path, between: str) -> None:
    odd = put(news / "two\nlines.txt", "Odd.") if between == "\0" else put(news / "c.txt", "Odd.")
    listed = between.join(["news/a.txt", str(odd), ""])
    ran = inside("index", "--files-from", "-", stdin=listed)
    assert ran.out.startswith("added 2,"), ran.err
    assert inside("index").out.startswith("added 0, changed 0, removed 0, unchanged 2")


def test_watching_goes_on_until_it_is_interrupted(news: Path, home: Path) -> None:
    pytest.importorskip("watchfiles", reason="the extra `watch` is not installed")
    watching = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", "index", str(news), "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=process_environment(),
    )
    with watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert watching.stdout.readline().startswith("added 2,")
        assert "watching" in watching.stderr.readline()
        put(news / "c.txt", "Ships came.")
        lines = iter(watching.stdout.readline, "")
        assert any(line.startswith("added 1,") for line in lines)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(30) == 130
        assert watching.stderr.read() == "byline: interrupted\n"


def test_watching_without_its_package_says_what_to_install(news: Path, tmp_path: Path) -> None:
    put(tmp_path / "without" / "watchfiles.py", "raise ImportError")
    paths = os.pathsep.join([str(tmp_path / "without"), process_environment()["PYTHONPATH"]])
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "tui", "index", str(news), "--watch"],
        capture_output=True,
        text=True,
        env=process_environment(PYTHONPATH=paths),
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "pip install 'byline[watch]'" in ran.stderr
