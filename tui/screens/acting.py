"""Acting on articles from the main screen: copying, writing, exporting, opening in other programs.

What is marked is acted on; without marks, what is selected (an export: all that was found).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from index.article import Article
from index.errors import BylineError
from search.results import Hit
from search.terminal import visible
from tui import acting, outside, reach
from tui.facts import count
from tui.latest import Done
from tui.widgets.understood import in_words

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

_COPIES = (("p", "path"), ("c", "citation"), ("t", "text"), ("m", "passage"))
_SHOWING_LINES = ("less", "more", "most", "vim", "nvim", "view")


class Acting:
    """The deeds of a main screen."""

    def __init__(self, screen: MainScreen) -> None:
        self._screen = screen
        self.busy = False

    @property
    def hits(self) -> list[Hit]:
        """What is acted on."""
        results = self._screen.results
        return [*results.marked.values()] or ([results.hit] if results.hit is not None else [])

    def copy(self) -> None:
        """Ask what to copy, and copy it."""
        hits = self.hits
        if hits:
            marked = f" of {len(hits):,} marked" if self._screen.results.marked else ""
            self._menu(f"copy{marked}", _COPIES, partial(self._copied, hits))

    def _copied(self, hits: Sequence[Hit], key: str | None) -> None:
        articles = [hit.article for hit in hits]
        made: dict[str, Callable[[], str]] = {
            "p": lambda: visible(acting.paths(articles)),
            "c": lambda: "\n".join(map(acting.citation, articles)),
            "t": lambda: "\n".join(map(acting.full_text, articles)),
            "m": lambda: "\n".join(map(acting.passage, hits)),
        }
        if key is not None:
            self.put(made[key](), dict(_COPIES)[key])

    def put(self, text: str, what: str) -> None:
        """Send `text` to the clipboard, and say what is known of it."""
        if len(text) > outside.LONGEST_COPY:
            self.say(f"{what}: too long for a clipboard; Y and x write files", error=True)
            return
        self._screen.app.copy_to_clipboard(text.encode("utf-8", "replace").decode("utf-8"))
        if outside.in_tmux():
            self._do(partial(outside.copy_in_tmux, text), partial(self._in_tmux, what))
        else:
            self.say(f"{what} sent to the terminal's clipboard; some terminals do not take it")

    def _in_tmux(self, what: str, taken: bool) -> None:
        if taken:
            self.say(f"{what} is in tmux's buffer; sent on to the terminal's clipboard")
        else:
            self.say(f"{what} sent to the terminal; tmux did not take it itself", error=True)

    def command(self) -> None:
        """Copy the command line that lists what the screen lists, and show it."""
        screen, library = self._screen, self._screen.session.library.path
        if screen.question.is_blank:
            return
        if screen.focused is screen.timeline and screen.timeline.bars is not None:
            self.put_command(acting.timeline_command(library, screen.question, screen.timeline.bars))
        else:
            self.put_command(acting.command_line(library, screen.question))

    def put_command(self, line: str) -> None:
        """Copy a command line, and show it."""
        self.put(line, f"$ {line}\n\nThe command line")

    def write(self) -> None:
        """Write the articles to a file of plain text."""
        if self._off("writing files"):
            return
        hits = self.hits
        if hits:
            name = acting.file_name(hits[0].article.title, "txt")
            self._ask_where(f"write {count(len(hits), 'article')} to", name, lambda: _texts(hits))

    def export(self) -> None:
        """Write what is marked, or all that was found, as data."""
        if self._off("writing files"):
            return
        screen = self._screen
        marked = [*screen.results.marked.values()]
        total = len(marked) or screen.results.total
        if total:
            what = f"export {total:,} {'marked' if marked else 'found'} as"
            self._menu(what, acting.FORMATS, partial(self._export_as, marked))

    def _export_as(self, marked: list[Hit], key: str | None) -> None:
        if key is None:
            return
        form, screen = dict(acting.FORMATS)[key], self._screen
        question = screen.question
        name = acting.file_name(question.query, acting.ending(form))

        def pieces() -> Iterable[str]:
            search = screen.session.search()
            told = search.answer(question, 0, 0)
            if marked:
                return acting.exported(replace(told, total=len(marked), stories=None), marked, form)
            return acting.exported(told, search.every(question), form)

        self._ask_where(f"write {form} to", name, pieces)

    def _ask_where(self, question: str, name: str, pieces: Callable[[], Iterable[str]]) -> None:
        from tui.screens.menu import Prompt  # not at the top, as all that few open

        done = partial(self._write_there, pieces, replace=False)
        self._screen.app.push_screen(Prompt(question, name), done)

    def _write_there(self, pieces: Callable[[], Iterable[str]], where: str | None, *, replace: bool) -> None:
        if where is None:
            return

        def work() -> tuple[Path, int] | outside.FileIsThere:
            try:
                return outside.write_file(where, pieces(), replace=replace)
            except outside.FileIsThere as there:
                return there

        def replaced(key: str | None) -> None:
            self._write_there(pieces, where if key else None, replace=True)

        def done(written: tuple[Path, int] | outside.FileIsThere) -> None:
            if isinstance(written, outside.FileIsThere):
                self._menu(written.message, [("y", "replace it")], replaced)
            else:
                self.say(f"written: {written[0]}")

        self._do(work, done)

    def pager(self) -> None:
        """Show the article in the pager, at the current match."""
        if self._off("opening programs"):
            return
        hit, reader = self._screen.results.hit, self._screen.reader
        if hit is None:
            return
        text = acting.full_text(hit.article)
        before = len(text) - len(hit.article.text) - 1
        line = text.count("\n", 0, before + reader.offset_in_text) + 1

        def use(command: list[str], path: Path) -> None:
            at = [f"+{line}"] if Path(command[0]).name in _SHOWING_LINES and line > 1 else []
            outside.run([*command, *at, str(path)])

        self._outside(lambda: outside.with_copy(text, "article.txt", partial(use, outside.pager())))

    def editor(self) -> None:
        """Open the article's file in the editor, at the line of the current match."""
        if self._off("opening programs"):
            return
        hit, reader = self._screen.results.hit, self._screen.reader
        if hit is None:
            return
        article = hit.article
        if not outside.is_plain(article):
            text = acting.full_text(article)
            self._outside(
                lambda: outside.with_copy(
                    text, "copy.txt", lambda path: outside.run([*outside.editor(), str(path)])
                )
            )
            self.say("that was a copy: the file itself is packed")
            return
        self._do(partial(outside.line_in_file, article, reader.offset_in_text), partial(self._edit, article))

    def _edit(self, article: Article, line: int) -> None:
        self._outside(lambda: outside.run(outside.at_line(outside.editor(), Path(article.path), line)))

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message that goes away by itself."""
        severity = "error" if error else "information"
        self._screen.app.notify(visible(text), severity=severity, markup=False)  # type: ignore[arg-type]

    def _off(self, what: str) -> bool:
        """Tell whether `what` is not to be done here, and say so."""
        try:
            reach.check(what)
        except BylineError as error:
            self.say(in_words(error), error=True)
            return True
        return False

    def _outside(self, use: Callable[[], None]) -> None:
        """Leave the terminal to another program for as long as it runs."""
        try:
            with self._screen.app.suspend():
                use()
        except SuspendNotSupported:
            self.say("no other program can be opened here", error=True)
        except (BylineError, OSError) as error:
            self.say(in_words(error), error=True)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        """Do `work` in a thread, then `done` with what it returned; what went wrong becomes a message."""

        def run() -> None:
            try:
                settle: Callable[[], None] = partial(done, work())
            except Exception as error:  # whatever it was, it becomes a message in the app
                settle = partial(self.say, in_words(error), error=True)
            self._screen.post_message(Done(partial(self._settle, settle)))

        self.busy = True
        self._screen.run_worker(run, group="deed", thread=True)

    def _settle(self, settle: Callable[[], None]) -> None:
        self.busy = False
        settle()

    def _menu(
        self, what: str, choices: Sequence[tuple[str, str]], done: Callable[[str | None], None]
    ) -> None:
        from tui.screens.menu import Menu

        self._screen.app.push_screen(Menu(what, choices), done)


def _texts(hits: Sequence[Hit]) -> Iterable[str]:
    for number, hit in enumerate(hits):
        yield ("\n" + "─" * 40 + "\n\n" if number else "") + acting.full_text(hit.article)
