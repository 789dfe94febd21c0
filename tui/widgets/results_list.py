"""The list of hits: virtual, so that 200,000 of them cost no more than ten.

It knows how many hits there are and holds those near the visible part; for others that come into sight
it posts `Wanted`. The selection is an index and an article id, and survives a new answer by the id.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from search.results import Hit
from tui import keys
from tui.facts import fold_text
from tui.marking import MARK_CLASSES, ROW_CLASSES, Pieces, fit
from tui.widgets.hit_rows import RowStyles, hit_lines
from tui.widgets.selecting import Selecting

KEPT = 240
"""Hits held around the visible part; each holds the text of its article."""
_ROOMY = 22  # lines of list from which a row shows two lines of its passage
_GUTTER = 2
_COMPARES = " · v compares"
_HELD = 0.06  # seconds between two moves from which on they come from a key that is held down


class ResultsList(Selecting):
    """Shows hits and the selected one among them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--hint", *ROW_CLASSES, *MARK_CLASSES.values()}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.LIST]

    class Wanted(Message):
        """The hits from `start` to `end` are in sight and not here."""

        def __init__(self, start: int, end: int) -> None:
            super().__init__()
            self.start = start
            self.end = end

    class Selected(Message):
        """Another hit is selected, or none."""

        def __init__(self, hit: Hit | None) -> None:
            super().__init__()
            self.hit = hit

        def can_replace(self, message: Message) -> bool:
            """Let a later selection take the place of one that nobody has seen yet."""
            return isinstance(message, ResultsList.Selected)

    class Read(Message):
        """The selected hit is to be read."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chosen = False
        self.moved = False
        self.hint: tuple[str, ...] = ()
        self.marked: dict[str, Hit] = {}
        self.new: frozenset[str] = frozenset()
        self._hits: dict[int, Hit] = {}
        self._selected_id = ""
        self._rows: dict[int, list[Pieces]] = {}
        self._shape = (0, 0)
        self._strips: dict[tuple[int, bool, bool], Strip] = {}
        self._moved_at = 0.0
        self._held = False
        self._rest: Timer | None = None

    @property
    def hit(self) -> Hit | None:
        """The selected hit, None if there is none or it is not here yet."""
        return self._hits.get(self.cursor)

    @property
    def hits(self) -> dict[int, Hit]:
        """The hits held now, by their place in the list."""
        return self._hits

    def show(
        self, total: int, hits: Iterable[Hit], *, keep: bool = False, hint: tuple[str, ...] = ()
    ) -> None:
        """Show a new answer of `total` hits, of which the first are given.

        A selection that was chosen (or any, with `keep`) stays on its article, at its height on the
        screen, if that is among the hits given; else the first hit is selected. `hint` is shown when
        there is nothing to list.
        """
        height = self.cursor * self.row_height - self.scroll_offset.y
        self._hits = {hit.rank - 1: hit for hit in hits}
        self._forget()
        self.total, self.hint, self.moved = total, hint, False
        places = (at for at, hit in self._hits.items() if hit.article.id == self._selected_id)
        place = next(places, None) if keep or self.chosen else None
        if total:  # an answer without hits, on the way to another, does not end a choice
            self.chosen = self.chosen and place is not None
        self.cursor = place or 0
        self.show_lines(total * self.row_height)
        self.jump(max(0, self.cursor * self.row_height - height) if place else 0)
        self._announce()

    def add(self, hits: Iterable[Hit]) -> None:
        """Take in hits that were wanted, and let go of those far from them."""
        self._hits |= {hit.rank - 1: hit for hit in hits}
        if len(self._hits) > KEPT:
            middle = self.first_visible
            near = sorted(self._hits, key=lambda at: (at != self.cursor, abs(at - middle)))[:KEPT]
            self._hits = {at: self._hits[at] for at in near}
            self._forget()
        self.refresh()
        self._announce()

    def extend(self, hits: Iterable[Hit]) -> None:
        """Take in hits of the same answer beside those held, which are equal to them where both are."""
        self._hits = {hit.rank - 1: hit for hit in hits} | self._hits

    @property
    def passage_lines(self) -> int:
        """Lines of passage that a row has room for."""
        return 2 if self.content_height >= _ROOMY else 1

    @property
    def row_height(self) -> int:
        """Lines of a row with the blank one below it."""
        return 3 + self.passage_lines

    @property
    def first_visible(self) -> int:
        """The place of the first hit in sight."""
        return self.scroll_offset.y // self.row_height

    @property
    def rows_visible(self) -> int:
        """Hits that are in sight at once, those seen in part too."""
        return self.content_height // self.row_height + 2

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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.want_visible()

    def want_visible(self) -> None:
        """Post `Wanted` if hits in sight, or the selected one, are not here.

        With them come those that are in sight next if the reader goes on, so that few are waited for.
        """
        first, ahead = self.first_visible, self.rows_visible
        last = min(self.total, first + ahead)
        missing = [at for at in range(first, last) if at not in self._hits]
        if missing:
            up = missing[-1] < last - 1
            start = max(0, missing[-1] + 1 - ahead) if up else missing[0]
            end = missing[-1] + 1 if up else min(self.total, missing[0] + ahead)
            self.post_message(self.Wanted(min(start, missing[0]), max(end, missing[-1] + 1)))
        elif self.total and self.cursor not in self._hits:
            self.post_message(self.Wanted(self.cursor, self.cursor + 1))

    def mark(self) -> None:
        """Mark the selected hit, or take its mark off, and go on to the next."""
        hit = self.hit
        if hit is None:
            return
        if self.marked.pop(hit.article.id, None) is None:
            self.marked[hit.article.id] = hit
        self.select(self.cursor + 1)

    def unmark(self) -> None:
        """Take all marks off."""
        self.marked.clear()
        self.refresh()
        self._announce()

    def restore(self, ident: str) -> None:
        """Have the article with this id selected once it is among the hits shown."""
        self._selected_id = ident
        self.chosen = bool(ident)

    def select(self, place: int) -> None:
        """Select the hit at `place` (the nearest there is) and bring it into sight."""
        if not self.total:
            return
        self.chosen = self.moved = True
        self._place(place)

    def _place(self, place: int) -> None:
        now = time.monotonic()
        self._held, self._moved_at = now - self._moved_at < _HELD, now
        self.cursor = min(max(0, place), self.total - 1)
        hit, top = self.hit, self.cursor * self.row_height
        height = self.row_height - (hit is None or hit.fold is None)  # with what stands under it
        if top < self.scroll_offset.y:
            self.jump(top)
        elif top + height > self.scroll_offset.y + self.content_height:
            self.jump(top + height - self.content_height)
        self.refresh()
        self._announce()

    def on_resize(self) -> None:
        """Set the rows for the new width, the selected one staying in sight."""
        self._forget()
        self.show_lines(self.total * self.row_height)
        if self.total:
            self._place(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Select the row that was clicked; a second click reads it."""
        if self.clicked(event) and event.chain == 2:
            self.post_message(self.Read())

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

    def _announce(self) -> None:
        hit = self.hit
        if hit is not None:
            self._selected_id = hit.article.id
        place = f" · {self.cursor + 1:,} of {self.total:,}" if self.total else ""
        marked = f" · {len(self.marked):,} marked" if self.marked else ""
        self.border_title = Content(f" Results{place}{marked} ")
        if hit is not None or not self.total:
            self._tell()
        self.want_visible()

    @property
    def resting(self) -> bool:
        """True unless a selection is still to be told."""
        return self._rest is None

    def _tell(self) -> None:
        """Post `Selected`; while a key is held down, once it rests: nobody reads what only flashes up."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self._held and time.monotonic() - self._moved_at < _HELD:
            self._rest = self.set_timer(_HELD, self._tell)
        else:
            self.post_message(self.Selected(self.hit))
