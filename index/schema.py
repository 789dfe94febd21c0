"""The fields of a library, and every class that its table of contents pickles.

Class names and module name are part of the format on disk: this module may gain classes, never lose or
rename one. Their state is plain values; analysers, readers and writers are looked up when they are needed,
so that nothing in the file can carry code.

Fields: `text` holds the stems of the title, a gap of `TITLE_GAP` positions and the body, so that one field
answers every word and no phrase crosses from title to body; `title` the stems of a title that stands as
one; both keep the surface form at each position. `id` is the article's id. The columns `date` and
`filedate` are seconds since 1970 (UTC), `source` and `author` UTF-8 text. `article` is the stored article
as JSON.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from whoosh import columns
from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema
from whoosh.formats import Format
from whoosh.util import random_name

from index.analysis import Analyzer
from index.article import Article, DateOrigin
from index.record import TITLE_GAP, encoded, row_of, seconds

if TYPE_CHECKING:
    from index.codec.whoosh_codec import ArrayCodec

__all__ = ["NO_DATE", "TITLE_GAP", "schema", "seconds"]

#: The value of a date column where there is no date.
NO_DATE = -(2**62)

_ANALYSERS = lru_cache(maxsize=None)(Analyzer)
_COUNT = struct.Struct("<I")


def analyzer_of(language: str) -> Analyzer:
    """Return the one analyser of `language` in this process."""
    return _ANALYSERS(language)


class WordsFormat(Format):  # type: ignore[misc,unused-ignore]
    """What Whoosh sees of a word in an article: its positions, and beside each the surface form."""

    def __init__(self) -> None:
        super().__init__(field_boost=1.0)

    def encode(self, positions: Iterable[int], forms: Iterable[str]) -> bytes:
        """Return positions (ascending) and the form at each as one value."""
        where = list(positions)
        return (
            _COUNT.pack(len(where))
            + struct.pack(f"<{len(where)}I", *where)
            + b"\0".join(form.encode("utf-8", "surrogatepass") for form in forms)
        )

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions in a value."""
        return int(_COUNT.unpack_from(value)[0])

    def decode_weight(self, value: bytes) -> float:
        """Return the number of positions, as a weight."""
        return float(self.decode_frequency(value))

    def decode_positions(self, value: bytes) -> list[int]:
        """Return the positions of a value, ascending."""
        return list(struct.unpack_from(f"<{self.decode_frequency(value)}I", value, _COUNT.size))

    def decode_position_boosts(self, value: bytes) -> list[tuple[int, int]]:
        """Return (position, 1) for each position."""
        return [(position, 1) for position in self.decode_positions(value)]

    def decode_forms(self, value: bytes) -> list[bytes]:
        """Return the form at each position, in UTF-8."""
        return value[_COUNT.size * (1 + self.decode_frequency(value)) :].split(b"\0")


