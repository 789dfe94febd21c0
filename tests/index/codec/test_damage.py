"""Any byte of a segment changed is found by the check, and no reader crashes or shows another text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article
from index.builder import Builder
from index.check import check
from index.codec.format import HEADER
from index.errors import BylineError, LibraryMismatch
from index.reading import LibraryReader
from index.toc import create_index

ARTICLES = {
    str(number): Article(
        id=str(number),
        title=f"Title {number}",
        text=" ".join(f"word{number % 7} trade trading {number}" for _ in range(20)),
        path="",
        source="Wire",
    )
    for number in range(40)
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("damage")
    create_index(path, "english")
    with Builder(path, Analyzer()) as builder:
        for article in ARTICLES.values():
            builder.add(article)
        builder.commit()
    return path


def segment_file(path: Path) -> Path:
    (found,) = path.glob("*.byl")
    return found


def test_a_sound_library_has_no_damage(library: Path) -> None:
    assert check(library) == ()


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_is_found_and_never_misleads(library: Path, data: st.DataObject) -> None:
    file = segment_file(library)
    sound = file.read_bytes()
    place = data.draw(st.integers(0, len(sound) - 1))
    bit = data.draw(st.integers(0, 7))
    broken = bytearray(sound)
    broken[place] ^= 1 << bit
    try:
        file.write_bytes(broken)
        assert check(library) != ()
        try:
            with LibraryReader(library) as reader:
                for term in ("trade", "word3", "17"):
                    reader.postings("text", term)
                    reader.positions(term, reader.postings("text", term).docs)
                for number in range(reader.size):
                    article = reader.article(number)
                    assert ARTICLES[article.id] == article
        except (BylineError, IndexError, ValueError):
            pass  # a clear refusal; never another text
    finally:
        file.write_bytes(sound)


@pytest.fixture
def file(library: Path) -> Iterator[Path]:
    """The segment of the library, which is put back afterwards as it was."""
    found = segment_file(library)
    sound = found.read_bytes()
    yield found
    found.write_bytes(sound)


@pytest.mark.parametrize("size", [0, 1, 15, 100, -1, -20])
def test_a_file_cut_short_is_refused(library: Path, file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    (damage,) = check(library)
    assert damage.path == file
    assert "--rebuild" in damage.hint
    with pytest.raises(BylineError):
        LibraryReader(library)


def test_another_format_version_is_named(library: Path, file: Path) -> None:
    sound = file.read_bytes()
    magic, version, zero = HEADER.unpack_from(sound)
    file.write_bytes(HEADER.pack(magic, version + 1, zero) + sound[HEADER.size :])
    with pytest.raises(LibraryMismatch, match=f"format version {version + 1}"):
        LibraryReader(library)


def test_a_missing_segment_is_named(library: Path, file: Path) -> None:
    file.unlink()
    (damage,) = check(library)
    assert "missing" in damage.what
