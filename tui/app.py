"""The app: a library, its screens, what is kept between runs. Wiring only."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import Screen

from index.errors import BylineError
from index.places import common_state_folder
from tui import commands, crashes, keys, reach, themes
from tui.after_drawing import after_drawing
from tui.contracts import Collection, Services, real_services
from tui.garbage import Garbage
from tui.indexing import Finished, Indexing, Progressed, in_short, outcome
from tui.latest import Done
from tui.marking import plain
from tui.screens.main import MainScreen
from tui.session import Session
from tui.settings import keep_theme, kept_theme, load_settings, settings_path
from tui.signals import Signals
from tui.state import State, state_of
from tui.widgets.understood import in_words

if TYPE_CHECKING:
    from index.article import Article
    from index.library import Library

INTERRUPTED = 130
"""The exit code of a chooser that was left with ctrl-c."""
CRASHED = 2
"""The exit code after an error that nobody foresaw."""
PAUSE = 0.15
"""Seconds without a key after which the full search runs."""


class BylineApp(App[int]):
    """The whole app over one library; `where` is where it stands, or is to stand if it is None.

    In a page that only shows, nothing of the reader's queries, place and theme is kept, and none of it comes
    back, since the next visitor may be another. As a `chooser` it ends with exit code 0 once articles are
    `picked`, 1 if it is left without, 130 if it is interrupted; it neither begins where the reader was the
    last time nor remembers it.
    """

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
        chooser: bool = False,
    ) -> None:
        super().__init__()
        self.library = library
        self.where = where
        self.picked: list[Article] = []
        self._chooser = chooser
        if chooser:
            self._bindings.bind("ctrl+c", "interrupt", show=False, priority=True)
        self.services = services or real_services()
        self.session: Session | None = None
        self.state: State | None = None
        self.indexing = Indexing(self)
        self._garbage = Garbage(self)
        self._signal: int | None = None
        self._signals = Signals(self._ended)
        self._query = query
        self._pause = pause
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.settings = load_settings(settings_path(), frozenset(self.available_themes))

    def run(self, **options: Any) -> int | None:
        """Run until the reader quits. A signal that ended the app ends the process, as its sender expects,
        but only now that the terminal is clean."""
        self._signals.remember_terminal()
        result = super().run(**options)
        if self._signal is not None:
            signal.signal(self._signal, signal.SIG_DFL)
            os.kill(os.getpid(), self._signal)
        return result

    def on_mount(self) -> None:
        """Open the library, or ask for a folder where there is none."""
        self._signals.listen()
        self._garbage.begin()
        kept = self.settings.theme or kept_theme(common_state_folder())
        self.theme = kept if kept in self.available_themes else themes.USUAL
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.set_keymap(dict(self.settings.keys))
        for mistake in self.settings.mistakes:
            self.notify(f"{settings_path().name}: {mistake}", severity="warning", timeout=12, markup=False)
        if self.library is None:
            self._ask_for_folder()
        else:
            self._open(self.library)

    def on_unmount(self) -> None:
        """Keep what is kept, let go of the library and the signals."""
        self.indexing.stop()
        self._signals.leave()
        self._garbage.end()
        if self.session is not None:
            self.session.close()

    def _keep_theme(self, theme: Any) -> None:
        if not reach.shows_only():
            keep_theme(common_state_folder(), theme.name)

    # The library

    def _ask_for_folder(self, *, may_leave: bool = False) -> None:
        from tui.screens.first_run import FirstRunScreen  # not at the top, as all that few open

        self.push_screen(FirstRunScreen(self.where, self.services, may_leave=may_leave), self._made)

    def _made(self, library: Collection | None) -> None:
        if library is not None:
            self._open(library)

    def _open(self, library: Collection) -> None:
        """Show `library` in place of what was there."""
        self._close()
        self.library, self.where = library, library.path
        self.session = Session(library, self.services)
        self.state = None if reach.shows_only() else state_of(library.path)
        place = self.state.place() if self.state is not None and not self._chooser else None
        screen = MainScreen(self.session, self._query, pause=self._pause, place=place, chooser=self._chooser)
        self._query = ""
        if isinstance(self.screen, MainScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        if self.state is not None:
            after_drawing(screen, self._fill_history, screen, self.state)

    def _fill_history(self, screen: MainScreen, state: State) -> None:
        if screen.is_mounted:
            for query in state.queries():
                screen.query_line.history.add(query)

    def _close(self) -> None:
        """Keep where the reader is, and let go of the library."""
        self._keep_place()
        if self.session is not None:
            self.session.close()

    def _keep_place(self) -> None:
        main = self.main
        if main is not None and main.is_mounted and self.state is not None and not self._chooser:
            self.state.keep(main.place)

    def exit(self, *given: Any, **named: Any) -> None:
        """Leave, as any app does, but first keep where the reader is."""
        self._keep_place()
        super().exit(*given, **named)

    @property
    def main(self) -> MainScreen | None:
        """The main screen, if there is one, below whatever is open over it."""
        return next((one for one in reversed(self.screen_stack) if isinstance(one, MainScreen)), None)

    @on(MainScreen.Asked)
    def _asked(self, event: MainScreen.Asked) -> None:
        if self.state is not None:
            self.state.remember(event.query_text)
            if self.state.trouble:
                self.notify(f"not remembered: {self.state.trouble}", severity="warning", markup=False)

    @on(MainScreen.Empty)
    def _begin_again(self) -> None:
        """Ask for a folder in place of a search through nothing; where one is to choose, leave."""
        if self._chooser or reach.shows_only():
            self.exit()
            return
        super().pop_screen()
        self._ask_for_folder()

    def pop_screen(self) -> AwaitComplete:
        """Take away the screen on top, but never the main one: a palette that is left twice would."""
        return AwaitComplete() if isinstance(self.screen, MainScreen) else super().pop_screen()

    @on(MainScreen.Picked)
    def _picked(self, event: MainScreen.Picked) -> None:
        self.picked = event.articles
        self.exit()

    def action_interrupt(self) -> None:
        """Leave a chooser as ctrl-c leaves a command."""
        self.exit(return_code=INTERRUPTED)

    def action_libraries(self) -> None:
        """Choose another library."""
        if self._off("another library"):
            return
        from tui.screens.chooser import Choice, Chooser

        known = [path for path in self.services.known() if path != self.where]
        choices = [Choice(self.where, self.where.name, str(self.where.parent), on=True)]
        choices += [Choice(path, path.name, str(path.parent)) for path in known]
        self.push_screen(Chooser("libraries", choices, "type a part of its name"), self._switch)

    def _off(self, what: str) -> bool:
        """Tell whether `what` is not to be done here, and say so."""
        try:
            reach.check(what)
        except BylineError as error:
            self.notify(in_words(error), severity="error", markup=False)
            return True
        return False

    def _switch(self, where: Path | None) -> None:
        if where is None or where == self.where:
            return
        if self.indexing.running:
            self.notify("wait until indexing has ended, or stop it: F9", markup=False)
            return
        try:
            self._open(self.services.open(where))
        except Exception as error:  # whatever it was, it becomes a message in the app
            self.notify(in_words(error), severity="error", markup=False)

    def action_health(self) -> None:
        """Show what the library holds, and what it left out."""
        if self.library is not None:
            from tui.screens.health import HealthScreen

            self.push_screen(HealthScreen(self.library))

    # Indexing

    def action_index(self) -> None:
        """Index another folder, or look for what has changed in those known; stop a run that goes on."""
        if self._off("indexing"):
            return
        if self.indexing.running:
            self.indexing.stop()
            return
        from tui.screens.menu import Prompt

        note = "a folder to add; nothing means: look for changes in the folders known"
        self.push_screen(Prompt("index", "", note, blank=True), self._index)

    def _index(self, given: str | None) -> None:
        if given is not None:
            self._start([given] if given else [])

    def action_rebuild(self) -> None:
        """Read everything again, while the old index answers."""
        if self._off("indexing"):
            return
        self._start([], rebuild=True)

    def _start(self, given: list[str], *, rebuild: bool = False) -> None:
        if self.library is not None and not self.indexing.running:
            library = self.library
            self.indexing.start(lambda: library, given, rebuild=rebuild)
            self._tell("indexing")

    @on(Progressed)
    def _progressed(self, event: Progressed) -> None:
        if self.indexing.running:
            self._tell(f"{in_short(event.progress)} · F9 stops")

    @on(Finished)
    def _finished(self, event: Finished) -> None:
        self._tell("")
        if event.error is not None:
            self.notify(in_words(event.error), severity="error", timeout=10, markup=False)
        elif event.report is None:
            self.notify("stopped: the library is as it was", markup=False)
        else:
            self.notify(outcome(event.report), title="indexed", markup=False)
            if self.main is not None:
                self.main.library_changed()

    def _tell(self, text: str) -> None:
        if self.main is not None and self.main.is_mounted:
            self.main.job.update(plain(text))

    # Everywhere

    def action_help(self) -> None:
        """Show the keys, those of the focused part first, or close them."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(commands.place_of(self.focused), self.settings.keys))

    def action_redraw(self) -> None:
        """Draw the whole screen anew."""
        self.refresh(repaint=True, layout=True)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as the help writes it."""
        return keys.key_name(binding.key)

    def action_command_palette(self) -> None:
        """Show all commands."""
        from tui.screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette."""
        return commands.commands(self, screen)

    async def on_event(self, event: events.Event) -> None:
        """Pass on what the terminal sends."""
        if isinstance(event, events.InputEvent):
            self._garbage.stir()
        await super().on_event(event)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    def _handle_exception(self, error: Exception) -> None:
        """End after an error that nobody foresaw, with one line instead of a page of code."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        self._return_code = CRASHED
        self.panic(Text(crashes.told(error, common_state_folder())))

    def _ended(self, number: int) -> None:
        self._signal = number
        self.exit(return_code=128 + number)


def create_app(library: Library | None, where: Path, query: str = "", *, chooser: bool = False) -> BylineApp:
    """Return the app over `library`, or one that makes a library at `where`; not yet running."""
    return BylineApp(library, where, query, chooser=chooser)
