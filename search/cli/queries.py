"""Files of queries, and of other lines, that a command reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index.errors import UsageProblem
from search.cli.streams import read_stdin
from search.terminal import one_line


def read_lines(name: str, what: str) -> list[str]:
    """Return the lines of a file, or of standard input for `-`; raises `UsageProblem` without one.

    `what` names what its lines are.
    """
    try:
        text = read_stdin() if name == "-" else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageProblem(f"{one_line(name)}: {error.strerror}", f"give a file of {what}, or -") from None
    return text.splitlines()


def read_queries(name: str) -> Iterator[tuple[str, str]]:
    """Yield (id, query) of each line that is not blank; without an id, it is the line's number."""
    for number, line in enumerate(read_lines(name, "queries"), 1):
        if line.strip():
            ident, tab, text = line.partition("\t")
            yield (ident.strip() or str(number), text) if tab else (str(number), line)
