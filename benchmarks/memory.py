"""Memory of a process and all that it started, as Linux tells it; elsewhere nothing is known."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_ANONYMOUS = re.compile(r"^RssAnon:\s+(\d+) kB", re.MULTILINE)
_INTERVAL = 0.03


@dataclass(slots=True)
class Peak:
    """The most memory in bytes seen at one time: of all processes together, and of the largest."""

    together: int = 0
    largest: int = 0


def anonymous(process: int) -> dict[int, int]:
    """Return the memory in bytes of a process and its descendants, by process number.

    Only what belongs to the processes is counted; mapped files are the system's cache.
    """
    found: dict[int, int] = {}
    waiting = [process]
    while waiting:
        number = waiting.pop()
        folder = Path("/proc", str(number))
        try:
            match = _ANONYMOUS.search((folder / "status").read_text())
            children = [path.read_text().split() for path in folder.glob("task/*/children")]
        except OSError:
            continue
        found[number] = int(match[1]) * 1024 if match else 0
        waiting += [int(child) for group in children for child in group]
    return found


def peak_above(process: subprocess.Popen[str], before: dict[int, int]) -> Peak:
    """Wait for a process to end; return the most memory that it and what it started held above `before`."""
    peak = Peak()
    while process.poll() is None:
        above = {n: size - before.get(n, 0) for n, size in anonymous(process.pid).items()}
        peak.together = max(peak.together, sum(above.values()))
        peak.largest = max(peak.largest, *above.values(), 0)
        time.sleep(_INTERVAL)
    return peak
