"""What the keys of the main screen do, as far as it needs no more than the parts that do it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.contracts import SORTS
from tui.screens.layout import Layout

if TYPE_CHECKING:
    from tui.screens.acting import Acting
    from tui.screens.answers import Answers
    from tui.screens.narrow import Narrowing
    from tui.screens.views import Views


class Actions(Layout):
    """A layout with the parts that answer, narrow, open views and act on articles."""

    answers: Answers
    narrowing: Narrowing
    views: Views
    acting: Acting

    # Going about

    def action_query(self) -> None:
        """Go to the query line."""
        self.set_focus(self.query_line)

    def action_find(self) -> None:
        """Go to the line in which to find something in the text."""
        self.find_line.begin(self.reader.sought)
        self.set_focus(self.find_line)

    def action_match(self, by: int) -> None:
        """Go `by` matches on in the article."""
        self.reader.step(by)

    def action_article(self, by: int) -> None:
        """Go `by` articles on, wherever the focus is."""
        self.results.select(self.results.cursor + by)

    # Another question

    def action_sort(self) -> None:
        """Sort by the next order."""
        at = SORTS.index(self.answers.question.sort)
        self.answers.change(replace(self.answers.question, sort=SORTS[(at + 1) % len(SORTS)]))

    def action_typos(self) -> None:
        """Turn typo tolerance off, or on again."""
        self.answers.change(replace(self.answers.question, typos=not self.answers.question.typos))

    def action_fold(self) -> None:
        """Show copies of a story apart, or folded again."""
        self.answers.change(replace(self.answers.question, fold=not self.answers.question.fold))

    def action_concordance(self) -> None:
        """Show every match with the words around it."""
        self.views.concordance()

    def action_like(self) -> None:
        """List articles like the selected one."""
        self.views.like()

    def action_saved(self) -> None:
        """List the saved searches."""
        self.views.saved()

    def action_copies(self) -> None:
        """Show the versions of the story."""
        self.views.versions()

    def action_as_typed(self) -> None:
        """Take back the first correction."""
        self.answers.take_back()

    def action_remedy(self) -> None:
        """Ask what finds something in place of what does not."""
        self.answers.remedy()

    def action_filter(self) -> None:
        """Choose filters by what the answer is made of."""
        self.narrowing.choose()

    def action_timeline(self) -> None:
        """Go to the timeline, or close it."""
        self.narrowing.timeline()

    def action_unfilter(self) -> None:
        """Take off what the last chip stands for."""
        self.narrowing.take_off()

    # Deeds

    def action_mark(self) -> None:
        """Mark the selected article, or take its mark off."""
        self.results.mark()
        self.refresh_bindings()

    def action_unmark(self) -> None:
        """Take all marks off."""
        self.results.unmark()
        self.refresh_bindings()

    def action_act(self, deed: str) -> None:
        """Do something with the articles: `deed` names a method of `Acting`."""
        getattr(self.acting, deed)()
