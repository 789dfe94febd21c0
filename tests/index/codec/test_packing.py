"""Groups of small numbers: some of a group, and sums of its beginnings, are those of the whole."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.codec import packing
from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.packing import JoinedPacked, PackedReader, PackedWriter

GROUPS = st.lists(
    st.sampled_from([1, 2, 4, 16, 255, 256, 300, 70_000]).flatmap(
        lambda below: st.lists(st.integers(0, below - 1), min_size=1, max_size=200)
    ),
    min_size=1,
    max_size=6,
)


def sizes(groups: list[list[int]]) -> NDArray[np.int64]:
    """Return how many values each group has."""
    return np.array(list(map(len, groups)), dtype=np.int64)


def written(path: Path, column: PackedWriter | JoinedPacked) -> ArrayFile:
    """Return a new file of a column."""
    file = ArrayFileWriter(path)
    column.write(file, "c")
    file.close({})
    return ArrayFile(path)


def packed(path: Path, *portions: list[list[int]]) -> ArrayFile:
    """Return a file of the groups, which are written in portions."""
    writer = PackedWriter()
    for part in portions:
        if part:
            values = np.array([value for group in part for value in group], dtype=np.int64)
            writer.append(values, sizes(part))
    return written(path, writer)


@given(GROUPS, st.data())
@settings(max_examples=150, deadline=None)
def test_values_and_sums_at_places(groups: list[list[int]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cut = len(groups) // 2
        reader = PackedReader(packed(Path(folder) / "file", groups[:cut], groups[cut:]), "c")
        offsets = [0] * 5
        place = 0
        for number, group in enumerate(groups):
            width = int(reader.widths[number])
            at = (width, offsets[width], place, len(group))
            assert reader.read(*at).tolist() == group
            assert reader.most(width, place, len(group)) >= max(group)
            some = data.draw(st.sets(st.integers(0, len(group) - 1), max_size=len(group)))
            places = np.array(sorted(some), dtype=np.intp)
            assert reader.chosen(*at, places).tolist() == [group[one] for one in places.tolist()]
            assert reader.sums_before(*at, places).tolist() == [sum(group[:one]) for one in places.tolist()]
            offsets[width] += len(group)
            place += len(group)


@given(GROUPS, st.lists(st.integers(0, 6), max_size=3).map(sorted), st.sampled_from([1, 3, 1 << 20]))
@settings(max_examples=150, deadline=None)
def test_columns_joined_are_one_that_was_written_at_once(
    groups: list[list[int]], cuts: list[int], chunk: int
) -> None:
    parts = [groups[first:last] for first, last in pairwise([0, *cuts, len(groups)])]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        files = [packed(Path(folder) / f"{place}", part) for place, part in enumerate(parts)]
        wanted = packed(Path(folder) / "one", groups)
        patch.setattr(packing, "_CHUNK", chunk)
        joined = JoinedPacked([(file, "c") for file in files], list(map(sizes, parts)))
        found = written(Path(folder) / "joined", joined)
        assert list(found.names()) == list(wanted.names())
        assert (Path(folder) / "joined").read_bytes() == (Path(folder) / "one").read_bytes()
