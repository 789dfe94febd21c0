"""The reading side of byline, free of any screen."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.results import Correction, Hit, MatchKind, Note, Passage, Reason, ReasonKind, Results, Span
    from search.searcher import Searcher

__all__ = [
    "Correction",
    "Hit",
    "MatchKind",
    "Note",
    "Passage",
    "Reason",
    "ReasonKind",
    "Results",
    "Searcher",
    "Span",
]


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only that (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("search.searcher" if name == "Searcher" else "search.results"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
