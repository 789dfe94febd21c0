"""A list to choose from by typing a part of what is meant: queries of the past, filters, libraries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from tui import keys
from tui.marking import ROW_CLASSES, ending, fit, shown_line
from tui.screens.leaving import Modal
from tui.widgets.key_hints import KeyHints
from tui.widgets.pager import Pager
from tui.widgets.query_line import QueryLine

Value = TypeVar("Value")

#: Cells that a note has in any case; a longer one, such as a path, has what the text leaves.
_NOTE = 12


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """A line to choose: `value` is what it stands for, None in a heading; `note` stands at the right, its end
    if there is no room for all."""

    value: Value | None
    text: str
    note: str = ""
    on: bool = False


class ChoiceList(Pager, Generic[Value]):
    """The lines, one of them selected; headings are passed over."""

    COMPONENT_CLASSES: ClassVar[set[str]] = ROW_CLASSES
    can_focus = False

    class Clicked(Message):
        """A line was clicked: it is chosen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.choices: Sequence[Choice[Value]] = ()
        self.cursor = -1

    @property
    def chosen(self) -> Choice[Value] | None:
        """The selected line, None if there is none."""
        return self.choices[self.cursor] if 0 <= self.cursor < len(self.choices) else None

    def show(self, choices: Sequence[Choice[Value]], selected: Value | None = None) -> None:
        """Show `choices`; the one that stands for `selected`, else the first, is selected."""
        self.choices = choices
        open_to = [at for at, one in enumerate(choices) if one.value is not None]
        same = (at for at in open_to if selected is not None and choices[at].value == selected)
        self.cursor = next(same, open_to[0] if open_to else -1)
        self.show_lines(len(choices))
        self._bring_in_sight()

    def move(self, by: int) -> None:
        """Select the line `by` further, or the nearest to it that can be chosen."""
        places = [at for at, one in enumerate(self.choices) if one.value is not None]
        if places:
            at = places.index(self.cursor) + by
            self.cursor = places[min(max(0, at), len(places) - 1)]
            self._bring_in_sight()
            self.refresh()

    def line(self, number: int, width: int) -> Strip:
        """Draw a heading, or a line with its sign and its note."""
        one = self.choices[number]
        chosen = number == self.cursor
        base = self.style_of("row--selected" if chosen else "row--text")
        if one.value is None:
            return fit(
                [Segment(f"  {shown_line(one.text)}", base + self.accent_of("row--title"))], width, base
            )
        bar = ("▌" if chosen else " ") + ("✓" if one.on else " ")
        shown = f" {shown_line(one.text)}"
        told = shown_line(one.note)
        told = ending(told, max(min(cell_len(told), _NOTE), width - 4 - cell_len(shown)))
        text = fit([Segment(shown, base)], max(0, width - 3 - cell_len(told)), base)
        note = Segment(told, base + self.accent_of("row--facts"))
        return fit([Segment(bar, base + self.accent_of("row--bar")), *text, note], width, base)

    def on_resize(self) -> None:
        """Fill the new width."""
        self.show_lines(len(self.choices))
        self._bring_in_sight()

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        offset = event.get_content_offset(self)
        at = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= at < len(self.choices) and self.choices[at].value is not None:
            self.cursor = at
            self.refresh()
            self.post_message(self.Clicked())

    def _bring_in_sight(self) -> None:
        top, height = self.scroll_offset.y, self.content_height
        if self.cursor <= 1:
            self.jump(0)
        elif self.cursor < top:
            self.jump(self.cursor)
        elif self.cursor >= top + height:
            self.jump(self.cursor - height + 1)


class ChooserLine(QueryLine):
    """The field of a chooser: its messages come in the order of the keys, however fast these are."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CHOOSER[0]]

    class Chosen(Message):
        """What is selected is meant."""

    def action_choose(self) -> None:
        """Choose what is selected."""
        self.post_message(self.Chosen())


class Chooser(Modal[Value | None]):
    """Asks for one of `choices`; the result is its value, None if none was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CHOOSER[1]]
    AUTO_FOCUS = "#choose"

    field = query_one("#choose", ChooserLine)

    def __init__(self, title: str, choices: Iterable[Choice[Value]], hint: str = "") -> None:
        super().__init__()
        self.choices = list(choices)
        self._title = title
        self._hint = hint
        self._typed_so_far = ""

    @property
    def options(self) -> ChoiceList[Value]:
        """The list of choices."""
        found: ChoiceList[Value] = self.query_one("#choices", ChoiceList)
        return found

    def compose(self) -> ComposeResult:
        """A box with a field, the lines that hold what is typed, and the keys."""
        with Vertical(id="chooser-box") as box:
            box.border_title = Content(self._title)
            yield ChooserLine(placeholder=self._hint or "type to narrow", id="choose")
            yield ChoiceList(id="choices")
        yield KeyHints()

    def on_mount(self) -> None:
        """Show all choices."""
        self.show(self.choices)

    def show(self, choices: Iterable[Choice[Value]]) -> None:
        """Show `choices`, as far as they hold what is typed; the selection stays where it can.

        They may come before there is a list for them, and are shown once there is, or after there was one.
        """
        self.choices = [*choices]
        if not self.query("#choices"):
            return
        now = self.options.chosen
        self.options.show(matching(self.choices, self._typed_so_far), now.value if now is not None else None)

    @on(Input.Changed, "#choose")
    def _typed(self, event: Input.Changed) -> None:
        # What the field holds by now may be younger than the keys before the next choice.
        self._typed_so_far = event.value
        self.options.show(matching(self.choices, event.value) or [Choice(None, "nothing has that in it")])

    @on(QueryLine.Move)
    def _move(self, event: QueryLine.Move) -> None:
        page = max(1, self.options.content_height - 1)
        self.options.move({"up": -1, "down": 1, "page_up": -page, "page_down": page}[event.how])

    @on(ChooserLine.Chosen)
    @on(ChoiceList.Clicked)
    def _choose(self) -> None:
        chosen = self.options.chosen
        if chosen is not None and chosen.value is not None:
            self.picked(chosen.value)

    def picked(self, value: Value) -> None:
        """Take `value`: it is the result."""
        self.dismiss(value)

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def matching(choices: Iterable[Choice[Value]], typed: str) -> list[Choice[Value]]:
    """Return the choices that hold every word of `typed` in any case, below their headings."""
    words = typed.casefold().split()
    if not words:
        return list(choices)
    found: list[Choice[Value]] = []
    heading: Choice[Value] | None = None
    for one in choices:
        if one.value is None:
            heading = one
        elif all(word in one.text.casefold() for word in words):
            if heading is not None:
                found.append(heading)
                heading = None
            found.append(one)
    return found
