"""Copies of a story against brute force: every pair of texts compared, through any history of a library."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.builder import Builder
from index.copies import Copies, Groups, Part, components, groups
from index.copies_file import copies_problem, read_copies, write_copies
from index.library import Library
from index.likeness import COPY, candidates, likeness, shingles
from index.signature import BINS, SHINGLE, signatures, word_hashes
from index.toc import open_generation
from tests.search.shelf import article

WORDS = [f"word{number}" for number in range(400)]


def text_of(seed: int, changed: int = 0, size: int = 120) -> str:
    """Return a text that no other seed's is like, with some words changed near its end."""
    random = np.random.RandomState(seed)
    words = [WORDS[at] for at in random.randint(0, len(WORDS), size)]
    words[size - 1 - changed : size - 1] = [f"new{seed}x{at}" for at in range(changed)]
    return " ".join(words) + "."


def groups_of(library: Library) -> tuple[Groups, list[Part]]:
    _, toc, readers = open_generation(library.path)
    parts, base = [], 0
    for segment, reader in zip(toc.segments, readers, strict=True):
        parts.append(Part(segment.segid, reader, segment.deleted, base))
        base += reader.doc_count
    return groups(read_copies(library.path, toc.generation), parts), parts


def found(library: Library) -> dict[str, set[str]]:
    """Return the groups of a library: the id of each one's head, the ids of all."""
    known, _ = groups_of(library)
    out: dict[str, set[str]] = {}
    with library.reader() as reader:
        for doc, head in zip(known.docs.tolist(), known.heads.tolist(), strict=True):
            out.setdefault(reader.ident(head), set()).add(reader.ident(doc))
            assert set(known.of(doc)) == set(known.docs[known.heads == head].tolist())
    return out


def by_brute_force(articles: dict[str, Article]) -> dict[str, set[str]]:
    every = list(articles.values())
    sets = {one.id: shingles(one) for one in every}
    group = {one.id: {one.id} for one in every}
    for one in every:
        for other in every:
            if one.id < other.id and likeness(sets[one.id], sets[other.id]) >= COPY:
                both = group[one.id] | group[other.id]
                for ident in both:
                    group[ident] = both

    def age(ident: str) -> tuple[bool, datetime, str]:
        date = articles[ident].date
        return date is None, date or datetime.min, ident

    return {min(ids, key=age): ids for ids in group.values() if len(ids) > 1}


changes = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.sampled_from([0, 1, 3]), st.integers(0, 3)),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(changes, st.sets(st.sampled_from("abcdefgh")), st.booleans()), max_size=6),
    st.sampled_from([0, 2, 1024]),
)
def test_groups_are_those_of_brute_force_after_any_history(
    history: list[tuple[list[tuple[str, int, int, int]], set[str], bool]], apart: int
) -> None:
    """Each step is a commit: articles put (new, or again with another text), articles removed, a rebuild.

    Up to `apart` pairs are written apart from those of earlier generations.
    """
    with tempfile.TemporaryDirectory() as folder, patch("index.copying._FEW_PAIRS", apart):
        library = Library.create(Path(folder) / "library")
        there: dict[str, Article] = {}
        for put, removed, rebuild in history:
            fresh: dict[str, Article] = {}
            for ident, seed, changed, day in put:
                date = datetime(2022, 1, 1) + timedelta(days=day) if day else None
                fresh[ident] = article(ident, text_of(seed, changed), date=date)
            there = {ident: one for ident, one in there.items() if ident not in removed} | fresh
            with Builder(library.path, library.analyzer, rebuild=rebuild) as builder:
                if not rebuild:
                    builder.delete([*removed, *fresh])
                for one in (there if rebuild else fresh).values():
                    builder.add(one)
                builder.commit()
            assert found(library) == by_brute_force(there)


def test_many_articles_are_compared_as_few_are(tmp_path: Path) -> None:
    every = [
        article(f"{seed}-{changed}", text_of(seed, changed))
        for seed in range(40)
        for changed in (0, 2, 4, 60)
    ]
    library = Library.create(tmp_path / "library")
    with Builder(library.path, library.analyzer) as builder:
        for one in every:
            builder.add(one)
        builder.commit()
    assert found(library) == by_brute_force({one.id: one for one in every})
    assert len(found(library)) == 40


@settings(deadline=None)
@given(st.lists(st.text("ab ", max_size=30), max_size=12))
def test_a_signature_depends_on_its_text_alone(texts: list[str]) -> None:
    every = [word_hashes(text.split()) for text in texts]
    counts = np.array([len(words) for words in every], dtype=np.int64)
    together = signatures(np.concatenate([np.zeros(0, np.uint64), *every]), counts)
    assert together.shape == (len(texts), BINS)
    for words, row in zip(every, together, strict=True):
        assert (signatures(words, np.array([len(words)])) == row).all()
        assert row.all() == row.any() == bool(len(words))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(40, 400), st.integers(0, 30))
