"""The catalog: which file, of which size, time and hash, gave which articles, or was skipped and why.

An SQLite file beside the index. Every row belongs to a generation of the index, and the row of a place
that counts is the one of its newest generation that was committed. A run writes its rows for the coming
generation, then commits the index, then clears what is superseded: rows of a commit that never happened
are ignored and thrown away by the next run, so the two never disagree.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import BylineError, LibraryDamaged
from index.file_rows import Change, FileRow, PackedRow, Place, packed_row, unpacked_entries, unpacked_skips
from index.names import escape, unescape
from index.roots import Root

CATALOG_FILE = "catalog.sqlite"
_VERSION = 1
_HINT = "move it away and run byline index --rebuild with your folders"

_TABLES = f"""
BEGIN;
CREATE TABLE states (generation INTEGER PRIMARY KEY, roots TEXT NOT NULL, written TEXT NOT NULL);
CREATE TABLE files (
    root INTEGER NOT NULL,
    relpath BLOB NOT NULL,      -- as bytes, "/" between its parts
    generation INTEGER NOT NULL,
    gone INTEGER NOT NULL,      -- 1: from this generation on the place is not known any more
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,     -- nanoseconds; -1: look again in the next run
    looked INTEGER NOT NULL,    -- when it was read, nanoseconds
    digest BLOB NOT NULL,
    filedated INTEGER NOT NULL, -- 1: an article has its date from the file's time
    articles INTEGER NOT NULL,
    skips TEXT NOT NULL,        -- JSON [[line, reason], ...]
    entries TEXT NOT NULL,      -- JSON {{article key: hash of the article}}
    PRIMARY KEY (root, relpath, generation)
);
CREATE INDEX files_by_generation ON files (generation);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_NEWEST = """
    SELECT {columns} FROM files f WHERE generation <= :generation AND NOT gone AND NOT EXISTS (
        SELECT 1 FROM files n WHERE n.root = f.root AND n.relpath = f.relpath
        AND n.generation > f.generation AND n.generation <= :generation)
"""
_COLUMNS = "root, relpath, size, mtime, looked, digest, filedated, articles, skips"

_PACKED = "relpath, size, mtime, looked, digest, filedated, articles, skips, entries"

_NO_ROW = FileRow(0, 0)


