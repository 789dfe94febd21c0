"""The help: the keys of the part that has the focus first, then all others, and the language of queries."""

from __future__ import annotations

from collections.abc import Mapping

from search.results import MatchKind
from tui import keys
from tui.marking import MARK_CLASSES
from tui.screens.page import HEAD, KEY, TEXT, Page, Row

LANGUAGE = (
    ("trade talks", "articles with both words, in any of their forms"),
    ('"trade talks"', "the words as a phrase"),
    ("talks OR summit", "either word"),
    ("talks -trade", "without a word; NOT does the same"),
    ("(grain OR wheat) export", "brackets group"),
    ("title:grain", "in the title only"),
    ("stabil*", "words that begin so"),
    ("=color", "the word as written"),
)
KINDS = {
    MatchKind.EXACT: "the word as typed",
    MatchKind.STEM: "another form of it",
    MatchKind.SPELLING: "another spelling",
    MatchKind.PREFIX: "a word that begins so",
    MatchKind.TYPO: "a correction",
}


class HelpScreen(Page):
    """The help; `focused` is the title of the place whose keys come first, `keymap` the reader's own keys."""

    def __init__(self, focused: str = "", keymap: Mapping[str, str] | None = None) -> None:
        super().__init__("byline · help", help_rows(focused, keymap or {}))


def help_rows(focused: str, keymap: Mapping[str, str]) -> list[Row]:
    """Return the lines of the help."""
    out: list[Row] = []
    for place in sorted(keys.PLACES, key=lambda place: place.title != focused):
        out.append((place.title, "", HEAD))
        out += ((keys.key_names(key, keymap), key.tooltip, KEY) for key in place.bindings)
        out.append(("", "", TEXT))
    out.append(("What can be asked", "", HEAD))
    out += ((left, right, KEY) for left, right in LANGUAGE)
    out += [("", "", TEXT), ("How matches are marked", "", HEAD)]
    out += ((kind.value, KINDS[kind], MARK_CLASSES[kind]) for kind in MatchKind)
    return out
