"""The rules of the house, so that one command covers all: style, types, imports, and what the files say."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import process_environment

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("index", "search", "tui")
#: What a program that only searches must not pay for.
HEAVY = ("nltk", "textual", "rich", "click", "asyncio", "sqlite3")


def _in_checkout(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _tool(name: str, *arguments: str) -> None:
    done = _in_checkout(sys.executable, "-P", "-m", name, *arguments)
    assert done.returncode == 0, f"{name} {' '.join(arguments)}\n{done.stdout}{done.stderr}"


def _files() -> list[Path]:
    """Return the files of the project as git knows them, new ones too; without git, all."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = _in_checkout("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
        return [path for path in names if path.is_file()]
    made = {".venv", ".demo", "dist", "build", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.parts)]


def test_ruff_finds_nothing() -> None:
    _tool("ruff", "check", ".")


def test_the_format_is_ruffs() -> None:
    _tool("ruff", "format", "--check", ".")


def test_all_types_hold() -> None:
    scripts = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.py"))
    _tool("mypy", *PACKAGES, "tests", "benchmarks", *scripts)


def _undocumented(module: ModuleType) -> Iterator[str]:
    """Yield the public things that a module defines and that have no docstring, nor one that they inherit."""
    if not module.__doc__:
        yield module.__name__
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
            continue
        if inspect.isclass(thing):
            own = [(key, part) for key, part in vars(thing).items() if not key.startswith("_")]
            methods = [key for key, part in own if inspect.isroutine(part) or isinstance(part, property)]
            yield from (
                f"{thing.__qualname__}.{key}" for key in methods if not inspect.getdoc(getattr(thing, key))
            )
        elif not inspect.isfunction(thing):
            continue
        if not thing.__doc__:
            yield f"{module.__name__}.{name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_thing_says_what_it_is(package: str) -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / package).rglob("*.py")
        if path.stem != "__main__"
    ]
    assert [thing for name in names for thing in _undocumented(importlib.import_module(name))] == []


def test_imports_go_one_way() -> None:
    done = _in_checkout(
        sys.executable,
        "-P",
        "-c",
        "import sys; sys.path.insert(0, '.'); from importlinter import cli; cli.lint_imports_command()",
        "--no-cache",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_the_root_command_names_the_modules_of_the_others() -> None:
    naming = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for home in re.findall(r"\b(index|search)\.cli\b", path.read_text(encoding="utf-8"))
        if not path.is_relative_to(ROOT / home / "cli")
    }
    assert naming == {"tui/cli.py"}


def _modules(program: str, *arguments: str) -> set[str]:
    """Return the names of all modules that a process has loaded when `program` is done."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{program}\nimport sys\nprint(*sys.modules)", *arguments],
        env=process_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def _loaded(program: str, *arguments: str) -> set[str]:
    """Return those of HEAVY that a process has loaded when `program` is done."""
    return _modules(program, *arguments).intersection(HEAVY)


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    assert _loaded(f"import {package}") == set()


def test_processes_that_load_all_anew_are_started_before_what_takes_long_is_loaded(tmp_path: Path) -> None:
    late = {"numpy", "index.builder", "index.readers.jsonl", "index.readers.dates"}
    program = """
import sys
from index import Library
from index import intake, processes
def started(program):
    print(*sys.modules)
    sys.exit()
intake._MANY = 1
processes.may_fork = lambda: False
processes.start_program = started
Library.create(sys.argv[1]).update([sys.argv[2]])
"""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text("Ministers meet\n\nThe coalition met in Marrakech.\n")
    assert _modules(program, str(tmp_path / "library"), str(tmp_path / "news")) & late == set()


def test_a_run_loads_no_masked_arrays(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from index import Library
from index.analysis import Analyzer
from index.article import Article
from index.parts import put_together
from index.record import row_of
from index.segments import Segments
folder, news = map(Path, sys.argv[1:])
library = Library.create(folder)
for _ in range(2):
    assert library.update([news], rebuild=True).articles == 2
workers = [Segments(folder, Analyzer()) for _ in range(2)]
for worker, name in zip(workers, ("one", "two")):
    worker.add([row_of(Article(name, name, "Ministers meet", "The coalition met.", author=name))])
shared = [worker.shared() for worker in workers]
put_together(folder, [worker.write_part(shared, place) for place, worker in enumerate(workers)])
"""
    (tmp_path / "news").mkdir()
    for name in ("one.txt", "copy.txt"):
        (tmp_path / "news" / name).write_text("Ministers meet\n\nThe coalition met in Marrakech.\n")
    assert "numpy.ma" not in _modules(program, str(tmp_path / "library"), str(tmp_path / "news"))


