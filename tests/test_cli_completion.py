"""What shells are told to complete, and the manual page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import Run
from tests.index.shelf import put
from tui.cli import COMMANDS


@pytest.fixture
def library(tmp_path: Path, home: Path) -> Library:
    """A library, known by the name `wires`, with ids in two folders, one of them hostile."""
    for name in ("a/one.txt", "a/two.txt", "b.txt", "$(reboot).txt"):
        put(tmp_path / "news" / name, "Ships\n\nThe ships sailed.")
    made = Library.create("wires")
    made.update([tmp_path / "news"])
    return made


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("byline ind", {"index"}),
        ("byline index --reb", {"--rebuild"}),
        ("byline search --sort n", {"newest"}),
        ("byline search tit", {"title:"}),
        ("byline search --any sou", {"source:"}),
        ("byline -L wi", {"wires"}),
        ("byline show -L wi", {"wires"}),
        ("byline -L wires show n", {"news/"}),
        ("byline show -L wires news/", {"news/a/", "news/b.txt"}),
        ("byline -L wires diff news/b.txt news/a/t", {"news/a/two.txt"}),
        ("byline -L nowhere show n", set()),
        ("byline completion f", {"fish"}),
    ],
)
def test_what_is_offered(byline: Run, library: Library, line: str, offered: set[str]) -> None:
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_BYLINE_COMPLETE": "bash_complete"}
    ran = byline(**asked)
    assert (ran.code, ran.err) == (0, "")
    assert {row.partition(",")[2] for row in ran.out.splitlines() if row} == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_one(byline: Run, tmp_path: Path, shell: str) -> None:
    ran = byline("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_BYLINE_COMPLETE={shell}_complete" in ran.out
    if shell != "fish":
        assert "[:/#]" in ran.out
    if shutil.which(shell):
        script = put(tmp_path / "script", ran.out)
        subprocess.run([shell, "-n", script], check=True)


def test_the_manual_page_tells_of_every_command(byline: Run) -> None:
    ran = byline("man")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(".TH BYLINE 1")
    for name in COMMANDS:
        assert f"\n.SS byline {name} " in ran.out
    assert "\\-\\-rebuild" in ran.out
    if shutil.which("groff"):
        made = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww"], input=ran.out, capture_output=True, text=True, check=True
        )
        assert made.stderr == ""
