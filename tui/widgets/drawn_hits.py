"""The rows of the list of hits, each drawn once: title, facts, passage and what it stands for."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip

from search.results import Hit
from tui.facts import fold_text
from tui.marking import MARK_CLASSES, ROW_CLASSES, Pieces, fit
from tui.widgets.hit_rows import RowStyles, hit_lines
from tui.widgets.selecting import Selecting

_ROOMY = 22  # lines of list from which a row shows two lines of its passage
_GUTTER = 2
_COMPARES = " · v compares"


class DrawnHits(Selecting):
    """Draws hits, by their place in the list; where one is not held there is an ellipsis.

    `marked` are hits by id, `new` the ids of those that are told to be new, and `hint` is what stands where
    there is nothing to list.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--hint", *ROW_CLASSES, *MARK_CLASSES.values()}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.hint: tuple[str, ...] = ()
        self.marked: dict[str, Hit] = {}
        self.new: frozenset[str] = frozenset()
        self._hits: dict[int, Hit] = {}
        self._rows: dict[int, list[Pieces]] = {}
        self._shape = (0, 0)
        self._strips: dict[tuple[int, bool, bool], Strip] = {}

    @property
    def passage_lines(self) -> int:
        """Lines of passage that a row has room for."""
        return 2 if self.content_height >= _ROOMY else 1

    @property
    def row_height(self) -> int:
        """Lines of a row with the blank one below it."""
        return 3 + self.passage_lines

    def line(self, number: int, width: int) -> Strip:
        """Draw a line of the row it belongs to."""
        height = self.row_height
        if self._shape != (width, height):  # it is drawn in its new size before it is told of it
            self._forget()
            self._shape = (width, height)
        place, part = divmod(number, height)
        hit = self._hits.get(place)
        marked = hit is not None and part == 0 and hit.article.id in self.marked
        known = (number, place == self.cursor, marked)
        strip = self._strips.get(known)
        if strip is None:
            strip = self._drawn(place, part, width, marked=marked)
            if hit is not None:
                self._strips[known] = strip
        return strip

    def _drawn(self, place: int, part: int, width: int, *, marked: bool) -> Strip:
        chosen = place == self.cursor
        base = self.style_of("row--selected" if chosen else "row--text")
        if part == self.row_height - 1:
            return self._below(place, width)
        row = self._row(place, width - _GUTTER)
        sign = ("▌" if chosen else " ") + ("●" if marked else " ")
        bar = Segment(sign, base + self.accent_of("row--bar"))
        return fit([bar, *Segment.apply_style(row[part], base)], width, base)

    def _below(self, place: int, width: int) -> Strip:
        """Draw what stands under a row: the copies that it stands for."""
        base = self.style_of("row--text")
        hit = self._hits.get(place)
        if hit is None or hit.fold is None:
            return fit((), width, base)
        text = " " * _GUTTER + fold_text(hit.fold)
        if place == self.cursor and len(text) + len(_COMPARES) <= width:
            text += _COMPARES
        return fit([Segment(text, base + self.accent_of("row--facts"))], width, base)

    def render_line(self, y: int) -> Strip:
        """Draw a row's line, or the hint when there is nothing to list."""
        if self.total or not self.hint:
            return super().render_line(y)
        style = self.style_of("row--hint")
        text = self.hint[y - 1] if 0 <= y - 1 < len(self.hint) else ""
        return fit([Segment("  " + text, style)], self.content_width, style)

    def notify_style_update(self) -> None:
        """Draw the rows anew in the styles of the new theme."""
        super().notify_style_update()
        self._forget()

    def _row(self, place: int, width: int) -> list[Pieces]:
        row = self._rows.get(place)
        if row is None:
            hit = self._hits.get(place)
            styles = self._row_styles()
            if hit is None:
                return [[Segment("…", styles.facts)], *([] for _ in range(self.row_height - 2))]
            row = self._rows[place] = hit_lines(
                hit, width, self.passage_lines, styles, new=hit.article.id in self.new
            )
        return row

    def _forget(self) -> None:
        """Have all rows drawn anew."""
        self._rows.clear()
        self._strips.clear()

    def _row_styles(self) -> RowStyles:
        return RowStyles(
            self.accent_of("row--text"),
            self.accent_of("row--title"),
            self.accent_of("row--facts"),
            self.mark_of,
        )

    def _forget_others(self) -> None:
        """Let go of the rows of hits that are not held any more."""
        height = self.row_height
        self._rows = {place: row for place, row in self._rows.items() if place in self._hits}
        self._strips = {key: one for key, one in self._strips.items() if key[0] // height in self._hits}
