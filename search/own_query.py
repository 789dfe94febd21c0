"""Kinds of query nodes that byline adds to Whoosh's: each answers itself, from an evaluator's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import query as wq

if TYPE_CHECKING:
    from search.evaluate import Evaluator
    from search.matches import Matches


class OwnQuery(wq.Query):  # type: ignore[misc,unused-ignore]
    """A node that Whoosh's matchers know nothing of; `boost` multiplies its scores."""

    def __init__(self, boost: float = 1.0) -> None:
        self.boost = boost

    def found(self, evaluator: Evaluator) -> Matches:
        """Return the living articles that the node matches, with their scores."""
        raise NotImplementedError(type(self).__name__)
