"""What a library holds, how old it is, what it left out and why; and a check of every byte of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.binding import BindingType

from tui import keys
from tui.contracts import Collection
from tui.latest import Done, Latest
from tui.screens.page import HEAD, KEY, TEXT, Page, Row
from tui.widgets.understood import in_words

_WAIT: list[Row] = [("looking …", "", TEXT)]


class HealthScreen(Page):
    """Shows the state of `library`; `check` reads all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.HEALTH]

    def __init__(self, library: Collection) -> None:
        super().__init__(f"library · {library.path.name}", _WAIT)
        self._library = library
        self._rows: list[Row] = []
        self._looks: Latest[bool, list[Row]] = Latest(self, self._look, self._seen, self._failed)

    @property
    def settled(self) -> bool:
        """True if nothing is being looked up."""
        return not self._looks.busy

    def on_mount(self) -> None:
        """Look up what the library holds."""
        self._looks.ask(False)

    def action_check(self) -> None:
        """Read every byte, and say what is damaged."""
        self.text.show([*self._rows, ("checking every byte …", "", TEXT)])
        self._looks.ask(True)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    def _look(self, check: bool) -> list[Row]:
        """Return the lines; runs in a thread."""
        rows = status_rows(self._library.status().as_dict())
        if check:
            damage = [str(one) for one in self._library.check()]
            rows += [("Check", "", HEAD), *(("damaged", one, KEY) for one in damage)]
            rows += [] if damage else [("sound", "every checksum holds, and the catalog agrees", KEY)]
        return rows

    def _seen(self, _check: bool, rows: list[Row]) -> None:
        self._rows = rows
        self.text.show(rows)
        if _check:
            self.text.action_last()

    def _failed(self, _check: bool, error: Exception) -> None:
        self.text.show([*self._rows, ("trouble", in_words(error), KEY)])


def status_rows(status: Mapping[str, Any]) -> list[Row]:
    """Return the state of a library as lines; what is not known is left out."""
    rows: list[Row] = [("Holds", "", HEAD)]
    facts = (
        ("articles", _number(status.get("articles"))),
        ("files", _number(status.get("files"))),
        ("text", _size(status.get("bytes"))),
        ("on disk", _size(status.get("disk"))),
        ("language", status.get("language")),
        ("updated", _moment(status.get("updated"))),
        ("stands at", status.get("library")),
    )
    rows += [(name, str(value), KEY) for name, value in facts if value]
    roots = status.get("roots") or []
    rows += [("", "", TEXT), ("Folders", "", HEAD)] if roots else []
    for root in roots:
        gone = "" if root["there"] else "GONE: its articles stay until it is forgotten · "
        rows.append((root["label"], f"{gone}{root['path']} · {root['articles']:,} articles", KEY))
    skipped = status.get("skipped") or {}
    rows += [("", "", TEXT), ("Left out", "", HEAD)]
    rows += [(f"{number:,}", str(reason), KEY) for reason, number in skipped.items()]
    rows += [] if skipped else [("nothing", "every file gave its articles", KEY)]
    return [*rows, ("", "", TEXT)]


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else ""


def _size(value: Any) -> str:
    return f"{value / 1e6:,.1f} MB" if isinstance(value, int) else ""


def _moment(value: Any) -> str:
    return f"{str(value)[:16].replace('T', ' ')} UTC" if value else ""
