"""Answers as values for JSON: what scripts read.

The JSON is described by a schema (`search/schema.json`) and is pure ASCII: it escapes what it must itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.article import Article
from search.explained import explanation_record
from search.parsed_output import understood_record
from search.results import Diagnosis, Fold, Hit, Reason, Remedy, Results, Span

#: Version of the JSON that is printed; raised when a field changes its meaning or goes.
SCHEMA_VERSION = 2


def span_rows(spans: Sequence[Span]) -> list[list[Any]]:
    """Return spans as JSON values: [start, end, kind] each."""
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
        "title_spans": span_rows(hit.title_spans),
        "passages": [
            {"text": p.text, "start": p.start, "end": p.end, "spans": span_rows(p.spans)}
            for p in hit.passages
        ],
        "reasons": [_reason_record(reason) for reason in hit.reasons],
        **({"explanation": explanation_record(hit.explanation)} if hit.explanation else {}),
        "fold": _fold_record(hit.fold),
    }


def _fold_record(fold: Fold | None) -> dict[str, Any] | None:
    if fold is None:
        return None
    first, last = (None if at is None else at.isoformat() for at in (fold.first, fold.last))
    return {"copies": fold.copies, "first": first, "last": last, "text": str(fold)}


def _reason_record(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind.value,
        "typed": reason.typed,
        "matched": list(reason.matched),
        "edits": reason.edits,
        "text": str(reason),
    }


def results_head(results: Results, number: str | None = None) -> dict[str, Any]:
    """Return a page of results as JSON values, all but its hits; `number` is the query's id in a batch."""
    return {
        "schema": SCHEMA_VERSION,
        **({} if number is None else {"id": number}),
        **understood_record(results.query, results),
        "total": results.total,
        "stories": results.stories,
        "offset": results.offset,
        "seconds": round(results.seconds, 6),
        "diagnosis": _diagnosis_record(results.diagnosis),
        "suggestion": None if results.suggestion is None else _remedy_record(results.suggestion),
    }


def results_record(results: Results, number: str | None = None) -> dict[str, Any]:
    """Return a page of results as JSON values, with its hits."""
    return {**results_head(results, number), "hits": [hit_record(hit) for hit in results.hits]}


def streamed(
    head: dict[str, Any], key: str, rows: Iterable[dict[str, Any]], indent: int | None
) -> Iterator[str]:
    """Yield a JSON object in pieces, each of `rows` as soon as it is there; joined they are one object.

    It has the fields of `head` and then `key`, the list of the rows.
    """
    whole = json_text({**head, key: []}, indent)
    at = whole.rindex("[]")
    yield whole[:at] + "["
    inner, outer = ("", "") if indent is None else ("\n    ", "\n  ")
    first = True
    for row in rows:
        yield ("" if first else "," + (" " if indent is None else "")) + inner
        yield json_text(row, indent).replace("\n", "\n    ")
        first = False
    yield ("" if first else outer) + whole[at + 1 :]


def _diagnosis_record(diagnosis: Diagnosis | None) -> dict[str, Any] | None:
    if diagnosis is None:
        return None
    return {
        "parts": [
            {"text": part.text, "articles": part.articles, "start": part.start, "end": part.end}
            for part in diagnosis.parts
        ],
        "emptied_by": list(diagnosis.emptied_by),
        "by_date": diagnosis.by_date,
        "remedies": [_remedy_record(remedy) for remedy in diagnosis.remedies],
    }


def _remedy_record(remedy: Remedy) -> dict[str, Any]:
    return {
        "kind": remedy.kind.value,
        "query": remedy.query,
        "articles": remedy.articles,
        "change": remedy.change,
    }


def json_text(record: dict[str, Any], indent: int | None = None) -> str:
    """Return JSON in ASCII, so that nothing in it can reach a terminal as a control sequence."""
    return json.dumps(record, ensure_ascii=True, indent=indent)
