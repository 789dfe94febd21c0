"""The queries that were asked, newest last; free of any widget."""

from __future__ import annotations

from collections.abc import Iterable


class History:
    """Walks through past queries the way a shell does.

    What stood in the line when the walk began comes back at its newest end.
    """

    def __init__(self, queries: Iterable[str] = ()) -> None:
        self._queries = list(queries)
        self._at = len(self._queries)
        self._draft = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """All queries, newest last."""
        return tuple(self._queries)

    def add(self, query: str) -> bool:
        """Keep `query` as the newest; a repeated one moves there, blanks are not kept.

        Return whether there was anything to do.
        """
        query = query.strip()
        new = bool(query) and self._queries[-1:] != [query]
        if query:
            if query in self._queries:
                self._queries.remove(query)
            self._queries.append(query)
        self._at = len(self._queries)
        return new

    def step(self, by: int, current: str) -> str:
        """Return the query `by` steps on (negative: older) from `current`; the ends hold."""
        if self._at == len(self._queries):
            self._draft = current
        self._at = min(max(0, self._at + by), len(self._queries))
        return self._draft if self._at == len(self._queries) else self._queries[self._at]
