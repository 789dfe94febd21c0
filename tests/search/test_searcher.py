"""The searcher: what is found, page by page, in its generation, and by several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.library import Library
from search.ordering import Sort
from search.searcher import Searcher
from tests.search.shelf import Step, article, commit, found, library_of, library_with, texts

ANALYZER = Analyzer()


# --- which articles ----------------------------------------------------------------------------------

BODIES = {
    "all": "The coalition discussed trade talks in the harbour.",
    "two": "Trade talks go on.",
    "one": "A coalition was formed.",
    "far": "Talks about the harbour, then about trade.",
    "none": "Quiet morning.",
}
TITLES = {"two": "Coalition of the quiet", "none": "Trade"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """A searcher over five small articles."""
    folder = tmp_path_factory.mktemp("shared")
    library = library_with(
        folder, *(article(ident, BODIES[ident], TITLES.get(ident, "")) for ident in BODIES)
    )
    with Searcher(library) as searcher:
        yield searcher


ALL = set(BODIES)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("coalition", {"all", "two", "one"}),
        ("COALITIONS", {"all", "two", "one"}),
        ("coalition trade", {"all", "two"}),
        ("coalition OR harbour", {"all", "two", "one", "far"}),
        ("coalition AND harbour", {"all"}),
        ("trade -coalition", {"far", "none"}),
        ("trade NOT coalition", {"far", "none"}),
        ("-coalition", {"far", "none"}),
        ("-coalition -trade", set()),
        ("NOT (trade AND coalition)", {"one", "far", "none"}),
        ("+trade coalition", {"all", "two"}),
        ('"trade talks"', {"all", "two"}),
        ('"trades talk"', set()),
        ("trades/talk", {"all", "two"}),
        ('"the harbour"', {"all", "far"}),
        ('"THE Harbour"', {"all", "far"}),
        ('"coalitions"', set()),
        ('"talks trade"', set()),
        ('-"trade talks" trade', {"far", "none"}),
        ("trade/talks", {"all", "two"}),
        ("title:coalition", {"two"}),
        ("text:coalition", {"all", "one"}),
        ("text:trade", {"all", "two", "far"}),
        ('title:"quiet coalition"', set()),
        ('title:"coalition of the"', {"two"}),
        ('text:"trade talks"', {"all", "two"}),
        ('text:"coalition of"', set()),
        ('"quiet trade"', set()),
        ("title:(trade OR quiet)", {"two", "none"}),
        ("title:coal*", {"two"}),
        ("text:coal*", {"all", "one"}),
        ("harb*", {"all", "far"}),
        ("=talks", {"all", "two", "far"}),
        ("=talk", set()),
        ("the coalition", {"all", "two", "one"}),
        ("the", {"all", "two", "far"}),
        ("quiet (--- ...)", {"two", "none"}),
        ("(coalition OR ...) quiet", {"two"}),
        ("-... quiet", {"two", "none"}),
        ("... -quiet", {"all", "one", "far"}),
        ("", set()),
        ("... ---", set()),
        ('""', set()),
        ("title:title:coalition", {"two"}),
        ("(" * 60 + "coalition" + ")" * 60, {"all", "two", "one"}),
    ],
)
def test_what_a_query_finds(shared: Searcher, query: str, wanted: set[str]) -> None:
    results = shared.search(query, None)
    assert set(found(results)) == wanted
    assert results.total == len(wanted)
    assert results.query == query


@pytest.mark.parametrize(
    ("query", "mode", "wanted", "note"),
    [
        ("coalition harbour", "auto", {"all"}, ""),
        ("coalition harbour", "all", {"all"}, ""),
        ("coalition harbour", "any", {"all", "two", "one", "far"}, ""),
        ("formed harbour", "all", set(), ""),
        ("formed harbour", "auto", {"one", "all", "far"}, "no article has all 2; these have 1 of them"),
        ("formed talks trade", "auto", {"all", "two", "far"}, "no article has all 3; these have 2 of them"),
        ("+formed talks trade", "auto", {"one"}, "no article has all 3; these have 1 of them"),
        ("formed talks trade -harbour", "auto", {"two"}, "no article has all 3; these have 2 of them"),
        ("formed talks trade harbour coalition", "auto", {"all", "two", "one", "far", "none"}, ""),
        ("formed talks trade harbour coalition", "all", set(), ""),
        ("formed AND harbour", "auto", set(), ""),
        ("zyzzyva qwxyz", "auto", set(), ""),
        ("formed the harbour", "auto", {"one", "all", "far"}, "no article has all 2; these have 1 of them"),
    ],
)
def test_whether_all_words_are_wanted(
    shared: Searcher, query: str, mode: str, wanted: set[str], note: str
) -> None:
    results = shared.search(query, None, mode=mode)
    assert set(found(results)) == wanted
    notes = [one.text for one in results.notes if "no article has all" in one.text]
    assert notes == ([note] if note else [])
    assert shared.search(query, 0, mode=mode).total == len(wanted)


def test_words_without_content_order_what_the_others_find(tmp_path: Path) -> None:
    with Searcher(texts(tmp_path, "a pact signed now", "the pact signed now")) as searcher:
        assert found(searcher.search("pact")) == ["00", "01"]
        assert found(searcher.search("the pact")) == ["01", "00"]


QUERY_WORDS = ["coalition", "trade", "talks", "harbour", "quiet", "formed"]


def _stems(*written: str) -> set[str]:
    return {stem for text in written for _, stem in ANALYZER.terms(text)}


MATCHING = {
    word: {ident for ident in ALL if _stems(word) & _stems(BODIES[ident], TITLES.get(ident, ""))}
    for word in QUERY_WORDS
}
Boolean = tuple[str, set[str]]


def _joined(parts: list[Boolean]) -> st.SearchStrategy[Boolean]:
    every = set.intersection(*(ids for _, ids in parts))
    some = set.union(*(ids for _, ids in parts))
    texts_ = [text for text, _ in parts]
    return st.sampled_from([(f"({' AND '.join(texts_)})", every), (f"({' OR '.join(texts_)})", some)])


BOOLEANS: st.SearchStrategy[Boolean] = st.recursive(
    st.sampled_from(QUERY_WORDS).map(lambda word: (word, MATCHING[word])),
    lambda inside: st.one_of(
        st.lists(inside, min_size=2, max_size=3).flatmap(_joined),
        inside.map(lambda part: (f"(NOT {part[0]})", ALL - part[1])),
        st.tuples(inside, inside).map(lambda p: (f"({p[0][0]} -{p[1][0]})", p[0][1] - p[1][1])),
    ),
    max_leaves=6,
)


@given(BOOLEANS)
@settings(max_examples=100, deadline=None)
def test_any_combination_finds_what_its_sets_say(shared: Searcher, boolean: Boolean) -> None:
    query, wanted = boolean
    assert set(found(shared.search(query, None, mode="all"))) == wanted


@given(
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            [
                *QUERY_WORDS,
                *'()"*=-+:“',
                "AND",
                "OR",
                "NOT",
                "title:",
                "text:",
                " ",
                " ",
                "coaltion",
                "\ud800",
                "\x1b",
            ]
        ),
        max_size=25,
    ).map("".join),
    st.sampled_from(["auto", "any", "all"]),
    st.sampled_from(list(Sort)),
    st.booleans(),
)
@settings(max_examples=250, deadline=None)
@example("title:=coalition* AND ()", "auto", Sort.NEWEST, True)
def test_no_query_raises_and_totals_are_exact(
    shared: Searcher, query: str, mode: str, sort: Sort, typos: bool
) -> None:
    results = shared.search(query, None, sort=sort, typos=typos, mode=mode)
    assert results.total == len(results.hits) == len(set(found(results))) <= len(ALL)
    spans = [(note.start, note.end) for note in results.notes]
    spans += [(correction.start, correction.end) for correction in results.corrections]
    assert all(0 <= start <= end <= len(query) for start, end in spans)
    for hit in results.hits:
        assert np.isfinite(hit.score)
        assert hit.passages


@pytest.mark.parametrize("query", ["title:" * 600 + "trade", "(trade OR " * 380, "NOT " * 950 + "trade"])
def test_deep_queries_are_answered(shared: Searcher, query: str) -> None:
    assert shared.search(query).total > 0


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("multi-talk*", "multi-talk* is searched as multi AND talk*"),
        ("zyzzyva", "no article has zyzzyva"),
        ("(trade", "this bracket is never closed"),
    ],
)
def test_what_was_not_taken_literally_is_noted(shared: Searcher, query: str, note: str) -> None:
    assert note in [one.text for one in shared.search(query).notes]


def test_a_page_beyond_the_end_is_empty_and_the_total_stays(shared: Searcher) -> None:
    results = shared.search("trade", 10, 100)
    assert (results.hits, results.total, results.offset) == ((), 4, 100)


def test_passages_may_be_left_out(shared: Searcher) -> None:
    for hit in shared.search("trade", passages=False).hits:
        assert (hit.passages, hit.title_spans) == ((), ())


# --- one article, generations, threads ---------------------------------------------------------------


def test_an_article_is_found_by_its_id(tmp_path: Path) -> None:
    one = article("news/é ü.txt#7", "talks", "Title", date=datetime(2022, 5, 11, 9), key="7")
    library = library_of(tmp_path, Step((article(one.id, "older"),)), Step((one,), (one.id,)))
    with Searcher(library) as searcher:
        assert searcher.article(one.id) == one
        assert [searcher.article(ident) for ident in ("", "news", "news/é ü.txt#8")] == [None] * 3


def test_a_generation_stays_until_refresh(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks")
    with Searcher(library) as searcher:
        ranked = searcher.rank("talks")
        assert not searcher.refresh()
        generation = commit(library, Step((article("new", "talks talks"),), ("00",)))
        assert found(searcher.search("talks")) == ["00"]
        assert searcher.refresh()
        assert searcher.generation == generation
        assert found(searcher.search("talks")) == ["new"]
        assert [hit.article.id for hit in searcher.hits(ranked)] == ["00"]
        assert not searcher.refresh()


def test_a_rebuild_leaves_the_old_generation_readable(tmp_path: Path) -> None:
    library = texts(tmp_path, "talks one", "talks two")
    with Searcher(library) as searcher:
        before = searcher.search("talks").hits
        commit(library, Step((article("new", "talks"),)), rebuild=True)
        assert searcher.search("talks").hits == before
        assert searcher.refresh()
        assert found(searcher.search("talks")) == ["new"]


def test_several_threads_get_the_same_answers(tmp_path: Path) -> None:
    words = ["coalition", "trade", "talks", "harbour", "stabilisation", "fighters", "quiet"]
    bodies = [" ".join(words[at % n] for n in range(1, 8)) for at in range(60)]
    queries = [
        f"{one} {other}" for one in words for other in ("coaltion", '"trade talks"', "stab*", "-quiet")
    ]
    library = texts(tmp_path, *bodies)
    with Searcher(library) as searcher:
        wanted = {query: searcher.search(query, 20).hits for query in queries}
    with Searcher(library) as searcher:
        wrong: list[object] = []

        def ask(mine: list[str]) -> None:
            try:
                wrong.extend(query for query in mine if searcher.search(query, 20).hits != wanted[query])
            except Exception as error:
                wrong.append(error)

        threads = [
            threading.Thread(target=ask, args=(queries[at:] + queries[:at],)) for at in range(0, 28, 4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_threads_search_while_another_refreshes(tmp_path: Path) -> None:
    library: Library = texts(tmp_path, "talks")
    sizes: list[int] = []
    wrong: list[object] = []
    with Searcher(library) as searcher:
        done = threading.Event()

        def ask() -> None:
            try:
                while not done.is_set():
                    results = searcher.search("talks", None)
                    sizes.append(results.total)
                    wrong.extend(results.hits[results.total :])
            except Exception as error:
                wrong.append(error)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for at in range(12):
            commit(library, Step((article(f"new {at}", "talks"),)))
            assert searcher.refresh()
        done.set()
        for thread in threads:
            thread.join()
        assert searcher.search("talks").total == 13
    assert wrong == []
    assert set(sizes) <= set(range(1, 14))
