"""Completion in the shells themselves: what a key press on a begun line makes of it."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from search.saved import SavedSearch, SavedSearches
from tests.conftest import process_environment
from tests.index.shelf import put

PATIENCE = 60.0
#: What was typed, and what the line is after a press of the tab key.
LINES = [
    ("byline inde", "byline index "),
    ("byline index --reb", "byline index --rebuild "),
    ("byline search titl", "byline search title:"),
    ("byline -L wir", "byline -L wires "),
    ("byline show -L wires n", "byline show -L wires news/"),
    ("byline saved -L wires run shi", "byline saved -L wires run ships "),
]


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@pytest.fixture
def shells(tmp_path: Path, home: Path) -> dict[str, str]:
    """An environment in which `byline` is a command and a library is known by the name `wires`."""
    for name in ("a/one.txt", "a/two.txt", "b.txt", "$(reboot).txt"):
        put(tmp_path / "news" / name, "Ships\n\nThe ships sailed.")
    library = Library.create("wires")
    library.update([tmp_path / "news"])
    SavedSearches(library.path).add(SavedSearch("ships", "ships"))
    command = put(
        tmp_path / "bin" / "byline", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m tui "$@"\n'
    )
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return process_environment(PATH=path, TERM="dumb", PS1="READY> ", LC_ALL="C.UTF-8", ZDOTDIR=str(home))


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._seen = ""
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait(self, wanted: str) -> None:
        """Wait until `wanted` stands on the terminal, after what was waited for before."""
        ends = time.monotonic() + PATIENCE
        while wanted not in self._seen:
            ready, _, _ = select.select([self._master], [], [], max(0.0, ends - time.monotonic()))
            assert ready, f"{wanted!r} did not come: {self._seen!r}"
            self._seen += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", os.read(self._master, 4096).decode())
            self._seen = re.sub(r"[^\x08]\x08", "", self._seen)  # a blank that was taken back
        self._seen = self._seen.partition(wanted)[2]

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)


def _opened(command: list[str], environment: dict[str, str], begin: str) -> Iterator[Terminal]:
    terminal = Terminal(command, environment)
    try:
        terminal.wait("READY> ")
        terminal.type(begin + "; echo DO''NE\n")
        terminal.wait("DONE")
        terminal.wait("READY> ")
        yield terminal
    finally:
        terminal.close()


def _complete(terminal: Terminal) -> None:
    """Press the tab key on each line, and a letter to see where it goes on."""
    for typed, whole in LINES:
        terminal.type(f"{typed}\t@")
        terminal.wait(f"{whole}@")
        terminal.type("\x15")  # clears the line


@needs("bash")
def test_bash_completes(shells: dict[str, str]) -> None:
    begin = 'bind "set bell-style none"; eval "$(byline completion bash)"'
    for terminal in _opened(["bash", "--norc", "--noprofile", "-i"], shells, begin):
        _complete(terminal)


@needs("zsh")
def test_zsh_completes(shells: dict[str, str]) -> None:
    begin = 'unsetopt beep; autoload -U compinit; compinit -u; eval "$(byline completion zsh)"'
    for terminal in _opened(["zsh", "-f", "-i"], shells, begin):
        _complete(terminal)


@needs("fish")
def test_fish_completes(shells: dict[str, str]) -> None:
    script = "byline completion fish | source; for line in $argv; complete -C $line; echo; end"
    ran = subprocess.run(
        ["fish", "--no-config", "-c", script, *(typed for typed, _ in LINES)],
        env=shells,
        capture_output=True,
        text=True,
        check=True,
    )
    offered = [line.partition("\t")[0] for line in ran.stdout.split("\n") if line]
    assert offered == [whole.rstrip().rpartition(" ")[2] for _, whole in LINES], ran.stderr
