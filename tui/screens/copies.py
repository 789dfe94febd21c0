"""The versions of a story: a list of them, and two of them with what they say otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip

from index.article import Article
from search.difference import Change
from search.terminal import one_line
from tui import keys
from tui.latest import Done, Latest
from tui.marking import Pieces, fit, plain
from tui.screens.chooser import Choice, Chooser
from tui.screens.leaving import Modal
from tui.versions import APART, Comparison, Row, Words, column, compare, rows
from tui.widgets.key_hints import KeyHints
from tui.widgets.pager import Pager
from tui.widgets.understood import in_words

Pair = tuple[Article, Article]
BESIDE = 76
"""Columns from which two versions stand side by side."""


class CopiesScreen(Chooser[Article]):
    """Lists the copies of an article; one that is chosen is compared with it, over the list.

    `compare` is called with the earlier and the later one.
    """

    def __init__(
        self, article: Article, found: Sequence[Article], compare: Callable[[Article, Article], None]
    ) -> None:
        others = [one for one in found if one.id != article.id]
        lines: list[Choice[Article]] = [Choice(None, _line(article) + "   is compared with:")]
        super().__init__("versions of the story", [*lines, *(Choice(one, _line(one)) for one in others)])
        self._article = article
        self._order = [one.id for one in found]
        self._compare = compare

    def picked(self, value: Article) -> None:
        """Compare, and stay."""
        both = sorted((self._article, value), key=lambda one: self._order.index(one.id))
        self._compare(*both)


def _line(article: Article) -> str:
    when = f"{article.date:%Y-%m-%d %H:%M}" if article.date else "no date"
    return f"{when:<16}  {one_line(article.title) or 'untitled'}  {one_line(article.id)}"


class VersionsText(Pager):
    """The lines of a comparison."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"version--text", "version--same", "version--old", "version--new"}
    BINDINGS: ClassVar[list[BindingType]] = [*keys.VERSIONS]

    def __init__(self) -> None:
        super().__init__()
        self.same = True
        self._found: Comparison | None = None
        self._rows: list[Row] = []

    def show(self, found: Comparison) -> None:
        """Show a comparison."""
        self._found = found
        self._set()

    def _set(self) -> None:
        if self._found is not None:
            self._rows = list(rows(self._found, self.content_width, beside=self.beside, same=self.same))
        self.show_lines(len(self._rows))

    def on_resize(self) -> None:
        """Fill the new width."""
        self._set()

    @property
    def beside(self) -> bool:
        """True if there is room for both versions side by side."""
        return self.app.size.width >= BESIDE

    def line(self, number: int, width: int) -> Strip:
        """Draw a line: the sign between the columns, or before the only one."""
        row = self._rows[number]
        base = self.style_of("version--text")
        if row.change is Change.SAME:
            base += self.accent_of("version--same")
        old, new = (base + self.accent_of(f"version--{which}") for which in ("old", "new"))
        if not self.beside:
            words = _pieces(row.left, base, old if row.old else new)
            return fit([Segment(f"{row.sign} ", base), *words], width, base)
        left = fit(_pieces(row.left, base, old), column(width, beside=True), base)
        sign = Segment(row.sign.center(APART), base)
        return fit([*left, sign, *_pieces(row.right, base, new)], width, base)

    def action_step(self, by: int) -> None:
        """Go to the next difference, or the one before."""
        places = [at for at, row in enumerate(self._rows) if row.first and row.change is not Change.SAME]
        top = self.scroll_offset.y
        beyond = [at for at in places if (at > top if by > 0 else at < top)]
        if beyond:
            self.jump(beyond[0] if by > 0 else beyond[-1])
        else:
            self.app.bell()

    def action_same(self) -> None:
        """Show the sentences that are the same too, or only what differs."""
        self.same = not self.same
        self._set()
        self.jump(0)

    def action_dismiss(self) -> None:
        """Close."""
        self.screen.dismiss()

    def action_command(self) -> None:
        """Copy the command line that prints what is shown."""
        screen = self.screen
        assert isinstance(screen, VersionsScreen)
        screen.copy_command()


def _pieces(words: Words, base: Style, look: Style) -> Pieces:
    """Return words with spaces between; a space between two marked words is marked too."""
    return list(_joined(words, base, look))


def _joined(words: Words, base: Style, look: Style) -> Iterator[Segment]:
    before = False
    for number, (word, marked) in enumerate(words):
        if number:
            yield Segment(" ", look if marked and before else base)
        yield Segment(word, look if marked else base)
        before = marked


class VersionsScreen(Modal[None]):
    """Compares `old` with `new` in a thread, and shows it; `command` copies the command line."""

    def __init__(self, old: Article, new: Article, command: Callable[[Article, Article], None]) -> None:
        super().__init__()
        self._old, self._new, self._command = old, new, command
        self._work: Latest[Pair, Comparison | None] = Latest(
            self, lambda both: compare(*both), self._show, self._failed
        )

    @property
    def settled(self) -> bool:
        """True if nothing is being compared."""
        return not self._work.busy

    @property
    def text(self) -> VersionsText:
        """The lines."""
        return self.query_one(VersionsText)

    def compose(self) -> ComposeResult:
        """A box with both versions, and the keys."""
        with Vertical(id="versions-box") as box:
            box.border_title = Content("versions")
            yield VersionsText()
        yield KeyHints()

    def on_mount(self) -> None:
        """Begin to compare."""
        self._work.ask((self._old, self._new))

    def on_done(self, event: Done) -> None:
        """Take back what the thread has finished."""
        event.settle()

    def _show(self, _both: Pair, found: Comparison | None) -> None:
        title = "these are too long to be compared here" if found is None else f"versions · {found.summary}"
        self.query_one("#versions-box").border_title = Content(title)
        if found is not None:
            self.text.show(found)

    def _failed(self, _both: Pair, error: Exception) -> None:
        self.query_one("#versions-box").border_title = plain(in_words(error))

    def copy_command(self) -> None:
        """Copy the command line that prints what is shown."""
        self._command(self._old, self._new)
