"""The documents, held against the program: what they show is what happens, and nothing is left out."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

import index
import search
from index import Library
from index.analysis import LANGUAGES, LONGEST_FORM, Analyzer
from index.readers import SUFFIXES
from search.found import Found
from search.nodes import FIELDS
from search.parser import FARTHEST, HIGHEST_BOOST, MOST_EDITS
from search.query import LONGEST_QUERY
from search.results import MatchKind, PartKind
from search.saved import SavedSearches
from search.searcher import Searcher
from search.typos import PENALTY
from tests.conftest import Run, process_environment
from tui.cli import byline as root_command

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
WORDS = ROOT / "docs" / "words.md"
CLI = ROOT / "docs" / "cli.md"
QUERIES = ROOT / "docs" / "query-language.md"
README = ROOT / "README.md"
PAGES = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))


def rows(page: Path) -> Iterator[list[str]]:
    """Yield the cells of each table row of a page, headings and rulers left out."""
    yield from rows_of(page.read_text(encoding="utf-8"))


def rows_of(text: str) -> Iterator[list[str]]:
    lines = text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not line.startswith("|--") and not below.startswith("|--"):
            yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@cache
def analyzer(language: str) -> Analyzer:
    return Analyzer(language)


def word_rows() -> list[tuple[str, str, str, str]]:
    """Return (language, written, forms, stems) of each row of the page on words."""
    found = []
    for cells in rows(WORDS):
        language = "english" if len(cells) == 4 else cells.pop(0)
        written, forms, stems, _ = (cell.strip("`") for cell in cells)
        found.append((language, written, forms, stems))
    return found


@pytest.mark.parametrize(("language", "written", "forms", "stems"), word_rows())
def test_every_row_on_words_is_what_the_analyser_does(
    language: str, written: str, forms: str, stems: str
) -> None:
    found = analyzer(language).terms(written)
    assert " ".join(form for form, _ in found) == forms
    assert " ".join(stem for _, stem in found) == stems


def test_the_page_on_words_has_rows_and_names_the_longest_word() -> None:
    assert len(word_rows()) > 35
    assert f"longer than {LONGEST_FORM} characters" in WORDS.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of the seed articles."""
    library = Library.create(tmp_path_factory.mktemp("seeds") / "library")
    assert library.update([SEEDS]).added > 30
    return library


def commands() -> dict[str, click.Command]:
    """Return every command by the heading of its part of the page."""
    context = click.Context(root_command)
    found: dict[str, click.Command] = {"byline": root_command}
    for name in root_command.list_commands(context):
        command = root_command.get_command(context, name)
        assert command is not None
        found[f"byline {name}"] = command
    return found


def parts() -> dict[str, str]:
    """Return the parts of the page on the command line by their headings."""
    pieces = re.split(r"^## (.+)\n", CLI.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_every_command_has_a_part_of_the_page() -> None:
    assert list(parts()) == list(commands())


@pytest.mark.parametrize("heading", list(commands()))
def test_every_option_is_explained_and_no_other(heading: str) -> None:
    command = commands()[heading]
    options = {
        name
        for option in command.get_params(click.Context(command, **command.context_settings))
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }
    told = {
        name
        for cells in rows_of(parts()[heading])
        for name in re.findall(r"`(--?[a-z0-9L-]+)`", cells[0], re.IGNORECASE)
    }
    shared = set() if heading == "byline" else {"-h", "--help"}  # click remembers how it was asked first
    assert told == options - shared


@pytest.mark.parametrize("heading", list(commands()))
def test_every_choice_of_an_option_is_named(heading: str) -> None:
    command = commands()[heading]
    for option in command.params:
        if isinstance(option.type, click.Choice) and option.name != "language":
            assert f"`{'|'.join(option.type.choices)}`".replace("|", "\\|") in parts()[heading]


def test_every_language_format_and_kind_is_named() -> None:
    page = " ".join(CLI.read_text(encoding="utf-8").split())
    assert f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}" in page
    assert [suffix for suffix in SUFFIXES if f"`{suffix}`" not in page] == []
    assert [kind for kind in (*MatchKind, *PartKind) if f"`{kind.value}`" not in page] == []


