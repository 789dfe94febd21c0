"""What of a screen is drawn for a frame: the rows that have changed, of the parts that are in sight.

Textual asks every part of the screen that lies between two changes for all its lines, and those that stand
behind others as well: a letter in the query line and the list below it have the whole screen made. Here a
part is asked only if what has changed shows some of it, and only for the rows from the first change in it to
the last.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Painter(Compositor):
    """Draws what Textual's compositor draws, with less work for a frame in which little has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: tuple[Region, ...] = ()
        self._placed: object = None
        self._in_sight: list[tuple[Widget, Region, Region, Region]] = []

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw what has changed; None if nothing has."""
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Yield the place of each part that is to be drawn, the rows that are drawn, and their strips."""
        if not self._changed:
            yield from super()._get_renders(crop)
            return
        visible = self.visible_widgets
        if self._placed is not visible:  # a new dictionary after each layout
            parts = ((widget, *where) for widget, where in visible.items())
            self._placed, self._in_sight = visible, in_sight(parts, self.size.region)
        for widget, region, clip, seen in self._in_sight:
            changed = [one for one in self._changed if seen.overlaps(one)]
            if changed:
                top = max(clip.y, min(one.y for one in changed))
                bottom = min(clip.bottom, max(one.bottom for one in changed))
                rows = Region(clip.x, top, clip.width, bottom - top)
                yield region, rows, widget.render_lines(rows.translate((-region.x, -region.y)))


def in_sight(
    parts: Iterable[tuple[Widget, Region, Region]], screen: Region
) -> list[tuple[Widget, Region, Region, Region]]:
    """Return those of `parts`, given from front to back with place and clip, that others do not hide.

    With each goes what its clip and the screen leave of it, and the smallest region that holds all of that
    which is in sight.
    """
    free: list[list[tuple[int, int]]] = [[screen.column_span] for _ in range(screen.height)]
    found = []
    for widget, region, clip in parts:
        shown = region.intersection(clip).intersection(screen)
        seen = []
        for y in shown.line_range:
            taken, free[y] = _divided(free[y], *shown.column_span)
            seen += [Region(start, y, end - start, 1) for start, end in taken]
        if seen:
            found.append((widget, region, shown, Region.from_union(seen)))
    return found


def _divided(spans: list[tuple[int, int]], start: int, end: int) -> tuple[list[tuple[int, int]], ...]:
    """Return what of `spans` is in [start, end), and what is not."""
    inside = [(max(low, start), min(high, end)) for low, high in spans]
    outside = [piece for low, high in spans for piece in ((low, min(high, start)), (max(low, end), high))]
    return tuple([one for one in half if one[0] < one[1]] for half in (inside, outside))
