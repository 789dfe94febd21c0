"""What narrows an answer: values of date, source, author and folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

FIELDS = {"date": "date", "source": "source", "author": "author", "folder": "path"}
"""The facets by which answers are narrowed, each with its name in the query language."""

_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b|[()]")
_BARE = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True, order=True)
class Filter:
    """A value that an article must have in the facet `field`; values of one field widen each other."""

    field: str
    value: str

    @property
    def clause(self) -> str:
        """The filter in the query language."""
        value = self.value.replace('"', " ")
        name = FIELDS[self.field]
        return f"{name}:{value}" if _BARE.fullmatch(value) else f'{name}:"{value}"'

    @property
    def label(self) -> str:
        """The filter as its chip shows it."""
        return self.value if self.field == "date" else f"{self.field} {self.value}"


def chosen(filters: Iterable[Filter], without: str = "") -> dict[str, set[str]]:
    """Return the values by field, those of the field `without` left out."""
    found: dict[str, set[str]] = {}
    for one in filters:
        if one.field != without:
            found.setdefault(one.field, set()).add(one.value)
    return found


def as_query(query: str, filters: Iterable[Filter]) -> str:
    """Return one query that says `query` and the filters, for use outside the app."""
    by_field: dict[str, list[str]] = {}
    for one in filters:
        by_field.setdefault(one.field, []).append(one.clause)
    groups = [parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})" for parts in by_field.values()]
    if query.strip():
        groups.append(f"({query})" if groups and _OPERATORS.search(query) else query)
    return " ".join(groups)
