"""Indexing a folder while telling how far it is: the first run, and later when another folder is added."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, ProgressBar, Static

from index.errors import BylineError, RootProblem
from tui import keys
from tui.contracts import Collection, Progressing, Reporting, Services
from tui.facts import count
from tui.latest import Done
from tui.marking import plain
from tui.widgets.key_hints import KeyHints
from tui.widgets.query_line import QueryLine
from tui.widgets.understood import Understood

_NOTHING = "nothing means: look for changes in the folders known"
_EVERY = 0.1  # seconds between two looks at the progress: more often than this nobody sees


class FolderLine(QueryLine):
    """The field for the folder."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FOLDER]


class FirstRunScreen(Screen[Collection | None]):
    """Indexes a folder into the library at `where`, which it makes if there is none.

    The result is the library, once there are articles in it; None if the reader went back, which is
    possible only where a `library` was given. Then no folder means all that the library knows.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FIRST]
    AUTO_FOCUS = "#folder"

    folder = query_one("#folder", FolderLine)
    state = query_one("#state", Understood)
    bar = query_one("#bar", ProgressBar)

    class Progressed(Message):
        """Indexing has come on; a later one takes the place of an earlier."""

        def __init__(self, progress: Progressing) -> None:
            super().__init__()
            self.progress = progress

        def can_replace(self, message: Message) -> bool:
            """Let a later state take the place of one that nobody has seen yet."""
            return isinstance(message, FirstRunScreen.Progressed)

    def __init__(self, where: Path, services: Services, library: Collection | None = None) -> None:
        super().__init__()
        self.library = library
        self.where = where
        self._services = services
        self._stop = threading.Event()
        self._told = 0.0
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
        self.state.say("enter indexes it" if self.library is None else f"enter indexes it; {_NOTHING}")

    def on_unmount(self) -> None:
        """Stop indexing when the app ends meanwhile: what stood before stays."""
        self._stop.set()

    @on(Input.Submitted, "#folder")
    def _chosen(self, event: Input.Submitted) -> None:
        given = event.value.strip()
        if self.working or not (given or self.library):
            return
        self.working = True
        self._stop.clear()
        self.folder.disabled = True
        self.bar.display = True
        self.bar.update(total=None, progress=0)
        self.state.say("looking for articles")
        self.refresh_bindings()
        self.run_worker(partial(self._index, given), group="index", exclusive=True, thread=True)

    def _index(self, given: str) -> None:
        """Index the folder that was given, or all folders known; runs in a thread."""
        try:
            folders = [_folder(given)] if given else []
            library = self.library or self._services.create(self.where)
            report = library.update(folders, progress=self._progress, stop=self._stop)
            done = partial(self._indexed, library, report)
        except Exception as error:  # whatever it was, it becomes a message in the app
            done = partial(self._failed, error)
        self.post_message(Done(done))

    def _progress(self, progress: Any) -> None:
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            self.post_message(self.Progressed(progress))

    def on_done(self, event: Done) -> None:
        """Take back what the thread has finished."""
        event.settle()

    @on(Progressed)
    def _show_progress(self, event: FirstRunScreen.Progressed) -> None:
        now = event.progress
        if self.working:
            self.bar.update(total=now.bytes_total or None, progress=now.bytes_done)
            self.state.say(in_progress(now))

    def _indexed(self, library: Collection, report: Reporting) -> None:
        self._rest()
        if report.articles:
            self.dismiss(library)
            return
        reasons = sorted({str(skipped.reason) for skipped in report.skipped})
        skipped = (
            f": {count(len(report.skipped), 'file')} skipped ({', '.join(reasons[:3])})" if reasons else ""
        )
        self.state.fail(BylineError(f"no articles found there{skipped}"))

    def _failed(self, error: Exception) -> None:
        self._rest()
        if self._stop.is_set():
            self.state.say("stopped; enter begins again")
        else:
            self.state.fail(error)

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
            return self.library is not None and not self.working
        return True

    def action_stop(self) -> None:
        """Stop indexing; the library stays as it was."""
        self._stop.set()
        self.state.say("stopping")

    def action_leave(self) -> None:
        """Go back with nothing done."""
        self.dismiss(None)


def _folder(given: str) -> Path:
    """Return the path that was typed; raises `RootProblem` if there is nothing, before a library is made."""
    try:
        folder = Path(given).expanduser().absolute()
        there = folder.exists()
    except (OSError, RuntimeError):  # a name that no path or no home can have
        folder, there = Path(given), False
    if not there:
        raise RootProblem(folder, "there is no such folder")
    return folder


def in_progress(now: Progressing) -> str:
    """Return `1,204 of 21,578 files · 45,000 articles · 3.2 MB/s · 0:42 left`."""
    parts = [f"{now.files_done:,} of {count(now.files_total, 'file')}", count(now.articles, "article")]
    if now.seconds > 0 and now.bytes_done:
        rate = now.bytes_done / now.seconds
        left = round(max(0, now.bytes_total - now.bytes_done) / rate)
        parts += [f"{rate / 1e6:.1f} MB/s", f"{left // 60}:{left % 60:02} left"]
    return " · ".join(parts)
