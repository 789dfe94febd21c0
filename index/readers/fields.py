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

#: What fields are called, the usual name first.
NAMES = {
    "key": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "body", "content"),
    "source": ("source", "publisher", "site"),
    "author": ("author", "authors", "byline", "creator"),
    "url": ("url", "link", "permalink", "canonical_url"),
    "date": (
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
    ),
}
#: What each name means, and its place among those that mean the same.
_MEANING = {name: (what, rank) for what, names in NAMES.items() for rank, name in enumerate(names)}

_CREDIT = re.compile(r"^by\s+(?=\S)", re.IGNORECASE)


class Fields:
    """The fields of one record, from which each can be taken once; what is left are the extras.

    What can be taken is "key", "title", "text", "source", "author", "url" and "date".
    """

    def __init__(self, record: Mapping[str, object]) -> None:
        self._values = {name: value for name, value in record.items() if value or value == 0}
        # A record has few fields and there are many names: so they are looked for from this side.
        self._known: dict[str, list[tuple[int, str]]] = {}
        for name in self._values:
            meaning = _MEANING.get(name.lower())
            if meaning is not None:
                what, rank = meaning
                alike = self._known.setdefault(what, [])
                if all(rank != other for other, _ in alike):  # else it was there before, in another case
                    alike.append((rank, name))
                    alike.sort()

    @property
    def title(self) -> str:
        """The title, without taking it; "" if there is none."""
        names = (name for _, name in self._known.get("title", ()))
        return next((title for name in names if (title := one_line(plain(self._values[name])))), "")

    def take(self, what: str, joiner: str = ", ") -> str:
        """Remove and return the first of the fields of a kind that has a value, as text; "" if none has."""
        for place in self._known.get(what, ()):
            if text := plain(self._values[place[1]], joiner):
                self._drop(what, place)
                return text
        return ""

    def take_text(self) -> str:
        """Remove and return the body; a list of paragraphs is joined by blank lines."""
        return self.take("text", "\n\n")

    def take_date(self) -> datetime | None:
        """Remove and return the first date field that holds a date; others stay."""
        for place in self._known.get("date", ()):
            if date := parse_date(self._values[place[1]]):
                self._drop("date", place)
                return date
        return None

    def rest(self) -> dict[str, str]:
        """Return what was not taken, by name, as text."""
        if not self._values:
            return {}
        extras = {tidy(name): as_text(value) for name, value in self._values.items()}
        return {name: text for name, text in extras.items() if text}

    def _drop(self, what: str, place: tuple[int, str]) -> None:
        self._known[what].remove(place)
        del self._values[place[1]]


def draft_from(fields: Fields, text: str, *, key: str = "", line: int = 0) -> Draft | None:
    """Return the article of a record whose body is `text`; None if it has neither title nor text.

    Without a title field the title is looked for in the text, without a date field the date is.
    """
    title, body, derived = one_line(fields.take("title")), text.strip(), False
    if not (title or body):
        return None
    if not title:
        title, body, derived = split_title(body)
    date, origin = fields.take_date(), DateOrigin.FIELD
    if date is None:
        date, origin = find_date(text)
    source, url = one_line(fields.take("source")), one_line(fields.take("url"))
    author = fields.take("author")
    author = _CREDIT.sub("", one_line(author)) if author else ""
    # All fields by position: made so, a value takes a third of the time.
    return Draft(title, body, derived, date, origin, source, author, url, key, fields.rest(), line)


def plain(value: object, joiner: str = ", ") -> str:
    """Return a field's value as text: the items of a list joined, of an object its `name` or its JSON."""
    if isinstance(value, str):
        return tidy(value).strip()
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
