"""Answers for reading: what `byline search` and `byline show` print as text, line by line.

Every function yields or returns text without its last line end, safe for a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from index.article import Article
from search.explained import explanation_lines
from search.results import (
    Correction,
    Diagnosis,
    Hit,
    Note,
    Reason,
    ReasonKind,
    Remedy,
    RemedyKind,
    Span,
)
from search.styled import BOLD, DIM, Piece, columns, marked, pieces, styled, wrapped
from search.tables import markdown
from search.terminal import one_line, visible

_INDENT = "    "
#: Before a further passage of the same article.
_FURTHER = "… "
#: Missing words that are named; the rest is counted.
_MISSING_NAMED = 5


def date_text(article: Article) -> str:
    """Return the day of an article, `~` before one that is only its file's; "" without any."""
    if article.date is None:
        return ""
    return f"{'' if article.date_is_true else '~'}{article.date.date().isoformat()}"


def _facts(article: Article) -> str:
    """Return date, source and author on one line, as far as they are known."""
    return " · ".join(filter(None, (date_text(article), one_line(article.source), one_line(article.author))))


def hit_text(hit: Hit, color: bool, width: int) -> str:
    """Return one hit for reading: rank and title, date and source, passages, reasons, explanation, id.

    Lines are wrapped to `width` columns; only the id, the last, is never broken.
    """
    article = hit.article
    title = pieces(article.title or "(no title)", hit.title_spans, color, BOLD)
    lines = wrapped(title, width, _INDENT, f"{hit.rank:>3} ")
    facts = _facts(article)
    if facts:
        lines += _dim(facts, color, width)
    for number, passage in enumerate(hit.passages):
        text = pieces(passage.text, passage.spans, color)
        lines += wrapped(text, width, _INDENT, _INDENT + _FURTHER if number else None)
    if hit.reasons:
        lines += _dim(reasons_text(hit.reasons), color, width)
    for line in explanation_lines(hit.explanation) if hit.explanation else ():
        lines += _dim(line, color, width)
    if hit.fold is not None:
        lines += _dim(str(hit.fold), color, width)
    lines.append(_INDENT + styled(one_line(article.id), DIM, color))
    return "\n".join(lines)


def _dim(text: str, color: bool, width: int) -> list[str]:
    return wrapped([Piece(text, DIM if color else "")], width, _INDENT)


def reasons_text(reasons: Sequence[Reason]) -> str:
    """Return the reasons of a hit on one line: words read otherwise, then the missing ones together."""
    parts = [one_line(str(reason)) for reason in reasons if reason.kind is not ReasonKind.MISSING]
    missing = [one_line(reason.typed) for reason in reasons if reason.kind is ReasonKind.MISSING]
    if missing:
        more = len(missing) - _MISSING_NAMED
        named = ", ".join(missing[:_MISSING_NAMED])
        parts.append(f"missing: {named}" + (f" and {more} more" if more > 0 else ""))
    return " · ".join(parts)


def summary(total: int, offset: int, shown: int, stories: int | None = None) -> str:
    """Return the closing line: how many of how many hits, or of how many stories, were shown."""
    out_of = f"{total:,}" if stories in (None, total) else f"{stories:,} stories, {total:,} articles"
    if offset and not shown:
        return f"none of {out_of} after the first {offset:,}"
    if offset:
        return f"{offset + 1:,} to {offset + shown:,} of {out_of}"
    return f"{shown:,} of {out_of}"


def remarks(query: str, corrections: Iterable[Correction], notes: Iterable[Note]) -> list[str]:
    """Return what the reader should know of how the query was understood, a line each and none twice."""
    lines = [f"searched for {one_line(str(c))}" + (" as well" if c.added else "") for c in corrections]
    for note in notes:
        at = one_line(query[note.start : note.end])
        lines.append(f"{one_line(note.text)}" + (f" ({at})" if at and at not in note.text else ""))
    return list(dict.fromkeys(lines))


def hit_markdown(hit: Hit) -> str:
    """Return one hit as an item of a Markdown list: title, facts, then its passages as quotations."""
    article = hit.article
    parts = [date_text(article), article.source, article.author, article.id]
    facts = " · ".join(markdown(part) for part in parts if part)
    lines = [f"{hit.rank}. {_markdown_marked(article.title or '(no title)', hit.title_spans)}", f"   {facts}"]
    for passage in hit.passages:
        lines += ["", f"   > {_markdown_marked(passage.text, passage.spans)}"]
    if hit.reasons:
        lines += ["", f"   {markdown(reasons_text(hit.reasons))}"]
    return "\n".join(lines)


def _markdown_marked(text: str, spans: Iterable[Span]) -> str:
    out: list[str] = []
    at = 0
    for span in spans:
        out += [markdown(text[at : span.start]), f"**{markdown(text[span.start : span.end])}**"]
        at = span.end
    return "".join([*out, markdown(text[at:])])


def diagnosis_lines(diagnosis: Diagnosis) -> list[str]:
    """Return, a line each, how many articles the parts of a query have that finds nothing, and what helps."""
    lines = []
    if len(diagnosis.parts) > 1:
        counts = [f"{one_line(part.text)} {part.articles:,}" for part in diagnosis.parts]
        lines.append(f"articles with each: {', '.join(counts)}")
    if diagnosis.by_date:
        lines.append("none of them in the days asked for (files' dates count with --file-dates only)")
    return lines + [f"try {_remedy_text(remedy)}" for remedy in diagnosis.remedies]


def suggestion_line(suggestion: Remedy) -> str:
    """Return what may have been meant by a query whose words were not corrected."""
    return f"did you mean {_remedy_text(suggestion)}"


def _remedy_text(remedy: Remedy) -> str:
    from shlex import quote  # not at the top: seldom needed

    ways = {RemedyKind.ANY: "--any", RemedyKind.UNFILTER: "without --since and --until"}
    way = ways.get(remedy.kind) or f"{quote(one_line(remedy.query))} ({one_line(remedy.change)})"
    return f"{way}: {remedy.articles:,} article{'' if remedy.articles == 1 else 's'}"


def article_text(
    article: Article, heading: Sequence[Span], spans: Sequence[Span], color: bool, width: int
) -> Iterator[str]:
    """Yield an article for reading, line by line: title, facts, then the text with its marks.

    Lines are wrapped to `width` columns if it is not 0.
    """
    title = pieces(article.title or "(no title)", heading, color, BOLD)
    yield from wrapped(title, width) if width else ["".join(map(str, title))]
    facts = _facts(article)
    if facts:
        yield styled(facts, DIM, color)
    if article.path:
        yield styled(one_line(article.path), DIM, color)
    yield ""
    yield from text_lines(article.text, spans, color, width)


def text_lines(text: str, spans: Sequence[Span], color: bool, width: int) -> Iterator[str]:
    """Yield a text with its marks line by line, wrapped at spaces to `width` columns if it is not 0."""
    start = at = 0
    for line in text.split("\n"):
        end = start + len(line)
        inside: list[Span] = []
        while at < len(spans) and spans[at].start < end:
            first, last = max(spans[at].start, start), min(spans[at].end, end)
            inside.append(Span(first - start, last - start, spans[at].kind))
            if spans[at].end > end:
                break  # a phrase that goes on in the next line
            at += 1
        if not width or columns(line) <= width:
            yield marked(line, inside, color, visible)
        else:
            yield from wrapped(pieces(line, inside, color), width)
        start = end + 1
