"""The last line: the keys that matter where the focus is. One widget, where Textual's footer is many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.screen import Screen


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
        """Draw key and label of each, two spaces apart."""
        style = self.get_visual_style("hints--key", partial=True)
        parts = [Content.assemble((name, style), f" {label}") for _, name, label in self._hints]
        return Content("  ").join(parts)

    def on_click(self, event: events.Click) -> None:
        """Press the key whose hint was clicked."""
        at = event.x - self.gutter.left
        for key, name, label in self._hints:
            length = len(name) + 1 + len(label)
            if 0 <= at < length:
                self.app.simulate_key(key)
            at -= length + 2

    def _follow(self, screen: Screen[Any]) -> None:
        shown: dict[str, tuple[str, str, str]] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled and binding.action not in shown:
                name = self.app.get_key_display(binding)
                shown[binding.action] = (binding.key, name, binding.description)
        if self._hints != (hints := list(shown.values())):
            self._hints = hints
            self.refresh()
