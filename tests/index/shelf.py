"""Helpers of the library tests: files to index, and what a library holds, comparable."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.library import Library
from index.reading import LibraryReader

#: A time long ago: files that are not fresh are trusted by size and time.
LONG_AGO = 1_500_000_000_000_000_000


def put(path: Path, text: str, *, mtime_ns: int | None = LONG_AGO) -> Path:
    """Write a file with its folders; give it a time of long ago unless `mtime_ns` says another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    if mtime_ns is not None:
        os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


@dataclass(frozen=True, slots=True)
class Holdings:
    """All that can be found in a library: its articles by id, and where each term stands."""

    articles: dict[str, Article]
    postings: dict[tuple[str, str], dict[str, float]]


def holdings(library: Library) -> Holdings:
    """Read everything back from the newest generation."""
    with library.reader() as reader:
        living = [number for number in range(reader.size) if reader.living[number]]
        articles = {number: reader.article(number) for number in living}
        postings = {
            (field, term): found
            for field in ("text", "title", "form")
            for term in reader.terms(field)
            if (found := _posting(reader, field, term, articles))
        }
    return Holdings({article.id: article for article in articles.values()}, postings)


def _posting(reader: LibraryReader, field: str, term: str, articles: dict[int, Article]) -> dict[str, float]:
    found = reader.postings(field, term)
    return {
        articles[number].id: freq
        for number, freq in zip(found.docs.tolist(), found.freqs.tolist(), strict=True)
    }


def ids(library: Library) -> set[str]:
    """Return the ids of all articles."""
    return set(holdings(library).articles)