def test_equal_bytes_estimate_likeness(seed: int, size: int, changed: int) -> None:
    old, new = (text_of(seed, count, size).rstrip(".").split() for count in (0, changed))
    rows = signatures(word_hashes(old + new), np.array([size, size]))
    sets = [set(zip(*(words[at:] for at in range(SHINGLE)), strict=False)) for words in (old, new)]
    true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert abs(np.mean(rows[0] == rows[1]) - true) <= 5 * np.sqrt(0.25 / BINS)
    if old == new:
        assert (rows[0] == rows[1]).all()


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_components_are_those_of_a_search(edges: list[tuple[int, int]]) -> None:
    labels = components(10, np.array(edges, dtype=np.int64).reshape(-1, 2))
    for node in range(10):
        reached, size = {node}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {b for a, b in edges if a in reached} | {a for a, b in edges if b in reached}
        assert labels[node] == min(reached)


def test_what_has_no_words_is_no_copy() -> None:
    rows = np.zeros((3, BINS), dtype=np.uint8)
    assert len(candidates(rows, np.ones(3, dtype=np.bool_))) == 0
    assert likeness(shingles(article("a", "...")), shingles(article("b", "..."))) == 0.0


# --- the file ------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library.create(tmp_path / "library")
    with Builder(made.path, made.analyzer) as builder:
        for ident in ("a", "b", "c"):
            builder.add(article(ident, text_of(1)))
        builder.commit()
    return made


def put(library: Library, ident: str, text: str) -> None:
    with Builder(library.path, library.analyzer) as builder:
        builder.delete([ident])
        builder.add(article(ident, text))
        builder.commit()


def test_a_commit_that_changes_no_group_writes_no_file(library: Library) -> None:
    before = sorted(path.name for path in library.path.glob("copies_*"))
    [part] = groups_of(library)[1]
    large = part.reader.doc_count
    put(library, "d", text_of(2))
    assert large == 3
    assert found(library) == {"a": {"a", "b", "c"}}
    after = sorted(path.name for path in library.path.glob("copies_*"))
    assert len(before) == 1
    assert len(after) <= 2


def test_a_small_commit_leaves_the_file_of_all_copies_as_it_is(library: Library) -> None:
    [first] = library.path.glob("copies_*")
    before = first.read_bytes()
    for number in range(4):
        put(library, f"{number}", text_of(1))
        put(library, "x", text_of(number))
    assert first.read_bytes() == before
    names = {path.name for path in library.path.glob("copies_*")} - {first.name}
    assert names
    assert all(name.endswith("-1.byl") for name in names)
    assert found(library)["0"] == {"0", "1", "2", "3", "a", "b", "c"}
    assert copies_problem(library.path, library.generation) is None


def test_a_missing_file_that_others_add_to_is_found_and_the_next_commit_mends_it(library: Library) -> None:
    [first] = library.path.glob("copies_*")
    put(library, "d", text_of(1))
    first.unlink()
    assert copies_problem(library.path, library.generation) == (first, "the file is missing")
    put(library, "e", text_of(2))
    assert copies_problem(library.path, library.generation) is None
    assert found(library) == {"a": {"a", "b", "c", "d"}}


def test_files_that_no_generation_needs_are_removed(library: Library) -> None:
    with patch("index.copying._FEW_PAIRS", 4), patch("index.copying._SHARE", 1 << 30):
        for number in range(12):
            put(library, f"{number}", text_of(1))
            names = {path.name for path in library.path.glob("copies_*")}
            assert len(names) <= 4, names
    assert len(found(library)["0"]) == 15


def test_a_file_of_a_commit_that_did_not_come_about_is_passed_over(library: Library) -> None:
    generation = library.generation
    write_copies(library.path, generation + 1, Copies())
    assert found(library) == {"a": {"a", "b", "c"}}
    put(library, "d", text_of(2))
    assert found(library) == {"a": {"a", "b", "c"}}


def test_damage_is_found_and_the_next_commit_mends_it(library: Library) -> None:
    [path] = library.path.glob("copies_*")
    content = path.read_bytes()
    assert copies_problem(library.path, library.generation) is None
    for at in range(0, len(content), 5):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 :])
        try:
            problem = copies_problem(library.path, library.generation)
        except Exception as error:
            pytest.fail(f"byte {at}: {error!r}")
        assert problem is not None, at
    put(library, "d", text_of(1))
    assert copies_problem(library.path, library.generation) is None
    assert found(library) == {"a": {"a", "b", "c", "d"}}
