"""A batch whose queries are answered side by side prints what it prints when answered one by one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import processes
from index.errors import BylineError
from search.cli import batch
from search.cli.wanted import Wanted
from search.searcher import Searcher
from tests.search.shelf import article, library_with

QUERIES = [(f"q{at}", ["trade", "zyzzyva", "the ships", "coaltion", '"'][at % 5]) for at in range(100)]


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    library = library_with(
        tmp_path,
        article("a", "Trade ships for the coalition. Ünïcode \x1b[2J."),
        article("b", "The coalition trades."),
    )
    with Searcher(library) as made:
        yield made


def wanted(style: str, *, count: bool = False) -> Wanted:
    return Wanted(style, 10, count=count)


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "default_jobs", lambda: 2)


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("style", ["trec", "text", "json"])
def test_side_by_side_prints_the_same(
    searcher: Searcher,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    style: str,
) -> None:
    one_by_one = batch.answer_all(searcher, QUERIES, wanted(style)), capsysbinary.readouterr()
    monkeypatch.setattr(batch, "_PATIENCE", 0.0)
    monkeypatch.setattr(batch, "print_answer", lambda *_: pytest.fail("answered here"))
    side_by_side = batch._side_by_side(searcher, QUERIES, wanted(style), 2), capsysbinary.readouterr()
    assert one_by_one[0] is side_by_side[0] is True
    assert side_by_side[1].err == one_by_one[1].err
    if style == "json":  # the time that each took is in it
        assert len(side_by_side[1].out.splitlines()) == len(QUERIES)
    else:
        assert side_by_side[1].out == one_by_one[1].out


@pytest.mark.usefixtures("two_processors")
def test_a_batch_that_takes_long_is_shared_out(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(batch, "_PATIENCE", -1.0)
    shared: list[int] = []

    def side_by_side(_: Searcher, queries: list[batch.Query], __: Wanted, jobs: int) -> bool:
        shared.extend((len(queries), jobs))
        return True

    monkeypatch.setattr(batch, "_side_by_side", side_by_side)
    assert batch.answer_all(searcher, QUERIES, wanted("trec", count=True))
    assert shared == [len(QUERIES), 2]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system binds no process to processors")
def test_only_processors_that_may_be_used_count() -> None:
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(ours)})
    try:
        assert processes.default_jobs() == 1
    finally:
        os.sched_setaffinity(0, ours)


def test_nothing_found_side_by_side_is_nothing_found(
    searcher: Searcher, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert not batch._side_by_side(searcher, [("1", "zyzzyva")], wanted("trec"), 2)
    assert capsysbinary.readouterr().out == b""


def test_an_error_of_a_worker_is_the_error_of_the_batch(searcher: Searcher) -> None:
    for path in searcher.path.glob("*.toc"):
        path.unlink()
    with pytest.raises(BylineError, match="names no rules"):
        batch._side_by_side(searcher, QUERIES, wanted("trec"), 2)
