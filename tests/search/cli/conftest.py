"""Libraries of few articles, plain and hostile, and the command inside this process."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from index.library import Library
from tests.index.shelf import put
from tests.search.cli.command import FILES, RECORD, Call, Ended, Names
from tui.cli import main


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of four articles; the library lies beside it."""
    made = tmp_path_factory.mktemp("cli")
    for name, text in FILES.items():
        put(made / "news" / f"{name}.txt", text)
    Library.create(made / "library").update([made / "news"])
    return made


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for articles and files that would take over a terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    put(folder / "news" / "wire.jsonl", json.dumps(RECORD) + "\n")
    put(folder / "news" / "a\nb\x1b[31m\u202e.txt", "Title \x9b2J\n\nThe \x1b[2J coalition \u202e met.\n")
    odd = Path(os.fsdecode(os.fsencode(folder / "news") + b"/caf\xe9 \xff.txt"))
    put(odd, "Odd name\n\nThe coalition met.\n")
    assert Library.create(folder / "library").update([folder / "news"]).added == 3
    return folder


@pytest.fixture
def call(folder: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs the command over the four articles inside this process."""
    monkeypatch.setenv("BYLINE_LIBRARY", str(folder / "library"))

    def call(*arguments: str, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(list(arguments))
        out, err = capfdbinary.readouterr()
        return code, out, err

    return call


@pytest.fixture
def names(call: Call) -> Names:
    """Return a function that gives the names of the articles that a search finds, in order."""

    def names(*arguments: str) -> list[str]:
        _, out, _ = call("search", "--format", "jsonl", *arguments)
        ids = [json.loads(line)["id"] for line in out.splitlines()]
        return [ident.removeprefix("news/").removesuffix(".txt") for ident in ids]

    return names
