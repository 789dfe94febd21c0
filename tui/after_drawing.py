"""What is to be done once a screen has been drawn: work that would have the drawing wait."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.widget import Widget


def after_drawing(widget: Widget, callback: Callable[..., None], *args: Any) -> bool:
    """Call back once the screen that `widget` is part of has been drawn, or soon if it is covered.

    Return False if the widget takes no messages any more, and will not call. Textual's own
    `call_after_refresh` leaves the callback to whatever screen is on top, which takes it along when it is
    closed before it was drawn: a command chosen in a hurry would leave the reader waiting for ever.
    """
    screen = widget.screen
    return widget.call_later(lambda: screen._invoke_later(partial(callback, *args), widget))
