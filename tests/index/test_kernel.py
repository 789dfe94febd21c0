"""The compiled loops: what numpy does, to the last bit; no harm from damage; left out where they fail."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from whoosh import query as wq

from index import kernel
from index.codec.container import ArrayFile
from index.errors import BylineError
from index.kernel.__main__ import build, compiler
from index.reading import LibraryReader
from search.evaluate import Evaluator, FormPhrase
from tests.conftest import process_environment
from tests.search.loops import compiled
from tests.search.shelf import Step, article, library_of

WORDS = ["the", "market", "trade", "trading", "price", "prices", "coalition", "harvest", "grain"]
#: Words in so few articles that their numbers are listed, the stems of `RARE_WORDS`.
RARE, RARE_WORDS = ("barley", "oat", "rye"), ("barley", "oats", "oat", "rye")
QUERIES: list[wq.Query] = [
    *(wq.Or([wq.Term("text", one), wq.Term("text", other)]) for one in ("the", "trade") for other in WORDS),
    *(wq.And([wq.Term("text", one), wq.Term("text", "price")]) for one in ("the", "grain", "market")),
    *(
        kind([wq.Term("text", word) for word in ("grain", "market", "the", "harvest")])
        for kind in (wq.Or, wq.And)
    ),
    *(FormPhrase(field, ["trade", "price"], ["trading", "prices"]) for field in ("text", "title", "body")),
    wq.Phrase("text", ["the", "market", "price"]),
    wq.Phrase("text", ["grain", "market"]),
    *(kind([wq.Term("text", "barley"), wq.Term("text", word)]) for kind in (wq.Or, wq.And) for word in RARE),
    wq.Or([wq.Term("text", word) for word in (*RARE, "the")]),
    *(wq.Phrase("text", [one, other]) for one in RARE for other in RARE),
    wq.Phrase("text", ["barley", "oat", "rye", "the"]),
    FormPhrase("text", ["oat", "barley"], ["oats", "barley"]),
    FormPhrase("text", ["oat", "rye"], ["oat", "rye"]),
]

COUNTS = (0, 1, 10, 5000)


@pytest.fixture(scope="module")
def loops(tmp_path_factory: pytest.TempPathFactory) -> kernel.Kernel:
    return compiled(tmp_path_factory.getbasetemp())


@pytest.fixture
def using_loops(loops: kernel.Kernel) -> Iterator[None]:
    kernel.use(loops)
    yield
    kernel.use(None)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two segments with bits, far positions, large frequencies and deleted articles."""
    rng = random.Random(2)

    def text(most: int) -> str:
        words = rng.choices(WORDS, (40, 20, 9, 5, 8, 4, 2, 1, 1), k=rng.randint(1, most))
        if rng.random() < 0.08:
            words[rng.randrange(len(words)) :] = rng.choices(
                RARE_WORDS, (3, 2, 1, 2), k=rng.choice((1, 2, 5, 30))
            )
        return " ".join(words)

    first = [article(f"{at:05}", text(25), text(3)) for at in range(1300)]
    first.append(article("far", "grain " * 400 + "word " * 70_000 + "grain market"))
    second = Step(tuple(article(f"n{at}", text(20), text(2)) for at in range(60)), ("00007", "00500", "far"))
    return library_of(tmp_path_factory.mktemp("kernel"), Step(tuple(first)), second).path


def _answers(
    reader: LibraryReader, counts: tuple[int, ...] = COUNTS
) -> list[tuple[list[tuple[int, float]], int]]:
    evaluator = Evaluator(reader)
    answers = []
    for query in QUERIES:
        for count in counts:
            found, total = evaluator.best(query, count)
            answers.append((sorted(zip(found.docs.tolist(), found.scores.tolist(), strict=True)), total))
    return answers


def _the_best(answers: list[tuple[list[tuple[int, float]], int]]) -> list[object]:
    """Leave out what was offered beside the best: that may differ."""
    kept: list[object] = []
    for place, (found, total) in enumerate(answers):
        count = COUNTS[place % len(COUNTS)]
        scores = sorted((score for _, score in found), reverse=True)
        least = scores[count - 1] if 0 < count <= len(scores) else -1.0
        kept.append(([pair for pair in found if pair[1] >= least and count], total))
    return kept


def test_answers_are_numpys_to_the_last_bit(library: Path, loops: kernel.Kernel) -> None:
    with LibraryReader(library) as reader:
        plain = _answers(reader)
        kernel.use(loops)
        try:
            quick = _answers(reader)
        finally:
            kernel.use(None)
    assert _the_best(plain) == _the_best(quick)
    assert any(total > 1000 for _, total in plain)


@pytest.mark.parametrize("seed", range(2))
def test_damage_does_no_harm(library: Path, tmp_path: Path, using_loops: None, seed: int) -> None:
    """Whatever a byte becomes, nothing outside of an array is read: an answer, or an error that is caught."""
    rng = np.random.default_rng(seed)
    for path in library.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    segment = max(tmp_path.glob("*.byl"), key=lambda path: path.stat().st_size)
    sound = segment.read_bytes()
    names = [name for name in ArrayFile(segment).names() if name.startswith("text.")]
    for name in names:
        content = bytearray(sound)
        start = ArrayFile(segment)._entries[name][1]
        size = ArrayFile(segment).array(name).nbytes
        if not size:
            continue
        for at in rng.integers(0, size, min(size, 3)).tolist():
            content[start + at] = int(rng.integers(0, 256))
        segment.write_bytes(bytes(content))
        try:
            with LibraryReader(tmp_path) as reader:
                _answers(reader, (10,))
        except (BylineError, IndexError, ValueError, OverflowError, MemoryError):
            pass
        finally:
            segment.write_bytes(sound)


def test_what_is_no_such_file_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "COMPILED", tmp_path / "kernel.so")
    monkeypatch.delenv(kernel.VARIABLE)
    assert kernel._loaded() is None
    (tmp_path / "kernel.so").write_bytes(b"no library")
    assert kernel._loaded() is None


def test_another_version_is_refused(
    tmp_path: Path, loops: kernel.Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    del loops  # skips where nothing can be compiled
    old = tmp_path / "old.c"
    old.write_text(
        kernel.SOURCES[0].read_text().replace(f"#define VERSION {kernel.VERSION}", "#define VERSION 99")
    )
    monkeypatch.setattr("index.kernel.__main__.SOURCES", (old, *kernel.SOURCES[1:]))
    command = compiler()
    assert command is not None
    with pytest.raises(OSError, match="another version"):
        build(tmp_path / "old.so", command)
    assert not (tmp_path / "old.so").exists()


def test_without_a_compiler_the_command_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "index.kernel"],
        env=process_environment(PATH=str(tmp_path), CC=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("byline: no C compiler")
    assert done.stderr.count("\n") == 1
