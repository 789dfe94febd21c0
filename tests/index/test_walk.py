"""The walk: what is found below a folder, what is left out, and that it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.walk import Found, walk
from tests.index.shelf import LONG_AGO, put


def _readable(name: str) -> bool:
    return name.endswith(".txt")


def _walk(root: Path, part: str = "", leave_out: Path | None = None) -> dict[str, str]:
    return {entry.relpath: entry.reason for entry in walk(root, part, _readable, leave_out)}


def test_files_come_in_the_order_of_their_names_with_size_and_time(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt"):
        put(tmp_path / name, name)
    assert list(walk(tmp_path, "", _readable)) == [
        Found("a/b/c.txt", 9, LONG_AGO),
        Found("a/z.txt", 7, LONG_AGO),
        Found("b.txt", 5, LONG_AGO),
    ]


def test_what_is_left_out_is_named_with_its_reason(tmp_path: Path) -> None:
    put(tmp_path / ".hidden.txt", "x")
    put(tmp_path / ".git" / "config.txt", "x")
    put(tmp_path / "picture.jpeg", "x")
    put(tmp_path / "README", "x")
    put(tmp_path / "empty.txt", "")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere.txt")
    assert _walk(tmp_path) == {
        ".git": "hidden",
        ".hidden.txt": "hidden",
        "README": "unknown format (no suffix)",
        "empty.txt": "empty",
        "lost.txt": "cannot be looked at: No such file or directory",
        "picture.jpeg": "unknown format .jpeg",
        "pipe.txt": "not a regular file",
    }


def test_a_part_can_be_a_folder_or_a_file(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b.txt", "x")
    put(tmp_path / "c.txt", "x")
    assert _walk(tmp_path, "a") == {"a/b.txt": ""}
    assert _walk(tmp_path, "c.txt") == {"c.txt": ""}
    with pytest.raises(FileNotFoundError):
        _walk(tmp_path, "d")


def test_links_that_lead_back_end_there(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b.txt", "x")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    found = _walk(tmp_path)
    assert [relpath for relpath, reason in found.items() if not reason] == ["a/b.txt"]
    assert found["a/up"] == found["a/self"] == "link back to a folder above it"
    assert found["ring"].startswith("cannot be looked at")


def test_folders_outside_that_link_to_each_other_end_too(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root / "a.txt", "x")
    outside = [tmp_path / f"out{number}" for number in range(6)]
    for folder in outside:
        put(folder / "x.txt", "x")
        for other in outside:
            if other != folder:
                (folder / f"to-{other.name}").symlink_to(other)
    (root / "link").symlink_to(outside[0])
    found = _walk(root)
    assert "link/x.txt" in found
    assert "links nested too deeply" in found.values()
    assert all(relpath.count("to-") <= 4 for relpath in found)


def test_what_is_walked_in_its_own_place_is_not_taken_twice(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b.txt", "x")
    (tmp_path / "same").symlink_to(tmp_path / "a")
    (tmp_path / "latest.txt").symlink_to(tmp_path / "a" / "b.txt")
    put(tmp_path / ".store" / "blob", "x")
    (tmp_path / "kept.txt").symlink_to(tmp_path / ".store" / "blob")
    found = _walk(tmp_path)
    assert [relpath for relpath, reason in found.items() if not reason] == ["a/b.txt", "kept.txt"]
    assert found["same"] == "link to a folder of this root"
    assert found["latest.txt"] == "link to a file of this root"


def test_a_part_is_seen_as_from_its_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = tmp_path / "outside"
    put(outside / "x.txt", "x")
    put(root / "a.txt", "x")
    (root / "link").symlink_to(outside)
    (outside / "back").symlink_to(root)
    whole = _walk(root)
    assert _walk(root, "link") == {name: why for name, why in whole.items() if name.startswith("link/")}
    assert whole["link/back"] == "link back to a folder above it"


def test_the_library_itself_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "library" / "x.txt", "x")
    put(tmp_path / "a.txt", "x")
    assert _walk(tmp_path, leave_out=tmp_path / "library") == {"a.txt": ""}


def test_names_that_are_not_utf8_are_found_and_open(tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n\x1b[2J.txt"))
    put(odd, "text")
    (entry,) = walk(tmp_path, "", _readable)
    assert (tmp_path / entry.relpath).read_text() == "text"


def test_a_folder_that_cannot_be_opened_is_blind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a" / "b.txt", "x")
    put(tmp_path / "c.txt", "x")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("index.walk.os.scandir", refuse)
    assert list(walk(tmp_path, "", _readable)) == [
        Found("a", reason="folder cannot be opened: Permission denied", blind=True),
        Found("c.txt", 1, LONG_AGO),
    ]
