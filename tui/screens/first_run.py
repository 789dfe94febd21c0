"""The first run: asks for a folder, and makes a library of it while telling how far it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, ProgressBar, Static

from index.errors import BylineError
from tui import keys
from tui.contracts import Collection, Reporting, Services
from tui.indexing import Finished, Indexing, Progressed, in_progress, skipped_reasons
from tui.marking import plain
from tui.screens.leaving import LeftOnce
from tui.widgets.key_hints import KeyHints
from tui.widgets.query_line import QueryLine
from tui.widgets.understood import Understood


class FolderLine(QueryLine):
    """The field for the folder."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FOLDER]


class FirstRunScreen(LeftOnce[Collection | None]):
    """Indexes a folder into the library at `where`, which it makes if there is none.

    The result is the library, once there are articles in it; None if the reader went back, which is
    possible only with `may_leave`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FIRST]
    AUTO_FOCUS = "#folder"

    folder = query_one("#folder", FolderLine)
    state = query_one("#state", Understood)
    bar = query_one("#bar", ProgressBar)

    def __init__(self, where: Path, services: Services, *, may_leave: bool = False) -> None:
        super().__init__()
        self.where = where
        self.may_leave = may_leave
        self._services = services
        self._indexing = Indexing(self)
        self.working = False

    def compose(self) -> ComposeResult:
        """A quiet box in the middle: what this is, the question, the state."""
        with Center(id="first"), Vertical(id="first-box") as box:
            box.border_title = Content("byline")
            yield Static("Which folder holds your articles?", id="first-question", markup=False)
            yield FolderLine(placeholder="a folder, such as ~/articles", id="folder")
            yield ProgressBar(id="bar", show_eta=False)
            yield Understood(id="state")
            yield Static(
                plain(f"The index is made at {self.where}; your files stay as they are."), id="first-where"
            )
            yield Static("Read: .txt .md .jsonl .html, and each as .gz", id="first-formats", markup=False)
        yield KeyHints()

    def on_mount(self) -> None:
        """Wait for a folder."""
        self.bar.display = False
        self.state.say("enter indexes it")

    def on_unmount(self) -> None:
        """Stop indexing when the app ends meanwhile: what stood before stays."""
        self._indexing.stop()

    @on(Input.Submitted, "#folder")
    def _chosen(self, event: Input.Submitted) -> None:
        given = event.value.strip()
        if self.working or not given:
            return
        self.working = True
        self.folder.disabled = True
        self.bar.display = True
        self.bar.update(total=None, progress=0)
        self.state.say("looking for articles")
        self.refresh_bindings()
        self._indexing.start(partial(self._services.create, self.where), [given])

    @on(Progressed)
    def _show_progress(self, event: Progressed) -> None:
        event.stop()
        now = event.progress
        if self.working and not self._indexing.stopping:
            self.bar.update(total=now.bytes_total or None, progress=now.bytes_done)
            self.state.say(in_progress(now))

    @on(Finished)
    def _finished(self, event: Finished) -> None:
        event.stop()
        self._rest()
        if event.error is not None:
            self.state.fail(event.error)
        elif event.report is None or event.library is None:
            self.state.say("stopped; enter begins again")
        else:
            self._indexed(event.library, event.report)

    def _indexed(self, library: Collection, report: Reporting) -> None:
        if report.articles:
            self.dismiss(library)
        else:
            self.state.fail(BylineError(f"no articles found there{skipped_reasons(report)}"))

    def _rest(self) -> None:
        self.working = False
        self.bar.display = False
        self.folder.disabled = False
        self.set_focus(self.folder)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop what runs; go back only where there is a way."""
        if action == "stop":
            return self.working
        if action == "leave":
            return self.may_leave and not self.working
        return True

    def action_stop(self) -> None:
        """Stop indexing; the library stays as it was."""
        self._indexing.stop()
        self.state.say("stopping")

    def action_leave(self) -> None:
        """Go back with nothing done."""
        self.dismiss(None)
