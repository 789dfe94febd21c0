"""Every format as .gz: the same articles, and a reason for what is no sound gzip file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from index.errors import ReadProblem
from index.readers import gzipped, read_bytes

CONTENT = b'{"text": "One sentence of it."}\n'
PACKED = gzip.compress(CONTENT, mtime=0)  # the same bytes, and so the same test's name, in every process


@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl", ".html"])
def test_packed_and_plain_are_the_same(suffix: str) -> None:
    plain = list(read_bytes(CONTENT, Path(f"a{suffix}")))
    assert plain
    assert list(read_bytes(gzip.compress(CONTENT), Path(f"a{suffix}.gz"))) == plain


def test_several_members_and_padding() -> None:
    packed = gzip.compress(CONTENT) + gzip.compress(CONTENT) + b"\0" * 100
    assert [draft.line for draft in read_bytes(packed, Path("a.jsonl.gz"))] == [1, 2]


def test_cut_short() -> None:
    packed = gzip.compress(CONTENT * 50)
    for size in range(1, len(packed)):
        with pytest.raises(ReadProblem, match=r"cut short|damaged"):
            read_bytes(packed[:size], Path("a.txt.gz"))


@pytest.mark.parametrize("content", [CONTENT, PACKED[:-8] + b"12345678", PACKED + b"junk"])
def test_damaged(content: bytes) -> None:
    with pytest.raises(ReadProblem, match="damaged"):
        read_bytes(content, Path("a.txt.gz"))


def test_nothing_in_it() -> None:
    for content in (b"", gzip.compress(b"")):
        with pytest.raises(ReadProblem, match="empty"):
            read_bytes(content, Path("a.txt.gz"))


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzipped, "FREE_BYTES", 1 << 20)
    assert len(gzipped.gunzip(gzip.compress(b"a" * (1 << 20)), Path("a.txt.gz"))) == 1 << 20
    with pytest.raises(ReadProblem, match="unpacks to more than 1 MiB"):
        read_bytes(gzip.compress(b"a" * (2 << 20)), Path("a.txt.gz"))
