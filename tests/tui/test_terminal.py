"""The real program in a real terminal: a pseudo-terminal read by pyte, and tmux."""

from __future__ import annotations

import base64
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tui.terminal import DEADLINE, Terminal, command, environment, terminal
from tests.tui.wire import wire_library, write_wire

ESC, ENTER, CTRL_Q, CTRL_U, F1, F4, F9 = "\x1b", "\r", "\x11", "\x15", "\x1bOP", "\x1bOS", "\x1b[20~"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wire_library(tmp_path_factory.mktemp("wire"), 80).path


def test_the_whole_story(tmp_path: Path) -> None:
    """First run, index, search with a typo, narrow by date, read, copy, export, rebuild, leave, come back."""
    write_wire(tmp_path / "articles", 80)
    with terminal("-L", tmp_path / "library", cwd=tmp_path) as it:
        index_and_search(it)
        narrow(it)
        read(it)
        assert copied(it).startswith(b'"Coalition report ')
        assert exported(it, tmp_path / "coaltion-or-tariff.json")["total"] == 10
        (tmp_path / "articles" / "late.txt").write_text("Late\n\nA lighthouse again.\n", encoding="utf-8")
        look_for_changes(it)
        it.press(CTRL_Q)
        assert it.end() == 0
        assert it.is_clean()
    with terminal("-L", tmp_path / "library", cwd=tmp_path) as it:
        it.see("lighthouse", "A quiet piece")
        it.press(CTRL_Q)
        assert it.end() == 0


def index_and_search(it: Terminal) -> None:
    it.see("Which folder holds your articles?")
    it.press("articles" + ENTER)
    it.see("Type to search.", "82 articles")
    it.press("coaltion OR tariff")
    it.see("20 articles", "coaltion → coalition", "Tariff report")


def narrow(it: Terminal) -> None:
    it.press(F4)
    it.see("type to narrow", "2023")
    it.press("2023" + ENTER)
    it.see("✕", "10 articles")
    it.press(ENTER)  # the same key takes it off again
    it.see("20 articles")
    it.press(ENTER)
    it.see("10 articles")
    leave(it, "─ filters ─")


def read(it: Terminal) -> None:
    it.press(ENTER)
    it.see("▸ ", "match 2 of 4")  # the first one is in the title
    it.press("n")
    it.see("match 3 of 4")
    it.press("/figures" + ENTER)
    it.see("1 of 1: figures")
    it.press("?")
    it.see("byline · help", "read the article that is selected")
    it.press("q")
    it.see("1 of 1: figures")


def copied(it: Terminal) -> bytes:
    """Copy the citation of the article; return what the terminal was sent."""
    it.press("y")
    it.see("p path")
    it.press("c")
    it.see("citation sent to the terminal's clipboard")
    sent = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", it.raw)
    assert sent is not None
    return base64.b64decode(sent[1])


def exported(it: Terminal, path: Path) -> Any:
    """Export all that was found to the file that is offered, `path`; return what is in it."""
    it.press("x")
    it.see("export 10 found as")
    it.press("j")
    it.see("write json to", path.name)
    it.press(ENTER)
    it.see("written: ")
    return json.loads(path.read_text(encoding="utf-8"))


def look_for_changes(it: Terminal) -> None:
    it.press(F9)
    it.see("look for changes")
    it.press(ENTER)
    it.see("1 added")
    it.press("i" + CTRL_U + "lighthouse")
    it.see("0 articles", "Filters are on")
    leave(it, "esc List")
    leave(it, "✕")
    it.see("2 articles ", "A quiet piece", "~20")


def leave(it: Terminal, text: str) -> None:
    """Press esc once `text` is there, and wait until it is gone: what comes right behind esc has alt."""
    it.see(text)
    it.press(ESC)
    it.wait(lambda: text not in it.text(), f"no {text}")


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_although_nobody_reads_its_output(
    library: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with terminal("-L", library, cwd=tmp_path, size=(200, 60)) as it:
        it.see("82 articles")
        it.press("harvest")
        it.see("10 articles")
        # Each of these draws the screen anew, until the terminal's buffer and the app's own are full.
        it.press("\x0c" * 400)
        it.process.send_signal(number)
        assert it.process.wait(DEADLINE) != 0
        assert termios.tcgetattr(it.slave) == it.before


def test_a_breakdown_leaves_the_terminal_clean_and_says_so(library: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from tui.screens.main import MainScreen\n"
        "def fail(self): raise ZeroDivisionError('\\x1b[31mboo')\n"
        "MainScreen.action_sort = fail\n"
        "from tui.cli import main\n"
        "sys.exit(main())\n"
    )
    script = tmp_path / "app.py"
    script.write_text(program, encoding="utf-8")
    with terminal("-L", library, cwd=tmp_path, program=[sys.executable, "-P", str(script)]) as it:
        it.see("82 articles")
        it.press("harvest\x1bOR")
        it.end()
        assert it.process.returncode == 2
        assert it.is_clean()
        left = it.raw.rpartition(b"\x1b[?1049l")[2].decode()
        assert "the app broke down: ZeroDivisionError: ␛[31mboo" in left
        assert "Traceback" not in left


def _pick(tmp_path: Path, *arguments: str) -> list[str]:
    """Return the line of a shell that keeps what `byline pick` prints, and its exit code."""
    line = " ".join(map(shlex.quote, command("pick", *arguments)))
    return ["/bin/sh", "-c", f"{line} >chosen; echo $? >code", "sh"]


def _picked(it: Terminal, tmp_path: Path) -> tuple[int, str]:
    it.end()
    return int((tmp_path / "code").read_text()), (tmp_path / "chosen").read_bytes().decode()


def test_what_is_chosen_is_printed_while_the_app_draws_on_stderr(library: Path, tmp_path: Path) -> None:
    program = _pick(tmp_path, "-L", str(library), "harvest", "--print", "id")
    with terminal(cwd=tmp_path, size=(120, 30), program=program) as it:
        it.see("10 articles", "Choose")
        assert any(len(line.rstrip()) > 100 for line in it.lines())  # as wide as the terminal
        it.press(ENTER)
        code, chosen = _picked(it, tmp_path)
        assert it.is_clean()
    assert code == 0
    assert chosen.count("\n") == 1
    with terminal(cwd=tmp_path, program=_pick(tmp_path, "-L", str(library), "harvest", "-0")) as it:
        it.see("10 articles")
        leave(it, "esc List")
        it.press("mjm")
        it.see("2 marked")
        it.press(ENTER)
        code, chosen = _picked(it, tmp_path)
    assert code == 0
    path, rest = chosen.split("\0")  # both are in one file, which is named once
    assert Path(path).is_file()
    assert rest == ""


@pytest.mark.parametrize(("key", "expected"), [(CTRL_Q, 1), ("\x03", 130)])
def test_leaving_a_choice_prints_nothing(library: Path, tmp_path: Path, key: str, expected: int) -> None:
    with terminal(cwd=tmp_path, program=_pick(tmp_path, "-L", str(library), "harvest")) as it:
        it.see("10 articles")
        it.press(key)
        assert _picked(it, tmp_path) == (expected, "")
        assert it.is_clean()
