"""Term vectors: what is written is read back, whatever the segment looks like, and equals the postings."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.check import check
from index.codec.container import ArrayFile
from index.codec.format import VECTORS
from index.codec.vectors import MANY, JoinedVectors, TextVectorsWriter, VectorsReader, VectorsWriter
from index.codec.words_writer import TermBlock
from index.errors import LibraryDamaged
from index.library import Library
from index.reading import LibraryReader
from tests.search.shelf import Step, article, commit, library_of, library_with, living

#: The vectors of the articles that have terms: how often each term number stands there.
Vectors = dict[int, dict[int, int]]


@st.composite
def vectors(draw: st.DrawFn) -> tuple[int, Vectors]:
    """Draw a number of articles and vectors of some, also with gaps that no single step reaches."""
    count = draw(st.sampled_from([1, 7, 40_000]))
    terms = st.integers(0, draw(st.sampled_from([3, 100, 16_382, 16_383, 16_384, 70_000])))
    vector = st.dictionaries(terms, st.integers(1, 9), min_size=1, max_size=6)
    return count, draw(st.dictionaries(st.integers(0, count - 1), vector, max_size=5))


def blocks(made: Vectors, term_count: int, cuts: list[int]) -> Iterator[TermBlock]:
    """Yield the terms of the vectors in blocks; only what vectors are made of is filled in."""
    found: dict[int, list[tuple[int, int]]] = {}
    for doc in sorted(made):
        for term, freq in made[doc].items():
            found.setdefault(term, []).append((doc, freq))
    none = np.zeros(0, dtype=np.int64)
    bounds = sorted({0, term_count, *(cut % (term_count + 1) for cut in cuts)})
    for first, last in pairwise(bounds):
        pairs = [found.get(term, []) for term in range(first, last)]
        docs, freqs = (
            np.array([pair[at] for term in pairs for pair in term], dtype=np.int64) for at in (0, 1)
        )
        df = np.array([len(term) for term in pairs], dtype=np.int64)
        yield TermBlock([b""] * (last - first), df, docs, freqs, none, none, none, [], none, none)


@settings(deadline=None, max_examples=60)
@given(vectors(), st.lists(st.integers(0, 70_000), max_size=2), st.lists(st.integers(0, 6), max_size=4))
def test_vectors_are_read_as_written(drawn: tuple[int, Vectors], cuts: list[int], others: list[int]) -> None:
    count, made = drawn
    term_count = 1 + max((term for vector in made.values() for term in vector), default=0)
    writer = VectorsWriter(count)
    for block in blocks(made, term_count, cuts):
        writer.add(block)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.byl"
        writer.write(path.with_suffix(VECTORS))
        reader = VectorsReader.beside(path, count)
        assert reader is not None
        asked = [*made, *(other % count for other in others), *sorted(made, reverse=True)]
        found = reader.of(np.array(asked, dtype=np.intp))
        assert reader.term_count == term_count
    read: list[dict[int, int]] = [{} for _ in asked]
    for owner, term, freq in zip(
        *(part.tolist() for part in (found.owners, found.terms, found.freqs)), strict=True
    ):
        assert term > max(read[owner], default=-1)
        read[owner][term] = freq
    wanted = [{term: f if f < 4 else MANY for term, f in made.get(doc, {}).items()} for doc in asked]
    assert read == wanted


@settings(deadline=None, max_examples=60)
@given(vectors(), st.lists(st.integers(0, 40_000), max_size=3).map(sorted), st.integers(0, 9))
def test_vectors_of_texts_and_of_parts_are_those_of_the_terms(
    drawn: tuple[int, Vectors], cuts: list[int], seed: int
) -> None:
    count, made = drawn
    term_count = 1 + max((term for vector in made.values() for term in vector), default=0)
    random = Random(seed)
    by_terms = VectorsWriter(count)
    for block in blocks(made, term_count, []):
        by_terms.add(block)
    with tempfile.TemporaryDirectory() as folder:
        wanted, found = Path(folder) / "terms", Path(folder) / "joined"
        by_terms.write(wanted)
        parts: list[ArrayFile] = []
        for first, last in pairwise([0, *(min(cut, count) for cut in cuts), count]):
            by_text = TextVectorsWriter(term_count)
            words, counts = [], np.zeros(last - first, dtype=np.int64)
            for doc in sorted(doc for doc in made if first <= doc < last):
                text = [term for term, freq in made[doc].items() for _ in range(freq)]
                random.shuffle(text)
                counts[doc - first] = len(text)
                words += text
            by_text.add(np.array(words, dtype=np.uint32), counts)
            by_text.write(path := Path(folder) / f"{len(parts)}")
            parts.append(ArrayFile(path))
        JoinedVectors(parts).write(found)
        assert found.read_bytes() == wanted.read_bytes()


def test_no_file_is_no_vectors(tmp_path: Path) -> None:
    assert VectorsReader.beside(tmp_path / "none.byl", 1) is None


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 500])
def test_a_damaged_file_is_an_error_when_it_is_used(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / f"one{VECTORS}").write_bytes(damage)
    reader = VectorsReader.beside(tmp_path / "one.byl", 1)
    assert reader is not None
    with pytest.raises(LibraryDamaged):
        reader.of(np.zeros(1, dtype=np.intp))


def contents(library: Library) -> dict[str, Counter[str]]:
    """Return the vector of each living article, by the words' stems."""
    out: dict[str, Counter[str]] = {}
    with LibraryReader(library.path) as reader:
        for segment in reader.segments:
            words, stored = segment.reader.words("text"), segment.reader.vectors
            assert stored is not None
            for doc in range(segment.reader.doc_count):
                if segment.living is None or segment.living[doc]:
                    found = stored.of(np.array([doc], dtype=np.intp))
                    assert words is not None or not len(found.terms)
                    names = [words.terms[term].decode() for term in found.terms.tolist()] if words else []
                    ident = reader.ident(segment.base + doc)
                    out[ident] = Counter(dict(zip(names, found.freqs.tolist(), strict=True)))
    return out


STEPS = (
    Step((article("a", "wheat wheat wheat wheat grain", "Wheat"), article("b", "ships at sea"))),
    Step((article("c", "grain ships"), article("d", ""))),
    Step((article("e", "sea sea wheat " * 3),), delete=("a",)),
    Step((article("f", "silo"),), delete=("b", "d")),
)


def test_vectors_equal_a_rebuild_after_updates_and_merges(tmp_path: Path) -> None:
    library = library_of(tmp_path, *STEPS)
    found = contents(library)
    assert found["e"] == Counter({"sea": MANY, "wheat": 3})
    files = [{path.stem for path in library.path.glob(f"*{suffix}")} for suffix in (".byl", VECTORS)]
    assert files[0] == files[1]
    commit(library, Step(tuple(living(STEPS))), rebuild=True)
    assert contents(library) == found


def test_check_reads_the_vectors_too(tmp_path: Path) -> None:
    library = library_with(tmp_path, article("a", "wheat and grain " * 50), article("b", "ships"))
    sound = check(library.path)  # but for the catalog, which a library made without files lacks
    (path,) = library.path.glob(f"*{VECTORS}")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    (damage,) = check(library.path)
    assert damage.path == path
    path.write_bytes(whole[:-10])
    (damage,) = check(library.path)
    assert damage.path == path
    path.unlink()
    assert check(library.path) == sound  # nothing needs them
