"""Saved searches: queries kept by name, and which of their articles have been seen.

They lie in the platform's folder for state, apart from the library, so that a rebuild leaves them alone: a
file of JSON for each search, and beside it the hashes of the ids of the articles it has brought. An article
is new for a search until a look at it has been kept; one that is indexed again under its id, changed or
not, is not new, and neither is one that went away and came back.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import BylineError
from index.places import state_folder
from search.moments import parse_limits

Hashes = NDArray[np.uint64]

LONGEST_NAME = 100
_VERSION = 1


class SavedProblem(BylineError):
    """A saved search cannot be kept, found or read."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query and how it is asked; `since` and `until` are as they were typed, since they may be relative.

    `searcher.rank(saved.query, **saved.how())` asks it.
    """

    name: str
    query: str
    sort: str = "newest"
    mode: str = "auto"
    typos: bool = True
    since: str = ""
    until: str = ""
    file_dates: bool = False

    def how(self, today: date | None = None) -> dict[str, Any]:
        """Return the keyword arguments of `Searcher.rank`; raises `UsageProblem` for what is no date."""
        since, until = parse_limits(self.since, self.until, today)
        return {
            "sort": self.sort,
            "mode": self.mode,
            "typos": self.typos,
            "since": since,
            "until": until,
            "file_dates": self.file_dates,
        }


class SavedSearches:
    """The saved searches of the library at a path."""

    def __init__(self, library: Path) -> None:
        self.folder = state_folder(library) / "saved"

    def all(self) -> tuple[SavedSearch, ...]:
        """Return all, by name."""
        try:
            files = sorted(self.folder.glob("*.json"))
        except OSError as error:
            raise _trouble(self.folder, error) from error
        return tuple(sorted((_read(path) for path in files), key=lambda saved: saved.name))

    def get(self, name: str) -> SavedSearch:
        """Return the search of this name; raises `SavedProblem` if there is none."""
        path = self._path(name)
        if not path.exists():
            raise SavedProblem(f"no saved search {name!r}", "byline saved list shows them")
        return _read(path)

    def add(self, saved: SavedSearch, replace: bool = False) -> None:
        """Keep a search under its name; raises `SavedProblem` if the name is taken and not to be replaced.

        A search that is replaced by another forgets what was seen.
        """
        if not saved.name.strip() or len(saved.name) > LONGEST_NAME or not saved.name.isprintable():
            raise SavedProblem(
                f"not a name: {saved.name!r}", f"give 1 to {LONGEST_NAME} printable characters"
            )
        path = self._path(saved.name)
        if path.exists() and not replace:
            raise SavedProblem(f"there is a saved search {saved.name!r}", "give another name, or --replace")
        _write(path, json.dumps({"version": _VERSION, **asdict(saved)}, indent=2).encode())
        path.with_suffix(".seen").unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Forget the search of this name; raises `SavedProblem` if there is none."""
        self.get(name)
        self._path(name).unlink(missing_ok=True)
        self._path(name).with_suffix(".seen").unlink(missing_ok=True)

    def unseen(self, name: str, idents: Iterable[str]) -> NDArray[np.bool_] | None:
        """Tell for each id whether it is new for a search; None if nothing has been looked at yet."""
        seen = self._seen(name)
        return None if seen is None else ~np.isin(_hashes(idents), seen)

    def look(self, name: str, idents: Iterable[str]) -> None:
        """Keep that these articles have been seen."""
        seen = self._seen(name)
        found = _hashes(idents)
        every = np.unique(found if seen is None else np.concatenate((seen, found)))
        _write(self._path(name).with_suffix(".seen"), every.astype("<u8").tobytes())

    def _seen(self, name: str) -> Hashes | None:
        path = self._path(name).with_suffix(".seen")
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _trouble(path, error) from error
        if len(content) % 8:
            raise SavedProblem(f"{path}: damaged", "remove it: the next look is then the first")
        return np.frombuffer(content, dtype="<u8").astype(np.uint64)

    def _path(self, name: str) -> Path:
        """Return the file of a name; any name is a valid one, and none can lead elsewhere."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        return self.folder / f"{digest}.json"


def _hashes(idents: Iterable[str]) -> Hashes:
    digests = (
        hashlib.blake2b(one.encode("utf-8", "surrogatepass"), digest_size=8).digest() for one in idents
    )
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def _read(path: Path) -> SavedSearch:
    try:
        kept: Mapping[str, object] = json.loads(path.read_bytes())
        return SavedSearch(
            name=str(kept["name"]),
            query=str(kept["query"]),
            sort=str(kept["sort"]),
            mode=str(kept["mode"]),
            typos=bool(kept["typos"]),
            since=str(kept["since"]),
            until=str(kept["until"]),
            file_dates=bool(kept.get("file_dates", False)),
        )
    except OSError as error:
        raise _trouble(path, error) from error
    except (ValueError, KeyError, TypeError):
        raise SavedProblem(f"{path}: not a saved search", "move this file away") from None


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, after a crash as well."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with made.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise _trouble(path, error) from error


def _trouble(path: Path, error: OSError) -> SavedProblem:
    return SavedProblem(f"{path}: {error.strerror or type(error).__name__}", "see whether it can be written")
