"""The plan of a run: what lies on disk, compared with what the catalog knows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.catalog import Catalog
from index.errors import RootProblem, UsageProblem
from index.file_rows import FileRow, PackedRow, Place, unpacked_row
from index.ingest import UNSETTLED
from index.readers import readable
from index.roots import Root, Scope, all_scopes, resolve
from index.walk import Found, walk, why

#: After so many new files, or so many bytes of them, they are told.
_FILES, _BYTES = 256, 1 << 20
#: A file whose time is this close to when it was read may have changed since without a sign (nanoseconds).
_TOO_FRESH = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do.

    `roots` are all roots as they will be. `found` is what lies in the run's scopes now, `rows` what is
    known there, `gone` the known places that are no longer found. `jobs` are the known places to read again,
    with their sizes in bytes, in the order of the walk. On a rebuild all files are read as if they were new:
    then `rows` are those of other places only, and `packed` has, by root, the rows of all.
    """

    roots: tuple[Root, ...]
    found: dict[Place, Found]
    rows: dict[Place, FileRow]
    gone: list[Place]
    jobs: list[tuple[Place, int]]
    packed: dict[int, dict[bytes, PackedRow]]


def make_plan(
    catalog: Catalog,
    generation: int,
    paths: Sequence[Path],
    *,
    rebuild: bool,
    leave_out: Path,
    found: Callable[[Root, list[tuple[str, int]]], None],
) -> Plan:
    """Plan a run over `paths`, or over all roots if there are none or if all is built anew.

    While the walk goes on, `found` is told of files of a root of which nothing is known, some at a time, as
    (relative path, bytes); on a rebuild nothing is known of any. Raises `RootProblem` if something that must
    be there is not, `UsageProblem` if there is nothing to do.
    """
    roots = catalog.roots(generation)
    scopes: list[Scope] = []
    if paths:
        roots, scopes = resolve(paths, roots)
    if rebuild or not paths:
        if not roots or not (rebuild or any(not root.stream for root in roots)):
            raise UsageProblem("the library has no folders yet", "run byline index FOLDER")
        scopes = all_scopes(roots)
    known = {} if rebuild else _rows(catalog, generation, scopes)
    entries: dict[Place, Found] = {}
    jobs: list[tuple[Place, int]] = []
    for scope in scopes:
        number = scope.root.number
        fresh: list[tuple[str, int]] = []
        size = 0
        for entry in _look(scope, leave_out):
            relpath, length, _, reason, _ = entry
            place = number, relpath
            if place not in entries and not reason:
                row = known.get(place)
                if row is None:
                    fresh.append((relpath, length))
                    size += length
                    if size >= _BYTES or len(fresh) >= _FILES:
                        found(scope.root, fresh)
                        fresh, size = [], 0
                elif _may_differ(entry, row):
                    jobs.append((place, length))
            entries[place] = entry
        if fresh:
            found(scope.root, fresh)
    packed: dict[int, dict[bytes, PackedRow]] = {}
    if rebuild:  # what is read does not depend on it, and is being read by now
        packed = {root: catalog.packed_rows(generation, root) for root in {one.root.number for one in scopes}}
        known = dict(_left_out(packed, entries))
    # A rebuild cannot keep what it cannot read, so there nothing is hidden by a folder that it cannot open.
    blind = [] if rebuild else [place for place, entry in entries.items() if entry.blind]
    rows = _known(known, scopes, blind)
    return Plan(roots, entries, rows, [place for place in rows if place not in entries], jobs, packed)


def _left_out(
    packed: Mapping[int, Mapping[bytes, PackedRow]], entries: Mapping[Place, Found]
) -> Iterator[tuple[Place, FileRow]]:
    """Yield the rows of places that were not found, or found and not to be read."""
    for number, rows in packed.items():
        for relpath, row in rows.items():
            place = number, os.fsdecode(relpath)
            entry = entries.get(place)
            if entry is None or entry.reason:
                yield place, unpacked_row(row)


def _rows(catalog: Catalog, generation: int, scopes: Iterable[Scope]) -> dict[Place, FileRow]:
    rows: dict[Place, FileRow] = {}
    for scope in scopes:
        rows |= catalog.rows_below(generation, scope.root.number, scope.part)
    return rows


def _look(scope: Scope, leave_out: Path) -> Iterator[Found]:
    try:
        yield from walk(scope.root.path, scope.part, readable, leave_out)
    except FileNotFoundError:
        if scope.asked or not scope.part:
            raise RootProblem(scope.path, "not there", "nothing was changed") from None
    except OSError as error:
        raise RootProblem(scope.path, f"cannot be read ({why(error)})", "nothing was changed") from error


def _known(
    rows: dict[Place, FileRow], scopes: Iterable[Scope], blind: Sequence[Place]
) -> dict[Place, FileRow]:
    """Return the known places in the scopes, without those below places that nothing is known about."""
    if not rows:
        return {}
    covered: dict[int, list[Scope]] = {}
    for scope in scopes:
        covered.setdefault(scope.root.number, []).append(scope)
    if not blind and all(not scope.part for scope in scopes):
        return {place: row for place, row in rows.items() if place[0] in covered}
    unseen = [(number, f"{relpath}/") for number, relpath in blind]
    return {
        place: row
        for place, row in rows.items()
        if any(scope.covers(*place) for scope in covered.get(place[0], ()))
        and not any(place[0] == number and place[1].startswith(prefix) for number, prefix in unseen)
    }


def _may_differ(entry: Found, row: FileRow) -> bool:
    """Tell whether a file may differ from what the catalog knows of it."""
    same = (entry.size, entry.mtime_ns) == (row.size, row.mtime_ns)
    return not (same and is_settled(row.mtime_ns, row.looked_ns))


def is_settled(mtime_ns: int, looked_ns: int) -> bool:
    """Return whether a file of this time, looked at then, cannot have changed since without a sign."""
    return mtime_ns != UNSETTLED and mtime_ns <= looked_ns - _TOO_FRESH
