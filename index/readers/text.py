"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.article import Draft
from index.readers.dates import NO_DATE, find_date, may_be_dated
from index.readers.encoding import text_of
from index.readers.skip import Skip
from index.readers.titles import split_title


def read(content: bytes, path: str | Path) -> Iterator[Draft | Skip]:
    """Return the one article of a text file; its title, if it has one, and its date are found in the text.

    Raises ReadProblem if the content is binary or empty.
    """
    text = text_of(content, path)
    dated = may_be_dated(text)
    title, body, derived = split_title(text, dated=dated)
    date, origin = find_date(text) if dated else NO_DATE
    # All fields by position: made so, a value takes a third of the time.
    return iter((Draft(title, body, derived, date, origin, "", "", "", "", {}, 0),))
