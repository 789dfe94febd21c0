"""Asking while keys are being pressed: a quick stage at once, the full one after a pause.

The quick stage runs in a thread of which only the newest request counts, so that the list follows the
keys. The full stage, with typo tolerance, waits for a pause. Its answer takes the place of the quick one
unless the selection has moved since: a list that is being read is not shuffled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.timer import Timer
from textual.widget import Widget

from search.results import Results
from tui.contracts import Question
from tui.latest import Latest
from tui.session import PAGE, Ask, Session


class Asking:
    """The question of a screen, and what is shown of its answer.

    `answered` gets an answer that is to be shown, `paged` more hits of it, `failed` what went wrong; all
    on the main thread.
    """

    def __init__(
        self,
        owner: Widget,
        session: Session,
        pause: float,
        answered: Callable[[Ask, Results], None],
        paged: Callable[[Results], None],
        failed: Callable[[object, Exception], None],
    ) -> None:
        self.question = Question("")
        self.shown: Ask | None = None
        self.results: Results | None = None
        self._owner = owner
        self._pause = pause
        self._paged = paged
        self._timer: Timer | None = None
        self._asks: Latest[Ask, Results] = Latest(owner, session.answer, answered, failed)
        self._pages: Latest[Ask, Results] = Latest(owner, session.answer, self._page, failed, every=True)

    @property
    def settled(self) -> bool:
        """True if nothing is being asked or waited for."""
        return self._timer is None and not self._asks.busy and not self._pages.busy

    @property
    def is_answered(self) -> bool:
        """True if what is shown is the answer to the question as it stands."""
        return self.shown is not None and self.shown.question == self.question

    def typed(self, query: str, rows: int) -> None:
        """Ask for the first `rows` hits of `query` at once, and for all of it after the pause."""
        self.question = replace(self.question, query=query)
        self._stop_timer()
        self._asks.ask(Ask(self.question, limit=min(PAGE, rows), quick=True))
        self._timer = self._owner.set_timer(self._pause, self.fully)

    def fully(self) -> None:
        """Ask the question as it stands, now, with everything."""
        self._stop_timer()
        if not self.question.is_blank:
            self._asks.ask(Ask(self.question))

    def again(self) -> None:
        """Ask the question as it stands of a library that has changed."""
        self.shown = None
        self.fully()

    def rest(self) -> None:
        """Wait for the full stage no longer: what is shown is read."""
        self._stop_timer()

    def forget(self) -> None:
        """Want no answer any more."""
        self._stop_timer()
        self._asks.drop()
        self._pages.drop()
        self.shown = self.results = None

    def page(self, start: int, end: int) -> None:
        """Ask for the hits from `start` to `end` of what is shown."""
        if self.shown is not None:
            self._pages.ask(replace(self.shown, offset=start, limit=end - start))

    def show(self, ask: Ask, results: Results) -> None:
        """Take `results` for what is shown from now on."""
        self.shown, self.results = ask, results
        self._pages.drop()

    def _page(self, ask: Ask, results: Results) -> None:
        shown = self.shown
        if shown is not None and ask.question == shown.question and ask.quick == shown.quick:
            self._paged(results)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