class WordsField(FieldType):  # type: ignore[misc,unused-ignore]
    """Words of one part of an article: `part` is `text` or `title`.

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
        self.format: Any = WordsFormat()
        self.set_sortable(False)

    def index(self, value: Any, **kwargs: Any) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        """Yield (term, occurrences, weight, encoded positions and forms) in any order."""
        title, body = ("", value) if isinstance(value, str) else value
        terms = analyzer_of(self.language).terms
        heading = terms(title)
        places: dict[str, list[tuple[int, str]]] = {}
        for position, (form, stem) in enumerate(heading):
            places.setdefault(stem, []).append((position, form))
        if self.part == "text":
            start = len(heading) + TITLE_GAP if heading else 0
            for position, (form, stem) in enumerate(terms(body), start):
                places.setdefault(stem, []).append((position, form))
        for stem, where in places.items():
            value = self.format.encode(*zip(*where, strict=True))
            yield stem.encode("utf-8", "surrogatepass"), len(where), float(len(where)), value

    def process_text(self, qstring: str, mode: str = "", **kwargs: Any) -> Iterator[str]:
        """Yield the terms of a piece of query text."""
        for _, stem in analyzer_of(self.language).terms(qstring):
            yield stem

    def tokenize(self, value: str, **kwargs: Any) -> Iterator[Any]:
        """Refuse: stock query parsers use `process_text`."""
        raise NotImplementedError("byline fields hand out terms, not Whoosh tokens")


class ArraySegment:
    """A segment as the table of contents knows it: name, article count, deleted articles.

    It has all that Whoosh asks of a segment, but Whoosh's own base class for it: the module of that loads
    what writes and packs files, which no search needs.
    """

    def __init__(self, indexname: str, doc_count: int = 0, segid: str = "") -> None:
        self.indexname = indexname
        self.segid = segid or random_name(size=16)
        self.docs = doc_count
        self.deleted: set[int] = set()
        self.pending: Any = None  # what the per-document writer collected, until the field writer closes

    def __getstate__(self) -> dict[str, Any]:
        return {
            "indexname": self.indexname,
            "segid": self.segid,
            "docs": self.docs,
            "deleted": sorted(self.deleted),
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(str(state["indexname"]), int(state["docs"]), str(state["segid"]))  # type: ignore[misc]
        self.deleted = set(state["deleted"])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.segment_id()}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArraySegment) and self.segment_id() == other.segment_id()

    def __hash__(self) -> int:
        return hash(self.segment_id())

    def codec(self) -> ArrayCodec:
        """Return the codec that reads and writes this segment."""
        from index.codec.whoosh_codec import ArrayCodec

        return ArrayCodec()

    def segment_id(self) -> str:
        """Return the name that its files begin with."""
        return f"{self.indexname}_{self.segid}"

    def make_filename(self, ext: str) -> str:
        """Return the name of its file with this ending."""
        return f"{self.segment_id()}{ext}"

    def column_filename(self, fieldname: str) -> str:
        """Return the name of the file of a column that Whoosh adds to the segment later."""
        return self.make_filename(f".{fieldname}.col")

    def is_compound(self) -> bool:
        """Return False: its files are not packed into one."""
        return False

    def should_assemble(self) -> bool:
        """Return False: a segment is one file already."""
        return False

    def set_doc_count(self, count: int) -> None:
        """Set the number of articles, deleted ones included."""
        self.docs = count

    def doc_count_all(self) -> int:
        """Return the number of articles, deleted ones included."""
        return self.docs

    def doc_count(self) -> int:
        """Return the number of living articles."""
        return self.docs - len(self.deleted)

    def has_deletions(self) -> bool:
        """Return whether an article is deleted."""
        return bool(self.deleted)

    def deleted_count(self) -> int:
        """Return the number of deleted articles."""
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """Yield the numbers of the deleted articles, ascending."""
        return iter(sorted(self.deleted))

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Mark an article as deleted, or as living again."""
        if delete:
            self.deleted.add(docnum)
        else:
            self.deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether an article is deleted."""
        return docnum in self.deleted


def schema(language: str) -> Schema:
    """Return the schema of a library in `language`."""
    return Schema(
        id=ID(unique=True),
        text=WordsField(language, "text"),
        title=WordsField(language, "title"),
        date=COLUMN(columns.NumericColumn("q", default=NO_DATE)),
        filedate=COLUMN(columns.NumericColumn("q", default=NO_DATE)),
        source=COLUMN(columns.RefBytesColumn()),
        author=COLUMN(columns.RefBytesColumn()),
        article=STORED(),
    )


def document(article: Article) -> dict[str, Any]:
    """Return the keyword arguments of Whoosh's `add_document` for one article."""
    words = ("" if article.title_derived else article.title, article.text)
    stored, date, is_true = row_of(article)
    fields: dict[str, Any] = {
        "id": article.id,
        "text": words,
        "title": (words[0], ""),
        "source": encoded(article.source),
        "author": encoded(article.author),
        "article": json.dumps(stored, ensure_ascii=False, separators=(",", ":")),
    }
    if date is not None:
        fields["date" if is_true else "filedate"] = date
    return fields


def unpack_article(packed: str | bytes) -> Article:
    """Return the article that was stored as this JSON text."""
    if isinstance(packed, bytes):
        packed = packed.decode("utf-8", "surrogatepass")
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
