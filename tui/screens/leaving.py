"""Screens that are left once, however many keys come right behind the one that leaves them.

Textual takes away whatever screen is on top when any screen is dismissed; a second enter, pressed before the
first has taken effect, would take away the screen below.
"""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

Answer = TypeVar("Answer")


class LeftOnce(Screen[Answer]):
    """A screen that can be dismissed only while it is the one on top."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave with `result`; once it is left, do nothing."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)


class Modal(LeftOnce[Answer], ModalScreen[Answer]):
    """The same for a screen that lies over another."""
