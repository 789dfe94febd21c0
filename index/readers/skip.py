"""A record that a reader had to leave out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that is no article: its 1-based `line` and the `reason`, plain text of one line."""

    line: int
    reason: str
