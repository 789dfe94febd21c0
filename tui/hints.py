"""What stands in the list when there is nothing to list."""

from __future__ import annotations

START_HINT = (
    "Type to search.",
    "",
    "coalition forces   both words",
    '"enduring defeat"  a phrase',
    "talks -trade       without a word",
    "title:grain        in the title",
    "stabil*            how words begin",
    "",
    "F1 shows all keys.",
)
NOTHING_HINT = ("Nothing found.", "", "Fewer or other words may help.")
FILTERS_HINT = (*NOTHING_HINT, "Filters are on: esc esc takes them all off, F4 changes them.")
NO_TYPOS_HINT = (*NOTHING_HINT, "Typo tolerance is off: F2 turns it on.")