def test_a_search_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text("Ministers meet\n\nThe coalition met in Marrakech.\n")
    library = str(tmp_path / "library")
    _loaded(
        "import sys; from index import Library; Library.create(sys.argv[1]).update([sys.argv[2]])",
        library,
        str(tmp_path / "news"),
    )
    search = (
        "import sys\nfrom index import Library\nfrom search import Searcher\n"
        "with Searcher(Library.open(sys.argv[1])) as searcher:\n"
        "    results = searcher.search('coaltion OR \"marrakech\" minis*')\n"
        "    assert results.total == 1, results\n"
        "    assert results.hits[0].passages, results\n"
    )
    assert _loaded(search, library) == set()


#: What `byline search` as a whole does without, beside all that writes: a millisecond each, or many.
NEEDLESS = (
    *(name for name in HEAVY if name != "click"),
    *("dataclasses", "shutil", "tempfile", "hashlib", "subprocess", "multiprocessing", "concurrent.futures"),
    *("socket", "ssl", "http", "email", "importlib.metadata", "importlib.resources", "textwrap"),
    *("platformdirs", "rapidfuzz", "dateutil", "yaml", "charset_normalizer", "numpy.ma"),
    *("whoosh.lang.snowball", "whoosh.lang.snowball.danish"),
    *("whoosh.qparser", "whoosh.writing", "whoosh.searching", "whoosh.codec.base"),
    *("index.builder", "index.catalog", "index.report", "index.update", "index.tokenise", "index.readers"),
    *("index.codec.segment_writer", "index.codec.whoosh_reader", "tui.app", "search.cli.show"),
)


def test_a_search_from_the_command_line_loads_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for name in ("one.txt", "copy.txt"):  # so that there is something to fold
        (tmp_path / "news" / name).write_text("Ministers meet\n\nThe coalition met in Marrakech.\n")
    library = str(tmp_path / "library")
    run = "import sys\nfrom tui.start import start\nsys.argv[0] = 'byline'\nassert start() == 0"
    _modules(run, "index", "-L", library, str(tmp_path / "news"))
    others = _modules("import click, numpy, whoosh.index, whoosh.query")
    loaded = _modules(run, "search", "-L", library, 'ministers OR "marrakech"') - others
    assert {"search.searcher", "tui.cli"} <= loaded
    assert sorted(loaded.intersection(NEEDLESS)) == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def _declared(*extras: str) -> set[str]:
    """Return the distributions that pyproject.toml asks for, with those of the extras, in plain spelling."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {_plain(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in wanted}


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


@pytest.mark.parametrize(("folders", "extras"), [(PACKAGES, ("serve", "watch")), (("tests",), ("dev",))])
def test_what_is_imported_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    own = {*PACKAGES, "tests", "benchmarks", *sys.stdlib_module_names}
    declared = _declared(*extras)
    homes = packages_distributions()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for module in set(_imported(path)) - own:
                named = {_plain(name) for name in homes.get(module, [module])}
                assert named & declared, f"{path.relative_to(ROOT)} imports {module}: not in pyproject.toml"


def test_whoosh_is_pinned_exactly() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [line for line in project["dependencies"] if "whoosh" in line] == ["whoosh3==3.54.0"]


#: Written in pieces, so that this file may be searched as well.
REGISTRIES = tuple(
    f"{name}.{end}"
    for name, end in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("maven", "org"),
        ("conda", "anaconda.org"),
        ("deb.debian", "org"),
        ("archive.ubuntu", "com"),
        ("ghcr", "io"),
        ("docker", "io"),
    )
)
MACHINES = ("home", "root", "Users", "work", "opt/wheels", "private/var", "tmp/w")
_MACHINE_PATH = re.compile(rf"(?<![\w.~…$}}])/(?:{'|'.join(MACHINES)})/\w")


def test_no_file_tells_of_a_machine_or_a_registry() -> None:
    here = {str(ROOT), str(Path.home()), str(Path(sys.prefix).resolve()), tempfile.gettempdir() + "/"}
    telling = [place for place in here if place.count("/") > 1 and place != "/tmp/"]
    for path in _files():
        text = path.read_bytes().decode("utf-8", "replace")
        name = path.relative_to(ROOT)
        for address in (*REGISTRIES, *telling):
            assert address not in text, f"{name} holds {address}"
        found = _MACHINE_PATH.search(text)
        assert found is None, f"{name} holds the path of a machine: {found}"


def test_no_lock_files() -> None:
    locks = [path for path in _files() if re.search(r"\.lock$|lock\.(json|ya?ml)$|^requirements", path.name)]
    assert locks == []


def test_every_folder_is_explained() -> None:
    told = set(re.findall(r"`([\w./-]+)/`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    folders = {
        parent.as_posix()
        for path in _files()
        for parent in path.relative_to(ROOT).parents
        if parent.name and not parent.as_posix().startswith("tests/")
    }
    assert folders - told == set()
    assert {name for name in told if not (ROOT / name).is_dir()} == set()


@pytest.mark.parametrize("folder", ["tests"])
def test_every_test_folder_is_a_package(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        assert (path.parent / "__init__.py").is_file(), path


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is_for(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path.relative_to(ROOT)}"
