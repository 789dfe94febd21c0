"""The last line: the keys that matter where the focus is. One widget, where Textual's footer is many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.screen import Screen

_GAP = 2


class KeyHints(Widget):
    """Shows the bindings that are meant to be shown and work now; a click on one presses it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"hints--key"}

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[tuple[str, str, str]] = []

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def render(self) -> RenderResult:
        """Draw key and label of each, two spaces apart; those for which there is no room are left out."""
        style = self.get_visual_style("hints--key", partial=True)
        parts = [Content.assemble((name, style), f" {label}") for _, name, label in self._fitting]
        return Content("  ").join(parts)

    @property
    def _fitting(self) -> list[tuple[str, str, str]]:
        """The hints that fit: the first ones, and the last, which is how to get help."""
        room = self.content_size.width - sum(map(_width, self._hints[-1:]))
        fitting = []
        for hint in self._hints[:-1]:
            room -= _width(hint) + _GAP
            if room < 0:
                break
            fitting.append(hint)
        return [*fitting, *self._hints[-1:]]

    def on_click(self, event: events.Click) -> None:
        """Press the key whose hint was clicked."""
        at = event.x - self.gutter.left
        for hint in self._fitting:
            if 0 <= at < _width(hint):
                self.app.simulate_key(hint[0])
            at -= _width(hint) + _GAP

    def _follow(self, screen: Screen[Any]) -> None:
        shown: dict[str, tuple[str, str, str]] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled and binding.action not in shown:
                name = self.app.get_key_display(binding)
                shown[binding.action] = (binding.key, name, binding.description)
        if self._hints != (hints := list(shown.values())):
            self._hints = hints
            self.refresh()


def _width(hint: tuple[str, str, str]) -> int:
    """Return the cells of key and label."""
    return len(hint[1]) + 1 + len(hint[2])
