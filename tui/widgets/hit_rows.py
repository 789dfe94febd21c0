"""How one hit looks in the list: a few lines of styled pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from search.output import reasons_text
from search.results import Hit, Passage, Span
from tui.facts import day, origin
from tui.marking import Pieces, pieces, shown_line
from tui.typeset import wrap

LEAD = 24  # characters of a passage that may stand before its first match when there is little room


@dataclass(frozen=True, slots=True)
class RowStyles:
    """The styles of a row: plain text, title, facts, and what a match looks like."""

    text: Style
    title: Style
    facts: Style
    look: Callable[[Span], Style]


def hit_lines(
    hit: Hit, width: int, passage_lines: int, styles: RowStyles, *, new: bool = False
) -> list[Pieces]:
    """Return title, facts and `passage_lines` lines of the best passage, none wider than `width`."""
    title = shown_line(hit.article.title) or "untitled"
    facts = _facts(hit, width - 6 * new, styles)
    if new:
        facts.insert(0, Segment("new · ", styles.title))
    if hit.passages:
        lines = [pieces(title, 0, len(title), hit.title_spans, styles.title, styles.look), facts]
        lines += _passage(hit.passages[0], width, passage_lines, styles)
    else:  # nothing but a title: it gets the room
        lines = _set(title, hit.title_spans, width, 1 + passage_lines, styles.title, styles.look)
        lines.append(facts)
    lines += [[] for _ in range(2 + passage_lines - len(lines))]
    return lines


def _facts(hit: Hit, width: int, styles: RowStyles) -> Pieces:
    """Return date and origin, and why the hit matches otherwise than as typed; the origin gives way."""
    date, where, why = day(hit.article), shown_line(origin(hit.article)), reasons_text(hit.reasons)
    room = width - sum(cell_len(part) + 3 for part in (date, why) if part)
    if cell_len(where) > room:
        where = "…" + where[-max(0, room - 1) :] if room > 1 else ""
    return [Segment(" · ".join(part for part in (date, where, why) if part), styles.facts)]


def _passage(passage: Passage, width: int, lines: int, styles: RowStyles) -> list[Pieces]:
    text, spans = _bring_forward(passage, width * lines)
    return _set(text, spans, width, lines, styles.text, styles.look)


def _set(
    text: str, spans: Sequence[Span], width: int, lines: int, base: Style, look: Callable[[Span], Style]
) -> list[Pieces]:
    """Return `text` in at most so many lines; if more would follow, the last one ends in an ellipsis."""
    out: list[Pieces] = []
    ranges = list(wrap(text, max(1, width)))
    for number, (start, end) in enumerate(ranges[:lines]):
        more = number == lines - 1 and len(ranges) > lines
        if more and cell_len(text[start:end]) > width - 2:
            end = start + next(wrap(text[start:end], max(1, width - 2)))[1]
        line = pieces(text, start, end, spans, base, look)
        out.append([*line, Segment(" …", base)] if more else line)
    return out


def _bring_forward(passage: Passage, room: int) -> tuple[str, tuple[Span, ...]]:
    """Return the passage on one line, begun later if its first match would not be seen in `room`."""
    text = shown_line(passage.text)
    if not passage.spans or passage.spans[0].end <= room * 3 // 4:
        return text, passage.spans
    cut = text.find(" ", passage.spans[0].start - LEAD, passage.spans[0].start)
    cut = (cut if cut >= 0 else passage.spans[0].start - 1) + 1
    shift = cut - 2  # for the ellipsis and its space
    moved = tuple(
        replace(s, start=s.start - shift, end=s.end - shift) for s in passage.spans if s.start >= cut
    )
    return "… " + text[cut:], moved
