"""The parts of the main screen and the room they get: side by side, or in a narrow terminal one at a time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.marking import plain
from tui.painting import Painter
from tui.widgets.chips import Chips
from tui.widgets.find_line import FindLine
from tui.widgets.key_hints import KeyHints
from tui.widgets.query_line import QueryLine
from tui.widgets.reader import Reader
from tui.widgets.results_list import ResultsList
from tui.widgets.timeline import TimelineStrip
from tui.widgets.understood import Understood

WIDE = 100
"""Columns from which list and reader stand side by side."""


class Layout(Screen[None]):
    """Query line, what was understood, chips, list and reader, footer; it knows no library."""

    AUTO_FOCUS = "#query"

    query_line = query_one("#query", QueryLine)
    chips = query_one("#chips", Chips)
    understood = query_one("#understood", Understood)
    job = query_one("#job", Static)
    timeline = query_one("#timeline", TimelineStrip)
    results = query_one("#results", ResultsList)
    reader = query_one("#reader", Reader)
    find_line = query_one("#find", FindLine)

    def __init__(self, library: str, query: str) -> None:
        super().__init__()
        self._compositor = Painter()
        self._library = library
        self._query = query
        self._reading = False
        self._zoomed = False

    def compose(self) -> ComposeResult:
        """Lay out query line, understood line, chips, the two panes and the footer."""
        with Horizontal(id="ask"):
            yield Static("❯", id="prompt", markup=False)
            yield QueryLine(self._query, placeholder="search", id="query")
            yield Static(plain(self._library), id="library")
        with Horizontal(id="told"):
            yield Understood(id="understood")
            yield Static(id="job")
        yield Chips(id="chips")
        yield TimelineStrip(id="timeline")
        with Horizontal(id="panes"):
            yield ResultsList(id="results")
            with Vertical(id="reading"):
                yield Reader(id="reader")
                yield FindLine(id="find")
        yield KeyHints()

    def on_resize(self) -> None:
        """Show both panes, or in a narrow terminal the one that is being used."""
        self.timeline.fit_screen(self.size.height)
        self.show_pane(reading=self._reading)

    def show_pane(self, *, reading: bool) -> None:
        """Have the reader in sight, or the list; both if there is room."""
        self._reading = reading
        both = self.size.width >= WIDE and not self._zoomed
        self.results.display = both or not reading
        self.tell_place()
        self.reader.display = both or reading
        self.query_one("#reading").display = self.reader.display

    def tell_place(self) -> None:
        """Have the reader say where its article stands in a list that is out of sight."""
        results = self.results
        there = results.total and not results.display
        self.reader.tell_place(f"{results.cursor + 1:,} of {results.total:,}" if there else "")

    def to_list(self) -> None:
        """Go to the list."""
        self.show_pane(reading=False)
        self.set_focus(self.results)

    def to_reader(self) -> None:
        """Go to the reader."""
        self.show_pane(reading=True)
        self.set_focus(self.reader)

    def action_pane(self, by: int) -> None:
        """Go to the next part of the screen, or the one before."""
        timeline = [self.timeline] if self.timeline.display else []
        parts: list[Widget] = [self.query_line, *timeline, self.results, self.reader]
        at = next((number for number, part in enumerate(parts) if part is self.focused), 0)
        part = parts[(at + by) % len(parts)]
        if part not in (self.query_line, self.timeline):
            self.show_pane(reading=part is self.reader)
        self.set_focus(part)

    def action_zoom(self) -> None:
        """Show one part of the screen alone, or both."""
        self._zoomed = not self._zoomed
        self.show_pane(reading=self.focused is self.reader)
