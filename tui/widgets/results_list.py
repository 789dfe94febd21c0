"""The list of hits: virtual, so that 200,000 of them cost no more than ten.

It knows how many hits there are and holds those near the visible part; for others that come into sight
it posts `Wanted`. The selection is an index and an article id, and survives a new answer by the id.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer

from search.results import Hit
from tui import keys
from tui.after_drawing import after_drawing
from tui.widgets.drawn_hits import DrawnHits
from tui.window import ahead, distant, wanted

PATIENCE = 0.04
"""Seconds that a step in the list waits for its rows; then it is taken, and they are drawn when they come."""
_HELD = 0.06  # seconds between two moves from which on they come from a key that is held down


class ResultsList(DrawnHits):
    """Shows hits and the selected one among them."""

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
        self._selected_id = ""
        self._moved_at = 0.0
        self._held = False
        self._rest: Timer | None = None
        self._due: Timer | None = None
        self._down = True

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
        self._wait_no_more()
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
        missed = self._missing(self.scroll_offset.y)
        told = self.cursor in self._hits
        self._hits |= {hit.rank - 1: hit for hit in hits}
        self._trim()
        awaited = self._missing(self._top) if self._due is not None else []
        if awaited:  # asked for anew: what is asked for last takes the place of what waits
            self._want(awaited)
        elif self._due is not None:
            self._go()
        elif missed != self._missing(self.scroll_offset.y) or told != (self.cursor in self._hits):
            self.refresh()
            self._announce()
        else:
            self.want_visible()

    def _trim(self) -> None:
        """Hold no more hits than those near the cursor and those in sight, which may be elsewhere."""
        far = distant(self._hits, self.cursor, self.first_visible)
        for place in far:
            del self._hits[place]
        if far:
            self._forget_others()

    def extend(self, hits: Iterable[Hit]) -> None:
        """Take in hits of the same answer beside those held, which are equal to them where both are."""
        self._hits = {hit.rank - 1: hit for hit in hits} | self._hits

    @property
    def first_visible(self) -> int:
        """The place of the first hit in sight."""
        return self.scroll_offset.y // self.row_height

    @property
    def rows_visible(self) -> int:
        """Hits that are in sight at once, those seen in part too."""
        return self.content_height // self.row_height + 2

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._down = new_value >= old_value
        self.want_visible()

    def _missing(self, top: int) -> list[int]:
        """Return the places of the hits that are not here and in sight when line `top` is the first."""
        height = self.row_height
        last = min(self.total, (top + self.content_height - 1) // height + 1)
        return [at for at in range(top // height, last) if at not in self._hits]

    def want_visible(self) -> None:
        """Post `Wanted` if hits in sight, or the selected one, are not here.

        Else, once the reader has gone on in the list, if those are not that are in sight next.
        """
        missing = self._missing(self.scroll_offset.y)
        if missing:
            self._want(missing)
        elif self.total and self.cursor not in self._hits:
            self.post_message(self.Wanted(self.cursor, self.cursor + 1))
        elif self.moved or self.scroll_offset.y:
            after_drawing(self, self._read_ahead)

    def _want(self, missing: list[int]) -> None:
        """Post `Wanted` for hits that are missing, and for some that come into sight behind them."""
        places = wanted(missing, self.rows_visible, self.total, down=self._down)
        self.post_message(self.Wanted(places.start, places.stop))

    def _read_ahead(self) -> None:
        """Have the hits of the next screen here before they are in sight, so that few are waited for."""
        places = ahead(self._hits, self.first_visible, self.rows_visible, self.total, down=self._down)
        if places and self._due is None:
            self.post_message(self.Wanted(places.start, places.stop))

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
        """Select the hit at `place`; it is shown once the rows around it are here, or after a short while."""
        now = time.monotonic()
        self._held, self._moved_at = now - self._moved_at < _HELD, now
        self._down = place >= self.cursor
        self.cursor = min(max(0, place), self.total - 1)
        missing = self._missing(self._top)
        if not missing:
            self._go()
            return
        self._want(missing)
        if self._due is None:
            self._due = self.set_timer(PATIENCE, self._go)

    @property
    def _top(self) -> int:
        """The first line to be in sight so that the selected row is."""
        hit, top, now = self.hit, self.cursor * self.row_height, self.scroll_offset.y
        height = self.row_height - (hit is None or hit.fold is None)  # with what stands under it
        return min(top, max(now, top + height - self.content_height))

    def _go(self) -> None:
        """Bring the selected row into sight, whatever of the rows around it is here."""
        self._wait_no_more()
        if self._top != self.scroll_offset.y:
            self.jump(self._top)
        self.refresh()
        self._announce()

    def _wait_no_more(self) -> None:
        if self._due is not None:
            self._due.stop()
            self._due = None

    def on_resize(self) -> None:
        """Set the rows for the new width, the selected one staying in sight."""
        self._forget()
        self.show_lines(self.total * self.row_height)
        if self.total:
            self._go()

    def on_click(self, event: events.Click) -> None:
        """Select the row that was clicked; a second click reads it."""
        if self.clicked(event) and event.chain == 2:
            self.post_message(self.Read())

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
        """True unless a selection is still to be shown or told."""
        return self._rest is None and self._due is None

    def _tell(self) -> None:
        """Post `Selected`; while a key is held down, once it rests: nobody reads what only flashes up."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self._held and time.monotonic() - self._moved_at < _HELD:
            self._rest = self.set_timer(_HELD, self._tell)
        else:
            self.post_message(self.Selected(self.hit))
