"""One generation of a library, read back: words, days and articles are those that were put in."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq

from index.analysis import Analyzer
from index.article import Article, DateOrigin
from index.builder import Builder
from index.library import Library
from index.reading import LibraryReader
from index.schema import NO_DATE, TITLE_GAP
from index.value import replace
from tests.search.shelf import Step, article, library_of, library_with, living, texts

ANALYZER = Analyzer()
SECOND = timedelta(seconds=1)

WORDS = [
    "trade",
    "Trades",
    "trading",
    "coalition",
    "the",
    "U.S.",
    "20.04",
    "été",
    "ete",
    "日本",
    "don’t",
    "a/b",
]
BODIES = st.lists(st.sampled_from(WORDS) | st.text("ab é.'\u0301", max_size=6), max_size=15).map(" ".join)
MOMENTS = st.none() | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """One to three commits with deletions of what the earlier ones added."""
    steps: list[Step] = []
    there: set[str] = set()
    for _ in range(draw(st.integers(1, 3))):
        ids = draw(st.lists(st.sampled_from(["b", "é", "a/1", "a/10", "日", "Z"]), unique=True, max_size=5))
        gone = draw(st.sets(st.sampled_from(["b", "a/10"]))) | set(ids)
        made = tuple(
            article(
                ident,
                draw(BODIES),
                draw(BODIES),
                date=draw(MOMENTS),
                origin=draw(st.sampled_from([None, DateOrigin.FILE])),
                title_derived=draw(st.booleans()),
            )
            for ident in ids
        )
        made = tuple(one if one.date else replace(one, date_origin=DateOrigin.NONE) for one in made)
        steps.append(Step(made, tuple(gone & there)))
        there = (there - gone) | set(ids)
    return steps


def words(one: Article) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the (form, stem) pairs of title and body."""
    return ([] if one.title_derived else ANALYZER.terms(one.title)), ANALYZER.terms(one.text)


def counted(one: Article, field: str) -> Counter[str]:
    title, body = words(one)
    if field == "form":
        return Counter(form for form, _ in title + body)
    return Counter(stem for _, stem in (title if field == "title" else title + body))


def places(one: Article, stem: str) -> list[int]:
    title, body = words(one)
    start = len(title) + TITLE_GAP if title else 0
    stems = [(at, s) for at, (_, s) in enumerate(title)] + [(start + at, s) for at, (_, s) in enumerate(body)]
    return [at for at, s in stems if s == stem]


def check_words(reader: LibraryReader, left: dict[str, Article], numbers: dict[str, int]) -> None:
    for field in ("text", "title", "form"):
        wanted = {ident: counted(one, field) for ident, one in left.items()}
        terms = sorted(set().union(*wanted.values()), key=str.encode)
        assert [term for term in reader.terms(field) if len(reader.postings(field, term).docs)] == terms
        for term in terms:
            found = reader.postings(field, term)
            by_number = {numbers[ident]: count[term] for ident, count in wanted.items() if count[term]}
            assert dict(zip(found.docs.tolist(), found.freqs.tolist(), strict=True)) == by_number
            assert found.docs.tolist() == sorted(by_number)
        for prefix in ("t", "tr", "é", "日", ""):
            starting = [term for term in reader.terms(field) if term.startswith(prefix)]
            assert list(reader.terms(field, prefix)) == starting
        pair = terms[:2]
        together = reader.together(field, pair)
        assert together.docs.tolist() == sorted(
            numbers[ident] for ident, count in wanted.items() if any(count[term] for term in pair)
        )
        if field != "form":
            lengths = reader.lengths(field)
            assert {ident: lengths[numbers[ident]] for ident in left} == {
                ident: count.total() for ident, count in wanted.items()
            }


def check_positions(reader: LibraryReader, left: dict[str, Article], numbers: dict[str, int]) -> None:
    idents = sorted(left, key=numbers.__getitem__)
    docs = np.array([numbers[ident] for ident in idents], dtype=np.intp)
    for stem in {stem for one in left.values() for part in words(one) for _, stem in part} | {"absent"}:
        for chosen in (slice(None), slice(None, None, 2), slice(0, 0)):
            found = reader.positions(stem, docs[chosen])
            assert [array.tolist() for array in found] == [places(left[i], stem) for i in idents[chosen]]


def check_articles(reader: LibraryReader, left: dict[str, Article], numbers: dict[str, int]) -> None:
    dates, files, ranks = reader.dates(), reader.dates(from_files=True), reader.id_ranks()
    for ident, one in left.items():
        number = numbers[ident]
        assert reader.article(number) == one
        assert reader.ident(number) == ident
        when = NO_DATE if one.date is None else (one.date - datetime(1970, 1, 1)) // SECOND
        assert (dates[number], files[number]) == ((when, NO_DATE) if one.date_is_true else (NO_DATE, when))
    assert sorted(left, key=lambda ident: ranks[numbers[ident]]) == sorted(left)
    assert sorted(ranks.tolist()) == list(range(reader.size))


@given(histories())
@settings(max_examples=20, deadline=None)
def test_a_library_gives_back_what_was_put_in(history: list[Step]) -> None:
    left = {one.id: one for one in living(history)}
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        assert reader.count == len(left) <= reader.size
        assert reader.generation == len(history)
        found = {ident: reader.number(ident) for ident in [*left, "absent", ""]}
        numbers = {ident: number for ident, number in found.items() if number is not None}
        assert numbers.keys() == left.keys()
        assert np.flatnonzero(reader.living).tolist() == sorted(numbers.values())
        check_words(reader, left, numbers)
        check_positions(reader, left, numbers)
        check_articles(reader, left, numbers)


