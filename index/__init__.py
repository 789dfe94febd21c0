"""The writing side of byline, and the format on disk."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from index.deferred import defer

if TYPE_CHECKING:
    from index.article import Article, DateOrigin
    from index.errors import (
        BylineError,
        LibraryDamaged,
        LibraryLocked,
        LibraryMismatch,
        LibraryMissing,
        ReadProblem,
        RootProblem,
        UpdateStopped,
        UsageProblem,
    )
    from index.library import Library
    from index.report import Progress, Report, RootStatus, Skipped, Status
    from index.roots import Root

defer()  # before anything of Whoosh is loaded

__version__ = "0.1.0"

__all__ = [
    "Article",
    "BylineError",
    "DateOrigin",
    "Library",
    "LibraryDamaged",
    "LibraryLocked",
    "LibraryMismatch",
    "LibraryMissing",
    "Progress",
    "ReadProblem",
    "Report",
    "Root",
    "RootProblem",
    "RootStatus",
    "Skipped",
    "Status",
    "UpdateStopped",
    "UsageProblem",
]

_MODULES = {
    "index.article": ("Article", "DateOrigin"),
    "index.library": ("Library",),
    "index.report": ("Progress", "Report", "RootStatus", "Skipped", "Status"),
    "index.roots": ("Root",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and only that (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "index.errors")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
