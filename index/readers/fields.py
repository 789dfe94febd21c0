"""Records with named fields (JSONL objects, front matter) as articles.

The names `title`, `text`, `date`, `source`, `author`, `url` and their common other spellings are
understood, in any case; of several names for one thing the first with a value counts. All other fields
are kept as extras under their own names: text as it is, anything nested as compact JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from index.article import DateOrigin, Draft
from index.readers.dates import find_date, parse_date
from index.readers.encoding import tidy
from index.readers.titles import one_line, split_title

_TITLE = ("title", "headline")
_TEXT = ("text", "body", "content")
_SOURCE = ("source", "publisher", "site")
_AUTHOR = ("author", "authors", "byline", "creator")
_URL = ("url", "link", "permalink", "canonical_url")
_DATE = (
    "date",
    "published",
    "published_at",
    "publishedat",
    "date_published",
    "datepublished",
    "published_date",
    "publication_date",
    "publish_date",
    "pubdate",
    "timestamp",
    "created",
    "created_at",
    "updated",
    "updated_at",
    "modified",
    "lastmod",
)

_CREDIT = re.compile(r"^by\s+(?=\S)", re.IGNORECASE)


class Fields:
    """The fields of one record, from which each can be taken once; what is left are the extras."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._values = {name: value for name, value in record.items() if value not in (None, "", [], {})}
        self._names = {name.lower(): name for name in reversed(self._values)}

    @property
    def title(self) -> str:
        """The title, without taking it; "" if there is none."""
        names = (self._names[name] for name in _TITLE if name in self._names)
        return next((title for name in names if (title := one_line(plain(self._values[name])))), "")

    def take(self, *names: str, joiner: str = ", ") -> str:
        """Remove and return the first of `names` that has a value, as text; "" if none has."""
        for name in names:
            known = self._names.get(name)
            if known is not None and (text := plain(self._values[known], joiner)):
                self._drop(name)
                return text
        return ""

    def take_text(self) -> str:
        """Remove and return the body; a list of paragraphs is joined by blank lines."""
        return self.take(*_TEXT, joiner="\n\n")

    def take_date(self) -> datetime | None:
        """Remove and return the first date field that holds a date; others stay."""
        for name in _DATE:
            known = self._names.get(name)
            if known is not None and (date := parse_date(self._values[known])):
                self._drop(name)
                return date
        return None

    def rest(self) -> dict[str, str]:
        """Return what was not taken, by name, as text."""
        extras = {tidy(name): as_text(value) for name, value in self._values.items()}
        return {name: text for name, text in extras.items() if text}

    def _drop(self, name: str) -> None:
        del self._values[self._names.pop(name)]


def draft_from(fields: Fields, text: str, *, key: str = "", line: int = 0) -> Draft | None:
    """Return the article of a record whose body is `text`; None if it has neither title nor text.

    Without a title field the title is looked for in the text, without a date field the date is.
    """
    title, body, derived = one_line(fields.take(*_TITLE)), text.strip(), False
    if not (title or body):
        return None
    if not title:
        title, body, derived = split_title(body)
    date, origin = fields.take_date(), DateOrigin.FIELD
    if date is None:
        date, origin = find_date(text)
    return Draft(
        title,
        body,
        title_derived=derived,
        date=date,
        date_origin=origin,
        source=one_line(fields.take(*_SOURCE)),
        author=_CREDIT.sub("", one_line(fields.take(*_AUTHOR))),
        url=one_line(fields.take(*_URL)),
        key=key,
        extras=fields.rest(),
        line=line,
    )


def plain(value: object, joiner: str = ", ") -> str:
    """Return a field's value as text: the items of a list joined, of an object its `name` or its JSON."""
    if isinstance(value, list):
        return joiner.join(text for item in value if (text := plain(item, joiner)))
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        return plain(value["name"])
    return as_text(value)


def as_text(value: object) -> str:
    """Return `value` as tidy text: strings without white space at their ends, all else as compact JSON."""
    if isinstance(value, str):
        return tidy(value).strip()
    if value is None:
        return ""
    return tidy(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
