"""Where a library stands: a path as it was given, or a name below the platform's data folder."""

from __future__ import annotations

import os
from pathlib import Path

from index.errors import UsageProblem

VARIABLE = "BYLINE_LIBRARY"
DEFAULT_NAME = "default"


def library_path(where: str | Path | None = None) -> Path:
    """Return the absolute folder of the library that `where` names; it need not exist.

    A `Path` is taken as it is; a text is a path if it holds a separator or begins with `.` or `~`, else a
    name. Without either, the variable BYLINE_LIBRARY decides, else the name `default`. Raises
    `UsageProblem` for what can be neither.
    """
    if where is None:
        where = os.environ.get(VARIABLE) or DEFAULT_NAME
    if isinstance(where, Path):
        return _absolute(where)
    if not where or "\0" in where:
        raise UsageProblem(f"not a library: {where!r}", "give a name or a path")
    separators = (os.sep, os.altsep or os.sep)
    if where.startswith((".", "~")) or any(separator in where for separator in separators):
        return _absolute(Path(where))
    return libraries_folder() / where


def libraries_folder() -> Path:
    """Return the folder of the libraries that are known by a name."""
    from platformdirs import user_data_path  # 20 ms that a path does not need

    # A folder of its own: some platforms keep settings and state in the data folder too.
    return user_data_path("byline", appauthor=False) / "libraries"


def state_folder(library: Path) -> Path:
    """Return the folder of what is remembered about the library at a path, apart from the library itself."""
    import hashlib

    digest = hashlib.sha256(os.fsencode(_absolute(library))).hexdigest()[:16]
    return common_state_folder() / "libraries" / digest


def common_state_folder() -> Path:
    """Return the folder of all that byline remembers, whatever the library."""
    from platformdirs import user_state_path  # as above

    return user_state_path("byline", appauthor=False)


def _absolute(path: Path) -> Path:
    try:
        return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 (resolves `..`, keeps links)
    except RuntimeError as error:
        raise UsageProblem(f"not a library: {str(path)!r}", "its home folder is unknown") from error
