"""Every way to make a library leads to the same library: term by term, position by position, form by form."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import open_dir

from index import copying, invert
from index.analysis import Analyzer
from index.article import Article, DateOrigin
from index.builder import Builder
from index.codec.segment_reader import SegmentReader
from index.merge import merge
from index.reading import LibraryReader
from index.schema import document
from index.segment_names import INDEX_NAME
from index.toc import LibraryIndex, create_index
from tests.index.codec.content import Content, content

WORDS = st.sampled_from(
    [
        "trade",
        "trades",
        "trading",
        "traded",
        "the",
        "a",
        "don't",
        "U.S.",
        "20.04",
        "naïve",
        "café",
        "cafe",
        "office",
        "ofﬁce",
        "x",
        "x'",
        "'",
        "中文",
        "Straße",
        "ßs",
    ]
    + ["electro-magnetic", "\ud800", "internationalisation/internationalization"]
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=25).map(" ".join),
    st.text(max_size=60),
    st.sampled_from(["trade " * 400, "trade " + "filler " * 70_000 + "trade", "w" * 5000]),
)
DATES = st.one_of(st.none(), st.datetimes(datetime(1850, 1, 1), datetime(2100, 1, 1)))
ORIGINS = st.sampled_from([DateOrigin.FIELD, DateOrigin.FILE])


@st.composite
def articles(draw: st.DrawFn, least: int = 1, most: int = 8) -> list[Article]:
    """Draw some articles with ids of their own."""
    idents = draw(st.lists(st.text(min_size=1, max_size=6), min_size=least, max_size=most, unique=True))
    return [
        Article(
            id=ident,
            title=draw(TEXTS)[:200],
            text=draw(TEXTS),
            path="/a",
            title_derived=draw(st.booleans()),
            date=(date := draw(DATES)),
            date_origin=draw(ORIGINS) if date else DateOrigin.NONE,
            source=draw(st.sampled_from(["", "Wire", "Ágence"])),
            extras=draw(st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)),
        )
        for ident in idents
    ]


def made(path: Path, *parts: list[Article], delete: tuple[str, ...] = ()) -> Path:
    """Make a library of articles added in parts, a commit each; then delete some."""
    path.mkdir()
    create_index(path, "english")
    for part in parts:
        with Builder(path, Analyzer()) as builder:
            for article in part:
                builder.add(article)
            builder.commit()
    if delete:
        with Builder(path, Analyzer()) as builder:
            builder.delete(delete)
            builder.commit()
    return path


def expected(given_: list[Article]) -> Content:
    """Return what a library of these articles holds, found by the plain analyser."""
    analyzer = Analyzer()
    out = Content()
    for article in given_:
        ident = article.id.encode("utf-8", "surrogatepass")
        title = [] if article.title_derived else analyzer.terms(article.title)
        body = analyzer.terms(article.text)
        shift = len(title) + 100 if title else 0
        places = [*enumerate(title), *enumerate(body, shift)]
        for name, words in (("text", places), ("title", list(enumerate(title)))):
            for position, (form, stem) in words:
                key = name, stem.encode("utf-8", "surrogatepass"), ident
                out.words.setdefault(key, []).append((position, form.encode("utf-8", "surrogatepass")))
            out.lengths[name, ident] = len(words)
        out.articles[ident] = article
    for (name, term, _), where in out.words.items():
        for name_of_form in {stood for _, stood in where}:
            df, cf = out.forms.get((name, term, name_of_form), (0, 0))
            times = sum(1 for _, stood in where if stood == name_of_form)
            out.forms[name, term, name_of_form] = df + 1, cf + times
    return out


def assert_same(found: Content, wanted: Content) -> None:
    """Compare; columns only where both were read from libraries."""
    assert found.articles == wanted.articles
    assert found.lengths == wanted.lengths
    assert found.words == wanted.words
    assert found.forms == wanted.forms
    if wanted.columns:
        assert found.columns == wanted.columns


@settings(max_examples=12, deadline=None)
@given(given_=articles())
def test_bulk_equals_the_analyser_and_whooshs_own_writer(
    tmp_path_factory: pytest.TempPathFactory, given_: list[Article]
) -> None:
    folder = tmp_path_factory.mktemp("ways")
    bulk = content(made(folder / "bulk", given_))
    assert_same(bulk, expected(given_))
    one = made(folder / "one")
    writer = LibraryIndex(one).writer()
    for article in given_:
        writer.add_document(**document(article))
    writer.commit()
    assert_same(content(one), bulk)


@settings(max_examples=12, deadline=None)
@given(given_=articles(least=3), data=st.data())
def test_merging_equals_building_what_is_left(
    tmp_path_factory: pytest.TempPathFactory, given_: list[Article], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("merge")
    gone = set(data.draw(st.lists(st.sampled_from(given_).map(lambda article: article.id), max_size=5)))
    cut = data.draw(st.integers(1, len(given_) - 1))
    left = [article for article in given_ if article.id not in gone]
    sources = []
    for place, part in enumerate((given_[:cut], given_[cut:])):
        index = LibraryIndex(made(folder / str(place), part))
        (segment,) = index._read_toc().segments
        deleted = {number for number, article in enumerate(part) if article.id in gone}
        sources.append((index.open_segment(segment), deleted))
    target = made(folder / "target", left)
    count = merge(sources, folder / "merged.byl")
    assert count == len(left)
    if left:
        (segment,) = LibraryIndex(target)._read_toc().segments
        (folder / "merged.byl").replace(target / segment.make_filename(".byl"))
        assert_same(content(target), expected(left))
    by_commits = made(folder / "commits", given_[:cut], given_[cut:], delete=tuple(gone))
    assert_same(content(by_commits), expected(left))


def test_ranges_of_articles_keep_their_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More articles than one range of 65,536, with words that are everywhere, frequent, rare and single."""
    monkeypatch.setattr(copying, "candidates", lambda *_: np.zeros((0, 2), dtype=np.int64))  # all are alike
    many = [
        Article(
            id=f"{number:06}",
            title="",
            text=f"all {'half ' * (number % 2)}{'few' * (number % 9000 == 7)} n{number}",
            path="",
        )
        for number in range(70_000)
    ]
    path = tmp_path / "library"
    made(path, many)
    with LibraryReader(path) as reader:
        assert len(reader.segments) == 1
        assert reader.postings("text", "all").docs.tolist() == list(range(70_000))
        assert reader.postings("text", "half").docs.tolist() == list(range(1, 70_000, 2))
        assert reader.postings("text", "few").docs.tolist() == list(range(7, 70_000, 9000))
        assert reader.postings("text", "n69999").docs.tolist() == [69_999]
        assert reader.ident(69_000) == "069000"
        words = reader.segments[0].reader.words("text")
        assert words is not None
        blocks = list(words.blocks(50_000))
        for name, docs in (
            ("all", range(70_000)),
            ("half", range(1, 70_000, 2)),
            ("few", range(7, 70_000, 9000)),
        ):
            (block,) = (block for block in blocks if name.encode() in block.terms)
            ends = np.cumsum(block.df)
            place = block.terms.index(name.encode())
            assert block.docs[ends[place] - block.df[place] : ends[place]].tolist() == list(docs)


