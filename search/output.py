"""Answers as text: what `byline search` and `byline show` print, line by line.

Every function yields or returns text without its last line end, safe for a terminal (`search/terminal.py`)
unless it says otherwise. JSON is pure ASCII: it escapes what it must itself.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from index.article import Article
from search.parsed_output import understood_record
from search.results import Correction, Hit, MatchKind, Note, Passage, Reason, Results, Span
from search.terminal import one_line, visible

#: Version of the JSON that `--format json` and `jsonl` print; raised when a field changes its meaning.
SCHEMA_VERSION = 2

_RESET = "\x1b[0m"
_DIM, _BOLD = "\x1b[2m", "\x1b[1m"
#: Marks on a terminal differ by kind and without colour: bold underlined, bold, underlined, reversed.
_STYLES = {
    MatchKind.EXACT: "\x1b[1;4;33m",
    MatchKind.STEM: "\x1b[1;33m",
    MatchKind.SPELLING: "\x1b[1;33m",
    MatchKind.PREFIX: "\x1b[4;33m",
    MatchKind.TYPO: "\x1b[7;35m",
}
_INDENT = "    "
_SPACE = re.compile(r"\s")


def marked(text: str, spans: Iterable[Span], color: bool, safe: Callable[[str], str] = one_line) -> str:
    """Return `text` on one line with its spans marked: by styles, or as `*word*`, for typos `~word~`.

    `safe` makes its pieces fit for a terminal.
    """
    out: list[str] = []
    at = 0
    for span in spans:
        out.append(safe(text[at : span.start]))
        word = safe(text[span.start : span.end])
        sign = "~" if span.kind is MatchKind.TYPO else "*"
        out.append(f"{_STYLES[span.kind]}{word}{_RESET}" if color else f"{sign}{word}{sign}")
        at = span.end
    out.append(safe(text[at:]))
    return "".join(out)


def date_text(article: Article) -> str:
    """Return the day of an article, `~` before one that is only its file's; "" without any."""
    if article.date is None:
        return ""
    return f"{'' if article.date_is_true else '~'}{article.date.date().isoformat()}"


def _styled(text: str, style: str, color: bool) -> str:
    return f"{style}{text}{_RESET}" if color and text else text


def hit_text(hit: Hit, color: bool, width: int) -> str:
    """Return one hit for reading: rank and title, date and source, its passages, its reasons, its id."""
    article = hit.article
    title = marked(article.title or "(no title)", hit.title_spans, color)
    facts = " · ".join(filter(None, (date_text(article), one_line(article.source), one_line(article.author))))
    lines = [f"{hit.rank:>3} {_styled(title, _BOLD, color) if not hit.title_spans else title}"]
    if facts:
        lines.append(_INDENT + _styled(facts, _DIM, color))
    lines += [_passage(passage, color, width) for passage in hit.passages]
    lines += [f"{_INDENT}({one_line(str(reason))})" for reason in hit.reasons]
    lines.append(_INDENT + _styled(one_line(article.id), _DIM, color))
    return "\n".join(lines)


def _passage(passage: Passage, color: bool, width: int) -> str:
    """Return a passage wrapped to `width` columns; styles stay whole because lines break at spaces only."""
    text = marked(passage.text, passage.spans, False)
    if not color:
        return textwrap.fill(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT)
    lines, column, out = [], len(_INDENT), [_INDENT]
    for word, plain in zip(_words(passage, True), _words(passage, False), strict=True):
        if column + len(plain) > width and column > len(_INDENT):
            lines.append("".join(out).rstrip(" "))
            out, column = [_INDENT], len(_INDENT)
        out.append(word + " ")
        column += len(plain) + 1
    lines.append("".join(out).rstrip(" "))
    return "\n".join(lines)


def _words(passage: Passage, color: bool) -> list[str]:
    """Return the words of a passage as printed; a mark of several words is styled word by word."""
    spans: list[Span] = []
    for span in passage.spans:
        start = span.start
        for piece in passage.text[span.start : span.end].split():
            start = passage.text.index(piece, start)
            spans.append(Span(start, start + len(piece), span.kind))
            start += len(piece)
    if not color:
        return [word for word in one_line(passage.text).split(" ") if word]
    return [word for word in marked(passage.text, spans, True).split(" ") if word]


