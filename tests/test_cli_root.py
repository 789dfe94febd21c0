"""The command `byline` itself: help, version, mistakes, the app only on a terminal, what it loads."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from index.library import Library
from tests.conftest import CHECKOUT, Run, process_environment
from tui import cli


def test_without_a_terminal_there_is_usage_on_stderr_and_no_app(byline: Run) -> None:
    for arguments in ((), ("-L", "news")):
        ran = byline(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Usage: byline ")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command(byline: Run, inside: Run, option: str) -> None:
    ran = byline(option)
    assert (ran.code, ran.err) == (0, "")
    for name in cli.COMMANDS:
        assert f"\n  {name} " in ran.out
        inner = inside(name, option)
        assert (inner.code, inner.err) == (0, "")
        assert inner.out.startswith(f"Usage: byline {name} ")


def test_every_command_and_option_has_help() -> None:
    context = click.Context(cli.byline)
    for name in cli.byline.list_commands(context):
        command = cli.byline.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help
        assert not command.get_short_help_str(limit=60).endswith("..."), "cut off in the list of commands"
        options = [option for option in command.params if isinstance(option, click.Option)]
        assert [option.name for option in options if not option.help] == []
        assert "library" in {option.name for option in options}


def test_the_version_is_that_of_the_project(byline: Run) -> None:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    ran = byline("--version")
    assert (ran.code, ran.out) == (0, f"byline {version}\n")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("indx", "did you mean index?"),
        ("serch", "did you mean search?"),
        ("enduring defeat", "byline search"),
        ("\x1b[2J", "byline search"),
    ],
)
def test_a_mistyped_command_gets_a_suggestion(byline: Run, typed: str, told: str) -> None:
    ran = byline(typed)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert told in ran.err
    assert "\x1b" not in ran.err


@pytest.mark.parametrize("arguments", [("--libary", "x"), ("-L",), ("--version=1",), ("-x", "status")])
def test_a_mistyped_option_is_one_line(byline: Run, arguments: tuple[str, ...]) -> None:
    ran = byline(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


class _App:
    return_code = 0

    def __init__(self) -> None:
        self.made: list[tuple[Library | None, Path]] = []
        self.runs = 0

    def create_app(self, library: Library | None, where: Path, query: str = "") -> _App:
        self.made.append((library, where))
        return self

    def run(self) -> None:
        self.runs += 1


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> _App:
    """An app that only notes how it was made, and a terminal to run it on."""
    noted = _App()
    monkeypatch.setitem(sys.modules, "tui.app", noted)
    monkeypatch.setattr("tui.cli._on_terminal", lambda: True)
    return noted


def test_on_a_terminal_the_app_opens_the_library_or_offers_to_make_one(app: _App, tmp_path: Path) -> None:
    assert cli.main(["-L", str(tmp_path / "news")]) == 0
    assert app.made == [(None, tmp_path / "news")]
    Library.create(tmp_path / "news")
    assert cli.main(["-L", str(tmp_path / "news")]) == 0
    library, where = app.made[1]
    assert library is not None
    assert library.path == where == tmp_path / "news"
    assert app.runs == 2


def test_a_damaged_library_is_an_error_before_the_app(
    app: _App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Library.create(tmp_path / "news")
    (tmp_path / "news/library.json").write_text("{")
    assert cli.main(["-L", str(tmp_path / "news")]) == 2
    assert app.made == []
    assert capsys.readouterr().err.startswith("byline: ")


_LOADED = """
import sys
from tui.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def _loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _LOADED, *arguments],
        capture_output=True,
        text=True,
        env=process_environment(),
        timeout=60,
        check=False,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_no_command_loads_the_app_and_packages_load_nothing_by_themselves(tmp_path: Path) -> None:
    Library.create(tmp_path / "library")
    slow = {"textual", "rich", "asyncio", "nltk"}
    assert not _loaded("--version") & (slow | {"numpy", "whoosh", "sqlite3", "platformdirs"})
    status = _loaded("status", "-L", str(tmp_path / "library"))
    assert "sqlite3" in status
    assert not status & (slow | {"numpy", "whoosh", "platformdirs"})


@pytest.mark.parametrize("package", ["index", "search"])
def test_packages_export_their_names_lazily(package: str) -> None:
    program = f"""
import sys, {package}
before = {{name for name in sys.modules if name.startswith(("index.", "search."))}}
assert before <= {{"index.deferred"}}, before  # what must come before Whoosh
for name in {package}.__all__:
    assert getattr({package}, name).__name__ == name, name
    assert name in dir({package})
try:
    {package}.nothing
except AttributeError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        capture_output=True,
        text=True,
        env=process_environment(),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"module '{package}' has no attribute 'nothing'\n"


def test_choosing_needs_a_terminal(byline: Run) -> None:
    ran = byline("pick", "iraq")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "byline search -l" in ran.err


def test_every_command_shows_an_example() -> None:
    context = click.Context(cli.byline)
    for name in cli.byline.list_commands(context):
        command = cli.byline.get_command(context, name)
        assert command is not None
        assert f"byline {name}" in (command.help or "").partition("Example: ")[2], name


def test_a_mistyped_option_of_a_search_gets_a_suggestion(byline: Run) -> None:
    ran = byline("search", "iraq", "--sicne", "2022")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "did you mean --since?" in ran.err
