"""Saved searches against a plain set of what was seen, for any order of what can happen."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UsageProblem
from search.saved import SavedProblem, SavedSearch, SavedSearches

idents = st.lists(st.sampled_from(["a", "b", "c/d.txt#1", "é", "\u4e2d"]), unique=True, max_size=5)
steps = st.lists(st.tuples(st.sampled_from(["look", "unseen"]), idents), max_size=8)


@pytest.fixture
def shelf(tmp_path: Path) -> SavedSearches:
    return SavedSearches(tmp_path / "library")


@settings(deadline=None)
@given(steps)
def test_an_article_is_new_until_it_was_looked_at(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, list[str]]]
) -> None:
    shelf = SavedSearches(tmp_path_factory.mktemp("saved"))
    shelf.add(SavedSearch("oil", "oil prices"))
    seen: set[str] | None = None
    for step, found in done:
        if step == "look":
            shelf.look("oil", found)
            seen = (seen or set()) | set(found)
            continue
        new = shelf.unseen("oil", found)
        assert (new is None) == (seen is None)
        if new is not None and seen is not None:
            assert new.tolist() == [ident not in seen for ident in found]


@settings(deadline=None)
@given(st.text(max_size=110), st.text(), st.booleans(), st.booleans())
def test_what_was_added_is_there_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, query: str, typos: bool, file_dates: bool
) -> None:
    shelf = SavedSearches(tmp_path_factory.mktemp("saved"))
    saved = SavedSearch(name, query, "oldest", "any", typos, "7d", "2022", file_dates)
    try:
        shelf.add(saved)
    except SavedProblem:
        assert not name.strip() or len(name) > 100 or not name.isprintable()
        assert shelf.all() == ()
        return
    assert shelf.get(name) == saved
    assert shelf.all() == (saved,)
    assert all(path.parent == shelf.folder for path in shelf.folder.rglob("*"))
    shelf.remove(name)
    assert shelf.all() == ()


def test_a_name_is_taken_until_it_is_replaced_which_forgets_what_was_seen(shelf: SavedSearches) -> None:
    shelf.add(SavedSearch("oil", "oil"))
    shelf.look("oil", ["a"])
    with pytest.raises(SavedProblem, match="there is a saved search 'oil'"):
        shelf.add(SavedSearch("oil", "petrol"))
    assert shelf.get("oil").query == "oil"
    shelf.add(SavedSearch("oil", "petrol"), replace=True)
    assert shelf.get("oil").query == "petrol"
    assert shelf.unseen("oil", ["a"]) is None


def test_a_time_back_is_counted_from_the_day_it_is_asked() -> None:
    how = SavedSearch("oil", "oil", since="7d", until="2022", file_dates=True).how(date(2022, 5, 11))
    assert (how["since"], how["until"]) == (date(2022, 5, 4), date(2022, 12, 31))
    assert how["file_dates"]
    with pytest.raises(UsageProblem):
        SavedSearch("oil", "oil", since="once").how()


def test_libraries_have_their_own(shelf: SavedSearches, tmp_path: Path) -> None:
    shelf.add(SavedSearch("oil", "oil"))
    assert SavedSearches(tmp_path / "other").all() == ()
    assert SavedSearches(tmp_path / "other" / ".." / "library").all() == (SavedSearch("oil", "oil"),)
    with pytest.raises(SavedProblem, match="no saved search 'gas'"):
        shelf.remove("gas")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"name": "x"}', b"\xff"])
def test_a_damaged_file_is_named_and_kept(shelf: SavedSearches, content: bytes) -> None:
    shelf.add(SavedSearch("oil", "oil"))
    [path] = shelf.folder.iterdir()
    path.write_bytes(content)
    with pytest.raises(SavedProblem, match="not a saved search: move this file away"):
        shelf.all()
    assert path.read_bytes() == content


def test_damage_to_what_was_seen_is_told(shelf: SavedSearches) -> None:
    shelf.add(SavedSearch("oil", "oil"))
    shelf.look("oil", ["a", "b"])
    [path] = shelf.folder.glob("*.seen")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(SavedProblem, match="damaged"):
        shelf.unseen("oil", ["a"])


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_takes_no_files_is_told(shelf: SavedSearches) -> None:
    shelf.folder.mkdir(parents=True)
    shelf.folder.chmod(0o500)
    with pytest.raises(SavedProblem, match="Permission denied"):
        shelf.add(SavedSearch("oil", "oil"))
