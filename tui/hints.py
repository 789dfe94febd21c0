"""What stands in the list when there is nothing to list."""

from __future__ import annotations

from search.results import Diagnosis, Remedy, RemedyKind
from search.terminal import one_line

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


def nothing_found(diagnosis: Diagnosis | None, *, typos: bool, filtered: bool, key: str) -> tuple[str, ...]:
    """Return the lines for an answer of nothing: why, and what would help; `key` tries the first remedy."""
    if filtered:
        return FILTERS_HINT
    if diagnosis is None:
        return NOTHING_HINT if typos else NO_TYPOS_HINT
    lines = ["Nothing found.", ""]
    if len(diagnosis.parts) > 1:
        lines += [f"{part.articles:>9,}  {one_line(part.text)}" for part in diagnosis.parts]
        lines.append("")
    for number, remedy in enumerate(remedies(diagnosis)):
        found = f"{remedy.articles:,} article{'' if remedy.articles == 1 else 's'}"
        lines.append(f"{key if not number else '':<3} {one_line(remedy.query)}  finds {found}")
    if not typos:
        lines.append(NO_TYPOS_HINT[-1])
    return tuple(lines) if len(lines) > 2 else NOTHING_HINT


def remedies(diagnosis: Diagnosis) -> tuple[Remedy, ...]:
    """Return the remedies that are another query."""
    kinds = (RemedyKind.CORRECT, RemedyKind.WIDEN, RemedyKind.DROP)
    return tuple(one for one in diagnosis.remedies if one.kind in kinds)
