"""HTML: what of a page is the article."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers import read_bytes

PAGE = """<!DOCTYPE html><html><head><title>Coalition meets - Example News</title>
<meta property="og:title" content="Coalition meets &amp; agrees">
<meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2022-05-11T21:36:00+02:00">
<meta name="Author" content="A. One"><meta name="description" content="What they said">
<link rel="canonical" href="https://example.org/a?x=1&amp;y=2">
<script>if (a < b) document.write("<p>never</p>")</script><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Coalition meets &amp; agrees</h1>
<p>They <b>me</b>t on
   Wednesday.<br>All of them.</p><!-- <p>hidden</p> --><p>1 &lt; 2&nbsp;&euro;</p>
<ul><li>One<li>Two</ul><pre>a  b
  c</pre></article><footer>Terms</footer></body></html>"""


def draft(content: str | bytes) -> Draft:
    """Return the one article that `content` is."""
    (only,) = read_bytes(content.encode() if isinstance(content, str) else content, Path("a.html"))
    assert isinstance(only, Draft)
    return only


def test_a_page() -> None:
    assert draft(PAGE) == Draft(
        "Coalition meets & agrees",
        "They met on Wednesday.\nAll of them.\n\n1 < 2 €\n\nOne\n\nTwo\n\na  b\n  c",
        date=datetime(2022, 5, 11, 19, 36),
        date_origin=DateOrigin.FIELD,
        source="Example News",
        author="A. One",
        url="https://example.org/a?x=1&y=2",
        extras={"description": "What they said"},
    )


@pytest.mark.parametrize(
    ("markup", "title", "text"),
    [
        ("<h1>Head</h1><p>Body.", "Head", "Body."),
        ("<title>A page</title><p>Body.", "A page", "Body."),
        ("<title>A page<p>Body.", "A page", "Body."),
        ("<title>A page</title>", "A page", ""),
        ("<p>A line alone<p>Body.", "A line alone", "Body."),
        ("<nav>All of it<p>Body.", "All of it", "Body."),
        ("<p>1 < 2 and a<b 3.", "1 < 2 and a<b 3.", "1 < 2 and a<b 3."),
        ("<p>One.<br><br>Two.<br>Three.", "One. Two. Three.", "One.\n\nTwo.\nThree."),
        ('<img alt="a > b"><p>Body.', "Body.", "Body."),
        ("<![CDATA[x]]><?php x ?><!doctype x><p>Body.", "Body.", "Body."),
        (
            "<p>&#xD800;&#0;&#1114112;&bogus; Body.",
            "\ufffd\ufffd\ufffd&bogus; Body.",
            "\ufffd\ufffd\ufffd&bogus; Body.",
        ),
    ],
)
def test_odd_pages(markup: str, title: str, text: str) -> None:
    article = draft(markup)
    assert (article.title, article.text) == (title, text)


@pytest.mark.parametrize(
    ("markup", "origin"),
    [
        ('<meta name="DC.date.issued" content="11 May 2022">', DateOrigin.FIELD),
        (
            '<meta itemprop="datePublished" content="2022-05-11"><meta name="date" content="2020-01-01">',
            DateOrigin.FIELD,
        ),
        (
            '<meta name="date" content="soon"><time datetime="x"></time><time datetime="2022-05-11">',
            DateOrigin.FIELD,
        ),
        ("<p>Updated: May 11, 2022</p>", DateOrigin.LINE),
    ],
)
def test_dates(markup: str, origin: DateOrigin) -> None:
    article = draft(f"{markup}<p>Body of it.</p>")
    assert (article.date, article.date_origin) == (datetime(2022, 5, 11), origin)


def test_short_articles_beside_a_long_page_are_teasers() -> None:
    body = "<p>A long paragraph of the true story.</p>" * 20
    assert "true story" in draft(f"<div>{body}</div><article>Read this too</article>").text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("windows-1251", "cp1251"), ("iso-8859-1", "cp1252"), ("utf-8", "utf-8"), ("unicode_escape", "utf-8")],
)
def test_declared_encodings(declared: str, encoding: str) -> None:
    text = "Привет, мир." if encoding in ("cp1251", "utf-8") else "Café – “fermé”."
    assert draft(f'<meta charset="{declared}"><p>{text}'.encode(encoding)).text == text


@pytest.mark.parametrize("markup", ["<br>", "<script>var a</script>", "<!-- x", "<p> <b></b>&nbsp;</p>"])
def test_a_page_without_text(markup: str) -> None:
    with pytest.raises(ReadProblem, match="no text"):
        draft(markup)


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<a ", "<a b='", '<a "', "</", "<![", "<?", "</script", "&", "<pre>", "<title>", "<p><b>", "<"],
)
def test_nothing_unclosed_takes_more_than_linear_time(piece: str) -> None:
    # The standard library's parser alone needs minutes for some of these; pytest's own timeout is the judge.
    assert draft("<p>Body.</p>" + piece * 30_000).text.startswith("Body.")
