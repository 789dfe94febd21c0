"""Tables read back as what was printed."""

from __future__ import annotations

import re

_MARKED = re.compile(r"'(?=[\s']*[=+\-@＝＋－＠])")
_SIGNS = {"t": "\t", "n": "\n", "\\": "\\"}


def unguarded(text: str) -> str:
    """Return the text of a CSV cell without the apostrophe that keeps a spreadsheet from running it."""
    return _MARKED.sub("", text, count=1) if _MARKED.match(text) else text


def read_tsv(text: str) -> list[list[str]]:
    """Return the cells of the lines of a TSV text, which ends with a line break."""
    lines = text.split("\n")[:-1]
    return [
        [re.sub(r"\\(.)", lambda sign: _SIGNS[sign[1]], part) for part in line.split("\t")] for line in lines
    ]
