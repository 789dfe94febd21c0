"""Groups of small numbers: some of a group, and sums of its beginnings, are those of the whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import ArrayFile, ArrayFileWriter
from index.codec.packing import PackedReader, PackedWriter

GROUPS = st.lists(
    st.sampled_from([1, 2, 4, 16, 255, 256, 300, 70_000]).flatmap(
        lambda below: st.lists(st.integers(0, below - 1), min_size=1, max_size=200)
    ),
    min_size=1,
    max_size=6,
)


def packed(folder: Path, groups: list[list[int]]) -> PackedReader:
    """Return a reader of the groups, which were written in two portions."""
    writer = PackedWriter()
    cut = len(groups) // 2
    for part in (groups[:cut], groups[cut:]):
        if part:
            values = np.array([value for group in part for value in group], dtype=np.int64)
            writer.append(values, np.array([len(group) for group in part], dtype=np.int64))
    file = ArrayFileWriter(folder / "file")
    writer.write(file, "c")
    file.close({})
    return PackedReader(ArrayFile(folder / "file"), "c")


@given(GROUPS, st.data())
@settings(max_examples=150, deadline=None)
def test_values_and_sums_at_places(groups: list[list[int]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reader = packed(Path(folder), groups)
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
