"""Small libraries for the tests of searching: made straight from articles, in one commit or several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.article import Article, DateOrigin
from index.builder import Builder
from index.library import Library
from search.results import Results


def article(
    ident: str,
    text: str = "",
    title: str = "",
    *,
    date: datetime | None = None,
    origin: DateOrigin | None = None,
    source: str = "",
    author: str = "",
    key: str = "",
    path: str = "",
    title_derived: bool = False,
) -> Article:
    """Return an article; a date is one of its own unless `origin` says another."""
    return Article(
        id=ident,
        title=title,
        text=text,
        path=path or f"/articles/{ident}",
        title_derived=title_derived,
        date=date,
        date_origin=origin or (DateOrigin.FIELD if date else DateOrigin.NONE),
        source=source,
        author=author,
        key=key,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit does: ids deleted from earlier commits, then articles added."""

    add: tuple[Article, ...] = ()
    delete: tuple[str, ...] = ()


def commit(library: Library, step: Step, *, rebuild: bool = False) -> int:
    """Carry out one step; return the generation that it made."""
    with Builder(library.path, library.analyzer, rebuild=rebuild) as builder:
        builder.delete(step.delete)
        for one in step.add:
            builder.add(one)
        return builder.commit()


def library_of(folder: Path, *steps: Step, language: str = "english") -> Library:
    """Make a library in `folder`/library by the steps."""
    library = Library.create(folder / "library", language)
    for step in steps:
        commit(library, step)
    return library


def library_with(folder: Path, *articles: Article, language: str = "english") -> Library:
    """Make a library of articles by one commit."""
    return library_of(folder, Step(articles), language=language)


def texts(folder: Path, *bodies: str) -> Library:
    """Make a library of articles without titles; their ids are 00, 01, …"""
    return library_with(folder, *(article(f"{at:02}", body) for at, body in enumerate(bodies)))


def living(steps: Iterable[Step]) -> Sequence[Article]:
    """Return the articles that are left after the steps."""
    there: dict[str, Article] = {}
    for step in steps:
        for ident in step.delete:
            there.pop(ident, None)
        there.update((one.id, one) for one in step.add)
    return list(there.values())


def found(results: Results) -> list[str]:
    """Return the ids of the hits of a page, in their order."""
    return [hit.article.id for hit in results.hits]
