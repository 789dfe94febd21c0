"""A concordance: every match of a query with the words before and after it, a line each.

Known to corpus linguists as KWIC, key word in context. The lines can be sorted by what follows the match or,
read backwards from it, by what comes before, which brings usages that are alike together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from index.article import Article
from search.results import Span

#: Characters of context on either side.
CONTEXT = 60

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


class LineOrder(StrEnum):
    """How the lines of a concordance are sorted: by either context, by date, or as the hits come."""

    HITS = "hits"
    LEFT = "left"
    RIGHT = "right"
    DATE = "date"


class Line(NamedTuple):
    """One match: the article it stands in, [start, end) in its text, and the text around it on one line."""

    id: str
    date: datetime | None
    start: int
    end: int
    left: str
    match: str
    right: str


def lines(article: Article, spans: Iterable[Span], context: int = CONTEXT) -> Iterator[Line]:
    """Yield the lines of an article whose matches are `spans`, in their order.

    Contexts have up to `context` characters, begin and end with whole words where they can, and keep the
    white space next to the match, as one space.
    """
    text = article.text
    for span in spans:
        left = _SPACE.sub(" ", text[max(0, span.start - 2 * context) : span.start])
        right = _SPACE.sub(" ", text[span.end : span.end + 2 * context])
        match = _SPACE.sub(" ", text[span.start : span.end])
        before = _whole(left[::-1], context)[::-1].lstrip()
        yield Line(
            article.id, article.date, span.start, span.end, before, match, _whole(right, context).rstrip()
        )


def _whole(text: str, most: int) -> str:
    """Return the beginning of `text`, up to `most` characters, cut after a whole word if it has a space."""
    if len(text) <= most:
        return text
    cut = text[: most + 1].rfind(" ", 1)
    return text[:cut] if cut > 0 else text[:most]


def in_line_order(found: Iterable[Line], order: LineOrder) -> Iterable[Line]:
    """Return lines in an order; equal ones by date, then id, then place. As the hits come, they stream."""
    if order is LineOrder.HITS:
        return found
    return sorted(found, key=lambda line: (_key(line, order), *_place(line)))


def _key(line: Line, order: LineOrder) -> Sequence[str]:
    if order is LineOrder.LEFT:
        return _WORD.findall(line.left.casefold())[::-1]
    return _WORD.findall(line.right.casefold()) if order is LineOrder.RIGHT else ()


def _place(line: Line) -> tuple[str, str, int]:
    return (line.date.isoformat() if line.date is not None else "~"), line.id, line.start
