"""The compiled loops of indexing: what numpy does, to the last bit; arrays that do not fit are refused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import kernel
from index.analysis import Analyzer
from index.codec.format import EXTENSION, VECTORS
from index.kernel.indexing import current_loops
from index.keytable import KeyTable
from index.record import Row
from index.segments import Segments
from index.shingles import hashed
from index.signature import signatures
from tests.search.loops import compiled

_ODD = (
    "the of grain grains market harvest's U.S. 20.04 1,234.5 don't a.b 5% na\u00efve \u201cquoted\u201d "
    "na\u2013ve internationalisation \u0416\u4e2d e\u0301 l'homme '' .. %"
)
NO_HASHES = np.zeros(0, dtype=np.uint64)


@pytest.fixture(scope="module", autouse=True)
def loops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kernel.Kernel]:
    made = compiled(tmp_path_factory.getbasetemp())
    kernel.use(made)
    yield made
    kernel.use(None)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=60), max_size=8))
def test_signatures_are_numpys(texts: list[list[int]]) -> None:
    words = np.array([word for text in texts for word in text], dtype=np.uint64)
    counts = np.array([len(text) for text in texts], dtype=np.int64)
    compiled_ones = signatures(words, counts)
    before = kernel.current()
    kernel.use(None)
    try:
        assert signatures(words, counts).tolist() == compiled_ones.tolist()
    finally:
        kernel.use(before)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "Bc", "n9", "_", "\\", " ", ".", "é", "日", "x" * 8, "y" * 70]), max_size=30
    )
)
def test_hashes_of_shingles_are_numpys(pieces: list[str]) -> None:
    texts = ["".join(pieces).encode(), b"", "".join(reversed(pieces)).encode()]
    compiled_ones = hashed(texts)
    before = kernel.current()
    kernel.use(None)
    try:
        for one, same in zip(hashed(texts), compiled_ones, strict=True):
            assert one.tolist() == same.tolist()
    finally:
        kernel.use(before)


def _rows(seed: int) -> list[Row]:
    choose = random.Random(seed)
    words = [
        *_ODD.split(),
        "x" * 17,
        "y" * 70,
        *(f"word{number}" for number in range(300)),
    ]
    rows: list[Row] = []
    for number in range(120):
        size = choose.choice((0, 1, 2, 3, 30, 200))
        text = "".join(word + choose.choice(" \n,.") for word in choose.choices(words, k=size))
        title = " ".join(choose.choices(words, k=choose.randint(0, 4)))
        stored: tuple[Any, ...] = (
            f"s/{number}",
            title,
            text,
            "p",
            0,
            "",
            "",
            "source",
            "",
            "",
            str(number),
            {},
        )
        rows.append((stored, choose.choice((None, number * 86_400)), True))
    long = "far " * 700 + "gap " * 70_000 + "far grains grain" if seed else "one"
    rows.append((("s/long", "Far", long, "p", 0, "", "", "", "", "", "long", {}), None, False))
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_segments_are_numpys_byte_for_byte(seed: int, tmp_path: Path, loops: kernel.Kernel) -> None:
    written = []
    for way, used in (("numpy", None), ("compiled", loops)):
        kernel.use(used)
        (tmp_path / way).mkdir()
        segments = Segments(tmp_path / way, Analyzer("english"))
        rows = _rows(seed)
        for first in range(0, len(rows), 50):
            segments.add(rows[first : first + 50])
        segments.flush()
        written.append(
            [next((tmp_path / way).glob(f"*{suffix}")).read_bytes() for suffix in (EXTENSION, VECTORS)]
        )
    assert written[0] == written[1]


def test_arrays_that_do_not_fit_are_refused() -> None:
    loops = current_loops()
    assert loops is not None
    lenders = np.zeros((24, 24), dtype=np.int64)
    slots = KeyTable(1).slots, KeyTable(2).slots
    for sizes in ([3], [1, 1], [-1], [2**62]):
        with pytest.raises(kernel.Damaged):
            loops.words(b"\na\n", np.array(sizes), [], *slots)
    for counts in ([1], [-1]):
        with pytest.raises(kernel.Damaged):
            loops.signatures(NO_HASHES, np.array(counts), lenders)
    with pytest.raises(kernel.Damaged):
        loops.signatures(NO_HASHES, np.array([0]), lenders + 24)
