"""The reading side of byline, free of any screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.comparison import ChangedWord, Comparison, Trend
    from search.concordance import Line, LineOrder
    from search.difference import Change, Difference
    from search.facets import Facet, Facets
    from search.found import Found
    from search.keyness import TypicalWord
    from search.results import (
        Correction,
        Diagnosis,
        Hit,
        MatchKind,
        Note,
        Passage,
        Reason,
        ReasonKind,
        Results,
        Span,
    )
    from search.saved import SavedProblem, SavedSearch, SavedSearches
    from search.searcher import Ranked, Searcher
    from search.timeline import Period, Step, Timeline

__all__ = [
    "Change",
    "ChangedWord",
    "Comparison",
    "Correction",
    "Diagnosis",
    "Difference",
    "Facet",
    "Facets",
    "Found",
    "Hit",
    "Line",
    "LineOrder",
    "MatchKind",
    "Note",
    "Passage",
    "Period",
    "Ranked",
    "Reason",
    "ReasonKind",
    "Results",
    "SavedProblem",
    "SavedSearch",
    "SavedSearches",
    "Searcher",
    "Span",
    "Step",
    "Timeline",
    "Trend",
    "TypicalWord",
]

_MODULES = {
    "search.comparison": (
        "ChangedWord",
        "Comparison",
        "Trend",
    ),
    "search.concordance": (
        "Line",
        "LineOrder",
    ),
    "search.difference": (
        "Change",
        "Difference",
    ),
    "search.facets": (
        "Facet",
        "Facets",
    ),
    "search.found": ("Found",),
    "search.keyness": ("TypicalWord",),
    "search.results": (
        "Correction",
        "Diagnosis",
        "Hit",
        "MatchKind",
        "Note",
        "Passage",
        "Reason",
        "ReasonKind",
        "Results",
        "Span",
    ),
    "search.saved": (
        "SavedProblem",
        "SavedSearch",
        "SavedSearches",
    ),
    "search.searcher": (
        "Ranked",
        "Searcher",
    ),
    "search.timeline": (
        "Period",
        "Step",
        "Timeline",
    ),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only that (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
