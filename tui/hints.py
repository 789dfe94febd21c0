"""What stands in the list when there is nothing to list."""

from __future__ import annotations

from dataclasses import replace

from search.results import Diagnosis, Remedy, RemedyKind
from search.terminal import one_line
from tui.contracts import Question

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
NO_LIKE_HINT = ("No article is like this one.", "", "esc goes back.")
FILTERS_HINT = "Filters are on: esc esc takes them all off, F4 changes them."
NO_TYPOS_HINT = "Typo tolerance is off: F2 turns it on."


def nothing_found(diagnosis: Diagnosis | None, question: Question, key: str) -> tuple[str, ...]:
    """Return the lines for an answer of nothing: why, and what would help; `key` tries it."""
    if question.like:
        return NO_LIKE_HINT
    told = [FILTERS_HINT] if question.filters else []
    told += [] if question.typos else [NO_TYPOS_HINT]
    offers = [offer(remedy, question) for remedy in diagnosis.remedies] if diagnosis is not None else []
    if diagnosis is None or not (diagnosis.parts or offers):
        return (*(NOTHING_HINT[:2] if told else NOTHING_HINT), *told)
    lines = list(NOTHING_HINT[:2])
    if len(diagnosis.parts) > 1:
        lines += [f"{part.articles:>9,}  {one_line(part.text)}" for part in diagnosis.parts]
        lines.append("")
    lines += [f"{'' if number else key:<3} {line}" for number, line in enumerate(offers)]
    return (*lines, *told)


def offer(remedy: Remedy, question: Question) -> str:
    """Return what a remedy changes, and what is found then, in one line."""
    what = one_line(remedy.change if remedy.query == question.query else remedy.query)
    return f"{what}  finds {remedy.articles:,} article{'' if remedy.articles == 1 else 's'}"


def remedied(question: Question, remedy: Remedy) -> Question:
    """Return the question that a remedy found something with.

    No remedy of the app counts with filters on, so they go whatever else is changed.
    """
    mode = "any" if remedy.kind is RemedyKind.ANY else question.mode
    return replace(question, query=remedy.query, filters=(), mode=mode)
