"""Where a library stands: names, paths, the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UsageProblem
from index.places import libraries_folder, library_path


def test_a_name_is_a_folder_below_the_data_folder(home: Path) -> None:
    assert library_path("news") == libraries_folder() / "news"
    assert library_path("news").is_relative_to(home)


def test_a_path_is_what_holds_a_separator_or_begins_with_a_dot_or_tilde(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert library_path("./news") == tmp_path / "news"
    assert library_path(".news") == tmp_path / ".news"
    assert library_path("a/b") == tmp_path / "a" / "b"
    assert library_path("~/news") == home / "news"
    assert library_path(Path("news")) == tmp_path / "news"


def test_without_a_name_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_LIBRARY", "wire")
    assert library_path() == libraries_folder() / "wire"
    monkeypatch.setenv("BYLINE_LIBRARY", "")
    assert library_path() == libraries_folder() / "default"
    monkeypatch.delenv("BYLINE_LIBRARY")
    assert library_path(None) == libraries_folder() / "default"


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_what_can_be_no_library_is_refused(name: str) -> None:
    with pytest.raises(UsageProblem):
        library_path(name)
