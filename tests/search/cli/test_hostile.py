"""Nothing of hostile articles, names and queries reaches a terminal as it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.search.cli.command import HOSTILE, Call, is_harmless, run


@pytest.mark.parametrize("style", ["text", "json", "jsonl", "csv", "tsv", "markdown", "paths", "trec"])
def test_nothing_hostile_comes_out_of_a_search(hostile: Path, style: str) -> None:
    query = f"coalition {HOSTILE[:5]}"
    code, out, err = run(hostile, "search", query, "--format", style, "--color", "always", "--any")
    assert code == 0
    assert is_harmless(out)
    assert is_harmless(err)
    assert b"\x1b[2J" not in out + err
    assert b"\x1b[31m" not in out + err
    if style != "text":
        assert b"\x1b" not in out
        lines = {"csv": 4, "tsv": 4}.get(style, 3)
        assert len(out.splitlines()) == lines or style in ("json", "markdown", "csv")


def test_nothing_hostile_comes_out_of_show(hostile: Path, call: Call) -> None:
    library = ("-L", str(hostile / "library"))
    _, out, _ = call("search", "--format", "jsonl", "coalition", *library)
    found = [json.loads(line)["id"] for line in out.splitlines()]
    assert len(found) == 3
    for ident in found:
        assert ident.isprintable()
        for color in ("always", "never"):
            code, out, err = call("show", ident, "--query", "coalition", "--color", color, *library)
            assert (code, err) == (0, b"")
            assert is_harmless(out)
            assert b"\x1b[2J" not in out
            assert b"\x1b[31m" not in out
        assert call("show", ident, "--json", *library)[1].isascii()
    assert is_harmless(run(hostile, "show", found[0], "--query", HOSTILE.replace("\0", ""))[1])


def test_paths_as_they_are_only_with_a_nul(hostile: Path) -> None:
    _, out, _ = run(hostile, "search", "-0", "coalition")
    real = {os.fsencode(path) for path in (hostile / "news").iterdir()}
    assert set(out.split(b"\0")) == real | {b""}


@pytest.mark.parametrize("query", [b"\xff\xfe coalition", b"\x1b[2J\xc2\x9b coalition \xe2\x80\xae"])
def test_any_bytes_may_be_a_query(hostile: Path, query: bytes) -> None:
    code, out, err = run(hostile, "search", "--any", query)
    assert code == 0
    assert is_harmless(out)
    assert is_harmless(err)
