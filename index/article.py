"""The article: the one value that the writing side makes and the reading side shows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from index.value import Value, field


class DateOrigin(StrEnum):
    """Where an article's date was found; all but FILE count as true dates."""

    FIELD = "field"  # front matter, a JSONL field, an HTML meta element
    LINE = "line"  # an `Updated:` or `Published:` line
    DATELINE = "dateline"  # `MARRAKECH, May 11, 2022 -`
    TEXT = "text"  # an ISO date near the top or the end
    FILE = "file"  # the file's modification time: shown as ~date, outside filters and timelines
    NONE = "none"


class Draft(Value):
    """One article as a reader found it in a file, before the library gave it an id.

    `text` is the body without the title, paragraphs separated by blank lines, NUL-free, lines ended by
    "\\n"; it may be empty when `title` is not. `date` is naive UTC. `line` is the 1-based line of the
    record in its file, 0 where a file is one article.
    """

    title: str
    text: str
    title_derived: bool = False
    date: datetime | None = None
    date_origin: DateOrigin = DateOrigin.NONE
    source: str = ""
    author: str = ""
    url: str = ""
    key: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    line: int = 0


class Article(Value):
    """One article of a library.

    `id` is `label/relative/path[#key]`, unique in the library; `path` the absolute file it came from;
    `key` the source's own id or "" (for a JSONL line without one, a hash of the line). `title_derived`
    says that the title is the first words of the text and stands nowhere as a title. `date` is naive
    UTC, None where nothing is known. Offsets anywhere in byline count characters of `text` as it stands
    here (or of `title`).
    """

    id: str
    title: str
    text: str
    path: str
    title_derived: bool = False
    date: datetime | None = None
    date_origin: DateOrigin = DateOrigin.NONE
    source: str = ""
    author: str = ""
    url: str = ""
    key: str = ""
    extras: dict[str, str] = field(default_factory=dict)

    @property
    def date_is_true(self) -> bool:
        """True if the date comes from the article itself, not from its file's time."""
        return self.date is not None and self.date_origin is not DateOrigin.FILE
