"""Adding and removing articles: whole commits, one writer at a time, nothing left of what was dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.builder import Builder
from index.errors import LibraryDamaged, LibraryLocked
from index.library import Library
from tests.search.shelf import Step, article, commit, texts


def found(library: Library) -> dict[str, str]:
    """Return the text of each living article by its id."""
    with library.reader() as reader:
        articles = [reader.article(number) for number in range(reader.size) if reader.living[number]]
    assert len({one.id for one in articles}) == len(articles)
    return {one.id: one.text for one in articles}


def files(library: Library) -> set[str]:
    return {path.name for path in library.path.iterdir()}


def test_a_commit_is_the_next_generation(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "library")
    assert commit(library, Step((article("a", "one"),))) == library.generation == 1
    assert commit(library, Step((article("b", "two"),))) == library.generation == 2
    assert found(library) == {"a": "one", "b": "two"}


def test_nothing_is_seen_before_the_commit(tmp_path: Path) -> None:
    library = texts(tmp_path, "old")
    builder = Builder(library.path, library.analyzer)
    builder.delete(["00"])
    builder.add(article("new", "new"))
    assert found(library) == {"00": "old"}
    builder.commit()
    assert found(library) == {"new": "new"}


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_is_cancelled_leaves_nothing(tmp_path: Path, rebuild: bool) -> None:
    library = texts(tmp_path, "old")
    before = files(library)
    with Builder(library.path, library.analyzer, rebuild=rebuild) as builder:
        builder.delete(["00"])
        for at in range(100):
            builder.add(article(f"{at}", "new " * 100))
    assert files(library) - before <= {"MAIN_WRITELOCK"}
    assert (found(library), library.generation) == ({"00": "old"}, 1)
    builder.cancel()
    assert commit(library, Step((article("next", "next"),))) == 2


def test_an_error_while_adding_cancels(tmp_path: Path) -> None:
    library = texts(tmp_path, "old")

    def fail() -> None:
        with Builder(library.path, library.analyzer) as builder:
            builder.add(article("new", "new"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert found(library) == {"00": "old"}
    assert commit(library, Step((article("next", "next"),))) == 2


def test_deletions_touch_earlier_generations_only(tmp_path: Path) -> None:
    library = texts(tmp_path, "old one", "old two")
    commit(library, Step((article("00", "new one"), article("x", "x")), ("00", "x", "absent", "")))
    assert found(library) == {"00": "new one", "01": "old two", "x": "x"}
    commit(library, Step((), ("00", "01", "x")))
    assert found(library) == {}


def test_an_empty_commit_changes_nothing_but_the_generation(tmp_path: Path) -> None:
    library = texts(tmp_path, "old")
    assert commit(library, Step()) == 2
    assert found(library) == {"00": "old"}


def test_a_rebuild_drops_all_that_was(tmp_path: Path) -> None:
    library = texts(tmp_path, "old one", "old two")
    commit(library, Step((article("01", "new"),), ("00",)), rebuild=True)
    assert found(library) == {"01": "new"}
    commit(library, Step(), rebuild=True)
    assert found(library) == {}


def test_the_second_writer_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    library = texts(tmp_path, "old")
    with Builder(library.path, library.analyzer) as first:
        with pytest.raises(LibraryLocked):
            Builder(library.path, library.analyzer)
        first.add(article("new", "new"))
        first.commit()
    assert commit(library, Step((article("next", "next"),))) == 3


def test_a_writer_of_a_damaged_library_holds_no_lock(tmp_path: Path) -> None:
    library = texts(tmp_path, "old")
    (table,) = library.path.glob("*.toc")
    whole = table.read_bytes()
    table.write_bytes(b"damage")
    for _ in range(2):
        with pytest.raises(LibraryDamaged):
            Builder(library.path, library.analyzer)
    table.write_bytes(whole)
    assert commit(library, Step((article("new", "new"),))) == 2


def test_a_builder_teaches_its_analyser_the_stems(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "library")
    analyzer = Analyzer()
    with Builder(library.path, analyzer) as builder:
        builder.add(article("a", "unprecedentedly"))
        builder.commit()
    assert analyzer.stems["unprecedentedly"] == "unpreced"


@pytest.mark.parametrize("language", ["french", "russian", "arabic", "german"])
def test_words_are_those_of_the_librarys_language(tmp_path: Path, language: str) -> None:
    library = Library.create(tmp_path / "library", language)
    text = "continuellement книгами والكتاب häuser"
    commit(library, Step((article("a", text),)))
    with library.reader() as reader:
        assert reader.language == language
        assert set(reader.terms("text")) == {stem for _, stem in Analyzer(language).terms(text)}
