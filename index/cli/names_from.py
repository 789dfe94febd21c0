"""Names of files that come from a file or from standard input."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from index.errors import ReadProblem
from index.walk import why


def paths_from(name: str) -> list[Path]:
    """Return the paths listed in the file `name`, or on standard input for `-`, in their order.

    They stand one a line; if there is a NUL byte anywhere, NUL stands between them and a line break is a
    part of a name. Empty ones are left out. Raises `ReadProblem`.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ReadProblem(name, why(error)) from error
    names = content.split(b"\0") if b"\0" in content else content.splitlines()
    return [Path(os.fsdecode(found)) for found in names if found]
