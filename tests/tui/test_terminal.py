"""The real program in a real terminal: a pseudo-terminal read by pyte, and tmux."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tui.terminal import DEADLINE, command, environment, terminal
from tests.tui.wire import wire_library, write_wire

ESC, ENTER, CTRL_Q, CTRL_U, F1 = "\x1b", "\r", "\x11", "\x15", "\x1bOP"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wire_library(tmp_path_factory.mktemp("wire"), 80).path


def test_the_whole_story(tmp_path: Path) -> None:
    write_wire(tmp_path / "articles", 80)
    with terminal("-L", tmp_path / "library", cwd=tmp_path) as it:
        it.see("Which folder holds your articles?")
        it.press("articles" + ENTER)
        it.see("Type to search.", "82 articles")
        it.press("coaltion")
        it.see("10 articles", "coaltion → coalition", "Coalition report")
        it.press(ENTER)
        it.see("match 2 of 4", "▸ ")  # the first one is in the title
        it.press("n")
        it.see("match 3 of 4")
        it.press("?")
        it.see("byline · help", "read the article that is selected")
        it.press("q")
        it.see("match 3 of 4")
        it.press("i" + CTRL_U + "lighthouse")
        it.see("1 article ", "A quiet piece", "~20")
        it.press(CTRL_Q)
        assert it.end() == 0
        assert it.is_clean()


def test_no_byte_of_an_article_is_obeyed(library: Path, tmp_path: Path) -> None:
    with terminal("-L", library, cwd=tmp_path, size=(60, 20)) as it:
        it.see("82 articles")
        it.press("lamplighter" + ENTER)
        it.see("match 1 of ", "[b]bold[/b]")
        it.press(CTRL_Q)
        assert it.end() == 0
        for sequence in (b"\x1b]0;", b"\x1b[31m red", b"\x1b[2J\xc2\x9b", b"\xc2\x9b", "\u202e".encode()):
            assert sequence not in it.raw
        assert it.is_clean()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_clean(library: Path, tmp_path: Path, number: signal.Signals) -> None:
    with terminal("-L", library, cwd=tmp_path) as it:
        it.see("82 articles")
        it.press("harvest")
        it.see("10 articles")
        it.process.send_signal(number)
        assert it.end() == -number
        assert it.is_clean()
        assert b"Traceback" not in it.raw


def test_it_ends_with_its_terminal(library: Path, tmp_path: Path) -> None:
    with terminal("-L", library, cwd=tmp_path) as it:
        it.see("82 articles")
        it.hang_up()
        assert it.process.wait(DEADLINE) != 0


def test_indexing_can_be_left(tmp_path: Path) -> None:
    write_wire(tmp_path / "articles", 20_000)
    with terminal("-L", tmp_path / "library", cwd=tmp_path) as it:
        it.see("Which folder")
        it.press("articles" + ENTER)
        it.see("esc Stop")
        it.press(CTRL_Q)
        assert it.end() == 0
        assert it.is_clean()


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Return a function that runs a tmux command in a server of the test's own."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not installed")
    with tempfile.TemporaryDirectory(prefix="bl") as short:  # a socket's path must be short

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [program, "-S", f"{short}/s", "-f", "/dev/null", *arguments],
                capture_output=True,
                text=True,
                env=environment(),
                cwd=tmp_path,
                check=True,
                timeout=DEADLINE,
            )
            return done.stdout

        yield run
        subprocess.run([program, "-S", f"{short}/s", "kill-server"], capture_output=True, check=False)


@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (100, 30), (160, 45)])
def test_under_tmux(tmux: Callable[..., str], library: Path, columns: int, rows: int) -> None:
    line = shlex.join(command("-L", library)) + "; echo ended $?; read x"
    size = ("-x", str(columns), "-y", str(rows))
    tmux("new-session", "-d", "-s", "it", *size, line)

    def see(text: str) -> None:
        until = time.monotonic() + DEADLINE
        while text not in (now := tmux("capture-pane", "-p", "-t", "=it:")):
            assert time.monotonic() < until, f"never seen: {text}\n{now}"

    see("82 articles")
    tmux("send-keys", "-t", "=it:", "harvst valey")
    see("harvst → harvest")
    tmux("send-keys", "-t", "=it:", "M-BSpace", "Enter")
    see("match 2 of 4")
    tmux("send-keys", "-t", "=it:", "Escape")
    see("/ Query")
    tmux("send-keys", "-t", "=it:", "F1")
    see("byline · help")
    tmux("send-keys", "-t", "=it:", "C-q")
    see("ended 0")
