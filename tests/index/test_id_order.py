"""The order of ids over several segments against a sort of all of them."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from index.codec.segment_reader import SegmentReader
from index.codec.segment_writer import SegmentWriter, id_field
from index.id_order import ranked

ids = st.lists(st.text("abé/#1", max_size=4).map(str.encode), max_size=8, unique=True)


def segment(idents: list[bytes]) -> SegmentReader:
    content = BytesIO()
    writer = SegmentWriter(Path("none"), len(idents), content)
    writer.plain("id", id_field(idents))
    writer.close()
    return SegmentReader(Path("none"), content.getvalue())


@given(st.lists(ids, min_size=1, max_size=3), st.integers(0, 3), st.booleans())
@example([[]], 0, False)
def test_ids_are_ranked_as_a_sort_orders_them(
    parts: list[list[bytes]], place: int, one_is_large: bool
) -> None:
    if one_is_large:
        parts.insert(min(place, len(parts)), [b"a%d" % number for number in range(500)])
    idents = [ident for part in parts for ident in part]
    ranks = ranked([segment(part) for part in parts])
    assert len(ranks) == len(idents)
    ordered = [idents[doc] for doc in np.argsort(ranks, kind="stable").tolist()]
    assert ordered == sorted(idents)
    for one, other in pairwise(ordered):
        if one != other:
            assert ranks[idents.index(one)] < ranks[idents.index(other)]
