"""The catalog: rows belong to generations, and only committed ones count."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import CATALOG_FILE, Catalog
from index.errors import LibraryDamaged
from index.file_rows import Change, FileRow
from index.roots import Root

_ROOT = Root("news", Path("/news"), 1)


def _row(size: int) -> FileRow:
    return FileRow(size, 5, 6, b"digest", True, 2, ((0, "why"), (3, "malformed")))


def _change(name: str, size: int | None) -> Change:
    entries = {} if size is None else {"": "0", f"key {size}": "1"}
    return Change((1, name), None if size is None else _row(size), entries)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    Catalog.create(tmp_path)
    return Catalog(tmp_path)


def test_what_is_written_is_read_back(catalog: Catalog) -> None:
    odd = os.fsdecode(b"caf\xe9\n.txt")
    roots = (_ROOT, Root("odd", Path("/x") / odd, 2, (odd, "b.txt")))
    with catalog:
        catalog.write(4, roots, [_change(odd, 10)])
        assert catalog.rows(4) == {(1, odd): _row(10)}
        assert catalog.entries((1, odd), 4) == {"": "0", "key 10": "1"}
        assert catalog.roots(4) == roots
        assert catalog.articles(4) == 2
        assert catalog.written(4) is not None


def test_rows_of_a_commit_that_never_came_are_ignored_and_then_thrown_away(catalog: Catalog) -> None:
    with catalog:
        catalog.write(1, [_ROOT], [_change("a", 1), _change("b", 1)])
        catalog.write(2, [], [_change("a", 2), _change("b", None), _change("c", 2)])
        assert catalog.rows(1) == {(1, "a"): _row(1), (1, "b"): _row(1)}
        assert catalog.roots(1) == (_ROOT,)
        assert catalog.rows(2) == {(1, "a"): _row(2), (1, "c"): _row(2)}
        catalog.tidy(1)
        assert catalog.rows(2) == {(1, "a"): _row(1), (1, "b"): _row(1)}
        assert catalog.roots(2) == (_ROOT,)


_STEPS = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 3), max_size=3), max_size=6
)


@settings(max_examples=40, deadline=None)
@given(steps=_STEPS, commits=st.lists(st.booleans(), min_size=6, max_size=6))
def test_the_state_is_that_of_the_last_commit(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, int | None]], commits: list[bool]
) -> None:
    """Like a dictionary, whatever is written for generations that then do or do not come."""
    folder = tmp_path_factory.mktemp("catalog")
    Catalog.create(folder)
    generation, state, expected = 0, dict[str, int | None](), dict[tuple[int, str], FileRow]()
    with Catalog(folder) as catalog:
        for step, commit in zip(steps, commits, strict=False):
            catalog.tidy(generation)
            catalog.write(generation + 1, [_ROOT], [_change(name, size) for name, size in step.items()])
            if commit:
                generation += 1
                state.update(step)
            expected = {(1, name): _row(size) for name, size in state.items() if size is not None}
            assert catalog.rows(generation) == expected
            assert catalog.articles(generation) == 2 * len(expected)
        catalog.tidy(generation)
        assert catalog._base.execute("SELECT count(*) FROM files").fetchone() == (len(expected),)
        assert catalog._base.execute("SELECT count(*) FROM states").fetchone()[0] <= 1


def test_a_file_that_is_no_catalog_is_named(tmp_path: Path) -> None:
    (tmp_path / CATALOG_FILE).write_bytes(b"something else entirely " * 100)
    with pytest.raises(LibraryDamaged, match=CATALOG_FILE):
        Catalog(tmp_path)
    (tmp_path / CATALOG_FILE).write_bytes(b"")
    with pytest.raises(LibraryDamaged, match="version 0"):
        Catalog(tmp_path)
    (tmp_path / CATALOG_FILE).unlink()
    with pytest.raises(LibraryDamaged, match="missing"):
        Catalog(tmp_path)
