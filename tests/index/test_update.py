"""Runs of indexing: the same library whatever way led to it, and whenever a run was cut short."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalog import Catalog
from index.file_rows import FileRow, Place
from index.library import Library
from tests.conftest import process_environment
from tests.index.shelf import LONG_AGO, holdings, put

NAMES = ("a.txt", "b.md", "sub/c.txt", "sub/deep/d.jsonl", "e.jsonl", ".hidden.txt")
_LINES = (
    '{"id": "1", "title": "Ships", "text": "The ships sailed.", "date": "2024-05-17"}',
    '{"id": "1", "text": "The ships came back."}',
    '{"id": "2", "text": "Talks about tariffs."}',
    "{nonsense",
)
_TEXTS = ("Ships\n\nThe ships sailed.\n", "Undated talks.\n", "Updated: 17 May 2024\n\nTariffs rose.\n", "")

_names = st.sampled_from(NAMES)
_times = st.sampled_from((None, LONG_AGO, LONG_AGO + 86_400_000_000_000))


@st.composite
def _writes(draw: st.DrawFn) -> Callable[[Path], None]:
    name, mtime = draw(_names), draw(_times)
    choices = _LINES if name.endswith(".jsonl") else _TEXTS
    parts = draw(st.lists(st.sampled_from(choices), max_size=3))
    return lambda root: void(put(root / name, "\n".join(parts), mtime_ns=mtime))


def void(_: object) -> None:
    """Take a value and do nothing with it."""


def _delete(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink(missing_ok=True)


def _move(one: str, other: str) -> Callable[[Path], None]:
    def move(root: Path) -> None:
        if (root / one).exists():
            (root / other).parent.mkdir(parents=True, exist_ok=True)
            (root / one).replace(root / other)

    return move


def _drop_folder(root: Path) -> None:
    shutil.rmtree(root / "sub", ignore_errors=True)


_changes = (
    _writes()
    | _writes()
    | st.builds(_delete, _names)
    | st.builds(_move, _names, _names)
    | st.just(_drop_folder)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs=st.lists(st.tuples(st.booleans(), st.lists(_changes, max_size=4)), min_size=1, max_size=5))
def test_any_sequence_of_changes_leads_where_a_fresh_library_starts(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[bool, list[Callable[[Path], None]]]]
) -> None:
    folder = tmp_path_factory.mktemp("sequence")
    root = folder / "news"
    root.mkdir()
    library = Library.create(folder / "library")
    articles = 0
    for rebuild, changes in runs:
        for change in changes:
            change(root)
        report = library.update([root], rebuild=rebuild, prune=True)
        assert report.articles == articles + report.added - report.removed
        assert report.articles == report.added + report.changed + report.unchanged
        articles = report.articles
    fresh = Library.create(folder / "fresh")
    first = fresh.update([root])
    assert holdings(library) == holdings(fresh)
    assert (report.articles, report.skipped) == (first.articles, first.skipped)
    assert library.status().skipped == fresh.status().skipped
    assert _known(library) == _known(fresh)
    again = library.update(rebuild=True, prune=True)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert holdings(library) == holdings(fresh)
    assert _known(library) == _known(fresh)
    assert again.skipped == first.skipped


def _known(library: Library) -> dict[Place, tuple[FileRow, dict[str, str]]]:
    """Return what the catalog knows of each file, but for when it was looked at."""
    now = library.generation
    with Catalog(library.path) as catalog:
        return {
            place: (row._replace(looked_ns=0), catalog.entries(place, now))
            for place, row in catalog.rows(now).items()
        }


#: A process that ends itself in the middle of an update: `place` names a function, `when` before or after
#: its n-th call.
_CUT_SHORT = """
import os, sys
from importlib import import_module
from tui.cli import main
place, when, number, how, *arguments = sys.argv[1:]
module, _, name = place.rpartition(":")
holder = import_module(module)
*outer, name = name.split(".")
for part in outer:
    holder = getattr(holder, part)
original, calls = getattr(holder, name), 0
def watched(*given, **named):
    global calls
    calls += 1
    if when == "before" and calls == int(number):
        os.kill(os.getpid(), int(how))
    result = original(*given, **named)
    if when == "after" and calls == int(number):
        os.kill(os.getpid(), int(how))
    return result
setattr(holder, name, watched)
sys.exit(main(arguments))
"""
_PLACES = [
    ("index.intake:ingest", "before", 2),
    ("index.builder:Builder.add_row", "after", 1),
    ("index.catalog:Catalog.write", "before", 1),
    ("index.catalog:Catalog.write", "after", 1),
    ("index.builder:Builder.commit", "before", 1),
    ("index.toc:DurableStorage.rename_file", "before", 1),
    ("index.toc:DurableStorage.rename_file", "after", 1),
    ("index.builder:Builder.commit", "after", 1),
    ("index.catalog:Catalog.tidy", "after", 2),
]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["kill", "interrupt"])
@pytest.mark.parametrize("rebuild", [False, True], ids=["update", "rebuild"])
@pytest.mark.parametrize(("place", "when", "number"), _PLACES)
def test_a_run_cut_short_anywhere_leaves_the_old_state_or_the_new(
    tmp_path: Path, place: str, when: str, number: int, rebuild: bool, how: signal.Signals
) -> None:
    root = tmp_path / "news"
    for name in ("a.txt", "b.txt", "c.txt"):
        put(root / name, f"Story {name}.\n")
    library = Library.create(tmp_path / "library")
    library.update([root])
    old = holdings(library)
    put(root / "a.txt", "Changed.\n", mtime_ns=LONG_AGO + 1)
    put(root / "d.txt", "New.\n")
    (root / "b.txt").unlink()
    command = ["-L", str(library.path), "index", *(["--rebuild"] if rebuild else [])]
    ended = subprocess.run(
        [sys.executable, "-P", "-c", _CUT_SHORT, place, when, str(number), str(int(how)), *command],
        capture_output=True,
        text=True,
        env=process_environment(),
        timeout=60,
        check=False,
    )
    assert ended.returncode == (-signal.SIGKILL if how is signal.SIGKILL else 130), ended.stderr
    if how is signal.SIGINT:
        assert ended.stderr == "byline: interrupted\n"
    fresh = Library.create(tmp_path / "fresh")
    fresh.update([root])
    new = holdings(fresh)
    found = holdings(library)
    committed = found == new
    assert committed or found == old
    assert library.status().articles == len(found.articles)
    report = library.update()
    assert (report.added, report.changed, report.removed) == ((0, 0, 0) if committed else (1, 1, 1))
    assert holdings(library) == new
