"""Plain HTML pages: title, date and other meta data from the head, paragraphs from the body.

The standard library's parser reads one tag at a time. Given whole pages it takes quadratic time for
tags and comments that never end, which is minutes for a hostile file of 100 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers.dates import find_date, parse_date
from index.readers.encoding import text_of, tidy
from index.readers.skip import Skip
from index.readers.titles import one_line, split_title

#: Comments and elements whose content is no text of the page. An unclosed one ends with the page.
_DROPPED = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[[^>]*>?"
    r"|<(script|style|noscript|template|svg|iframe|textarea|select|button|object)\b.*?(?:</\1\b[^<>]*>?|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_PIECE = re.compile(
    r"""<[/a-z!?](?:[^<>"']++|"[^"<]*"|'[^'<]*')*+>|<[/a-z!?][^<>]*>|[^<]+|<""", re.IGNORECASE
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?\s{0,4}([a-z0-9_:-]{2,30})", re.IGNORECASE
)

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|caption|center|d[dlt]|details|div|fieldset|figcaption|figure|footer"
    r"|form|h[1-6]|head|header|hr|html|legend|li|main|nav|[ou]l|p|pre|section|summary|table|t(?:body|foot|head)"
    r"|t[dhr]|title"
)
_ASIDE = frozenset(("nav", "footer"))
_ARTICLE = frozenset(("article", "main"))
_VOID = frozenset(("meta", "link", "br", "hr", "img", "input"))

_TITLE_BLOCKS = 8  # the title, where it is shown, is one of the first blocks

_TITLE_META = ("og:title", "twitter:title", "dc.title", "headline")
_DATE_META = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "last-modified",
)
_AUTHOR_META = ("author", "article:author", "byl", "parsely-author", "dc.creator", "sailthru.author")
_SOURCE_META = ("og:site_name", "application-name", "publisher", "dc.publisher")
_EXTRA_META = ("description", "keywords", "article:section")


def read(content: bytes, path: str | Path) -> Iterator[Draft | Skip]:
    """Return the one article of a page. Raises ReadProblem if it is binary, empty or has no text."""
    declared = _CHARSET.search(content, 0, 4096)
    markup = text_of(content, path, declared[1].decode("ascii") if declared else "")
    page = _Page(aside=False)
    page.read(markup)
    if not page.blocks:
        page = _Page(aside=True)  # a page that is all navigation, or where it is never closed
        page.read(markup)
    draft = _draft(page)
    if not (draft.title or draft.text):
        raise ReadProblem(path, "no text")
    return iter((draft,))


def _draft(page: _Page) -> Draft:
    """Return the article that a page that was read holds."""
    blocks = page.article_blocks()
    title, derived = page.title(), False
    if title:
        shown = next((i for i, block in enumerate(blocks[:_TITLE_BLOCKS]) if one_line(block) == title), None)
        text = body = "\n\n".join(block for i, block in enumerate(blocks) if i != shown)
    else:
        text = "\n\n".join(blocks)
        title, body, derived = split_title(text) if text else ("", "", False)
    date, origin = page.date(), DateOrigin.FIELD
    if date is None:
        date, origin = find_date(text)
    author = page.first(_AUTHOR_META)
    return Draft(
        title,
        body,
        title_derived=derived,
        date=date,
        date_origin=origin,
        source=page.first(_SOURCE_META),
        author="" if author.startswith(("http:", "https:")) else author,
        url=page.url or page.first(("og:url",)),
        extras={name: value for name in _EXTRA_META if (value := page.first((name,)))},
    )


class _Page(HTMLParser):
    """What a page says: meta data by lower-case name, and blocks of text in order.

    With `aside` the text of navigation and footers is kept too.
    """

    def __init__(self, *, aside: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, bool]] = []  # text, whether it stands in an article or main element
        self.url = ""
        self._meta: dict[str, str] = {}
        self._times: list[str] = []
        self._headings: list[str] = []
        self._page_title = ""
        self._skipped = frozenset() if aside else _ASIDE
        self._open: dict[str, int] = {}
        self._parts: list[str] = []

    def read(self, markup: str) -> None:
        """Read a whole page, in time linear in its length."""
        for match in _PIECE.finditer(_DROPPED.sub(" ", markup)):
            piece = match[0]
            if piece[0] != "<" or len(piece) < 3:
                self.handle_data(unescape(piece))
                continue
            try:
                self.feed(piece)
            except AssertionError:
                pass  # a declaration that the parser does not know holds no text
            self.rawdata = ""  # what it did not take as a tag is none
            self.clear_cdata_mode()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._note_meta(values)
        elif tag == "link" and values.get("rel", "").lower() == "canonical":
            self.url = self.url or one_line(tidy(values.get("href", "")))
        elif tag == "time" and values.get("datetime"):
            self._times.append(values["datetime"])
        elif tag == "br":
            self._parts.append("\n")
        if _BLOCK.fullmatch(tag):
            self._end_block()
            self._open["title"] = 0  # it holds no elements: an unclosed one ends here
        if tag not in _VOID:
            self._open[tag] = self._open.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self._end_block()
        if self._open.get(tag):
            self._open[tag] -= 1

    def handle_data(self, data: str) -> None:
        if not any(self._open.get(tag) for tag in self._skipped):
            self._parts.append(data if self._open.get("pre") else re.sub(r"\s+", " ", data))

    def title(self) -> str:
        """Return the page's title: from its meta data, its one main heading or its title element."""
        heading = self._headings[0] if self._headings else ""
        return self.first(_TITLE_META) or heading or self._page_title

    def date(self) -> datetime | None:
        """Return the date of the meta data, or of the first time element that has one."""
        values = (*(self._meta.get(name, "") for name in _DATE_META), *self._times[:20])
        return next((date for value in values if value and (date := parse_date(value))), None)

    def first(self, names: tuple[str, ...]) -> str:
        """Return the first of the meta data `names` that has a value, "" if none has."""
        return next((self._meta[name] for name in names if self._meta.get(name)), "")

    def article_blocks(self) -> list[str]:
        """Return the blocks of the article elements if they hold a third of all text, else all blocks."""
        inside = [text for text, in_article in self.blocks if in_article]
        enough = 3 * sum(map(len, inside)) >= sum(len(text) for text, _ in self.blocks)
        return inside if inside and enough else [text for text, _ in self.blocks]

    def _note_meta(self, values: dict[str, str]) -> None:
        for kind in ("property", "name", "itemprop", "http-equiv"):
            name = values.get(kind, "").strip().lower()
            if name and values.get("content"):
                self._meta.setdefault(name, one_line(tidy(values["content"])))

    def _end_block(self) -> None:
        """Keep the text since the last block as one: `br` ends a line, two of them a paragraph."""
        text = tidy("".join(self._parts))
        self._parts.clear()
        if self._open.get("pre"):
            text = text.strip("\n")
        else:
            text = re.sub(r"\n{3,}", "\n\n", "\n".join(map(one_line, text.split("\n")))).strip()
        if not text.strip():
            return
        if self._open.get("title"):
            self._page_title = self._page_title or one_line(text)
            return
        if self._open.get("h1"):
            self._headings.append(one_line(text))
        self.blocks.append((text, any(self._open.get(name) for name in _ARTICLE)))
