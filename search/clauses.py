"""Parts of a query as they are searched and as they are shown, and how they are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from whoosh import query as wq

from index.value import Value


class Clause(Value):
    """A part of the query as it is searched, and as it is shown."""

    query: wq.Query
    shown: str


def weighted(query: Any, boost: float) -> wq.Query:
    """Return a fresh `query` with its boost set."""
    if boost != 1.0:
        query.boost = boost
    return query  # type: ignore[no-any-return]


def joined(clauses: Sequence[Clause], by: str) -> str:
    """Return the clauses as shown, joined, in brackets where they are more than a word."""
    return by.join(f"({c.shown})" if " " in c.shown and c.shown[0] not in '"(' else c.shown for c in clauses)


def combine(
    must: list[Clause], choice: list[Clause], extra: list[Clause], excluded: list[Clause]
) -> Clause | None:
    """Return all of `must` (or, without one, any of `choice`), the rest only adding, less `excluded`.

    Nothing but `excluded` means all other articles; nothing at all is None.
    """
    if not must and not choice:
        choice, extra = extra, []
    base = must or choice
    if not base and not excluded:
        return None
    shown = [joined(must, " AND ")] if must else []
    if choice:
        shown.append(joined(choice, " OR "))
    text = " + ".join(shown)
    if not base:
        query: wq.Query = wq.Every()
    elif must:
        query = must[0].query if len(must) == 1 else wq.And([c.query for c in must])
    else:
        query = wq.Or([c.query for c in choice])
    more = (choice if must else []) + extra
    if more and base:
        query = wq.AndMaybe(query, wq.Or([c.query for c in more]))
    if excluded:
        query = wq.AndNot(query, wq.Or([c.query for c in excluded]))
        text = " ".join(
            filter(
                None, [text, *(f"-{c.shown}" if " " not in c.shown else f"-({c.shown})" for c in excluded)]
            )
        )
    return Clause(query, text)
