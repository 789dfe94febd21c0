"""Rows as lines of CSV, TSV or Markdown: for hits, and for anything else that is listed.

Every line is safe for a terminal (`search/terminal.py`) and comes without its line end.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from search.terminal import one_line, visible

#: The formats of rows.
TABLES = ("csv", "tsv", "markdown")

_QUOTE = '"'
#: What a spreadsheet takes for a formula, behind what it may skip first; an apostrophe is the guard itself.
_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]")
_QUOTED = re.compile(r'[",\n\r]|^\s|\s$')
#: What Markdown would take as more than text.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_BLOCK = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([-+=.)])")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})


def cell(value: Any) -> str:
    """Return a JSON value as the text of a cell: nothing for null, lists and objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return visible(value)
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def csv_line(values: Sequence[Any]) -> str:
    """Return a row as CSV (RFC 4180): cells with commas, quotation marks or line breaks in quotation marks.

    A cell with line breaks makes the row several lines. A text that a spreadsheet would run as a formula gets
    an apostrophe before it, since texts come from anywhere; so does one that begins with such an apostrophe
    already, so that what was there can be told. Numbers stay numbers.
    """
    cells = [_guarded(value) if isinstance(value, str) else cell(value) for value in values]
    if len(cells) == 1 and not cells[0]:
        return '""'  # an empty line would be no row
    return ",".join(f'"{c.replace(_QUOTE, _QUOTE * 2)}"' if _QUOTED.search(c) else c for c in cells)


def _guarded(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def tsv_line(values: Sequence[Any]) -> str:
    r"""Return a row as one line of cells between tabs.

    In a cell a tab is `\t`, a line break `\n`, and a backslash two.
    """
    return "\t".join(cell(value).translate(_ESCAPES) for value in values)


def table_line(style: str, values: Sequence[Any]) -> str:
    """Return a row in a format of `TABLES`."""
    return {"csv": csv_line, "tsv": tsv_line, "markdown": markdown_line}[style](values)


def table_head(style: str, names: Sequence[str]) -> str:
    """Return what a table with these columns begins with in a format of `TABLES`."""
    return markdown_head(names) if style == "markdown" else table_line(style, names)


def markdown_line(values: Sequence[Any]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(markdown(cell(value)) for value in values)} |"


def markdown_head(names: Sequence[str]) -> str:
    """Return the two lines with which a Markdown table begins."""
    return f"{markdown_line(names)}\n|{' --- |' * len(names)}"


def markdown(text: str) -> str:
    """Return text on one line that Markdown shows as it is."""
    plain = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("&", "&amp;")
    return _BLOCK.sub(r"\1\\\2", plain)
