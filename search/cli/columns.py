"""Rows of cells as lines for reading, in columns as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.styled import columns
from search.terminal import one_line


def in_columns(rows: Sequence[Sequence[str]], sides: str) -> Iterator[str]:
    """Yield a line for each row, safe for a terminal.

    `sides` has a `<` or a `>` for each column: whether its cells stand at its left or its right end. All
    rows have as many cells.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = map(_padded, row, widths, sides)
        yield "  ".join(padded).rstrip()


def _padded(cell: str, width: int, side: str) -> str:
    blank = " " * (width - columns(cell))
    return cell + blank if side == "<" else blank + cell
