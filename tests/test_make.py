"""Set-up: which Python makes the environment, and when the Makefile installs again.

Every Python here is a shell script that plays one, so that no environment is really made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")

MISSING = '#!/bin/sh\necho "pyenv: ${0##*/}: command not found" >&2\nexit 127\n'
#: Plays a Python of its own version: answers the version check, makes environments, writes down its calls.
WORKING = """#!/bin/sh
echo "${0##*/} $*" >>"$CALLS"
case "$1 $2" in
"-m venv") [ -z "${NO_VENV:-}" ] || { mkdir -p "$3/half"; exit 1; } ;;
"-m virtualenv") [ -n "${VIRTUALENV:-}" ] || exit 1 ;;
"-m pip") case "$*" in *install*) [ -z "${NO_NETWORK:-}" ] || exit 1 ;; esac; exit 0 ;;
"-P -c") echo True; exit 0 ;;
*) exit 0 ;;
esac
mkdir -p "$3/bin"
cp "$0" "$3/bin/python"
"""
OLD = "#!/bin/sh\nexit 1\n"

MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(MAKE is None, reason="make is not installed")


class Checkout:
    """A folder with the files that set up byline, and a PATH on which only given Pythons work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "check out"
        self.shims = folder / "shims"
        self.calls = folder / "calls"
        self.shims.mkdir()
        (self.folder / ".ci").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", ".ci/environment"):
            shutil.copy(ROOT / name, self.folder / name)
        for name in PYTHONS:
            self.python(name, MISSING)

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def python(self, name: str, script: str) -> None:
        (self.shims / name).write_text(script)
        (self.shims / name).chmod(0o755)

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        environment = {
            "PATH": f"{self.shims}:{os.defpath}:{Path(MAKE or '/bin/make').parent}",
            "CALLS": str(self.calls),
            **settings,
        }
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def set_up(self, **settings: str) -> subprocess.CompletedProcess[str]:
        return self.run("sh", ".ci/environment", ".venv", **settings)

    def make(self, **settings: str) -> subprocess.CompletedProcess[str]:
        return self.run("make", ".venv/.installed-dev", **settings)

    def called(self, what: str) -> list[str]:
        return [line for line in self.calls.read_text().splitlines() if what in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_python_that_works_makes_the_environment(checkout: Checkout) -> None:
    checkout.python("python3.13", OLD)
    checkout.python("python3.11", WORKING)
    checkout.python("python3", WORKING)
    done = checkout.set_up()
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert checkout.called("-m venv") == ["python3.11 -m venv .venv"]


def test_an_environment_that_is_finished_is_kept(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    assert checkout.set_up().returncode == 0
    assert checkout.set_up().returncode == 0
    assert not checkout.called("venv .venv")


def test_a_half_made_environment_is_made_again(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    (checkout.venv / "bin").mkdir(parents=True)
    shutil.copy(checkout.shims / "python3.12", checkout.venv / "bin" / "python")
    (checkout.venv / "rubbish").touch()
    assert checkout.set_up().returncode == 0
    assert not (checkout.venv / "rubbish").exists()


def test_an_environment_whose_python_went_away_is_made_again(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    assert checkout.set_up().returncode == 0
    (checkout.venv / "bin" / "python").unlink()
    assert checkout.set_up().returncode == 0
    assert (checkout.venv / "bin" / "python").exists()


def test_an_environment_that_was_moved_is_made_again(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    assert checkout.set_up().returncode == 0
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("elsewhere"))
    assert checkout.set_up().returncode == 0
    assert checkout.called("-m venv")


def test_virtualenv_stands_in_for_venv(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    done = checkout.set_up(NO_VENV="1", VIRTUALENV="1")
    assert done.returncode == 0, done.stderr
    assert not (checkout.venv / "half").exists()


def test_a_python_without_venv_is_named_in_one_line(checkout: Checkout) -> None:
    checkout.python("python3.12", WORKING)
    checkout.python("python3", WORKING)
    done = checkout.set_up(NO_VENV="1")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "python3.12 cannot make" in done.stderr
    assert "python3-venv" in done.stderr
    assert not checkout.venv.exists()


def test_no_python_at_all_is_one_line(checkout: Checkout) -> None:
    done = checkout.set_up()
    assert done.returncode == 1
    assert done.stderr == "byline: no Python 3.11 or newer found; install one and run make again\n"


@needs_make
def test_make_installs_once(checkout: Checkout) -> None:
    checkout.python("python3.11", WORKING)
    first = checkout.make()
    assert first.returncode == 0, first.stderr
    assert len(checkout.called("install -e .[dev]")) == 1
    assert checkout.make().returncode == 0
    assert not checkout.called("install")


@needs_make
def test_make_installs_again_after_an_interrupted_install(checkout: Checkout) -> None:
    checkout.python("python3.11", WORKING)
    assert checkout.make(NO_NETWORK="1").returncode != 0
    assert checkout.make().returncode == 0
    assert len(checkout.called("install -e .[dev]")) == 1
    assert not checkout.called("venv .venv")


@needs_make
@pytest.mark.parametrize("name", ["pyproject.toml", "Makefile", ".ci/environment"])
def test_make_installs_again_when_the_set_up_changed(checkout: Checkout, name: str) -> None:
    checkout.python("python3.11", WORKING)
    assert checkout.make().returncode == 0
    later = (checkout.venv / ".installed-dev").stat().st_mtime + 10
    os.utime(checkout.folder / name, (later, later))
    assert checkout.make().returncode == 0
    assert len(checkout.called("install -e .[dev]")) == 1


@needs_make
def test_make_sets_up_again_where_the_python_went_away(checkout: Checkout) -> None:
    checkout.python("python3.11", WORKING)
    assert checkout.make().returncode == 0
    (checkout.venv / "bin" / "python").unlink()
    assert checkout.make().returncode == 0
    assert len(checkout.called("install -e .[dev]")) == 1


@needs_make
def test_every_target_of_the_help_is_there(checkout: Checkout) -> None:
    told = checkout.run("make", "help").stdout
    named = {line.split("\t")[0] for line in told.splitlines()}
    assert named >= {"run", "test", "check", "bench", "soak", "clean", "help"}
    for name in named:
        assert checkout.run("make", "-n", name).returncode == 0