class Catalog:
    """The catalog in a library's folder; `with` closes it. One writer at a time, under the library's lock.

    Every method that is given a generation sees the state as of that generation. Methods raise
    `LibraryDamaged` if the file is not a catalog.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / CATALOG_FILE
        with self._trouble():
            self._base = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, isolation_level=None)
        try:
            with self._trouble():
                version = self._base.execute("PRAGMA user_version").fetchone()[0]
            if version != _VERSION:
                raise LibraryDamaged(self._path, f"catalog of version {version}, not {_VERSION}", _HINT)
        except BaseException:
            self._base.close()
            raise

    @staticmethod
    def create(folder: Path) -> None:
        """Write an empty catalog into `folder`, in the place of any that is there."""
        path = folder / CATALOG_FILE
        for ending in ("", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        base = sqlite3.connect(path)
        base.executescript(_TABLES)
        base.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *error: object) -> None:
        self._base.close()

    def tidy(self, generation: int) -> None:
        """Throw away what was written for generations that never came, and what is superseded."""
        with self._transaction():
            self._base.execute("DELETE FROM files WHERE generation > ?", (generation,))
            self._base.execute("DELETE FROM states WHERE generation > ?", (generation,))
            self._clear(generation)

    def write(
        self,
        generation: int,
        roots: Iterable[Root],
        changes: Iterable[Change],
        found: Iterable[tuple[int, Sequence[PackedRow]]] = (),
    ) -> None:
        """Write the roots, the changed places and the `found` files of some roots, named by their numbers, as
        of `generation`; durable when it returns."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._transaction():
            self._base.execute("REPLACE INTO states VALUES (?, ?, ?)", (generation, _pack(roots), now))
            for (number, relpath), row, entries in changes:
                packed = packed_row(relpath, row or _NO_ROW, entries)
                self._base.execute(_written(number, generation, gone=row is None), packed)
            for number, rows in found:
                self._base.executemany(_written(number, generation), rows)

    def roots(self, generation: int) -> tuple[Root, ...]:
        """Return the roots in the order in which they were added."""
        state = self._state("roots", generation)
        return _unpack(state) if state else ()

    def written(self, generation: int) -> datetime | None:
        """Return when the catalog was last written (UTC); None if never."""
        state = self._state("written", generation)
        return datetime.fromisoformat(state) if state else None

    def rows(self, generation: int) -> dict[Place, FileRow]:
        """Return all places that are known."""
        with self._trouble():
            found = self._base.execute(_NEWEST.format(columns=_COLUMNS), {"generation": generation})
            return dict(map(_row, found))

    def rows_below(self, generation: int, number: int, part: str) -> dict[Place, FileRow]:
        """Return the known places of one root that are `part` or lie below it ("" for all of them)."""
        below = " AND f.root = :root"
        values: dict[str, object] = {"generation": generation, "root": number}
        if part:
            first = os.fsencode(part)
            below += " AND (f.relpath = :part OR (f.relpath > :first AND f.relpath < :last))"
            values |= {"part": first, "first": first + b"/", "last": first + b"0"}  # "0" follows "/"
        with self._trouble():
            return dict(map(_row, self._base.execute(_NEWEST.format(columns=_COLUMNS) + below, values)))

    def full_files(self, generation: int) -> dict[int, int]:
        """Return for each root how many of its files gave articles."""
        query = _NEWEST.format(columns="root, count(*)") + " AND articles GROUP BY root"
        with self._trouble():
            return dict(self._base.execute(query, {"generation": generation}).fetchall())

    def entries(self, place: Place, generation: int) -> dict[str, str]:
        """Return key and hash of each article that the file at `place` gave."""
        query = """SELECT entries FROM files WHERE root = ? AND relpath = ? AND generation <= ?
            ORDER BY generation DESC LIMIT 1"""
        with self._trouble():
            found = self._base.execute(query, (place[0], os.fsencode(place[1]), generation)).fetchone()
        return unpacked_entries(found[0]) if found else {}

    def packed_rows(self, generation: int, number: int) -> dict[bytes, PackedRow]:
        """Return all known files of a root as they are held, by relative path."""
        query = _NEWEST.format(columns=_PACKED) + " AND f.root = :root"
        with self._trouble():
            found = self._base.execute(query, {"generation": generation, "root": number})
            return {row[0]: row for row in found}

    def packed_entries(self, generation: int, number: int) -> dict[bytes, str]:
        """Return what `unpacked_entries` takes, by relative path, of all files of a root with articles."""
        query = _NEWEST.format(columns="relpath, entries") + " AND articles AND f.root = :root"
        with self._trouble():
            found = self._base.execute(query, {"generation": generation, "root": number})
            return dict(found.fetchall())

    def articles(self, generation: int) -> int:
        """Return the number of articles in the library."""
        query = _NEWEST.format(columns="coalesce(sum(articles), 0)")
        with self._trouble():
            return int(self._base.execute(query, {"generation": generation}).fetchone()[0])

    def _state(self, column: str, generation: int) -> str:
        query = f"SELECT {column} FROM states WHERE generation <= ? ORDER BY generation DESC LIMIT 1"
        with self._trouble():
            found = self._base.execute(query, (generation,)).fetchone()
        return str(found[0]) if found else ""

    def _clear(self, generation: int) -> None:
        self._base.execute(
            """DELETE FROM files WHERE rowid IN (
                SELECT o.rowid FROM files n JOIN files o ON o.root = n.root AND o.relpath = n.relpath
                AND o.generation < n.generation WHERE n.generation = ?)""",
            (generation,),
        )
        self._base.execute("DELETE FROM files WHERE gone AND generation = ?", (generation,))
        self._base.execute("DELETE FROM states WHERE generation < ?", (generation,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._trouble():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if not self._path.exists():
                raise LibraryDamaged(self._path, "missing", _HINT) from error
            raise BylineError(f"{self._path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise LibraryDamaged(self._path, f"not a catalog ({error})", _HINT) from error


def _written(root: int, generation: int, *, gone: bool = False) -> str:
    """Return the statement that writes a packed row."""
    return f"REPLACE INTO files VALUES ({root:d}, ?, {generation:d}, {gone:d}, ?, ?, ?, ?, ?, ?, ?, ?)"


def _row(values: tuple[int, bytes, int, int, int, bytes, int, int, str]) -> tuple[Place, FileRow]:
    number, relpath, size, mtime, looked, digest, dated, articles, packed = values
    skips = unpacked_skips(packed)
    return (number, os.fsdecode(relpath)), FileRow(size, mtime, looked, digest, bool(dated), articles, skips)


def _pack(roots: Iterable[Root]) -> str:
    return json.dumps(
        [
            [
                root.number,
                root.label,
                escape(str(root.path)),
                [*map(escape, root.parts)],
                *[True] * root.stream,
            ]
            for root in roots
        ]
    )


def _unpack(packed: str) -> tuple[Root, ...]:
    return tuple(
        Root(label, Path(unescape(path)), number, tuple(map(unescape, parts)), bool(stream))
        for number, label, path, parts, *stream in json.loads(packed)
    )
