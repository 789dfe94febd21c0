"""What the leaves of queries have found out of one generation, for the next query: people type on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.analysis import Analyzer
from index.reading import LibraryReader
from search.filters import Having
from search.nodes import Fact

if TYPE_CHECKING:
    from index.facts import Facts
    from search.expansions import AnyForm
    from search.misspelt import Neighbour
    from search.near import Near

#: Patterns, conditions and words with typos that are kept; all of a kind go when there are more.
_MOST = 32


class Known:
    """Keeps columns, patterns and near words; safe to use from several threads, which may do work twice."""

    def __init__(self) -> None:
        self._facts: Facts | None = None
        self._forms: dict[tuple[str, str, int], AnyForm] = {}
        self._having: dict[tuple[str, str, bool, bool], Having] = {}
        self._near: dict[tuple[str, int], tuple[list[Neighbour], int]] = {}
        self._together: dict[tuple[str, tuple[tuple[str, str], ...], int], Near] = {}

    def having(self, reader: LibraryReader, analyzer: Analyzer, node: Fact) -> Having:
        """Return the condition that a source, an author, a path or an id be as the query says."""
        key = (node.field, node.text, node.exact, node.quoted)
        known = self._having.get(key)
        if known is None:
            from index.facts import Facts
            from search.values import fits

            if self._facts is None:
                self._facts = Facts(reader)
            if len(self._having) >= _MOST:
                self._having = {}
            known = Having(self._facts.column(node.field), fits(node, analyzer))
            self._having[key] = known
        return known

    def any_form(self, reader: LibraryReader, field: str, pattern: str, most: int) -> AnyForm | None:
        """Return the query of all forms that look like a pattern, for `most` work; None if it needs more.

        `field` is as in a query: "" for the whole article, `title`, or `text` for its body.
        """
        for limit in (0, most):  # kept without a limit if none was reached
            known = self._forms.get((field, pattern, limit))
            if known is not None and known.work <= most:
                return known
        from index.patterns import forms_like
        from search.expansions import AnyForm

        own = forms_like(reader, "title" if field == "title" else "text", pattern, most)
        less = forms_like(reader, "title", pattern, most) if field == "text" else None
        if own.count < 0 or (less is not None and less.count < 0):
            return None
        made = AnyForm(own, less)
        if len(self._forms) >= _MOST:
            self._forms = {}
        self._forms[field, pattern, 0 if made.is_whole else most] = made
        return made

    def near(self, field: str, words: tuple[tuple[str, str], ...], within: int) -> Near:
        """Return the query of words near each other, which keeps what it found."""
        from search.near import Near

        known = self._together.get((field, words, within))
        if known is None:
            if len(self._together) >= _MOST:
                self._together = {}
            known = self._together[field, words, within] = Near(field, words, within)
        return known

    def neighbours(
        self, reader: LibraryReader, analyzer: Analyzer, form: str, edits: int
    ) -> tuple[list[Neighbour], int]:
        """Return the stems near a form, and how many there are; none for no edits."""
        if not edits:
            return [], 0
        known = self._near.get((form, edits))
        if known is None:
            from search.misspelt import neighbours

            if len(self._near) >= _MOST:
                self._near = {}
            known = self._near[form, edits] = neighbours(reader, analyzer, form, edits)
        return known
