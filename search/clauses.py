"""Parts of a query as they are searched and as they are shown, and how they are put together."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, cast

from whoosh import query as wq

from index.value import Value
from search.filters import Combined, Condition, Except, Filtered
from search.results import Part, PartKind


class Clause(Value):
    """A part of the query as it is searched, and as it is shown; `part` tells more, where it is known."""

    query: wq.Query
    shown: str
    part: Part | None = None

    @property
    def seen(self) -> Part:
        """What the reader is told of this part."""
        return self.part or Part(PartKind.WORD, self.shown)


def weighted(query: wq.Query, boost: float) -> wq.Query:
    """Return `query` with its boost multiplied; the one given stays as it is."""
    if boost == 1.0:
        return query
    fresh: Any = copy(query)
    fresh.boost = getattr(query, "boost", 1.0) * boost
    return cast(wq.Query, fresh)


def every_of(clauses: Sequence[Clause]) -> Clause:
    """Return the clause of operands of AND; conditions among them narrow what the others find."""
    if len(clauses) == 1:
        return clauses[0]
    base = [c.query for c in clauses if not isinstance(c.query, Condition)]
    narrow = together([c.query for c in clauses if isinstance(c.query, Condition)], every=True)
    if narrow is None:
        return _clause(wq.And(base), PartKind.ALL, clauses)
    query = base[0] if len(base) == 1 else wq.And(base)
    return _clause(Filtered(query, narrow) if base else narrow, PartKind.ALL, clauses)


def any_of(clauses: Sequence[Clause]) -> Clause:
    """Return the clause of operands of OR."""
    if len(clauses) == 1:
        return clauses[0]
    conditions = [c.query for c in clauses if isinstance(c.query, Condition)]
    whole = together(conditions, every=False) if len(conditions) == len(clauses) else None
    query = wq.Or([c.query for c in clauses]) if whole is None else whole
    return _clause(query, PartKind.ANY, clauses)


def none_of(clause: Clause) -> Clause:
    """Return the clause of all articles but those of `clause`."""
    query = Except(clause.query) if isinstance(clause.query, Condition) else wq.Not(clause.query)
    return _clause(query, PartKind.NOT, [clause])


def together(conditions: Sequence[Condition], every: bool) -> Condition | None:
    """Return conditions as one: all of them, or any; None if there is none."""
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return Combined(conditions, every)


def _clause(query: wq.Query, kind: PartKind, clauses: Sequence[Clause]) -> Clause:
    part = gathered(kind, [clause.seen for clause in clauses])
    return Clause(query, part.text, part)


def gathered(kind: PartKind, parts: Sequence[Part]) -> Part:
    """Return parts as one part of the query, written so that the query language reads the same from it."""
    inside = [_bracketed(part) for part in parts]
    if kind is PartKind.ALL:
        wanted = " AND ".join(
            text for text, part in zip(inside, parts, strict=True) if part.kind not in _LAST
        )
        last = [text for text, part in zip(inside, parts, strict=True) if part.kind in _LAST]
        text = " ".join([wanted, *last] if wanted else last)
    elif kind is PartKind.NOT:
        text = f"-{inside[0]}"
    elif kind is PartKind.MORE:
        text = f"+ {inside[0]}"
    else:
        text = " OR ".join(inside)
    start = min((part.start for part in parts), default=0)
    return Part(kind, text, start, max((part.end for part in parts), default=0), tuple(parts))


_LAST = (PartKind.NOT, PartKind.MORE)


def _bracketed(part: Part) -> str:
    """Return a part as it stands inside another: in brackets if it has several of its own."""
    return f"({part.text})" if part.kind in (PartKind.ALL, PartKind.ANY) else part.text


class Items(Value):
    """What stands side by side, by its part in the whole.

    An article must match all of `must` and meet all `conditions`; without any of `must` one of `choice`
    is enough, with it these only add to the score, as `extra` always does. It may match none of `excluded`.
    """

    must: Sequence[Clause] = ()
    choice: Sequence[Clause] = ()
    extra: Sequence[Clause] = ()
    excluded: Sequence[Clause] = ()
    conditions: Sequence[Clause] = ()

    @property
    def condition(self) -> Condition | None:
        """All conditions as one."""
        return together([c.query for c in self.conditions if isinstance(c.query, Condition)], every=True)


def combine(items: Items) -> Clause | None:
    """Return items side by side as one clause; None if there is nothing to search for.

    Conditions alone find what meets them, exclusions alone all other articles.
    """
    must, choice, extra = items.must, items.choice, items.extra
    if not must and not choice:
        choice, extra = extra, ()
    base = [*must] if must else [any_of(choice)] if choice else []
    if not base and not items.excluded and not items.conditions:
        return None
    more = [*(choice if must else ()), *extra]
    query = _base(base, more, items.condition)
    if items.excluded:
        query = wq.AndNot(query, wq.Or([c.query for c in items.excluded]))
    shown = [*base, *items.conditions]
    parts = [clause.seen for clause in shown]
    parts += [gathered(PartKind.NOT, [clause.seen]) for clause in items.excluded]
    if must and choice:
        parts.append(gathered(PartKind.MORE, [any_of(choice).seen]))
    part = parts[0] if len(parts) == 1 else gathered(PartKind.ALL, parts)
    return Clause(query, part.text, part)


def _base(base: Sequence[Clause], more: Sequence[Clause], condition: Condition | None) -> wq.Query:
    """Return the query of what is wanted, without what is excluded."""
    if not base:
        return condition if condition is not None else wq.Every()
    query = base[0].query if len(base) == 1 else wq.And([c.query for c in base])
    if more:
        query = wq.AndMaybe(query, wq.Or([c.query for c in more]))
    return query if condition is None else Filtered(query, condition)