@given(histories())
@settings(max_examples=20, deadline=None)
def test_the_vocabulary_counts_articles(history: list[Step]) -> None:
    history = [Step(step.add) for step in history[:1]]
    wanted = Counter(form for one in living(history) for form in set(counted(one, "form")))
    with tempfile.TemporaryDirectory() as folder, library_of(Path(folder), *history).reader() as reader:
        found = reader.vocabulary
    assert dict(zip(found.forms, found.counts.tolist(), strict=True)) == wanted
    assert list(found.forms) == sorted(wanted, key=str.encode)


ANYTHING = st.text(st.characters() | st.sampled_from("\ud800\x00\x1b\u2028"), max_size=30)


ANY_ARTICLE = st.builds(
    Article,
    id=ANYTHING.filter(bool),
    title=ANYTHING,
    text=ANYTHING,
    path=ANYTHING,
    title_derived=st.booleans(),
    date=MOMENTS,
    date_origin=st.sampled_from(list(DateOrigin)),
    source=ANYTHING,
    author=ANYTHING,
    url=ANYTHING,
    key=ANYTHING,
    extras=st.dictionaries(ANYTHING, ANYTHING, max_size=3),
)


@given(st.lists(ANY_ARTICLE, min_size=1, max_size=5, unique_by=lambda one: one.id))
@settings(max_examples=25, deadline=None)
def test_any_article_comes_back_equal(made: list[Article]) -> None:
    with tempfile.TemporaryDirectory() as folder, library_with(Path(folder), *made).reader() as reader:
        for one in made:
            number = reader.number(one.id)
            assert number is not None
            assert reader.article(number) == one
            assert reader.ident(number) == one.id


def test_an_empty_library_has_nothing(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library").reader() as reader:
        assert (reader.size, reader.count, reader.generation) == (0, 0, 0)
        assert reader.living.tolist() == reader.dates().tolist() == reader.id_ranks().tolist() == []
        assert reader.mean_length("text") == 1.0
        assert reader.postings("text", "trade").docs.tolist() == []
        assert list(reader.terms("form")) == list(reader.vocabulary.forms) == []
        assert reader.stock(wq.Every()).tolist() == []


@pytest.mark.parametrize("field", ["text", "title", "form", "id", "absent"])
@pytest.mark.parametrize("term", ["", "absent", "\x00", "\ud800", "x" * 5000])
def test_a_word_that_is_not_there_has_no_postings(tmp_path: Path, field: str, term: str) -> None:
    with texts(tmp_path, "trade talks").reader() as reader:
        assert reader.postings(field, term).docs.tolist() == []
        assert reader.positions(term, np.zeros(1, dtype=np.intp))[0].tolist() == []


def test_one_article_of_many_words(tmp_path: Path) -> None:
    body = " ".join(f"word{at % 977}" for at in range(20_000)) + " " + "again " * 5000
    with texts(tmp_path, body).reader() as reader:
        assert reader.lengths("text").tolist() == [25_000]
        assert reader.postings("text", "again").freqs.tolist() == [5000]
        (found,) = reader.positions("again", np.zeros(1, dtype=np.intp))
        assert found.tolist() == list(range(20_000, 25_000))


def test_the_next_generation_keeps_the_segments_that_are_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.policy._choose", lambda *_: [])  # joins nothing
    library = texts(tmp_path, *(f"trade word{at} in town" for at in range(400)))
    with library.reader() as first:
        first.forms_near("trede", 1)
        first.beginning("wor")
        for step in range(3):
            with Builder(library.path, library.analyzer) as builder:
                builder.delete([first.ident(step)])
                builder.add(article(f"new{step}", f"traded trade new{step}"))
                builder.commit()
            with library.reader(first) as kept, library.reader() as fresh:
                same = {part.reader for part in first.segments} & {part.reader for part in kept.segments}
                assert [part.doc_count for part in same] == [400]
                assert kept.generation == fresh.generation == first.generation + step + 1
                assert kept.forms_near("trede", 1) == fresh.forms_near("trede", 1)
                assert kept.beginning("wor").docs.tolist() == fresh.beginning("wor").docs.tolist()
                assert kept.postings("text", "trade").docs.tolist() == list(range(step + 1, 401 + step))
                idents = [kept.ident(doc) for doc in np.argsort(kept.id_ranks(), kind="stable").tolist()]
                assert idents == sorted(idents)
                for docs in (
                    np.arange(300),
                    np.arange(390, kept.size),
                    np.arange(kept.size - step - 1, kept.size),
                ):
                    keys = kept.id_keys(docs)
                    by_key = sorted(range(len(docs)), key=keys.__getitem__)
                    ids = [kept.ident(doc) for doc in docs.tolist()]
                    assert [ids[at] for at in by_key] == sorted(ids)
                assert set(kept._index._opened) == {part.segid for part in kept._toc.segments}


def test_threads_read_the_same(tmp_path: Path) -> None:
    bodies = [" ".join(f"w{at * n % 31}" for n in range(1, 30)) for at in range(50)]
    library = texts(tmp_path, *bodies)
    terms = [f"w{n}" for n in range(31)]

    def read(reader: LibraryReader, order: Sequence[str]) -> dict[str, list[int]]:
        docs = np.arange(reader.size)
        found = {term: reader.postings("text", term).docs.tolist() for term in order}
        found |= {f"{t} at": np.concatenate(reader.positions(t, docs)).tolist() for t in order}
        return found | {"ids": reader.id_ranks().tolist(), "forms": reader.vocabulary.counts.tolist()}

    with library.reader() as reader:
        wanted = read(reader, terms)
    results: list[dict[str, list[int]]] = []
    with library.reader() as reader:
        threads = [
            threading.Thread(target=lambda at=at: results.append(read(reader, terms[at:] + terms[:at])))
            for at in range(0, 30, 5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == len(threads)
    assert all(result == wanted for result in results)
