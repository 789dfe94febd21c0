"""Narrowing what a main screen lists: filters, chosen by what the answer is made of, and their chips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.contracts import Question
from tui.filters import Filter
from tui.latest import Latest
from tui.narrowing import chips, without_chip, without_chips
from tui.session import Session

if TYPE_CHECKING:
    from search.facets import Facets
    from search.timeline import Timeline
    from tui.screens.filters import FilterScreen
    from tui.screens.main import MainScreen


class Narrowing:
    """Puts filters on the question of `screen`, and takes them off."""

    def __init__(self, screen: MainScreen, session: Session) -> None:
        self._screen = screen
        self._open: FilterScreen | None = None
        self._facets: Latest[Question, Facets] = Latest(
            screen, session.facets, self._counted, screen.answers.fail
        )

        self._days: Latest[Question, Timeline] = Latest(
            screen, session.days, self._dated, screen.answers.fail
        )

    @property
    def settled(self) -> bool:
        """True if nothing is being counted."""
        return not self._facets.busy and not self._days.busy

    @property
    def any(self) -> bool:
        """True if there is anything to take off."""
        return bool(chips(self._screen.question))

    def choose(self) -> None:
        """Choose filters by what the answer is made of."""
        if self._screen.question.is_blank:
            self._screen.acting.say("search first: filters narrow what was found")
            return
        from tui.screens.filters import FilterScreen  # not at the top, as all that few open

        self._open = FilterScreen(self.toggle)
        self._screen.app.push_screen(self._open)
        self._facets.ask(self._screen.question)

    def toggle(self, filter: Filter) -> None:
        """Put a filter on, or take it off."""
        question = self._screen.question
        there = filter in question.filters
        filters = (one for one in question.filters if one != filter) if there else (*question.filters, filter)
        self._screen.answers.change(replace(question, filters=tuple(filters)))

    def take_off(self, number: int = -1) -> None:
        """Take off what the chip `number` stands for; -1 is the last."""
        if self._screen.question.like:
            self._screen.answers.back()
            return
        self._screen.answers.change(without_chip(self._screen.question, number))

    def take_all_off(self) -> None:
        """Ask for the words alone; of a list of like articles, go back to what was before."""
        if self._screen.question.like:
            self._screen.answers.back()
            return
        self._screen.answers.change(without_chips(self._screen.question))

    def follow(self) -> None:
        """Count again for a question that has changed, if the counts are in sight."""
        if self._screen.app.screen is self._open:
            self._facets.ask(self._screen.question)
        question = self._screen.question
        if self._screen.timeline.display and not question.is_blank and not question.like:
            self._days.ask(question.without("date"))

    # Dates

    def timeline(self) -> None:
        """Open the timeline and go there; close it if that is where the focus is."""
        screen = self._screen
        if screen.focused is screen.timeline:
            self.close_timeline()
        elif screen.question.is_blank:
            screen.acting.say("search first: the timeline shows when what was found appeared")
        else:
            screen.timeline.open()
            self.follow()
            screen.set_focus(screen.timeline)
            screen.refresh_bindings()

    def close_timeline(self) -> None:
        """Close the timeline and go to the list."""
        self._days.drop()
        self._screen.timeline.close()
        self._screen.to_list()
        self._screen.refresh_bindings()

    def to_dates(self, value: str) -> None:
        """Narrow the answer to a range of dates, in place of those it was narrowed to."""
        question = self._screen.question.without("date")
        filters = (*question.filters, Filter("date", value))
        self._screen.answers.change(replace(question, filters=filters))

    def _dated(self, _question: Question, found: Timeline) -> None:
        dates = [one.value for one in self._screen.question.filters if one.field == "date"]
        self._screen.timeline.show(found, dates[0] if len(dates) == 1 else "")

    # Counts

    def _counted(self, _question: Question, found: Facets) -> None:
        if self._open is not None and self._screen.app.screen is self._open:
            self._open.facets(found, self._screen.question.filters)
