"""Fixtures for all tests: a home of their own, and the command as a process of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from index import kernel

CHECKOUT = Path(__file__).resolve().parents[1]

# How long an example takes says more of the machine than of what is tested.
settings.register_profile("byline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("byline")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every place where byline could read or write by itself into a temporary folder."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    monkeypatch.setenv("BYLINE_LIBRARY", str(folder / "library"))
    for name in ("NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True, scope="session")
def plain_loops() -> None:
    """Leave alone what a developer may have compiled: tests that want it compile their own."""
    os.environ[kernel.VARIABLE] = "off"
    kernel.use(None)


@pytest.fixture(autouse=True, scope="session")
def interrupts() -> None:
    """Let processes be interrupted, also in a run that a shell has started in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process ended, and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def process_environment(**extra: str) -> dict[str, str]:
    """Return the environment of a process that is to import byline from this checkout."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), **extra}


@pytest.fixture
def inside(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that does what `byline` does inside this process, which takes a tenth of the time."""
    from tui.cli import main

    def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            patch.chdir(cwd or tmp_path)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            for name, value in environment.items():
                patch.setenv(name, value)
            code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return run


@pytest.fixture
def news(library: Path, inside: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command over the module's `library` inside this process."""
    monkeypatch.setenv("BYLINE_LIBRARY", str(library))
    return inside


@pytest.fixture
def byline(tmp_path: Path) -> Run:
    """Return a function that runs `byline ARGUMENTS` as a process, in `tmp_path`, without a terminal."""

    def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui", *map(str, arguments)],
            input=stdin.encode(),
            capture_output=True,
            cwd=cwd or tmp_path,
            env=process_environment(**environment),
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
