"""JSON lines: fields, keys, extras, and lines that are no articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import DateOrigin, Draft
from index.errors import ReadProblem
from index.readers import Skip, jsonl, read_bytes
from index.readers.dates import parse_date
from index.readers.fields import NAMES, Fields, as_text, plain

PATH = Path("a.jsonl")


def records(content: str | bytes) -> list[Draft | Skip]:
    """Return what the lines of `content` give."""
    return list(read_bytes(content.encode() if isinstance(content, str) else content, PATH))


def record(**fields: object) -> Draft:
    """Return the article of one record."""
    (only,) = records(json.dumps(fields))
    assert isinstance(only, Draft), only
    return only


def test_all_fields() -> None:
    article = record(
        id=7,
        title=" The  title\n",
        text="One.\r\n\r\nTwo.",
        date="2022-05-11T19:36:00Z",
        source="Wire",
        author=["A. One", {"name": "B. Two"}],
        url="https://example.org/7",
        topics=["a", "b"],
        places={"x": 1},
        rank=1.5,
        live=False,
        note=" kept ",
        empty="",
        none=None,
    )
    assert article == Draft(
        "The title",
        "One.\n\nTwo.",
        date=datetime(2022, 5, 11, 19, 36),
        date_origin=DateOrigin.FIELD,
        source="Wire",
        author="A. One, B. Two",
        url="https://example.org/7",
        key="7",
        extras={"topics": '["a","b"]', "places": '{"x":1}', "rank": "1.5", "live": "false", "note": "kept"},
        line=1,
    )


def test_other_names_for_the_same() -> None:
    article = record(
        Headline="T", body="", content=["One.", "Two."], byline="By A. One", published_at=1652297760000
    )
    assert (article.title, article.text, article.author) == ("T", "One.\n\nTwo.", "A. One")
    assert article.date == datetime(2022, 5, 11, 19, 36)
    assert article.extras == {}


def test_the_first_name_with_a_value_counts_and_the_others_are_kept() -> None:
    article = record(text="The text.", body="The body.", date="soon", published="2022-05-11")
    assert article.text == "The text."
    assert article.date == datetime(2022, 5, 11)
    assert article.extras == {"body": "The body.", "date": "soon"}


def test_without_a_title_or_date_field_the_text_gives_them() -> None:
    article = record(text="Coalition meets\n\nThey met.\n\nUpdated: May 11, 2022")
    assert (article.title, article.title_derived) == ("Coalition meets", False)
    assert (article.date, article.date_origin) == (datetime(2022, 5, 11), DateOrigin.LINE)
    assert record(text="They met. They left.").title_derived
    assert record(title="Only a title").text == ""


def test_lines_that_are_no_articles_are_skipped_with_their_number() -> None:
    good = '{"id": "x", "text": "Good."}'
    lines = [
        good,
        '{"text": "cut',
        "[1]",
        '"text"',
        "7",
        '{"text": " ", "title": ""}',
        "",
        good[:-1],
        "NaN",
        good,
    ]
    found = records("\n".join(lines))
    assert [item.line for item in found] == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    reasons = {item.line: item.reason for item in found if isinstance(item, Skip)}
    assert sorted(reasons) == [2, 3, 4, 5, 6, 8, 9]
    assert reasons[2].startswith("not JSON: ")
    assert {reasons[line] for line in (3, 4, 5, 9)} == {"not a JSON object"}
    assert reasons[6] == "neither title nor text"


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"text":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"text": ' + "1" * 5000 + "}",
        '{"a":' * 50_000,
    ],
)
def test_monsters_are_skipped(line: str) -> None:
    skip, article = records(f'{line}\n{{"text": "Good."}}')
    assert isinstance(skip, Skip)
    assert isinstance(article, Draft)


def test_keys_are_stable_and_tell_lines_apart() -> None:
    one, two, again, spaced = records('{"text":"a"}\n{"text":"b"}\n{"text":"a"}\n  {"text":"a"} \r\n')
    assert all(isinstance(item, Draft) for item in (one, two, again, spaced))
    keys = [item.key for item in (one, two, again, spaced) if isinstance(item, Draft)]
    assert keys[0] == keys[2] == keys[3] != keys[1]
    assert all(0 < len(key) <= 20 and key.isalnum() for key in keys)
    assert record(id="a/b #1", text="x").key == "a/b #1"
    assert record(id=0, text="x").key == "0"
    assert len(record(id="x" * 5000, text="x").key) <= 20


def test_surrogates_and_nuls_do_not_pass() -> None:
    article = records(
        r'{"id":"\ud800","title":"a\u0000b","text":"x\udfffy \ud83d\ude00","k\udc00":"\ud800"}'
    )[0]
    assert isinstance(article, Draft)
    assert (article.title, article.text, article.key) == ("ab", "x\ufffdy \U0001f600", "\ufffd")
    assert article.extras == {"k\ufffd": "\ufffd"}


def test_one_line_in_another_encoding_costs_only_itself() -> None:
    first, second = records(
        '{"text":"Un café."}\n'.encode() + '{"text":"Le café était fermé."}'.encode("cp1252")
    )
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.text, second.text) == ("Un café.", "Le café était fermé.")
    assert records('{"text":"café"}\n{"text":"b"}'.encode("utf-16"))[1:] == records('\n{"text":"b"}')
    assert records(b"\xef\xbb\xbf" + b'{"text":"a"}') == records('{"text":"a"}')


def test_a_file_of_nothing_is_empty() -> None:
    for content in (b"", b"\n \r\n", b"\xef\xbb\xbf\n"):
        with pytest.raises(ReadProblem, match="empty"):
            read_bytes(content, PATH)


def test_long_lines() -> None:
    text = "word " * 400_000
    assert record(text=text).text == text.strip()


WORDS = st.text(st.characters(exclude_characters="\r\x0c\x85\u2028\u2029\0", exclude_categories=["Cs"])).map(
    str.strip
)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(WORDS.filter(bool), WORDS, st.dictionaries(WORDS.map("x_".__add__), WORDS)), max_size=5
    )
)
def test_what_is_written_is_read(rows: list[tuple[str, str, dict[str, str]]]) -> None:
    lines = [
        json.dumps({"id": f"k{n}", "title": title, "text": text, **extras})
        for n, (title, text, extras) in enumerate(rows)
    ]
    found = list(read_bytes(("\n".join(lines) or "\n{}").encode(), PATH))
    drafts = [item for item in found if isinstance(item, Draft)]
    assert len(drafts) == len(rows)
    for number, (draft, (title, text, _)) in enumerate(zip(drafts, rows, strict=True)):
        assert (draft.key, draft.line, draft.title) == (f"k{number}", number + 1, " ".join(title.split()))
        assert draft.text.split() == text.split()


def some_case(name: str) -> st.SearchStrategy[str]:
    """Return a name in one case or another."""
    return st.sampled_from([name, name.upper(), name.title()])


field_names = st.sampled_from(
    ["id", "title", "headline", "text", "content", "source", "site", "author", "url", "date", "created", "x"]
).flatmap(some_case)
field_values: st.SearchStrategy[object] = st.sampled_from(
    ["", " ", "one", "two", "2022-05-11", 0, 1, False, None, [], {}, ["a", "b"]]
)


@settings(max_examples=300)
@given(st.dictionaries(field_names, field_values, max_size=8))
def test_fields_are_taken_as_one_would_look_for_them(record: dict[str, object]) -> None:
    fields, left = Fields(record), {name: value for name, value in record.items() if not _is_empty(value)}
    for what, names in NAMES.items():
        wanted: object = None if what == "date" else ""
        for name in names:
            own = next((own for own in left if own.lower() == name), None)
            if own is None or not (value := parse_date(left[own]) if what == "date" else plain(left[own])):
                continue
            wanted = value
            # What is written otherwise is not a second field of the name.
            left = {left_name: value for left_name, value in left.items() if left_name != own}
            break
        assert (fields.take_date() if what == "date" else fields.take(what)) == wanted
    assert fields.rest() == {name: as_text(value) for name, value in left.items() if as_text(value)}


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}


@given(
    st.one_of(
        st.text(st.sampled_from('{}[]":,0123456789.eE-+ntruefalsN\\u\ud800\ufeff \t\n'), max_size=20),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()),
            lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
        ).map(json.dumps),
    )
)
def test_json_is_parsed_as_json_does_it(text: str) -> None:
    def outcome(parse: Callable[[str], object]) -> str:
        try:
            return repr(parse(text))
        except ValueError as error:
            return repr(error)

    assert outcome(jsonl._parsed) == outcome(json.loads)
