"""What can be done with articles, as text: paths, citations, a command line, files. Pure functions."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from index.article import Article
from search.results import Hit
from search.terminal import one_line, visible
from tui.contracts import Question
from tui.facts import day

FORMATS = (("j", "json"), ("c", "csv"), ("m", "markdown"))
"""The formats of an export, each with its key; the name of one is the ending of its file, but for `md`."""

_FIELDS = ("rank", "id", "title", "date", "source", "author", "url", "path", "passage")
_NAMELESS = re.compile(r"[^\w]+")


def paths(articles: Iterable[Article]) -> str:
    """Return the files of the articles, each once, one a line."""
    return "\n".join(dict.fromkeys(article.path for article in articles))


def citation(article: Article) -> str:
    """Return `Author, "Title", Source, 1987-06-15, id`, as far as it is known."""
    title = f'"{one_line(article.title).strip()}"' if article.title else ""
    known = (one_line(article.author), title, one_line(article.source), day(article), one_line(article.id))
    return ", ".join(part for part in known if part)


def passage(hit: Hit) -> str:
    """Return the best passage of a hit as a quotation with its citation."""
    text = one_line(hit.passages[0].text).strip() if hit.passages else one_line(hit.article.title)
    return f"“{text}” ({citation(hit.article)})"


def full_text(article: Article) -> str:
    """Return the article as plain text: title, facts, body; nothing in it is obeyed by a terminal."""
    title = "" if article.title_derived else one_line(article.title)
    head = "\n".join(part for part in (title, citation_line(article)) if part)
    return f"{head}\n\n{visible(article.text)}\n"


def citation_line(article: Article) -> str:
    """Return date, author, source and id in one line."""
    known = (day(article), one_line(article.author), one_line(article.source), one_line(article.id))
    return " · ".join(part for part in known if part)


def command_line(library: Path, question: Question) -> str:
    """Return the command that prints what the screen lists, to be pasted into a shell."""
    parts = ["byline", "-L", str(library), "search"]
    if question.sort != "relevance":
        parts += ["--sort", question.sort]
    if not question.typos:
        parts += ["--typos", "off"]
    if question.mode != "auto":
        parts.append(f"--{question.mode}")
    query = question.asked
    return shlex.join([*parts, *(["--"] if query.startswith("-") else []), query])


def file_name(text: str, ending: str) -> str:
    """Return a modest name for a file about `text`."""
    stem = _NAMELESS.sub("-", text.lower()).strip("-")[:60].strip("-")
    return f"{stem or 'byline'}.{ending}"


def exported(hits: Iterable[Hit], form: str) -> Iterator[str]:
    """Yield the hits as pieces of a file in `form`, one of FORMATS."""
    writer = {"json": _json, "csv": _csv, "markdown": _markdown}[form]
    yield from writer(hits)


def ending(form: str) -> str:
    """Return the ending of a file in `form`."""
    return "md" if form == "markdown" else form


def _record(hit: Hit) -> dict[str, object]:
    article = hit.article
    text = one_line(hit.passages[0].text).strip() if hit.passages else ""
    values: Sequence[object] = (
        hit.rank,
        article.id,
        one_line(article.title),
        day(article),
        article.source,
        article.author,
        article.url,
        article.path,
        text,
    )
    return dict(zip(_FIELDS, values, strict=True))


def _json(hits: Iterable[Hit]) -> Iterator[str]:
    yield "["
    for number, hit in enumerate(hits):
        yield (",\n" if number else "\n") + json.dumps(_record(hit))
    yield "\n]\n"


def _csv(hits: Iterable[Hit]) -> Iterator[str]:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_FIELDS)
    for hit in hits:
        rows.writerow(_in_cell(value) for value in _record(hit).values())
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _in_cell(value: object) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    text = visible(str(value))
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _markdown(hits: Iterable[Hit]) -> Iterator[str]:
    for hit in hits:
        record = _record(hit)
        title = _escaped(str(record["title"])) or "untitled"
        yield f"## {title}\n\n{_escaped(citation_line(hit.article))}\n\n"
        if record["passage"]:
            yield f"> {_escaped(str(record['passage']))}\n\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", visible(text))
