"""The list of all commands; Textual's own, which a hand that is faster than the screen cannot break."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.command import CommandList, CommandPalette
from textual.widgets import Input, OptionList
from textual.worker import Worker

from tui.screens.leaving import LeftOnce


class Palette(CommandPalette, LeftOnce[Any]):
    """Runs the command that is chosen, once: a second enter that was pressed meanwhile is dropped.

    It looks for commands only while it is open: a search that begins in a palette that has been left finds
    no list to fill, and would end the app.
    """

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def _drop_when_left(self, event: OptionList.OptionSelected | Input.Submitted) -> None:
        if not self.is_current:
            event.stop()
            event.prevent_default()

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:  # a page of what has no room ends the app
            super()._action_command_list(action)

    def _gather_commands(self, search_value: str) -> Worker[None] | None:  # type: ignore[override]
        return super()._gather_commands(search_value) if self.is_current else None