def summary(results: Results) -> str:
    """Return the closing line: how many of how many hits were shown."""
    shown = len(results.hits)
    if results.offset:
        return f"{results.offset + 1:,} to {results.offset + shown:,} of {results.total:,}"
    return f"{shown:,} of {results.total:,}"


def remarks(query: str, corrections: Iterable[Correction], notes: Iterable[Note]) -> list[str]:
    """Return what the reader should know of how the query was understood, a line each."""
    lines = [f"searched for {one_line(str(c))}" + (" as well" if c.added else "") for c in corrections]
    for note in notes:
        at = one_line(query[note.start : note.end])
        lines.append(f"{one_line(note.text)}" + (f" ({at})" if at and at not in note.text else ""))
    return lines


def _span_rows(spans: Sequence[Span]) -> list[list[Any]]:
    return [[span.start, span.end, span.kind.value] for span in spans]


def article_record(article: Article, text: bool = False) -> dict[str, Any]:
    """Return an article as JSON values; with its text if asked."""
    record: dict[str, Any] = {
        "id": article.id,
        "key": article.key,
        "title": article.title,
        "title_derived": article.title_derived,
        "date": article.date.isoformat() if article.date else None,
        "date_origin": article.date_origin.value,
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "path": article.path,
        "extras": article.extras,
    }
    if text:
        record["text"] = article.text
    return record


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON values; spans are [start, end, kind] in characters of the text they mark."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        **article_record(hit.article),
        "title_spans": _span_rows(hit.title_spans),
        "passages": [
            {"text": p.text, "start": p.start, "end": p.end, "spans": _span_rows(p.spans)}
            for p in hit.passages
        ],
        "reasons": [_reason_record(reason) for reason in hit.reasons],
    }


def _reason_record(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind.value,
        "typed": reason.typed,
        "matched": list(reason.matched),
        "edits": reason.edits,
        "text": str(reason),
    }


def results_record(results: Results, number: str | None = None) -> dict[str, Any]:
    """Return a page of results as JSON values; `number` is the query's id in a batch."""
    return {
        "schema": SCHEMA_VERSION,
        **({} if number is None else {"id": number}),
        **understood_record(results.query, results),
        "total": results.total,
        "offset": results.offset,
        "seconds": round(results.seconds, 6),
        "hits": [hit_record(hit) for hit in results.hits],
    }


def json_text(record: dict[str, Any], indent: int | None = None) -> str:
    """Return JSON in ASCII, so that nothing in it can reach a terminal as a control sequence."""
    return json.dumps(record, ensure_ascii=True, indent=indent)


def trec_line(number: str, hit: Hit) -> str:
    """Return a line of a TREC run: query, Q0, key (else id), rank, score, run name; white space encoded."""
    from urllib.parse import quote  # not at the top: it loads as much as all of this module

    ids = (number, hit.article.key or hit.article.id)
    query, name = (visible(_SPACE.sub(lambda space: quote(space[0]), ident)) for ident in ids)
    return f"{query} Q0 {name} {hit.rank} {hit.score:.6f} byline"


def article_text(
    article: Article, heading: Sequence[Span], spans: Sequence[Span], color: bool, width: int
) -> Iterator[str]:
    """Yield an article for reading, line by line: title, facts, then the text with its marks.

    Lines are wrapped to `width` columns if it is not 0.
    """
    yield (
        marked(article.title or "(no title)", heading, color)
        if heading
        else _styled(one_line(article.title or "(no title)"), _BOLD, color)
    )
    facts = " · ".join(filter(None, (date_text(article), one_line(article.source), one_line(article.author))))
    if facts:
        yield _styled(facts, _DIM, color)
    yield _styled(one_line(article.path), _DIM, color)
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
        if not width or len(line) <= width:
            yield marked(line, inside, color, visible)
        else:
            shown = _passage(Passage(line, 0, len(line), tuple(inside)), color, width + len(_INDENT))
            yield from (row.removeprefix(_INDENT) for row in shown.split("\n"))
        start = end + 1
