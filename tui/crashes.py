"""What is left of an error that nobody foresaw: a file with the details, and one line that names it."""

from __future__ import annotations

import traceback
from pathlib import Path

from search.terminal import one_line

CRASH_FILE = "crash.txt"


def told(error: BaseException, folder: Path) -> str:
    """Write the details of `error` into `folder`, and return the line for the terminal."""
    what = one_line(f"{type(error).__name__}: {error}")[:200]
    details = "".join(traceback.format_exception(error))
    path = folder / CRASH_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(details, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return f"byline: the app broke down: {what}"
    return f"byline: the app broke down: {what}\nThe details are in {one_line(str(path))}"
