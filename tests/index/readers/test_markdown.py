"""Markdown: front matter of every quality, headings, and text that stays as it is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers import read_bytes


def draft(content: str) -> Draft:
    """Return the one article that `content` is."""
    (only,) = read_bytes(content.encode(), Path("a.md"))
    assert isinstance(only, Draft)
    return only


def test_front_matter() -> None:
    article = draft(
        "---\r\ntitle: 'Coalition: again'\r\ndate: 2022-05-11T21:36:00+02:00\r\nauthor: [A. One, B. Two]\r\n"
        "source: Wire\r\ntags:\r\n  - one\r\n  - two\r\ndraft: false\r\nempty:\r\nnone: null\r\n---\r\n\r\n"
        "# A heading\r\n\r\nSome *text*.\r\n"
    )
    assert article == Draft(
        "Coalition: again",
        "# A heading\n\nSome *text*.",
        date=datetime(2022, 5, 11, 19, 36),
        date_origin=DateOrigin.FIELD,
        source="Wire",
        author="A. One, B. Two",
        extras={"tags": '["one","two"]', "draft": "false"},
    )


@pytest.mark.parametrize(
    "heading", ["# The *title*", "## The title ##", "The title\n=====", "The `title`\n---"]
)
def test_a_first_heading_is_the_title(heading: str) -> None:
    article = draft(f"{heading}\n\nText of it.")
    assert (article.title, article.text, article.title_derived) == ("The title", "Text of it.", False)


def test_a_heading_that_repeats_the_title_leaves_the_text() -> None:
    assert draft("---\ntitle: The title\n---\n# The title\n\nText.").text == "Text."


@pytest.mark.parametrize(
    "block",
    [
        "title: Coalition: again\ndate: 2022-05-11",
        "title: Coalition: again\ndate: 2022-05-11\ntags: [a, b",
        'title: "Coalition: again"\ndate: 2022-05-11\nx: &a [*a]',
        "title: 'Coalition: again'\ndate: '2022-05-11'\nx: " + "[" * 30_000,
        "title: 'Coalition: again'\ndate: 2022-05-11\nx: " + "- " * 20_000,
        "title: 'Coalition: again'\ndate: 2022-05-11\nx: !!python/object/apply:os.system [ls]",
        "title: 'Coalition: again'\ndate: 2022-05-11\nx: 2022-02-30\ny: " + "1" * 6000,
        "title: 'Coalition: again'\ndate: 2022-05-11\n? [a, b]\n: c",
    ],
)
def test_broken_and_hostile_front_matter_still_gives_its_plain_fields(block: str) -> None:
    article = draft(f"---\n{block}\n---\nText.")
    assert (article.title, article.text, article.date) == ("Coalition: again", "Text.", datetime(2022, 5, 11))


def test_aliases_do_not_unfold() -> None:
    bomb = "\n".join(
        f"{name}: [{', '.join([f'*{below}'] * 9)}]"
        for below, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    bomb = bomb.replace(": [", ": &X [").replace("&X", "&x")
    article = draft(f"---\na: &a ha\n{bomb}\n---\nText.")
    assert sum(map(len, article.extras.values())) < 10_000


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nText between two rules.\n\n---\n\nMore.",
        "---\ntitle: never closed\n\nText.",
        "Text.\n\n---\ntitle: too late\n---\n",
        "--- title: x ---\nMore.",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert draft(text).text == text.strip()


def test_an_escape_in_front_matter_cannot_smuggle_a_surrogate_or_a_nul() -> None:
    article = draft('---\ntitle: "a\\0b"\nx: "\\ud800"\n---\nText.')
    assert "\0" not in article.title
    "".join([article.title, *article.extras.values()]).encode()


def test_front_matter_alone() -> None:
    assert draft("---\ntitle: Only a title\n---\n").text == ""
    with pytest.raises(ReadProblem, match="neither title nor text"):
        draft("---\ntags: [a]\n---\n")
