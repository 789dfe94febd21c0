"""Roots: what a path given by the user stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import RootProblem
from index.roots import Root, all_scopes, find_root, resolve
from tests.index.shelf import put


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("news/a.txt", "news/sub/b.txt", "news/.hidden/c.txt", "other/news/d.txt"):
        put(tmp_path / name, "x")
    return tmp_path


def _parts(tree: Path, roots: tuple[Root, ...]) -> dict[str, tuple[str, ...]]:
    return {f"{root.label} {root.path.relative_to(tree)}": root.parts for root in roots}


def test_a_folder_becomes_a_root_with_its_name_as_label(tree: Path) -> None:
    roots, scopes = resolve([tree / "news"], ())
    assert _parts(tree, roots) == {"news news": ("",)}
    assert [(scope.root, scope.part) for scope in scopes] == [(roots[0], "")]


def test_labels_are_unique(tree: Path) -> None:
    roots, _ = resolve([tree / "news", tree / "other/news"], ())
    assert _parts(tree, roots) == {"news news": ("",), "news-2 other/news": ("",)}


def test_a_path_inside_a_root_is_its_part(tree: Path) -> None:
    known, _ = resolve([tree / "news"], ())
    roots, scopes = resolve([tree / "news/sub", tree / "news/a.txt", tree / "news/sub"], known)
    assert roots == known
    assert [scope.part for scope in scopes] == ["sub", "a.txt"]
    with pytest.raises(RootProblem, match="hidden"):
        resolve([tree / "news/.hidden"], known)


def test_a_single_file_joins_the_root_of_its_folder_and_brings_in_only_itself(tree: Path) -> None:
    roots, scopes = resolve([tree / "news/a.txt"], ())
    assert _parts(tree, roots) == {"news news": ("a.txt",)}
    assert [scope.part for scope in scopes] == ["a.txt"]
    both, _ = resolve([tree / "news/sub"], roots)
    assert _parts(tree, both) == {"news news": ("a.txt",), "sub news/sub": ("",)}
    whole, _ = resolve([tree / "news"], roots)
    assert _parts(tree, whole) == {"news news": ("",)}
    assert whole[0].number == roots[0].number


@pytest.mark.parametrize("inner", ["news", "news/sub", "news/a.txt"])
def test_a_parent_of_a_root_is_refused(tree: Path, inner: str) -> None:
    known, _ = resolve([tree / inner], ())
    with pytest.raises(RootProblem, match="byline forget"):
        resolve([tree], known)


def test_links_are_one_place(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "news")
    roots, _ = resolve([tree / "link"], ())
    assert roots[0].path == (tree / "news").resolve()
    again, scopes = resolve([tree / "news/sub", tree / "link/a.txt"], roots)
    assert again == roots
    assert [scope.part for scope in scopes] == ["sub", "a.txt"]


def test_paths_that_are_not_there_are_refused(tree: Path) -> None:
    with pytest.raises(RootProblem, match="not there"):
        resolve([tree / "nowhere"], ())
    known, _ = resolve([tree / "news"], ())
    (tree / "news").rename(tree / "moved")
    with pytest.raises(RootProblem, match="byline forget"):
        all_scopes(known)


def test_a_root_is_found_by_path_or_label_even_when_it_is_gone(tree: Path) -> None:
    known, _ = resolve([tree / "news", tree / "other/news/d.txt"], ())
    (tree / "news").rename(tree / "moved")
    assert find_root(tree / "news", known) == (known[0], "")
    assert find_root(Path("news-2"), known) == (known[1], "")
    assert find_root(tree / "other/news/d.txt", known) == (known[1], "d.txt")
    with pytest.raises(RootProblem, match="part of"):
        find_root(tree / "news/sub", known)
    with pytest.raises(RootProblem, match="does not know"):
        find_root(tree / "other", known)
