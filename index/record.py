"""An article as the plain values that cross to worker processes and into columns."""

from __future__ import annotations

from datetime import UTC, datetime
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import Any, TypeAlias

from index.article import Article

#: Empty positions between a title and its body: longer than any proximity that a query can ask for.
TITLE_GAP = 100

#: The stored fields of an article (see `row_of`), its date in seconds and whether the date is a true one.
Row: TypeAlias = "tuple[tuple[Any, ...], int | None, bool]"

_EPOCH = datetime(1970, 1, 1)
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Bytes that stand in JSON strings as they are or with one sign before them.
_COMMON = bytes(byte for byte in range(256) if byte >= 0x20 or byte == ord("\n"))


def row_of(article: Article) -> Row:
    """Return an article as plain values: the fields that are stored, in their order, and its date.

    A date with a time zone, as a caller from Python may give, is told in UTC.
    """
    date = article.date
    if date is not None and date.tzinfo is not None:
        date = date.astimezone(UTC).replace(tzinfo=None)
    stored = (
        article.id,
        article.title,
        article.text,
        article.path,
        int(article.title_derived),
        date.isoformat() if date else "",
        article.date_origin.value,
        article.source,
        article.author,
        article.url,
        article.key,
        article.extras,
    )
    return stored, None if date is None else seconds(date), article.date_is_true


def packed(stored: tuple[Any, ...]) -> bytes:
    """Return the stored fields of an article as JSON; `index.schema.unpack_article` reads it."""
    ident, title, text, path, derived, date, origin, source, author, url, key, extras = stored
    # Put together by hand: `json` would make an encoder anew for each article.
    every = f"{ident}{title}{path}{date}{origin}{source}{author}{url}{key}"
    if not every.isprintable() or '"' in every or "\\" in every:
        ident, title, path, date, origin, source, author, url, key = (
            encode_basestring(value)[1:-1]
            for value in (ident, title, path, date, origin, source, author, url, key)
        )
    more = _encode(extras) if extras else "{}"
    tail = f',"{path}",{derived},"{date}","{origin}","{source}","{author}","{url}","{key}",{more}]'
    return b"".join((encoded(f'["{ident}","{title}",'), _quoted(text), encoded(tail)))


def _quoted(text: str) -> bytes:
    """Return a text as a JSON string; one of which line ends are the only control characters takes a third of
    the time."""
    content = encoded(text)
    if content.translate(None, _COMMON):
        return encoded(encode_basestring(text))
    return b'"%b"' % content.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


def digest_of(row: Row) -> str:
    """Return a hash of all that an article says, its id, path and key apart."""
    _, title, text, _, derived, date, origin, source, author, url, _, extras = row[0]
    moment = date.replace("T", " ") or "None"
    if title.isascii() and text.isascii() and not (source or author or url or extras):
        content = (  # the same as below, without counting bytes
            f"{len(title)}:{title}{len(text)}:{text}{'4:True' if derived else '5:False'}"
            f"{len(moment)}:{moment}{len(origin)}:{origin}0:0:0:"
        ).encode()
    else:
        values = (title, text, "True" if derived else "False", moment, origin, source, author, url)
        more = [part for item in sorted(extras.items()) for part in item]
        parts = [encoded(value) for value in (*values, *more)]
        content = b"".join([b"%d:%b" % (len(part), part) for part in parts])
    import hashlib  # it loads OpenSSL, and only writing an article asks for it

    return hashlib.blake2b(content, digest_size=8).hexdigest()


def seconds(date: datetime) -> int:
    """Return whole seconds since 1970 of a naive UTC `date`, rounded down, also before 1970."""
    since = date - _EPOCH
    return since.days * 86400 + since.seconds


def encoded(text: str) -> bytes:
    """Return `text` in UTF-8, lone surrogates kept."""
    return text.encode("utf-8", "surrogatepass")
