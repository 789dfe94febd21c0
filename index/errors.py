"""The one tree of errors that byline raises on purpose.

Every error carries a message that says what is wrong and, where there is something to do about it, a
hint that says what. Both are plain text of one line; `tui/cli.py` turns them into stderr text and the
exit code 2. Nothing else in the project prints an error.
"""

from __future__ import annotations

from pathlib import Path


class BylineError(Exception):
    """Root of the tree: `message` says what is wrong, `hint` what to do (may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class LibraryMissing(BylineError):
    """No library stands at `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no library at {path}", "run byline index FOLDER")
        self.path = path


class LibraryLocked(BylineError):
    """Another writer holds the library; the message names its process, host and start time."""


class LibraryDamaged(BylineError):
    """A file of the library at `path` does not hold what it must."""

    def __init__(self, path: Path, what: str, hint: str = "run byline index --rebuild") -> None:
        super().__init__(f"{path}: {what}", hint)
        self.path = path
        self.what = what


class LibraryMismatch(BylineError):
    """The library was written with other rules, another language or another format version."""


class RootProblem(BylineError):
    """A path given to `byline index` or `byline forget` cannot be used as a root of the library."""

    def __init__(self, path: Path, what: str, hint: str = "") -> None:
        super().__init__(f"{path}: {what}", hint)
        self.path = path


class ReadProblem(BylineError):
    """One file cannot be read as articles; it is skipped and counted under `reason`."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UsageProblem(BylineError):
    """A value given by the caller (option, date, number, language) cannot be used."""


class UpdateStopped(BylineError):
    """A run of indexing was asked to stop before its commit; the library is as it was."""


class BuildFailed(BylineError):
    """A process that builds segments failed; the library is as it was."""