def keys_of(value: Any) -> Iterator[str]:
    """Yield every key of a JSON value, those of reasons and an article's own fields left out."""
    if isinstance(value, list):
        for item in value:
            yield from keys_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from () if key == "extras" or isinstance(item, dict) else keys_of(item)


def test_every_field_of_the_json_output_is_named(inside: Run, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.jsonl").write_text('{"id": "1", "text": "The coalition met."}\nbroken\n')
    told = set(re.findall(r"`(\w+)`", CLI.read_text(encoding="utf-8")))
    asked = (
        ("index", "news", "--json"),
        ("status", "--json"),
        ("search", "coaltion OR (met", "--json"),
        ("search", "coaltion -(met the) date:2022", "--parse", "--json"),
        ("search", "coaltion", "--format", "jsonl"),
        ("show", "news/a.jsonl#1", "--query", "met", "--json"),
        ("forget", "news", "--json"),
    )
    for arguments in asked:
        ran = inside(*arguments)
        assert ran.code == 0, ran.err
        assert set(keys_of(json.loads(ran.out))) - told == set(), arguments


def query_rows(*headings: str) -> list[tuple[str, str, str]]:
    """Return (query, understood, the third cell) of each row below tables that begin with these headings."""
    text = QUERIES.read_text(encoding="utf-8")
    tables = [table for table in text.split("\n\n") if table.startswith("| " + " | ".join(headings))]
    return [
        (cells[0].strip("`"), cells[1].strip("`"), cells[2]) for table in tables for cells in rows_of(table)
    ]


PLAIN = [
    *query_rows("Query", "Understood as", "Finds articles with"),
    *query_rows("Query", "Understood as", "Because"),
]
NOTED = query_rows("Query", "Understood as", "Note")


@pytest.mark.parametrize(("query", "understood"), [row[:2] for row in PLAIN])
def test_every_query_shown_is_understood_so(seeds: Library, query: str, understood: str) -> None:
    with Searcher(seeds) as searcher:
        results = searcher.search(query)
    assert results.understood == understood
    assert results.total
    assert not results.notes


@pytest.mark.parametrize(("query", "understood", "note"), NOTED)
def test_every_note_shown_is_made(seeds: Library, query: str, understood: str, note: str) -> None:
    with Searcher(seeds) as searcher:
        results = searcher.search(query)
    assert results.understood == understood
    assert results.total
    assert [one.text for one in results.notes] == [note]
    assert "" not in [query[one.start : one.end] for one in results.notes]


def test_every_query_of_the_page_is_tried() -> None:
    page = QUERIES.read_text(encoding="utf-8")
    assert len(re.findall(r"^\| `", page, re.MULTILINE)) == len(PLAIN) + len(NOTED) > 70
    assert [name for name in FIELDS if f"`{name}:" not in page] == []
    limits = (LONGEST_QUERY, MOST_EDITS, FARTHEST, int(HIGHEST_BOOST))
    assert [limit for limit in limits if f"{limit:,}" not in page] == []
    assert all(str(share).lstrip("0") in page for edits, share in PENALTY.items() if edits)


@pytest.mark.parametrize("query", [row[0] for row in PLAIN + NOTED])
def test_what_was_understood_is_a_query_that_finds_the_same(seeds: Library, query: str) -> None:
    with Searcher(seeds) as searcher:
        first = searcher.search(query, None, fold=False)
        again = searcher.search(first.understood, None, fold=False)
    assert again.understood == first.understood
    assert {hit.article.id for hit in again.hits} == {hit.article.id for hit in first.hits}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the seed articles, and a PATH with `byline` and `python`."""
    folder = tmp_path_factory.mktemp("shell")
    programs = tmp_path_factory.mktemp("programs")
    for name, arguments in (("byline", "-P -m tui"), ("python", "-P")):
        script = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments} "$@"\n'
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    shutil.copytree(SEEDS, folder / "seeds")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder, {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def examples() -> list[tuple[str, str]]:
    """Return (command, output) of each `$` line in the README's console blocks, in order."""
    found: list[tuple[list[str], list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), re.S | re.M):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append(([line[2:]], []))
            elif line.startswith(">"):
                found[-1][0].append(line[2:])
            else:
                found[-1][1].append(line)
    return [("\n".join(command), "\n".join(output)) for command, output in found]


def test_every_command_in_the_readme_prints_what_it_says(shell: tuple[Path, dict[str, str]]) -> None:
    folder, settings = shell
    shown = examples()
    assert len(shown) > 15
    settings = process_environment(**settings)
    for command, output in shown:
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            settings[name] = value
            continue
        ran = subprocess.run(
            ["sh", "-c", f"{{ {command}\n}} 2>&1"],
            cwd=folder,
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )
        expected = re.escape(output).replace(r"\.\.\.", ".*")
        assert re.fullmatch(expected, ran.stdout.strip("\n")), f"$ {command}\n{ran.stdout}"


def test_the_readme_opens_with_the_two_commands() -> None:
    start = README.read_text(encoding="utf-8").splitlines()[:6]
    assert [line.split("  ")[0] for line in start if line.startswith("make")] == ["make run", "make test"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_module_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert link.startswith("https://") or (page.parent / link).is_file(), link
    for module in re.findall(r"`((?:index|search|tui|tests|docs)/[\w/]+\.\w+)`", text):
        assert (ROOT / module).is_file(), module


def _words_of(picture: str) -> set[str]:
    """Return the words in a picture, without times and what depends on the moment."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", picture)
    return {word for text in texts for word in re.findall(r"[^\W\d_]{3,}", text.replace("&#160;", " "))}


def test_the_pages_made_from_the_program_are_of_this_program(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    keys = (tmp_path / "keys.md").read_text(encoding="utf-8")
    assert keys == (ROOT / "docs" / "keys.md").read_text(encoding="utf-8"), "run docs/make.py"
    shown = {name for name in README.read_text(encoding="utf-8").split("(docs/") if ".svg" in name[:40]}
    names = {name.partition(")")[0] for name in shown}
    assert names == {picture.name for picture in tmp_path.glob("*.svg")}
    assert len(names) == 3
    for name in names:
        now, kept = ((at / name).read_text(encoding="utf-8") for at in (tmp_path, ROOT / "docs"))
        assert _words_of(now) == _words_of(kept), f"run docs/make.py: {name}"
        for drawn in (now, kept):
            assert re.findall(r"https?://[^\s\"]+", drawn.replace("http://www.w3.org/2000/svg", "")) == []
            assert not re.search(r"url\((?!#)|@import|/home|/root|/tmp", drawn)


def test_every_example_in_python_gives_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    page = ROOT / "docs" / "scripting.md"
    blocks = re.findall(r"^```pycon\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)
    assert len(blocks) > 8
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=told.append)
    assert told == [], "".join(told)


def test_every_call_and_type_is_on_the_page_for_python() -> None:
    told = set(re.findall(r"\w+", (ROOT / "docs" / "scripting.md").read_text(encoding="utf-8")))
    assert {*index.__all__, *search.__all__} - told == set()
    for kind in (Library, Searcher, Found, SavedSearches):
        fields: tuple[str, ...] = getattr(kind, "__match_args__", ())
        public = {name for name in dir(kind) if not name.startswith("_")} - {*fields}
        assert public - told == set(), kind


def test_every_example_in_the_help_can_be_typed() -> None:
    for heading, command in commands().items():
        example = (command.help or "").partition("Example: ")[2].split("\n\n")[0]
        for part in re.split(r"&&|\|", " ".join(example.split())):
            _, found, typed = part.partition(f"{heading} ")
            if not found or heading == "byline":
                continue
            words = shlex.split(typed.rstrip('")'))
            with command.make_context(heading, words, **command.context_settings) as context:
                assert context.params, part
