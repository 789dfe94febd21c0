"""The fields of a library, and the classes that its table of contents pickles.

Class names and module name are part of the format on disk: this module may gain classes, never lose or
rename one. Their state is plain values; the analyser is looked up by language when words are needed, so
that nothing in the file can carry code.

Fields: `text` holds the stems of the title, a gap of `TITLE_GAP` positions and the body, so that one
field answers every word and no phrase crosses from title to body; `title` the stems of a title that
stands as one; `form` every distinct surface form, once an article; `id` the article's id. The columns
`date` and `filedate` are seconds since 1970 (UTC), `source`, `author` and `ident` UTF-8 text. `article`
is the stored article as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from whoosh import columns, formats
from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema
from whoosh.system import pack_uint

from index.analysis import Analyzer
from index.article import Article, DateOrigin

#: Empty positions between a title and its body: longer than any proximity that a query can ask for.
TITLE_GAP = 100
#: The value of a date column where there is no date.
NO_DATE = -(2**62)

_ANALYSERS = lru_cache(maxsize=None)(Analyzer)


def analyzer_of(language: str) -> Analyzer:
    """Return the one analyser of `language` in this process."""
    return _ANALYSERS(language)


class WordsField(FieldType):  # type: ignore[misc,unused-ignore]
    """Words of one part of an article: `part` is `text`, `title` or `form`.

    Values are `(title, body)`; a plain string is a body without a title.
    """

    indexed = True
    analyzer = None
    stored = False
    unique = False
    scorable = True

    def __init__(self, language: str, part: str) -> None:
        self.language = language
        self.part = part
        self.format: Any = formats.Positions() if part == "text" else formats.Frequency()
        self.set_sortable(False)

    def index(self, value: Any, **kwargs: Any) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        """Yield (term, occurrences, weight, encoded positions or count) in any order."""
        title, body = ("", value) if isinstance(value, str) else value
        analyzer = analyzer_of(self.language)
        if self.part == "form":
            for form in {form for form, _ in analyzer.terms(title)} | {
                form for form, _ in analyzer.terms(body)
            }:
                yield form.encode(), 1, 1.0, pack_uint(1)
            return
        heading = [stem for _, stem in analyzer.terms(title)]
        places: dict[str, list[int]] = {}
        for position, stem in enumerate(heading):
            places.setdefault(stem, []).append(position)
        if self.part == "text":
            start = len(heading) + TITLE_GAP if heading else 0
            for position, (_, stem) in enumerate(analyzer.terms(body), start):
                places.setdefault(stem, []).append(position)
        for stem, where in places.items():
            encoded = self.format.encode(where) if self.part == "text" else pack_uint(len(where))
            yield stem.encode(), len(where), float(len(where)), encoded

    def process_text(self, qstring: str, mode: str = "", **kwargs: Any) -> Iterator[str]:
        """Yield the terms of a piece of query text."""
        for form, stem in analyzer_of(self.language).terms(qstring):
            yield form if self.part == "form" else stem

    def tokenize(self, value: str, **kwargs: Any) -> Iterator[Any]:
        """Refuse: stock query parsers use `process_text`."""
        raise NotImplementedError("byline fields hand out terms, not Whoosh tokens")


def schema(language: str) -> Schema:
    """Return the schema of a library in `language`."""
    return Schema(
        id=ID(unique=True),
        text=WordsField(language, "text"),
        title=WordsField(language, "title"),
        form=WordsField(language, "form"),
        date=COLUMN(columns.NumericColumn("q", default=NO_DATE)),
        filedate=COLUMN(columns.NumericColumn("q", default=NO_DATE)),
        source=COLUMN(columns.RefBytesColumn()),
        author=COLUMN(columns.RefBytesColumn()),
        ident=COLUMN(columns.VarBytesColumn()),
        article=STORED(),
    )


def document(article: Article) -> dict[str, Any]:
    """Return the keyword arguments of Whoosh's `add_document` for one article."""
    words = ("" if article.title_derived else article.title, article.text)
    fields: dict[str, Any] = {
        "id": article.id,
        "text": words,
        "title": (words[0], ""),
        "form": words,
        "source": article.source.encode(),
        "author": article.author.encode(),
        "ident": article.id.encode(),
        "article": pack_article(article),
    }
    if article.date is not None:
        fields["date" if article.date_is_true else "filedate"] = seconds(article.date)
    return fields


def seconds(date: datetime) -> int:
    """Return whole seconds since 1970 of a naive UTC `date`."""
    return int(date.replace(tzinfo=UTC).timestamp())


def pack_article(article: Article) -> str:
    """Return the article as one JSON text; `unpack_article` gives it back equal."""
    row = [
        article.id,
        article.title,
        article.text,
        article.path,
        int(article.title_derived),
        article.date.isoformat() if article.date else "",
        article.date_origin.value,
        article.source,
        article.author,
        article.url,
        article.key,
        article.extras,
    ]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def unpack_article(packed: str | bytes) -> Article:
    """Return the article that `pack_article` packed."""
    ident, title, text, path, derived, date, origin, source, author, url, key, extras = json.loads(packed)
    return Article(
        id=ident,
        title=title,
        text=text,
        path=path,
        title_derived=bool(derived),
        date=datetime.fromisoformat(date) if date else None,
        date_origin=DateOrigin(origin),
        source=source,
        author=author,
        url=url,
        key=key,
        extras=extras,
    )
