"""Tables in Markdown, and their place in the page on performance."""

from __future__ import annotations

import os
import platform
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the benchmarks found: `text` is Markdown, `name` its place in the page."""

    name: str
    text: str


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is aligned left, the others right."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" + "--:|" * (len(headings) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def section(name: str, command: str, *parts: str) -> Section:
    """Return a section of prose and tables, the machine and the command told after the first of them."""
    first, *rest = (part if part.startswith("|") else " ".join(part.split()) for part in parts)
    told = "\n".join(textwrap.wrap(f"{first} {machine()} {command}", 110, break_on_hyphens=False))
    return Section(name, "\n\n".join((told, *rest)))


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with about `digits` significant digits, thousands set apart; "-" for None."""
    if value is None:
        return NOTHING
    if value >= 10 ** (digits - 1) or value == int(value):
        return f"{value:,.0f}"
    decimals = digits - 1 if value >= 1 else digits
    return f"{value:,.{decimals if value < 10 else max(0, decimals - 1)}f}"


def machine() -> str:
    """Return one line on what was measured on, and with which versions."""
    names = ("byline", "whoosh3", "numpy", "tantivy", "bm25s")
    versions = ", ".join(f"{name} {found}" for name in names if (found := _version(name)))
    load = f"; load average at the start {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}{load}."


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.machine()


def put(section: Section, page: Path = PAGE) -> None:
    """Write a section between its marks in the page. Raises `ValueError` if the page has no such marks."""
    begin, end = f"<!-- {section.name}: begin -->", f"<!-- {section.name}: end -->"
    head, mark, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closing, tail = rest.partition(end)
    if not mark or not closing:
        raise ValueError(f"{page} has no marks for {section.name}")
    page.write_text(f"{head}{begin}\n{section.text}\n{end}{tail}", encoding="utf-8")
