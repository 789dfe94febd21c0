"""The reading side of byline, free of any screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.comparison import ChangedWord, Comparison, Trend
    from search.concordance import Line, LineOrder
    from search.difference import Change, Difference
    from search.explanation import Explanation
    from search.facets import Facet, Facets
    from search.found import Found
    from search.judging import Judged
    from search.keyness import TypicalWord
    from search.moments import Days
    from search.plan import Plan
    from search.results import (
        Correction,
        Diagnosis,
        Hit,
        MatchKind,
        Note,
        Passage,
        Reason,
        ReasonKind,
        Remedy,
        Results,
        Span,
    )
    from search.saved import SavedProblem, SavedSearch, SavedSearches
    from search.searcher import Ranked, Searcher
    from search.timeline import Period, Step, Timeline
    from search.vocabulary import WordCount

__all__ = [
    "Change",
    "ChangedWord",
    "Comparison",
    "Correction",
    "Days",
    "Diagnosis",
    "Difference",
    "Explanation",
    "Facet",
    "Facets",
    "Found",
    "Hit",
    "Judged",
    "Line",
    "LineOrder",
    "MatchKind",
    "Note",
    "Passage",
    "Period",
    "Plan",
    "Ranked",
    "Reason",
    "ReasonKind",
    "Remedy",
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
    "WordCount",
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
    "search.explanation": ("Explanation",),
    "search.facets": (
        "Facet",
        "Facets",
    ),
    "search.found": ("Found",),
    "search.judging": ("Judged",),
    "search.keyness": ("TypicalWord",),
    "search.moments": ("Days",),
    "search.plan": ("Plan",),
    "search.results": (
        "Correction",
        "Diagnosis",
        "Hit",
        "MatchKind",
        "Note",
        "Passage",
        "Reason",
        "ReasonKind",
        "Remedy",
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
    "search.vocabulary": ("WordCount",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only that (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
