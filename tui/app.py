"""The app: a library, its screens, and the signals that end it. Wiring only."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui import keys
from tui.contracts import Collection, Services, real_services
from tui.screens.first_run import FirstRunScreen
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.session import Session

if TYPE_CHECKING:
    from index.library import Library

PAUSE = 0.15
"""Seconds without a key after which the full search runs."""
_GRACE = 3.0  # seconds that a process without a terminal gets to end in good order
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class BylineApp(App[int]):
    """The whole app over one library; `where` is where it stands, or is to stand if it is None."""

    CSS_PATH = "app.tcss"
    TITLE = "byline"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.APP]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        library: Collection | None,
        where: Path,
        query: str = "",
        *,
        services: Services | None = None,
        pause: float = PAUSE,
    ) -> None:
        super().__init__()
        self.library = library
        self.where = where
        self.services = services or real_services()
        self.session: Session | None = None
        self._signal: int | None = None
        self._query = query
        self._pause = pause

    def run(self, **options: Any) -> int | None:
        """Run until the reader quits. A signal that ended the app ends the process, as its sender expects,
        but only now that the terminal is clean."""
        result = super().run(**options)
        if self._signal is not None:
            signal.signal(self._signal, signal.SIG_DFL)
            os.kill(os.getpid(), self._signal)
        return result

    def on_mount(self) -> None:
        """Open the library, or ask for a folder where there is none."""
        self._listen()
        if self.library is None:
            self._ask_for_folder()
        else:
            self._open(self.library)

    def _ask_for_folder(self) -> None:
        self.push_screen(FirstRunScreen(self.where, self.services), self._made)

    def _made(self, library: Collection | None) -> None:
        if library is not None:
            self._open(library)

    def _open(self, library: Collection) -> None:
        self.library = library
        self.session = Session(library, self.services)
        self.push_screen(MainScreen(self.session, self._query, pause=self._pause))

    @on(MainScreen.Empty)
    def _begin_again(self) -> None:
        """Ask for a folder in place of a search through nothing."""
        self.pop_screen()
        self._ask_for_folder()

    def action_index(self) -> None:
        """Index another folder, or look for what has changed in those known."""
        self.push_screen(FirstRunScreen(self.where, self.services, self.library), self._indexed)

    def _indexed(self, library: Collection | None) -> None:
        if library is not None and isinstance(self.screen, MainScreen):
            self.screen.library_changed()

    def on_unmount(self) -> None:
        """Let go of the library and the signals."""
        self._listen(False)
        if self.session is not None:
            self.session.close()

    def action_help(self) -> None:
        """Show the keys, or close them."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as the help writes it."""
        return keys.key_name(binding.key)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette."""
        if isinstance(screen, MainScreen):
            yield SystemCommand("Typo tolerance", "Turn it off, or on again", screen.action_typos)
            yield SystemCommand("Sort", "Best first, newest first, oldest first", screen.action_sort)
            yield SystemCommand("Index", "Add a folder, or look for changes", self.action_index)
        yield SystemCommand("Help", "All keys", self.action_help)
        yield SystemCommand("Theme", "Choose colours, dark or light", self.action_change_theme)
        yield SystemCommand("Quit", "Leave byline", self.action_quit)

    def _listen(self, on: bool = True) -> None:
        """Have the signals that end a program end the app in order, so that the terminal is left clean."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            if on:
                loop.add_signal_handler(number, self._ended, number)
            else:
                loop.remove_signal_handler(number)

    def _ended(self, number: int) -> None:
        if number == getattr(signal, "SIGHUP", None):
            # Without a terminal, writing to it may block for ever; there is nothing left to clean.
            watch = threading.Timer(_GRACE, os._exit, (128 + number,))
            watch.daemon = True
            watch.start()
        self._signal = number
        self.exit(return_code=128 + number)


def create_app(library: Library | None, where: Path, query: str = "") -> BylineApp:
    """Return the app over `library`, or one that makes a library at `where`; not yet running."""
    return BylineApp(library, where, query)
