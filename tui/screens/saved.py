"""The saved searches: a list with counts and what is new; one can be run, kept or forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from search.saved import SavedSearch
from search.terminal import one_line
from tui import keys
from tui.contracts import Question
from tui.facts import count
from tui.latest import Done, Latest
from tui.saved import Kept, question_of, saved_of
from tui.screens.chooser import Choice, Chooser
from tui.screens.menu import Menu, Prompt
from tui.session import Session
from tui.widgets.understood import in_words

NEW = ""
"""What stands for the line that keeps the question of the moment: no search has this name."""
_LONGEST_NAME = 60

Say = Callable[[str], None]
Run = Callable[[Question, frozenset[str]], None]
Deed = Callable[[], Callable[[], None]]
"""What is done in a thread; it returns what is done with the outcome."""


class SavedScreen(Chooser[str]):
    """Lists the saved searches of a library; `question` is what can be kept, None if there is nothing.

    `run` is called with the question of the one that is chosen and the ids that are new for it, `say`
    shows a message.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SAVED]

    def __init__(self, session: Session, question: Question | None, run: Run, say: Say) -> None:
        super().__init__("saved searches", [], "type to narrow")
        self._session, self._question = session, question
        self._run, self._say = run, say
        self._kept: dict[str, SavedSearch] = {}
        self._listed = False
        self._lists: Latest[bool, Sequence[Kept]] = Latest(
            self, lambda _: session.saved(), self._show, self._failed
        )
        self._deeds: Latest[Deed, Callable[[], None]] = Latest(
            self, lambda deed: deed(), lambda _deed, done: done(), self._failed
        )

    @property
    def settled(self) -> bool:
        """True if nothing is being counted or kept."""
        return not self._lists.busy and not self._deeds.busy

    def on_mount(self) -> None:
        """Count."""
        self.show([Choice(None, "counting …")])
        self._lists.ask(True)

    def on_done(self, event: Done) -> None:
        """Take back what a thread has finished."""
        event.settle()

    def _show(self, _asked: bool, found: Sequence[Kept]) -> None:
        self._listed = True
        self._kept = {one.saved.name: one.saved for one in found}
        width = max((len(one_line(name)) for name in self._kept), default=0)
        lines = [
            Choice(
                one.saved.name,
                f"{one_line(one.saved.name):<{min(width, 24)}}  {one_line(question_of(one.saved).query)}",
                f" {f'{one.new:,} new of ' if one.new else ''}{one.articles:,}",
            )
            for one in found
        ]
        if self._question is not None:
            lines.append(Choice(NEW, f"+ save this search: {one_line(self._question.asked)}"))
        if not lines:
            lines.append(Choice(None, "none yet: search for something, then come here to save it"))
        self.show(lines)

    def _failed(self, _request: object, error: Exception) -> None:
        self._say(in_words(error))
        if not self._listed:
            self._show(True, ())

    def picked(self, value: str) -> None:
        """Run a search; or keep the question of the moment."""
        if value == NEW:
            self.action_save()
            return
        saved = self._kept[value]

        def deed() -> Callable[[], None]:
            return partial(self._ran, question_of(saved), self._session.look(saved))

        self._deeds.ask(deed)

    def _ran(self, question: Question, new: frozenset[str]) -> None:
        self.dismiss(None)
        self._run(question, new)

    def action_save(self) -> None:
        """Ask for a name, and keep the question of the moment."""
        if self._question is not None:
            name = one_line(self._question.asked).strip()[:_LONGEST_NAME]
            self.app.push_screen(Prompt("save as", name), self._save)

    def _save(self, name: str | None, *, over: bool = False) -> None:
        if name is None or self._question is None:
            return
        saved = saved_of(name, self._question)

        def deed() -> Callable[[], None]:
            if not over and name in self._kept:
                return partial(self._ask_over, name)
            return partial(self._saved, name, self._session.save(saved, over=over))

        self._deeds.ask(deed)

    def _ask_over(self, name: str) -> None:
        menu = Menu(f"there is a saved search {one_line(name)}", [("y", "replace it")])
        self.app.push_screen(menu, lambda key: self._save(name if key else None, over=True))

    def _saved(self, name: str, articles: int) -> None:
        self._say(f"saved {one_line(name)}: {count(articles, 'article')} now")
        self._lists.ask(True)

    def action_forget(self) -> None:
        """Forget the search that is selected, if that is really meant."""
        chosen = self.options.chosen
        name = chosen.value if chosen is not None else None
        if name:
            menu = Menu(f"forget {one_line(name)}", [("y", "yes"), ("esc", "no")])
            self.app.push_screen(menu, lambda key: self._forget(name) if key == "y" else None)

    def _forget(self, name: str) -> None:
        def deed() -> Callable[[], None]:
            self._session.forget(name)
            return partial(self._lists.ask, True)

        self._deeds.ask(deed)
