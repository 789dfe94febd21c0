"""“Did you mean”: what a query would be with its words corrected, for a search that corrects none."""

from __future__ import annotations

from collections.abc import Callable

from index.reading import LibraryReader
from search.plan import Plan
from search.results import Correction, Remedy, RemedyKind

#: With fewer hits, frequent neighbours of words that the library has are suggested as well.
FEW = 10
#: A longer query, in characters, is a pasted text rather than something to read again with its words changed.
LONGEST = 500


def is_doubtful(query: str, plan: Plan, total: int, reader: LibraryReader) -> bool:
    """Return whether a query may be misspelt: it finds few articles, or has a word that stands in none.

    Queries of more than `LONGEST` characters are taken as they are.
    """
    if len(query) > LONGEST:
        return False
    return total < FEW or any(
        not any(reader.term("text", stem).count for stem, _, _ in word.stems) for word in plan.words
    )


def suggestion(
    query: str, total: int, corrections: list[Correction], count: Callable[[str], int]
) -> Remedy | None:
    """Return the query with each word replaced by what was meant most likely, if that finds more.

    `total` is what the query finds as typed, `corrections` how its words would be read, and `count` tells
    how many articles a query finds. Words that the library has are replaced only if `total` is below `FEW`.
    """
    chosen = [one for one in corrections if total < FEW or not one.added]
    text = query
    for one in sorted(chosen, key=lambda one: -one.start):
        inside = text[one.start : one.end].replace(one.typed, one.meant[0], 1)  # its weight stays
        text = f"{text[: one.start]}{inside}{text[one.end :]}"
    if text == query:
        return None
    articles = count(text)
    changes = ", ".join(f"{one.typed} → {one.meant[0]}" for one in sorted(chosen, key=lambda one: one.start))
    return Remedy(RemedyKind.CORRECT, text, articles, changes) if articles > total else None
