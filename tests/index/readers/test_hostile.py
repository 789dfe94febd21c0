"""No bytes whatever make a reader raise anything but ReadProblem, and what comes out can be used."""

from __future__ import annotations

import gzip
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers import SUFFIXES, Skip, read_bytes

PIECES = [
    *(
        b"---\n",
        b"title: ",
        b"date: 2022-05-11\n",
        b"\n\n",
        b"# ",
        b"*a",
        b"&a ",
        b"!!x ",
        b"Updated: ",
        b"May 11, 2022",
    ),
    *(b"{", b"}", b'{"text":"', b'"}', b"\\ud800", b"\\u0000", b'"id":', b"[", b"]", b",", b"1e999", b" "),
    *(
        b"<p>",
        b"</p>",
        b"<script>",
        b"</script>",
        b"<!--",
        b"-->",
        b"<meta charset=",
        b"&#xd800;",
        b"<title>",
        b"<h1>",
    ),
    *(b"<![", b"<time datetime='", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80", b"\0", b"\r", b"\x85", b"\xe9"),
    *(b"\xed\xa0\x80", b"\xc2\x85", b"\xe2\x80\xa8"),
]
CONTENT = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))


def attempt(content: bytes, path: Path) -> list[Draft | Skip]:
    """Return what a file gives, nothing if it is refused as the readers refuse files: at the call."""
    try:
        found = read_bytes(content, path)
    except ReadProblem as problem:
        found = iter([Skip(1, problem.reason)])
    return [item for item in found if isinstance(item, Draft) or _told(item)]


def _told(skip: Skip) -> bool:
    """Return False for a skip, after asserting that it tells where and why."""
    assert skip.line > 0
    assert skip.reason
    assert skip.reason.isprintable()
    return False


def check(draft: Draft) -> None:
    """Assert what every article promises."""
    for text in (draft.title, draft.text, draft.source, draft.author, draft.url, draft.key, *draft.extras):
        assert "\0" not in text
        text.encode("utf-8")
    for value in draft.extras.values():
        value.encode("utf-8")
    assert "\r" not in draft.text
    assert draft.title or draft.text
    assert "\n" not in draft.title
    assert (draft.date is None) == (draft.date_origin is DateOrigin.NONE)
    assert draft.date is None or draft.date.tzinfo is None


@settings(max_examples=300, deadline=None)
@given(CONTENT, st.sampled_from(SUFFIXES), st.booleans())
def test_any_bytes(content: bytes, suffix: str, packed: bool) -> None:
    path = Path(f"a{suffix}.gz" if packed else f"a{suffix}")
    found = attempt(gzip.compress(content, 1) if packed else content, path)
    for item in found:
        assert isinstance(item, Draft)
        check(item)


@settings(max_examples=60, deadline=None)
@given(CONTENT)
def test_any_bytes_as_gzip_data(content: bytes) -> None:
    for data in (content, b"\x1f\x8b\x08\0" + content, gzip.compress(content) + content):
        for item in attempt(data, Path("a.txt.gz")):
            assert isinstance(item, Draft)
            check(item)
