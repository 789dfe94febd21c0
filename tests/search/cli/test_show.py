"""`byline show`: an article with its marks, and what cannot be shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.search.cli.command import Call, run


def test_show_prints_the_article_with_its_marks(folder: Path, call: Call) -> None:
    code, out, err = run(folder, "show", "news/pact.txt", "--query", "coaltion ministers")
    assert (code, err) == (0, b"")
    text = out.decode()
    assert text.startswith("*Ministers* sign a pact\n2022-05-11\n")
    assert "The ~coalition~ signed a trade pact in Rabat." in text
    code, out, _ = call("show", "news/pact.txt")
    assert b"*" not in out
    assert b"The coalition signed" in out
    code, out, _ = call("show", "news/pact.txt", "--query", "coaltion", "--typos", "off")
    assert b"~" not in out


def test_show_as_json(call: Call) -> None:
    for option in (["--json"], ["--format", "json"]):
        code, out, err = call("show", "news/talks.txt", "--query", "talks", *option)
        assert (code, err) == (0, b"")
        assert out.isascii()
        record = json.loads(out)
        assert {record["text"][start:end].lower() for start, end, _ in record["spans"]} == {"talks"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["news/nothing.txt"], 1, "byline: no article news/nothing.txt: byline search finds ids\n"),
        (["a\x1b[31m\nb"], 1, "no article a␛[31m b"),
        ([], 2, "Missing argument 'ID'"),
        (["one", "two"], 2, "unexpected extra argument"),
        (["-x"], 2, "-x is no option of byline show"),
    ],
)
def test_what_show_cannot_show(call: Call, arguments: Sequence[str], code: int, told: str) -> None:
    found, out, err = call("show", *arguments)
    assert (found, out) == (code, b"")
    assert told in err.decode()
    assert err.count(b"\n") == 1
