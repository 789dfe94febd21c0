"""Keep a library up to date while its folders change."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from index.errors import BylineError, LibraryMissing, UsageProblem
from index.library import Library
from index.report import Report
from index.roots import Root
from index.walk import why

#: Changes that follow each other within so many milliseconds are brought in together ...
_QUIET = 200
#: ... but after so many at the latest.
_LONGEST = 3_000
#: Every so many milliseconds it is looked whether roots have gone, come back, or are new.
_LOOK = 1_000

#: Each root with what tells its folder from another at the same place; None if there is none.
_Roots: TypeAlias = Mapping[Root, "tuple[int, int] | None"]


def check_watchfiles() -> None:
    """Raise `UsageProblem` if the package that tells of changes is not installed."""
    try:
        import watchfiles  # noqa: F401
    except ImportError:
        hint = "install it with pip install 'byline[watch]'"
        raise UsageProblem("--watch needs the package watchfiles", hint) from None


def follow(library: Library, stop: threading.Event | None = None) -> Iterator[Report | BylineError]:
    """Bring in what changes below the roots of a library, and yield the report of each update.

    It ends once `stop` is set. What goes wrong is yielded, once until it is something else, and tried again:
    a root that vanished is left alone with its articles until it is back. Raises `LibraryMissing` once the
    library itself is gone.
    """
    ended = stop or threading.Event()
    roots: _Roots = {}
    due: set[Root] = set()
    watcher: Iterator[set[Path]] = iter(())
    told = ""
    while not ended.is_set():
        troubles = []
        now = _roots(library)
        if now != roots:
            # Watching begins with the first step, and what came before it is found by looking everywhere.
            roots, due, watcher = (
                now,
                {root for root, there in now.items() if there},
                _watcher(library, now, ended),
            )
        try:
            changed = next(watcher, None)
            if changed is None:
                ended.wait(_LOOK / 1000)
            due |= _touched(roots, changed or ())
            if due and not ended.is_set():
                yield library.update(_paths(roots, due))
                due = set()
        except LibraryMissing:
            raise
        except BylineError as error:
            troubles.append(str(error))
        troubles += [f"{root.path}: not there; its articles are kept" for root in roots if not roots[root]]
        if troubles and "; ".join(troubles) != told:
            yield BylineError("; ".join(troubles))
        told = "; ".join(troubles)


def _roots(library: Library) -> _Roots:
    found: dict[Root, tuple[int, int] | None] = {}
    for root in library.roots():
        if not root.stream:
            try:
                status = root.path.stat()
                found[root] = status.st_dev, status.st_ino
            except OSError:
                found[root] = None
    return found


def _watcher(library: Library, roots: _Roots, ended: threading.Event) -> Iterator[set[Path]]:
    """Yield the paths of each burst of changes, and now and then none. Raises `UsageProblem` if the system
    cannot watch so much."""
    from watchfiles import Change, watch

    own = library.path.resolve()

    def wanted(_: Change, path: str) -> bool:
        return not Path(path).is_relative_to(own)

    folders = [root.path for root, there in roots.items() if there]
    if not folders:
        return
    try:
        for changes in watch(
            *folders,
            watch_filter=wanted,
            debounce=_LONGEST,
            step=_QUIET,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            stop_event=ended,
        ):
            yield {Path(path) for _, path in changes}
    except FileNotFoundError:
        return  # a folder that went just now
    except OSError as error:
        raise UsageProblem(f"the folders cannot be watched: {why(error)}") from error


def _touched(roots: _Roots, changed: Iterable[Path]) -> set[Root]:
    found = set()
    for path in changed:
        for root in roots:
            if path.is_relative_to(root.path) and (root.whole or path.name in root.parts):
                found.add(root)
    return found


def _paths(roots: _Roots, due: Iterable[Root]) -> list[Path]:
    """Return what an update is to look at; nothing for all of the library."""
    if all(roots.values()) and not all(root.whole for root in due):
        return []  # so that single files that went are seen to be gone
    paths = []
    for root in due:
        if root.whole:
            paths.append(root.path)
        elif roots[root]:
            paths += [path for part in root.parts if (path := root.path / part).exists()]
    return paths
