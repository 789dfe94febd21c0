"""Saved searches as the app asks them: what is kept of a question, and what is new for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.saved import SavedSearch, SavedSearches
from tui import reach
from tui.contracts import MODES, SORTS, Mode, Question, Searching, Sort
from tui.filters import as_query

_SAVING = "saving searches"


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search, how many articles it finds, and how many of them are new since the last look."""

    saved: SavedSearch
    articles: int
    new: int


def saved_of(name: str, question: Question) -> SavedSearch:
    """Return what is kept of a question; its filters become part of the query."""
    return SavedSearch(
        name, question.asked, question.sort, question.mode, question.typos, file_dates=question.file_dates
    )


def question_of(saved: SavedSearch) -> Question:
    """Return the question that a saved search asks; its days become part of the query."""
    query = as_query(saved.query, (), _days(saved))
    sort: Sort = next((one for one in SORTS if one == saved.sort), "relevance")
    mode: Mode = next((one for one in MODES if one == saved.mode), "auto")
    return Question(query, sort, saved.typos, mode=mode, file_dates=saved.file_dates)


def _days(saved: SavedSearch) -> list[str]:
    limits = (("since", saved.since), ("until", saved.until))
    return [f"{name}:{value}" for name, value in limits if value]


def every(shelf: SavedSearches, search: Searching) -> list[Kept]:
    """Return all saved searches by name, asked now."""
    found = []
    for saved in shelf.all():
        ids = _ids(search, saved)
        unseen = shelf.unseen(saved.name, ids)
        found.append(Kept(saved, len(ids), 0 if unseen is None else int(unseen.sum())))
    return found


def keep(shelf: SavedSearches, search: Searching, saved: SavedSearch, *, over: bool) -> int:
    """Keep a search, with `over` in place of one of the same name; what it finds now is not new.

    Returns how many articles that are. Raises `SavedProblem`; `UsageProblem` where nothing may be kept.
    """
    reach.check(_SAVING)
    shelf.add(saved, over)
    ids = _ids(search, saved)
    shelf.look(saved.name, ids)
    return len(ids)


def look(shelf: SavedSearches, search: Searching, saved: SavedSearch) -> frozenset[str]:
    """Return the ids that are new for a saved search, which are not new from now on, if that may be kept."""
    ids = _ids(search, saved)
    unseen = shelf.unseen(saved.name, ids)
    if not reach.shows_only():
        shelf.look(saved.name, ids)
    if unseen is None:
        return frozenset()
    return frozenset(ident for ident, new in zip(ids, unseen.tolist(), strict=True) if new)


def forget(shelf: SavedSearches, name: str) -> None:
    """Forget a saved search. Raises `UsageProblem` where nothing may be kept."""
    reach.check(_SAVING)
    shelf.remove(name)


def _ids(search: Searching, saved: SavedSearch) -> list[str]:
    return list(search.ids(replace(question_of(saved), fold=False)))
