"""A part of Whoosh that is loaded only when somebody uses it.

`whoosh.query` takes one function from `whoosh.lang.morph_en`, whose patterns take as long to compile as two
dozen queries to answer. byline never calls it; other users of Whoosh in the same process find it as ever.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_NAME = "whoosh.lang.morph_en"


def defer() -> None:
    """Have the module loaded at its first use, unless it is loaded by now."""
    if _NAME not in sys.modules:
        sys.modules[_NAME] = _Deferred(_NAME)


class _Deferred(ModuleType):
    """Stands in for the module until it is used."""

    @staticmethod
    def variations(word: str) -> Any:
        """Return what the function of this name returns."""
        return _loaded().variations(word)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # asked for by the import system
            raise AttributeError(name)
        return getattr(_loaded(), name)


def _loaded() -> ModuleType:
    if isinstance(sys.modules.get(_NAME), _Deferred):
        del sys.modules[_NAME]
    return import_module(_NAME)
