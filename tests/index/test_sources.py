"""Sources: articles that came through standard input live in the library alone."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import LibraryDamaged, RootProblem, UsageProblem
from index.library import Library
from tests.index.shelf import Holdings, holdings, ids, put

_Lines = dict[str, str]


def lines(articles: _Lines) -> io.BytesIO:
    """Return a stream of JSON lines, one for each key and text."""
    rows = [json.dumps({"id": key, "title": f"On {key}", "text": text}) for key, text in articles.items()]
    return io.BytesIO("\n".join(rows).encode())


_feeds = st.tuples(
    st.sampled_from(("wire", "desk")),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from(("Ships sailed.", "Tariffs rose.")), min_size=1),
    st.booleans(),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(feeds=st.lists(_feeds, min_size=1, max_size=5))
def test_any_feeds_leave_what_the_last_of_each_key_said(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[tuple[str, _Lines, bool]]
) -> None:
    library = Library.create(tmp_path_factory.mktemp("fed") / "library")
    held: dict[str, _Lines] = {"wire": {}, "desk": {}}
    for source, articles, prune in feeds:
        report = library.feed(lines(articles), source, prune=prune)
        held[source] = articles if prune else held[source] | articles
        assert report.articles == sum(map(len, held.values()))
        assert report.added + report.changed + report.unchanged == len(held[source])
    fresh = Library.create(tmp_path_factory.mktemp("fresh") / "library")
    for source, articles in held.items():
        if articles:
            fresh.feed(lines(articles), source)
    told = holdings(fresh)
    assert holdings(library) == told
    again = library.update(rebuild=True)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == again.articles
    assert holdings(library) == told


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library of a folder, `news`, and a source, `wire`."""
    put(tmp_path / "news" / "a.txt", "Ports\n\nPorts opened.")
    made = Library.create(tmp_path / "library")
    made.update([tmp_path / "news"])
    made.feed(lines({"1": "Ships sailed.", "2": "Tariffs rose."}), "wire")
    return made


def test_a_source_is_removed_only_through_itself(library: Library, tmp_path: Path) -> None:
    (tmp_path / "news" / "a.txt").unlink()
    assert library.update(prune=True).removed == 1
    assert ids(library) == {"wire#1", "wire#2"}
    assert library.update(rebuild=True).articles == 2
    assert library.feed(lines({"2": "Tariffs fell."}), "wire", prune=True).removed == 1
    assert ids(library) == {"wire#2"}
    assert library.forget_source("wire").articles == 0
    assert [root.label for root in library.roots()] == ["news"]


def test_its_articles_have_no_file_and_no_date_of_one(library: Library) -> None:
    article = holdings(library).articles["wire#1"]
    assert (article.path, article.date, article.key) == ("", None, "1")
    (status,) = [root for root in library.status().roots if root.label == "wire"]
    assert (str(status.path), status.there, status.files, status.articles) == ("-", True, 0, 2)


def test_the_same_lines_again_change_nothing(library: Library) -> None:
    before = library.generation
    report = library.feed(lines({"1": "Ships sailed."}), "wire")
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 0, 0, 2)
    assert library.generation == before


def test_a_lost_catalog_is_told_of_the_sources_by_the_library(library: Library, tmp_path: Path) -> None:
    told = holdings(library)
    (library.path / "catalog.sqlite").unlink()
    library.update([tmp_path / "news"], rebuild=True)
    assert holdings(library) == told
    assert {root.label for root in library.roots()} == {"news", "wire"}


def test_a_large_feed_goes_the_same_way_as_a_small_one(tmp_path: Path) -> None:
    text = "Ships sailed past the harbour wall. " * 200
    articles = {str(number): f"{text} {number}" for number in range(700)}  # above what one process reads
    library = Library.create(tmp_path / "library")
    assert library.feed(lines(articles), "wire").added == 700
    report = library.feed(lines(articles | {"700": "New."}), "wire")
    assert (report.added, report.unchanged, report.articles) == (1, 700, 701)


def test_broken_lines_are_left_out_and_told_with_their_number(library: Library) -> None:
    report = library.feed(io.BytesIO(b'{"id": "9", "text": "Fine."}\nbroken\n'), "wire")
    assert (report.added, report.articles) == (1, 4)
    assert [(str(skip.path), skip.line) for skip in report.skipped] == [("-", 2)]


def test_nothing_on_standard_input_drops_nothing(library: Library) -> None:
    told: Holdings = holdings(library)
    assert library.feed(io.BytesIO(b""), "wire").removed == 0
    with pytest.raises(UsageProblem, match="no articles on standard input"):
        library.feed(io.BytesIO(b""), "wire", prune=True)
    assert holdings(library) == told


def test_a_library_that_lost_them_says_that_no_rebuild_brings_them_back(library: Library) -> None:
    for segment in library.path.glob("MAIN_*.byl"):
        segment.unlink()
    with pytest.raises(LibraryDamaged, match=r"is gone: .*feed it again"):
        library.update(rebuild=True)
    with pytest.raises(LibraryDamaged, match="is gone: run byline index --rebuild"):
        library.forget_source("wire")


@pytest.mark.parametrize("name", ["", "a/b", "a#b", "..", "-x", "a\x1bb"])
def test_a_name_that_is_none_is_refused(library: Library, name: str) -> None:
    with pytest.raises(UsageProblem, match="not a name of a source"):
        library.feed(lines({"1": "Ships."}), name)


def test_labels_of_folders_and_sources_never_meet(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is the label of"):
        library.feed(lines({"1": "Ships."}), "news")
    with pytest.raises(UsageProblem, match="no source desk: its sources are wire"):
        library.forget_source("desk")
    with pytest.raises(RootProblem, match="the source wire"):
        library.forget(tmp_path / "elsewhere")
    put(tmp_path / "wire" / "b.txt", "Boats\n\nBoats came.")
    library.update([tmp_path / "wire"])
    assert ids(library) == {"news/a.txt", "wire#1", "wire#2", "wire-2/b.txt"}


def test_a_library_of_sources_alone_has_no_folders_to_look_through(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "library")
    library.feed(lines({"1": "Ships."}), "wire")
    with pytest.raises(UsageProblem, match="no folders yet"):
        library.update()
    shutil.rmtree(tmp_path / "nowhere", ignore_errors=True)
    assert library.update(rebuild=True).articles == 1
