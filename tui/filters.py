"""What narrows an answer: values of date, source, author and folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIELDS = ("date", "source", "author", "folder")
"""The facets by which answers are narrowed."""

_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b|[()]")
_BARE = re.compile(r"[\w.-]+")
_ODD_IN_ID = re.compile(r"[^\w./-]")


@dataclass(frozen=True, slots=True, order=True)
class Filter:
    """A value that an article must have in the facet `field`; values of one field widen each other.

    Values of `date` are a year, a month or a day (`1987-06`), or two of them with `..` between.
    """

    field: str
    value: str

    @property
    def clause(self) -> str:
        """The filter in the query language: names as a whole, folders with all that is below them."""
        if self.field == "date":
            return f"date:{self.value}"
        if self.field == "folder":
            return f"id:{_ODD_IN_ID.sub('?', self.value)}/*"
        value = self.value.replace('"', " ")
        return f"{self.field}:={value}" if _BARE.fullmatch(value) else f'{self.field}:="{value}"'

    @property
    def label(self) -> str:
        """The filter as its chip shows it."""
        return self.value if self.field == "date" else f"{self.field} {self.value}"


def as_query(query: str, filters: Iterable[Filter], conditions: Iterable[str] = ()) -> str:
    """Return one query that says `query`, the filters and further conditions: what is searched for."""
    groups = [*_groups(filters), *conditions]
    if query.strip():
        groups.append(f"({query})" if _is_bracketed(query, groups) else query)
    return " ".join(groups)


def query_start(query: str, filters: Iterable[Filter]) -> int:
    """Return where `query` begins in what `as_query` makes of it."""
    groups = _groups(filters)
    return sum(len(group) + 1 for group in groups) + _is_bracketed(query, groups)


def as_typed(asked: str, query: str, filters: Iterable[Filter]) -> str | None:
    """Return what was typed for `asked`, a query that came of `query` by changing its words; None if the
    filters changed as well."""
    groups = _groups(filters)
    bracket = _is_bracketed(query, groups)
    before, after = "".join(f"{group} " for group in groups) + "(" * bracket, ")" * bracket
    if not (asked.startswith(before) and asked.endswith(after)):
        return None
    return asked[len(before) : len(asked) - len(after)]


def _is_bracketed(query: str, groups: Sequence[str]) -> bool:
    return bool(groups) and _OPERATORS.search(query) is not None


def _groups(filters: Iterable[Filter]) -> list[str]:
    """Return a clause for each field."""
    by_field: dict[str, list[str]] = {}
    for one in filters:
        by_field.setdefault(one.field, []).append(one.clause)
    return [parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})" for parts in by_field.values()]
