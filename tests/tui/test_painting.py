"""What is drawn for a frame: all of what has changed, and nothing that others hide."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.color import Color
from textual.filter import Monochrome
from textual.geometry import Region
from textual.widget import Widget

from tests.tui.fakes import FakeSearch, Shelf
from tests.tui.helpers import press, searching, write
from tui.marking import Row, fit
from tui.painting import Painter, in_sight

WIDTH, HEIGHT = 12, 8
SCREEN = Region(0, 0, WIDTH, HEIGHT)

regions = st.builds(
    Region,
    st.integers(-3, WIDTH),
    st.integers(-3, HEIGHT),
    st.integers(0, WIDTH + 3),
    st.integers(0, HEIGHT + 3),
)


@given(st.lists(st.tuples(regions, regions), max_size=6))
def test_a_part_is_in_sight_where_nothing_stands_before_it(places: list[tuple[Region, Region]]) -> None:
    widgets = [Widget() for _ in places]
    parts = [(widget, *where) for widget, where in zip(widgets, places, strict=True)]
    own: dict[Widget, set[tuple[int, int]]] = {widget: set() for widget in widgets}
    for y in range(HEIGHT):
        for x in range(WIDTH):
            over = (one for one, region, clip in parts if region.contains(x, y) and clip.contains(x, y))
            front = next(over, None)
            if front is not None:
                own[front].add((x, y))
    found = in_sight(parts, SCREEN)
    assert [one[0] for one in found] == [widget for widget in widgets if own[widget]]
    for widget, region, shown, seen in found:
        assert shown == region.intersection(dict(zip(widgets, places, strict=True))[widget][1]).intersection(
            SCREEN
        )
        columns, rows = zip(*own[widget], strict=True)
        assert seen.corners == (min(columns), min(rows), max(columns) + 1, max(rows) + 1)


def cells(update: ChopsUpdate) -> dict[tuple[int, int], tuple[str, list[Style | None]]]:
    """Return what a frame draws: column and row with the character (as it ends there) and its style."""
    found = {}
    for y, start, end in update.spans:
        for x, strip in update.chops[y].items():
            if strip is not None:
                pieces = strip.divide(range(1, strip.cell_length + 1))
                row = [(piece.text, [one.style for one in piece]) for piece in pieces]
                found.update({(at, y): one for at, one in enumerate(row, x) if start <= at < end})
    return found


KEYS = ("escape", "j", "j", "space", "enter", "n", "tab", "m", "G", "g", "t", "f8", "escape", "f8", "escape")


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=str)
async def test_a_frame_is_what_the_compositor_of_textual_makes_of_it(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    sizes, own = [], Painter.render_partial_update

    def both(self: Painter) -> ChopsUpdate | None:
        dirty = set(self._dirty_regions)
        made = own(self)
        self._dirty_regions = dirty
        wanted = Compositor.render_partial_update(self)
        assert (made is None) == (wanted is None)
        if made is not None and wanted is not None:
            assert made.spans == wanted.spans
            assert cells(made) == cells(wanted)
            sizes.append(len(cells(made)))
        return made

    monkeypatch.setattr(Painter, "render_partial_update", both)
    async with searching("valley", size, search=FakeSearch(Shelf(300))) as (pilot, _):
        await write(pilot, " harvest")
        await press(pilot, *KEYS)
    assert len(sizes) > len(KEYS)


def test_a_row_that_was_drawn_leaves_no_cycle_behind() -> None:
    def rows() -> int:
        return sum(isinstance(one, Row) for one in gc.get_objects())

    gc.disable()
    try:
        before = rows()
        row = fit([Segment("valley", Style(bold=True))], 20, Style())
        drawn = row.apply_filter(Monochrome(), Color(0, 0, 0))
        assert drawn is row.apply_filter(Monochrome(), Color(0, 0, 0)) or drawn == row
        assert [piece.text for piece in drawn.divide([20])] == ["valley".ljust(20)]
        assert [piece.text for piece in drawn.divide([6, 20])] == ["valley", " " * 14]
        del row, drawn
        assert rows() == before
    finally:
        gc.enable()
