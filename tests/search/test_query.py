"""The query language: what binds how, and that no text whatever is an error."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from search.nodes import (
    AllOf,
    AnyOf,
    Fact,
    Group,
    Leaf,
    Node,
    ParsedQuery,
    Period,
    Phrase,
    Wildcard,
    Word,
)
from search.parser import DEEPEST_NESTING
from search.query import LONGEST_QUERY, parse, read

SIMPLE = st.lists(st.sampled_from(["a", "oil", "AND", "OR", "NOT", "Oil", "and"]), min_size=1, max_size=5)


@given(SIMPLE.map(" ".join), st.sampled_from(["{}", '"{}"', "{}*", " {}", "{} ", '"{}" ', "{}~", '"{}']))
def test_what_is_read_without_the_parser_is_what_it_reads(words: str, around: str) -> None:
    text = around.format(words)
    assert parse(text) == read(text)


def shape(node: Node | None) -> str:
    """Write a tree with all its brackets: AND, OR, and { } for a group with its signs."""
    if node is None:
        return ""
    if isinstance(node, Word):
        text = f"{'=' * node.exact}{node.text}" + ("" if node.edits is None else f"~{node.edits}")
        return _labelled(node, text)
    if isinstance(node, Wildcard):
        return _labelled(node, f"<{node.text}>")
    if isinstance(node, Phrase):
        return _labelled(node, f'"{node.text}"' + (f"~{node.within}" if node.within else ""))
    if isinstance(node, Fact):
        return f"{node.field}:{'=' * node.exact}[{node.text}]"
    if isinstance(node, Period):
        return f"{node.first or ''}..{node.last or ''}"
    if isinstance(node, Group):
        signed = [(sign, item) for sign, items in _parts(node) for item in items]
        return "{" + " ".join(sign + shape(item) for sign, item in signed) + "}"
    joint = " AND " if isinstance(node, AllOf) else " OR "
    return "(" + joint.join(shape(item) for item in node.items) + ")"


def _labelled(node: Word | Wildcard | Phrase, text: str) -> str:
    boost = "" if node.boost == 1 else f"^{node.boost:g}"
    return (f"{node.field}:" if node.field else "") + text + boost


def _parts(group: Group) -> list[tuple[str, tuple[Node, ...]]]:
    return [("", group.plain), ("+", group.required), ("-", group.excluded)]


def leaves(node: Node | None) -> Iterator[Leaf]:
    if isinstance(node, Group):
        for _, items in _parts(node):
            for item in items:
                yield from leaves(item)
    elif isinstance(node, AllOf | AnyOf):
        for item in node.items:
            yield from leaves(item)
    elif node is not None:
        yield node


TODAY = date(2022, 6, 15)

# Adjacency binds tightest, then AND, then OR; signs and fields bind to the next item.
TREES = {
    "": "",
    "coalition": "coalition",
    "trade talks": "{trade talks}",
    "a b OR c d": "({a b} OR {c d})",
    "a OR b c": "(a OR {b c})",
    "a AND b OR c": "((a AND b) OR c)",
    "a OR b AND c": "(a OR (b AND c))",
    "a b AND c d OR e": "(({a b} AND {c d}) OR e)",
    "(a OR b) AND c": "((a OR b) AND c)",
    "(a OR b) c": "{(a OR b) c}",
    "a AND (b OR (c AND d))": "(a AND (b OR (c AND d)))",
    "a AND b AND c": "(a AND b AND c)",
    "a -b": "{a -b}",
    "a +b -c": "{a +b -c}",
    "-a": "{-a}",
    "NOT a": "{-a}",
    "a NOT b": "{a -b}",
    "NOT NOT a": "a",
    "NOT -a": "{-a}",
    "a AND NOT b": "(a AND {-b})",
    "-(a OR b) c": "{c -(a OR b)}",
    '-"a b" c': '{c -"a b"}',
    "multi-agent": "multi-agent",
    "co-ordinate -agent": "{co-ordinate -agent}",
    "a--b": "a--b",
    "--b": "{-b}",
    "a -": "{a -}",
    "a - b": "{a - b}",
    "1 + 1": "{1 + 1}",
    "C++": "C++",
    '"trade talks"': '"trade talks"',
    '"a b" c "d"': '{"a b" c "d"}',
    "“trade talks” «so ein»": '{"trade talks" "so ein"}',
    '"a (b OR" c': '{"a (b OR" c}',
    "don't 'tis O’Brien": "{don't 'tis O’Brien}",
    "title:pact": "title:pact",
    "TITLE:pact": "title:pact",
    'title:"trade talks"': 'title:"trade talks"',
    "title:(a b)": "{title:a title:b}",
    "title:(a OR text:b) c": "{(title:a OR text:b) c}",
    "title:title:text:a": "text:a",
    "-title:a b": "{b -title:a}",
    "title: pact": "{title: pact}",
    "title:": "title:",
    "http://x.org/a": "http://x.org/a",
    "10:30": "10:30",
    "note:this": "this",
    "trad*": "<trad*>",
    "title:trad*": "title:<trad*>",
    "=Trade": "=Trade",
    "*": "*",
    "= *": "{= *}",
    "and or not": "{and or not}",
    # words with operators of their own
    "w?ld": "<w?ld>",
    "?ld": "<?ld>",
    "w*ld": "<w*ld>",
    "*ation": "<*ation>",
    "title:w?ld": "title:<w?ld>",
    "w**d": "<w*d>",
    "what?": "what?",
    "wh?t?": "<wh?t>",
    "?": "?",
    "**bold**": "**bold**",
    "multi-ag*": "<multi-ag*>",
    "=w?ld": "<w?ld>",
    "coaltion~": "coaltion~2",
    "grian~": "grian~1",
    "grian~2": "grian~2",
    "grian~0": "grian~0",
    "a~b": "a~b",
    "~2": "~2",
    "title:grian~": "title:grian~1",
    "moon^3": "moon^3",
    "moon^2.5": "moon^2.5",
    "moon~1^3": "moon~1^3",
    "moon^3~1": "moon~1^3",
    "trad*^2": "<trad*>^2",
    "10^6": "10^6",
    "moon^": "moon^",
    "moon^x": "moon^x",
    "(a b)^2": "{a^2 b^2}",
    "(a^2 OR -b)^2": "(a^4 OR {-b})",
    "((a)^10)^50": "a^100",
    "=(a b)": "{=a =b}",
    "=title:a": "title:=a",
    "title:=a": "title:=a",
    "-=a b": "{b -=a}",
    "+=a b": "{b +=a}",
    '="a b"': '"a b"',
    # words near each other
    '"a b c"~8': '"a b c"~8',
    '"a b"~': '"a b"~10',
    '"a b"~8^2': '"a b"~8^2',
    '"a b"^2~8': '"a b"~8^2',
    '"a b"~0': '"a b"~1',
    '"a b" ~8': '{"a b" ~8}',
    '"a b"~8c': '{"a b" ~8c}',
    'title:"a b"~8': 'title:"a b"~8',
    '-"a b"~8 c': '{c -"a b"~8}',
    # conditions
    "source:reuters": "source:[reuters]",
    'source:"New York"': "source:[New York]",
    "source:=Reuters": "source:=[Reuters]",
    'source:="New York"': "source:=[New York]",
    "source:(a OR b) c": "{(source:[a] OR source:[b]) c}",
    "author:*": "author:[*]",
    "path:/news/x": "path:[/news/x]",
    "path:C:\\x": "path:[C:\\x]",
    "path:-x": "path:[-x]",
    "path:http://a": "path:[http://a]",
    "id:news/a.jsonl#b:c": "id:[news/a.jsonl#b:c]",
    "source:title:a": "source:[title:a]",
    "title:source:a": "source:[a]",
    "-source:a b": "{b -source:[a]}",
    "date:2022": "2022-01-01..2022-12-31",
    "date:2022-05": "2022-05-01..2022-05-31",
    "date:2022-05-11": "2022-05-11..2022-05-11",
    "date:2021..2022-06": "2021-01-01..2022-06-30",
    "date:2021..": "2021-01-01..",
    "date:..2021": "..2021-12-31",
    "since:2022-05": "2022-05-01..",
    "until:2022-05": "..2022-05-31",
    "date:7d": "2022-06-08..",
    "since:3m": "2022-03-15..",
    "until:1y": "..2021-06-15",
    "DATE:2022": "2022-01-01..2022-12-31",
    "date:(2021 OR 2022)": "(2021-01-01..2021-12-31 OR 2022-01-01..2022-12-31)",
    "a date:2022 -b": "{a 2022-01-01..2022-12-31 -b}",
    "date: 2022": "{date: 2022}",
    # conditions without meaning are left out, fields that do not exist fall away
    "a date:2022-13": "a",
    "date:soon": "",
    "a -date:soon": "a",
    "a OR date:2022..2021": "a",
    "source:--- a": "a",
    'titel:"a b"': '"a b"',
    "titel:(a b)": "{a b}",
    "-titel:a b": "{b -a}",
    "localhost:8080": "localhost:8080",
    "std::vector": "std::vector",
    "ANDROID ORB NOTE": "{ANDROID ORB NOTE}",
    "a AND": "a",
    "AND a": "a",
    "a AND OR b": "(a OR b)",
    "OR": "OR",
    "NOT": "NOT",
    "AND (OR)": "{AND OR}",
    "()": "",
    "(a": "a",
    "a)": "a",
    ")(": "",
    "a) b": "{a b}",
    '"a b': "{a b}",
    'a "': "a",
    '""': '""',
    "a\u202fb\u00a0c": "{a b c}",
}


@pytest.mark.parametrize("text", TREES)
def test_what_binds_how(text: str) -> None:
    assert shape(parse(text, TODAY).tree) == TREES[text]


@pytest.mark.parametrize(
    ("text", "note", "stretch"),
    [
        ("(a b", "never closed", "("),
        ("a b)", "never opened", ")"),
        ('a "b', "never closed", '"'),
        ("a AND", "nothing on one side", "AND"),
        ("OR a", "nothing on one side", "OR"),
        ("a NOT", "nothing follows", "NOT"),
        ("AND", "plain words", "AND"),
        ("note:this", "no field", "note:"),
        ("a date:2022-02-30", "no such day", "2022-02-30"),
        ("a date:soon", "is no date", "soon"),
        ("a date:2022..2021", "ends before it begins", "2022..2021"),
        ("a date:..", "needs a date", ".."),
        ("a since:x", "is no date", "x"),
        ("a source:--", "no value", "--"),
        ("a^999", "at most 100", "^999"),
        ("a~9", "at most 2", "~9"),
        ('"a b"~100', "at most 99", "~100"),
        ("(a b)~2", "after a word or a phrase", "~2"),
        ("a*~", "wildcards", "a*~"),
        ("=a~", "does not go together with =", "=a~"),
    ],
)
def test_what_cannot_be_meant_is_noted_where_it_stands(text: str, note: str, stretch: str) -> None:
    (found,) = parse(text).notes
    assert note in found.text
    assert text[found.start : found.end] == stretch


@pytest.mark.parametrize("text", ["a b", 'a "b c" -d', "(a OR b) AND title:c*", "multi-agent 10:30 http://x"])
def test_what_is_well_formed_has_no_notes(text: str) -> None:
    assert parse(text).notes == ()


PIECES = [
    *("date:", "since:", "source:", "path:", "id:", "2022", "..", "7d", "~", "^", "?", "~2", "^3", "titel:"),
    *("AND", "OR", "NOT", "(", ")", '"', "“", "”", "«", "-", "+", "--", "*", "=", ":", "/", "'", "\\"),
    *("title:", "text:", "Title:", "http:", "a", "word", "é", "日本", "1.5", "\x00", "\x1b[31m", "\ud800"),
    *(" ", " ", " ", "\u202f", "\n", "\u2028", "\u202e"),
]
ANY_QUERY = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(ANY_QUERY)
@settings(max_examples=500, deadline=None)
@example('"\x1c')
@example("-" * 50 + "(" * 30)
@example("NOT " * 40)
def test_any_text_is_a_query_and_spans_lie_within_it(text: str) -> None:
    query = parse(text)
    assert query.text == text
    for leaf in leaves(query.tree):
        assert 0 <= leaf.start < leaf.end <= len(text)
        assert isinstance(leaf, Wildcard) or leaf.text in text[leaf.start : leaf.end]
    for note in query.notes:
        assert 0 <= note.start <= note.end <= len(text)
    if any(char.isalnum() for char in text):
        assert query.tree is not None or any("left out" in note.text for note in query.notes)


@given(st.lists(st.sampled_from(["a", "b", "-c", '"d e"', "(f OR g)", "title:h"]), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_query_in_brackets_means_the_same(items: list[str]) -> None:
    text = " AND ".join(items)
    assert shape(parse(f"({text})").tree) == shape(parse(text).tree)
    assert parse(text).notes == ()


@given(st.text(alphabet="abc-'/.&", min_size=1, max_size=12).filter(lambda text: text[0] in "abc"))
@settings(max_examples=200, deadline=None)
def test_marks_inside_a_word_are_text(text: str) -> None:
    assert parse(text).tree == Word(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "title:" * 639 + "a",
        "(" * 1999 + "a",
        "(" * 1599 + "a" + ")" * 1599,
        "(a OR " * 599,
        "NOT " * 959 + "a",
        "-" * 3998 + "a",
        '"' * 3998,
        "“a" * 1199,
        "a:" * 1599,
        "a AND " * 639,
        "=title:" * 559 + "a",
        "=" * 3998 + "a",
        "titel:" * 639 + "a",
        "a" + "^2" * 1599,
        "(" * 40 + "a" + ")^9" * 40,
        "a" + "~" * 3599,
        ")" * 3998,
    ],
    ids=lambda text: text[:12],
)
def test_deep_and_long_queries_are_read(text: str) -> None:
    query = parse(text)
    assert "a" in "".join(leaf.text for leaf in leaves(query.tree)) or "a" not in text


@given(st.text("ab '.,/!\n\u00e9ANDOR\u2019", max_size=40))
@settings(max_examples=300, deadline=None)
def test_plain_words_are_read_the_same_with_and_without_the_parser(text: str) -> None:
    def read(query: str) -> list[tuple[str, int]]:
        return [(leaf.text, leaf.start) for leaf in leaves(parse(query).tree)]

    assume(not {"AND", "OR", "NOT"} & set(text.split()))
    assert read(text) == [(word, start) for word, start in read(f"{text} =x") if word != "x"]


def test_brackets_below_the_deepest_nesting_are_read_flat() -> None:
    depth = DEEPEST_NESTING + 5
    query = parse("(" * depth + "a OR b" + ")" * depth)
    assert [leaf.text for leaf in leaves(query.tree)] == ["a", "b"]


def test_a_query_is_cut_where_nobody_types_on() -> None:
    text = "word " * LONGEST_QUERY
    query: ParsedQuery = parse(text)
    assert max(leaf.end for leaf in leaves(query.tree)) <= LONGEST_QUERY
    (note,) = query.notes
    assert (note.start, note.end) == (LONGEST_QUERY, len(text))


def test_a_long_query_all_in_capitals_is_prose() -> None:
    text = "TALKS OF BRITAIN AND FRANCE ON TRADE OR NOT ."
    parsed = parse(text)
    assert shape(parsed.tree) == shape(parse(text.lower()).tree).upper()
    assert any("all in capitals" in note.text for note in parsed.notes)


@pytest.mark.parametrize(
    "query", ["BRITAIN AND FRANCE OR SPAIN", "(A AND B) OR C D E F G H", "A AND b OR C D E F G"]
)
def test_capitals_alone_do_not_make_prose(query: str) -> None:
    parsed = parse(query)
    assert isinstance(parsed.tree, AnyOf)
    assert not any("all in capitals" in note.text for note in parsed.notes)
