"""The fields of a hit, by the names that `--fields` takes and that JSON prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from index.article import Article
from index.errors import UsageProblem
from search.records import article_record, hit_record
from search.results import Hit
from search.terminal import one_line

#: What a table shows if nothing else is asked for.
TABLE = ("rank", "score", "id", "date", "title", "source", "author", "path", "passage")

_EXTRA = "extras."

#: Fields that are no part of the JSON of a hit unless they are asked for by name.
_MORE: dict[str, Callable[[Hit], Any]] = {
    "passage": lambda hit: hit.passages[0].text if hit.passages else "",
    "text": lambda hit: hit.article.text,
}
#: Fields whose values are lists of values, and what a table shows of them.
_IN_TABLES: dict[str, Callable[[Hit], str]] = {
    "passages": lambda hit: " … ".join(passage.text for passage in hit.passages),
    "reasons": lambda hit: "; ".join(map(str, hit.reasons)),
    "fold": lambda hit: "" if hit.fold is None else str(hit.fold),
}
#: Fields for which the texts of the articles must be looked through.
_OF_PASSAGES = frozenset({"passage", "passages", "reasons", "title_spans"})

#: The fields of an article, those of `article_record`.
OF_ARTICLES = (
    "id",
    "key",
    "title",
    "title_derived",
    "date",
    "date_origin",
    "source",
    "author",
    "url",
    "path",
    "extras",
)
_OF_RECORDS = ("rank", "score", *OF_ARTICLES, "title_spans", "passages", "reasons", "fold")
#: Fields that are known without reading the article.
OF_NUMBERS = frozenset({"rank", "score", "id"})
#: All names but those of an article's own further fields, `extras.NAME`.
NAMES = (*_OF_RECORDS, *_MORE)


def parse_fields(text: str, names: Sequence[str] = NAMES, extras: bool = True) -> tuple[str, ...]:
    """Return the names in `text`, between commas; raises `UsageProblem` for one that is no field.

    Fields are `names`, with `extras` also `extras.NAME`.
    """
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    every = ", ".join([*names, *(["extras.NAME"] if extras else [])])
    for name in found:
        if name not in names and not (extras and name.startswith(_EXTRA) and len(name) > len(_EXTRA)):
            raise UsageProblem(f"{one_line(name)} is no field", f"fields are {every}")
    if not found:
        raise UsageProblem("no fields given", f"fields are {every}")
    return found


def need_passages(names: Sequence[str]) -> bool:
    """Return whether any of these fields needs passages."""
    return not _OF_PASSAGES.isdisjoint(names)


def record_of(hit: Hit, names: Sequence[str] | None) -> dict[str, Any]:
    """Return the fields of a hit as JSON values: those named, or all that JSON prints."""
    record = hit_record(hit)
    return record if names is None else {name: _value(hit, record, name) for name in names}


def row_of(hit: Hit, names: Sequence[str]) -> list[Any]:
    """Return the fields of a hit as cells of a table."""
    record = hit_record(hit)
    return [_IN_TABLES[name](hit) if name in _IN_TABLES else _value(hit, record, name) for name in names]


def article_fields(article: Article, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of an article, `extras.NAME` among them, that `names` names."""
    record = article_record(article, "text" in names)
    return {name: record[name] if name in record else _extra(record, name) for name in names}


def _extra(record: dict[str, Any], name: str) -> Any:
    return record["extras"].get(name.removeprefix(_EXTRA))


def _value(hit: Hit, record: dict[str, Any], name: str) -> Any:
    if name in record:
        return record[name]
    if name.startswith(_EXTRA):
        return _extra(record, name)
    return _MORE[name](hit)
