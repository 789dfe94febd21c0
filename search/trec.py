"""Runs in TREC's format, as the usual judging programs read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from search.terminal import visible

_SPACE = re.compile(r"\s")


def run_lines(query: str, names: Iterable[str], scores: Iterable[float], first: int = 1) -> Iterator[str]:
    """Yield a line an article: query, Q0, name, rank (from `first` on), score, run name.

    White space in names is percent-encoded, so that each line has six columns.
    """
    for rank, (asked, key, score) in enumerate(run_columns(query, names, scores), first):
        yield f"{asked} Q0 {key} {rank} {score} byline"


def run_columns(query: str, names: Iterable[str], scores: Iterable[float]) -> Iterator[tuple[str, str, str]]:
    """Yield query, name and score of each article as they stand in a run."""
    asked = _column(query)
    for name, score in zip(names, scores, strict=True):
        yield asked, _column(name), f"{score:.6f}"


def _column(text: str) -> str:
    if text.isascii() and text.isprintable() and " " not in text:
        return text  # nearly all
    return visible(_SPACE.sub(_quoted, text))


def _quoted(space: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in space[0].encode("utf-8"))
