"""What a run of indexing tells: how far it is, what it did, and what a library holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a line of one (counted from 1, 0 for all of it), that gave no article, and why."""

    path: Path
    line: int
    reason: str

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON; bytes of the path that are not UTF-8 become `\\xNN`."""
        return {"path": text_of(self.path), "line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    `added`, `changed`, `removed` and `unchanged` count articles below the paths of the run, `articles`
    those in the library now. `skipped` lists what is left out below these paths, also by earlier runs.
    `bytes` were read in `seconds`. `notes` are one-line messages for the user.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    articles: int = 0
    bytes: int = 0
    seconds: float = 0.0
    generation: int = 0
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "articles": self.articles,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "generation": self.generation,
            "notes": list(self.notes),
            "skipped": [skipped.as_dict() for skipped in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; totals count what has to be read. `writing` says that only the commit is left."""

    files_done: int
    files_total: int
    articles: int
    bytes_done: int
    bytes_total: int
    seconds: float
    writing: bool = False

    @property
    def rate(self) -> float:
        """Bytes read in a second so far."""
        return self.bytes_done / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds left at this rate; None while there is none."""
        return (self.bytes_total - self.bytes_done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class RootStatus:
    """One root and what it holds; `there` says whether its folder exists now. A source that has no folder has
    the path `-`."""

    label: str
    path: Path
    whole: bool
    there: bool
    files: int
    articles: int
    bytes: int

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "label": self.label,
            "path": text_of(self.path),
            "whole": self.whole,
            "there": self.there,
            "files": self.files,
            "articles": self.articles,
            "bytes": self.bytes,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds. `bytes` is the size of the files that gave articles, `disk` that of the
    library; `skipped` counts by reason; `updated` is UTC."""

    path: Path
    language: str
    generation: int
    articles: int
    files: int
    bytes: int
    disk: int
    updated: datetime | None
    roots: tuple[RootStatus, ...]
    skipped: dict[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "library": text_of(self.path),
            "language": self.language,
            "generation": self.generation,
            "articles": self.articles,
            "files": self.files,
            "bytes": self.bytes,
            "disk": self.disk,
            "updated": self.updated.isoformat() if self.updated else None,
            "roots": [root.as_dict() for root in self.roots],
            "skipped": self.skipped,
        }


def text_of(path: Path) -> str:
    """Return a path as text that can be encoded; bytes that are not UTF-8 become `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