def test_words_too_many_for_one_number_each_are_sorted_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_ = [
        Article(id=str(number), title="Trade talks", text="trades and trading " * number, path="")
        for number in range(9)
    ]
    wanted = content(made(tmp_path / "numbers", given_))
    monkeypatch.setattr(invert, "_MOST_BITS", 0)
    assert_same(content(made(tmp_path / "arrays", given_)), wanted)


def test_worker_processes_build_the_same(tmp_path: Path) -> None:
    many = [
        Article(id=str(number), title=f"Story {number}", text="trade and trading talks " * 900, path="")
        for number in range(500)
    ]
    (tmp_path / "two").mkdir()
    create_index(tmp_path / "two", "english")
    with Builder(tmp_path / "two", Analyzer(), jobs=2) as builder:
        for article in many:
            builder.add(article)
        builder.commit()
    with LibraryReader(tmp_path / "two") as reader:
        assert reader.count == 500
        assert len(reader.postings("text", "trade").docs) == 500
        assert {reader.article(number).id for number in range(500)} == {article.id for article in many}


def test_stock_whoosh_searches_a_library(tmp_path: Path) -> None:
    given_ = [
        Article(
            id="a", title="Trade talks", text="Talks on trade opened.", path="", date=datetime(2020, 1, 2)
        ),
        Article(id="b", title="", text="The talks about trading ended.", path="", source="Wire"),
        Article(id="c", title="", text="Nothing here.", path=""),
    ]
    path = made(tmp_path / "library", given_, delete=("c",))
    index = open_dir(str(path), indexname=INDEX_NAME)
    with index.searcher() as searcher:
        found = {
            name: sorted(searcher.docs_for_query(wanted))
            for name, wanted in {
                "term": query.Term("text", "trade"),
                "phrase": query.Phrase("text", ["talk", "on", "trade"]),
                "across": query.Phrase("text", ["talk", "talk"]),
                "prefix": query.Prefix("text", "ta"),
                "fuzzy": query.FuzzyTerm("text", "trede"),
                "wildcard": query.Wildcard("text", "end*"),
                "not": query.And([query.Term("text", "talk"), query.Not(query.Term("text", "end"))]),
                "id": query.Term("id", "b"),
                "gone": query.Term("id", "c"),
            }.items()
        }
        assert found == {
            "term": [0, 1], "phrase": [0], "across": [], "prefix": [0, 1], "fuzzy": [0, 1],
            "wildcard": [1], "not": [0], "id": [1], "gone": [],
        }  # fmt: skip
        best = searcher.search(query.Term("text", "trade"))
        assert [hit.docnum for hit in best] == [0, 1]
        assert '"b"' in best[1]["article"]


def test_a_library_of_many_commits_has_few_segments(tmp_path: Path) -> None:
    path = made(tmp_path / "library")
    for number in range(60):
        with Builder(path, Analyzer()) as builder:
            builder.add(Article(id=str(number), title="", text=f"word{number} common", path=""))
            builder.commit()
    with LibraryReader(path) as reader:
        assert reader.count == 60
        assert len(reader.segments) <= 2
        assert len(reader.postings("text", "common").docs) == 60
    assert len([file for file in path.iterdir() if file.suffix == ".byl"]) <= 2
    assert isinstance(reader.segments[0].reader, SegmentReader)
