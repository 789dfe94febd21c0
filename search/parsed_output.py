"""How a query was understood, as text and as JSON values.

Text is safe for a terminal; nothing ends with a line end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from search.plan import Plan
from search.results import Part, PartKind, Results
from search.terminal import one_line

_HEADINGS = {
    PartKind.ALL: "all of",
    PartKind.ANY: "any of",
    PartKind.NOT: "without",
    PartKind.MORE: "better with",
}


def part_record(part: Part | None) -> dict[str, Any] | None:
    """Return a part of a query as JSON values, None if there is none."""
    if part is None:
        return None
    record: dict[str, Any] = {
        "kind": part.kind.value,
        "text": part.text,
        "start": part.start,
        "end": part.end,
    }
    if part.parts:
        record["parts"] = [part_record(inside) for inside in part.parts]
    return record


def understood_record(query: str, understood: Plan | Results) -> dict[str, Any]:
    """Return a query and how it was understood as JSON values."""
    return {
        "query": query,
        "understood": understood.understood,
        "parsed": part_record(understood.parsed),
        "corrections": [
            {
                "typed": c.typed,
                "meant": list(c.meant),
                "start": c.start,
                "end": c.end,
                "edits": c.edits,
                "added": c.added,
            }
            for c in understood.corrections
        ],
        "notes": [{"text": n.text, "start": n.start, "end": n.end} for n in understood.notes],
    }


def understood_lines(query: str, understood: Plan | Results) -> Iterator[str]:
    """Yield how a query was understood: in byline's notation, as a tree, and what could not be meant."""
    part = understood.parsed
    yield one_line(part.text) if part is not None else "nothing to search for"
    if part is not None and part.parts:
        yield from _lines(query, part, "  ")
    for correction in understood.corrections:
        yield f"corrected: {one_line(str(correction))}" + (" as well" if correction.added else "")
    for note in understood.notes:
        at = one_line(query[note.start : note.end])
        yield f"note: {one_line(note.text)}" + (f" (character {note.start + 1}: {at})" if at else "")


def _lines(query: str, part: Part, indent: str) -> Iterator[str]:
    """Yield a part and those in it, a line each; a leaf says what it comes from if written otherwise."""
    if not part.parts:
        typed = query[part.start : part.end]
        origin = f"   from {one_line(typed)}" if typed and typed not in part.text else ""
        yield f"{indent}{one_line(part.text)}  ({part.kind.value}){origin}"
        return
    yield f"{indent}{_HEADINGS[part.kind]}"
    for inside in part.parts:
        yield from _lines(query, inside, indent + "  ")
