"""The wheel: what is in it, and that byline runs from it alone, outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from index import __version__

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("index", "search", "tui")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that holds byline from its wheel, and this environment's other packages."""

    folder: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, away from the checkout and with a home of its own."""
        home = self.folder.parent / "home"
        home.mkdir(exist_ok=True)
        folders = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        library = {"BYLINE_LIBRARY": str(home / "library")}
        return subprocess.run(
            [str(self.folder / "bin" / program), *arguments],
            cwd=home,
            env={"PATH": os.defpath, **folders, **library},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-P", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(folder, with_pip=False)
    pip = ["pip", "--python", str(folder / "bin" / "python"), "install", "-q", "--no-deps", "--no-index"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", *pip, str(wheel)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # Paths in a .pth file are added last and their own .pth files are not read: this environment lends its
    # packages, but neither this checkout nor a byline of its own comes before the wheel.
    (packages,) = folder.glob("lib/python*/site-packages")
    lent = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    (packages / "lent.pth").write_text("".join(f"{path}\n" for path in sorted(lent)))
    return Installed(folder)


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".so"
    }
    assert names == expected
    assert names >= {"index/py.typed", "search/py.typed", "tui/py.typed", "tui/app.tcss", "tui/page.html"}


def test_the_wheel_tells_its_licence_version_and_command(wheel: Path) -> None:
    information = f"byline-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"{information}/METADATA").decode()
        commands = archive.read(f"{information}/entry_points.txt").decode()
        assert f"{information}/licenses/LICENSE" in archive.namelist()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    assert "byline = tui.start:start" in commands


def test_the_command_runs_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "one.txt").write_text("Ministers meet\n\nThe coalition met in Marrakech on Wednesday.\n")
    indexed = installed.run("byline", "index", str(news))
    assert indexed.returncode == 0, indexed.stderr
    found = installed.run("byline", "search", "coaltion ministers")
    assert found.returncode == 0, found.stderr
    assert "~coalition~ met in Marrakech" in found.stdout
    assert installed.run("python", "-m", "tui", "search", "-c", "marrakech").stdout == "1\n"
    version = installed.run("byline", "--version")
    assert version.stdout == f"byline {__version__}\n"


OPEN_THE_APP = """
import asyncio, sys
from importlib.resources import files
from pathlib import Path
from tui.app import create_app

assert not Path(sys.modules["tui"].__file__).is_relative_to(sys.argv[1]), sys.modules["tui"].__file__
assert files("tui").joinpath("app.tcss").read_text(encoding="utf-8").strip()

async def look():
    app = create_app(None, Path("nowhere"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert [Path(path).name for path in app.css_path] == ["app.tcss"]
        print(type(app.screen).__name__)

asyncio.run(look())
"""


def test_the_app_finds_its_style_sheet_in_the_wheel(installed: Installed) -> None:
    opened = installed.run("python", "-c", OPEN_THE_APP, str(ROOT))
    assert opened.returncode == 0, opened.stderr
    assert opened.stdout.strip() == "FirstRunScreen"
