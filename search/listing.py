"""What a command lists: rows of named values, in every format for programs.

Rows are printed as they come, so that a listing needs no more memory than one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.value import Value, field
from search.records import SCHEMA_VERSION, json_text, streamed
from search.tables import TABLES, table_head, table_line

#: A row by the names of its fields, as JSON values.
Row = dict[str, Any]

#: The formats that every listing has, beside text for reading.
FORMATS = ("json", "jsonl", *TABLES)


class Listing(Value):
    """Rows, the `names` of their fields in the order of columns, and how JSON holds them.

    There they are the list `key`, behind the fields of `head`. `rows` may be an iterator and is read once.
    """

    key: str
    names: Sequence[str]
    rows: Iterable[Row]
    head: Row = field(default_factory=dict)


def pieces(listing: Listing, style: str) -> Iterator[str]:
    """Yield a listing in one of `FORMATS`, line ends included; rows are cut to the fields named."""
    names = listing.names
    rows = ({name: row[name] for name in names} for row in listing.rows)
    if style == "json":
        yield from streamed({"schema": SCHEMA_VERSION, **listing.head}, listing.key, rows, 2)
        yield "\n"
        return
    if style in TABLES:
        yield table_head(style, names) + "\n"
    for row in rows:
        yield (json_text(row) if style == "jsonl" else table_line(style, list(row.values()))) + "\n"
