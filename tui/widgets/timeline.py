"""The timeline: articles over time as a strip of bars, of which a range can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from tui import keys
from tui.facts import count
from tui.marking import fit, plain
from tui.widgets.pager import Pager

if TYPE_CHECKING:
    from search.timeline import Timeline
    from tui.periods import Bars

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_WIDEST = 8
"""Cells of a period at most."""
_FRAME = 3
"""Lines around the bars: the title, the rule and the dates."""


class TimelineStrip(Pager):
    """Shows the bars; it is in sight only while it is open."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"timeline--bar", "timeline--chosen", "timeline--date"}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.TIMELINE]

    class Chosen(Message):
        """The answer is to be narrowed to the range `value`."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    class Left(Message):
        """The timeline is to be closed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.bars: Bars | None = None
        self._undated = 0
        self.display = False

    def open(self) -> None:
        """Come into sight, still without bars."""
        self.display = True
        self.fit_screen(self.app.size.height)
        self._announce()

    def fit_screen(self, height: int) -> None:
        """Take as much of a screen of `height` lines as is due to it."""
        self.styles.height = _FRAME + (2 if height < 28 else 3 if height < 36 else 5)

    def close(self) -> None:
        """Go out of sight."""
        self.display = False
        self.bars = None

    def show(self, found: Timeline, filter: str) -> None:
        """Show a timeline by day; `filter` is the value of the date filter that is on, or ""."""
        from tui.periods import bars  # not at the top: what counts dates takes long to load

        old, self.bars, self._undated = self.bars, bars(found, filter), found.undated
        if old is not None and self.bars is not None and old.days == self.bars.days:
            self.bars = old  # the same answer: the reader may have gone on meanwhile
        self.show_lines(self.content_height)
        self._announce()

    @property
    def _cells(self) -> int:
        """Cells of a period."""
        assert self.bars is not None
        return max(1, min(_WIDEST, self.content_width // max(1, len(self.bars.counts))))

    @property
    def _first_shown(self) -> int:
        """The first period in sight: where there is no room for all, those chosen are in the middle."""
        assert self.bars is not None
        room = max(1, self.content_width // self._cells)
        middle = (self.bars.low + self.bars.high) // 2
        return max(0, min(middle - room // 2, len(self.bars.counts) - room))

    def line(self, number: int, width: int) -> Strip:
        """Draw a line: bars from the top, then the rule with the range, then the dates."""
        base = self.style_of("timeline--bar")
        if self.bars is None:
            return fit((), width, base)
        lines = self.content_height - 2
        if number == lines + 1:
            return fit([Segment(self._dates(width), base + self.accent_of("timeline--date"))], width, base)
        chosen = base + self.accent_of("timeline--chosen")
        room, offset = width // self._cells, self._first_shown
        segments = []
        for place in range(offset, min(offset + room, len(self.bars.counts))):
            inside = self.bars.low <= place <= self.bars.high
            text = self._rule(inside) if number == lines else self._bar(place, lines - 1 - number)
            segments.append(Segment(text, chosen if inside else base))
        return fit(segments, width, base)

    def _rule(self, inside: bool) -> str:
        return ("━" if inside else "─") * self._cells

    def _bar(self, place: int, level: int) -> str:
        """Return the piece of a bar `level` lines above the rule."""
        assert self.bars is not None
        most = max(1, *self.bars.counts)
        articles, lines = self.bars.counts[place], self.content_height - 2
        eighths = max(1, round(articles * lines * 8 / most)) if articles else 0
        sign = _EIGHTHS[max(0, min(8, eighths - 8 * level))]
        wide = self._cells
        return sign if wide == 1 else sign * (wide - 1) + " "

    def _dates(self, width: int) -> str:
        """Return the names of periods below them, as many as there is room for."""
        assert self.bars is not None
        text = ""
        room, offset = width // self._cells, self._first_shown
        for place in range(offset, min(offset + room, len(self.bars.counts))):
            name = self._below(place)
            at = (place - offset) * self._cells
            if name and at >= len(text) + bool(text) and at + len(name) <= width:
                text = text.ljust(at) + name
        return text

    def _below(self, place: int) -> str:
        """Return what is written below a period: what begins with it."""
        assert self.bars is not None
        day, first, step = self.bars.start(place), place == self._first_shown, self.bars.step.value
        if step == "year" or (step == "month" and (first or day.month == 1)):
            return f"{day:%Y-%m}" if first and step == "month" else f"{day.year}"
        if step == "month":
            return f"{day:%b}"
        return f"{day:%Y-%m-%d}" if first else f"{day:%b}" if day.day == 1 else f"{day.day}"

    def _announce(self) -> None:
        now = self.bars
        if now is None:
            self.border_title = plain(" Timeline ")
            return
        parts = ["Timeline", f"by {now.step.value}", now.value.replace("..", " to ")]
        parts.append(count(now.articles, "article"))
        if self._undated:
            parts.append(f"{self._undated:,} undated")
        self.border_title = plain(f" {' · '.join(parts)} ")

    def _change(self, how: Callable[[Bars], Bars | None]) -> None:
        now = how(self.bars) if self.bars is not None else None
        if now is None or now is self.bars:
            self.app.bell()
            return
        self.bars = now
        self.refresh()
        self._announce()

    def on_resize(self) -> None:
        """Fill the new width."""
        self.show_lines(self.content_height)

    def on_click(self, event: events.Click) -> None:
        """Choose the period that was clicked, with shift up to it; a second click narrows to it."""
        offset = event.get_content_offset(self)
        if offset is None or self.bars is None:
            return
        place = self._first_shown + offset.x // self._cells
        low = min(self.bars.low, place) if event.shift else place
        self._change(lambda now: now.choose(low, place))
        if event.chain == 2:
            self.action_narrow()

    def action_move(self, by: int) -> None:
        """Move the range."""
        self._change(lambda now: now.move(by))

    def action_grow(self, by: int) -> None:
        """Move the end of the range."""
        self._change(lambda now: now.grow(by))

    def action_turn(self, by: int) -> None:
        """Move the range by its own length."""
        self._change(lambda now: now.move(by * (now.high - now.low + 1)))

    def action_finer(self) -> None:
        """Show the range alone, in shorter periods."""
        self._change(lambda now: now.finer())

    def action_longer(self) -> None:
        """Show longer periods."""
        self._change(lambda now: now.longer())

    def action_narrow(self) -> None:
        """Narrow the answer to the range."""
        if self.bars is not None:
            self.post_message(self.Chosen(self.bars.value))

    def action_leave(self) -> None:
        """Close the timeline."""
        self.post_message(self.Left())
