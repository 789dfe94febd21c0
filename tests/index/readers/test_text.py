"""Plain text: titles, what stays in the text, encodings, what is no text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers import Skip, read, read_bytes, readable, titles
from index.readers.dates import NO_DATE, find_date, may_be_dated
from index.readers.encoding import text_of
from index.readers.titles import LONGEST_TITLE, first_words, split_title

BODY = "The ministers met on Wednesday. They agreed on little."


def draft(content: str | bytes, name: str = "a.txt") -> Draft:
    """Return the one article that `content` is."""
    data = content.encode() if isinstance(content, str) else content
    (only,) = read_bytes(data, Path(name))
    assert isinstance(only, Draft)
    return only


def test_an_article_with_everything() -> None:
    article = draft(
        "Coalition meets again\r\n\r\nA standfirst without a stop\r\n\r\n"
        "Beta V.1.0 - Powered by automated translation\r\n\r\n"
        f"{BODY}\r\n\r\nAgencies\r\n\r\nUpdated: May 11, 2022, 7:36 PM"
    )
    assert article.title == "Coalition meets again"
    assert not article.title_derived
    assert article.text.startswith("A standfirst without a stop\n\nBeta V.1.0 - Powered")
    assert article.text.endswith("Agencies\n\nUpdated: May 11, 2022, 7:36 PM")
    assert (article.date, article.date_origin) == (datetime(2022, 5, 11, 19, 36), DateOrigin.LINE)


@pytest.mark.parametrize(
    "line",
    [
        "Coalition meets",
        "COALITION MEETS IN MARRAKECH",
        "Who is next?",
        "Enough!",
        "And then …",
        "And then ...",
        "New tariffs agreed by the U.S.",
        "“We will stay,” says minister",
        "2022: a review",
        "Ελλάδα",
    ],
)
def test_lines_that_are_titles(line: str) -> None:
    assert split_title(f"{line}\n\n{BODY}") == (line, BODY, False)


@pytest.mark.parametrize(
    "line",
    [
        "The ministers met.",
        "He said: “We will stay.”",
        "The ministers met,",
        "Those present:",
        "* * *",
        "2022",
        "word " * 40,
        "x" * (LONGEST_TITLE + 1),
    ],
)
def test_lines_that_are_none(line: str) -> None:
    text = f"{line.strip()}\n\n{BODY}"
    title, body, derived = split_title(text)
    assert derived
    assert body == text
    assert " ".join(text.split()).startswith(title.rstrip("…"))


def test_a_first_line_without_a_blank_line_after_it_is_no_title() -> None:
    title, body, derived = split_title(f"The ministers met\n{BODY}")
    assert derived
    assert body.startswith("The ministers met\n")
    assert title.startswith("The ministers met The ministers")


@settings(max_examples=200)
@given(
    st.one_of(
        st.from_regex(titles._FURNITURE, fullmatch=True),
        st.text(st.sampled_from("beadsp©(c)ohtkfiluNWaxnorg1 2M\u212a\u017f\u0131:"), max_size=6),
    )
)
def test_system_lines_are_those_of_the_pattern(line: str) -> None:
    assert titles._is_furniture(line) or not titles._FURNITURE.fullmatch(line)


@pytest.mark.parametrize(
    "above",
    [
        "Beta V.1.0 - Powered by automated translation",
        "EXCLUSIVE",
        "Updated: May 11, 2022, 7:36 PM",
        "Updated: 2 hours ago",
        "11 May 2022",
        "https://example.org/a/b",
        "Opinion\n\n11 May 2022",
    ],
)
def test_what_stands_above_a_title_stays_in_the_text(above: str) -> None:
    assert split_title(f"{above}\n\nCoalition meets\n\n{BODY}") == (
        "Coalition meets",
        f"{above}\n\n{BODY}",
        False,
    )


DATED_PIECES = st.sampled_from(
    [
        "11 May 2022",
        "Updated: 2022-05-11",
        "MARRAKECH, May 11, 2022 (AFP) -",
        "In 1987 the",
        "By A. Writer | 1/2/2022",
        "Coalition meets",
        "Beta V.1.0",
        "\u0661\u0661 May 2022",
        "\r",
        "\0",
        "\ufeff",
        "\ud800",
        "\u00a0",
        "_",
        " ",
        "x" * 60,
        "\n",
        "\n\n",
    ]
)


@settings(max_examples=200)
@given(st.lists(st.one_of(DATED_PIECES, st.text(max_size=20)), max_size=40).map("".join))
def test_text_that_is_seen_to_hold_no_date_is_read_as_any_other(content: str) -> None:
    try:
        text = text_of(content.encode("utf-8", "surrogatepass"), "a.txt")
    except ReadProblem:
        return
    title, body, derived = split_title(text)
    date, origin = find_date(text)
    assert draft(content.encode("utf-8", "surrogatepass")) == Draft(title, body, derived, date, origin)
    assert may_be_dated(text) or (date, origin) == NO_DATE


def test_a_line_alone_is_a_title_without_a_text() -> None:
    assert split_title("Coalition meets") == ("Coalition meets", "", False)


def test_derived_titles_are_cut_between_words_and_marked() -> None:
    assert first_words("One two three.") == "One two three."
    assert first_words(" ".join("abcdefghijklmnop")) == "a b c d e f g h i j k l…"
    assert first_words("We met, " + "x" * 100) == "We met…"
    assert first_words("一" * 200) == "一" * 80 + "…"
    assert first_words("One two\nthree") == "One two three"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", BODY + " “Curly” – café"),
        ("utf-8-sig", BODY + " café"),
        ("utf-16", BODY + " café"),
        ("utf-32", BODY + " café"),
        ("cp1252", "The group’s “revival” in Syria — said Mr Núñez — at the café cost £5 or €6."),
        (
            "cp1252",
            "Die Regierung hat über die Erhöhung der Zölle für Stahl beraten – größere Maßnahmen folgen.",
        ),
        ("cp1250", "Polský premiér řekl, že vláda příští týden představí nový plán. Žluťoučký kůň."),
        ("cp1251", "Правительство России объявило о новых мерах поддержки экономики в среду."),
        ("shift_jis", "日本の政府は水曜日に新しい経済対策を発表した。関係者によると、予算は増加する。"),
        ("gb18030", "中国政府星期三宣布了新的经济措施，以支持出口企业。"),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    article = draft(f"Title\n\n{text}".encode(encoding))
    assert (article.title, article.text) == ("Title", text)


def test_few_broken_bytes_do_not_change_the_encoding() -> None:
    article = draft("Titel\n\nEin kühler Märzmorgen über der Elbe, schöne Grüße".encode() + b"\xe2\x80")
    assert article.text == "Ein kühler Märzmorgen über der Elbe, schöne Grüße\ufffd"


def test_line_ends_and_stray_signs_are_tidied() -> None:
    article = draft(
        b"Title  \r\n \t\r\nOne line.\rAnother.\x0cPage two.\xe2\x80\xa9Last.\xc2\xa0\n"
        + b"x " * 200
        + b"\0."
    )
    assert article.title == "Title"
    assert article.text.startswith("One line.\nAnother.\nPage two.\n\nLast.\nx x")
    assert "\0" not in article.text


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_nothing_is_empty(content: bytes) -> None:
    with pytest.raises(ReadProblem, match="empty"):
        draft(content)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 8])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
def test_binary_content_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(ReadProblem, match="binary"):
        draft(content, name)


def test_suffixes() -> None:
    names = [
        "a.txt",
        "A.TXT",
        "a.b.md",
        "a.markdown",
        "a.jsonl",
        "a.ndjson",
        "a.html",
        "a.htm",
        "a.TXT.GZ",
        "é.md.gz",
    ]
    assert all(readable(Path(name)) for name in names)
    odd = ["a", "a.gz", ".txt", ".gz", "a.txt.bz2", "a.pdf", "txt", "a.txt~", "a.json", ".txt.gz", ""]
    assert not any(readable(Path(name)) for name in odd)
    with pytest.raises(ReadProblem, match="unknown format"):
        read_bytes(b"text", Path("a.pdf"))


def test_reading_a_path(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    (only,) = read(tmp_path / "a.txt")
    assert not isinstance(only, Skip)
    assert only.text == BODY
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(ReadProblem, match="not a file"):
        read(tmp_path / "folder.txt")
    with pytest.raises(ReadProblem, match="not a file"):
        read(tmp_path / "none.txt")
