"""The long runs, by `make soak`: processes killed at any moment, and very many queries."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.library import Library
from search.searcher import Searcher
from tests.conftest import CHECKOUT, process_environment
from tests.search.hostile import hostile

pytestmark = pytest.mark.soak

KILLS = 120
QUERIES = 100_000
SEEDS = CHECKOUT / "seeds"
MOST_SECONDS = 0.1
REUTERS = CHECKOUT.parent / "shared" / "corpora" / "reuters" / "corpus.jsonl.gz"


def _words(library: Library) -> set[str]:
    """Return the ids of all articles; every one of them can be read."""
    with Searcher(library) as searcher:
        ranked = searcher.rank("-nowherefound")
        assert len(list(searcher.hits(ranked))) == ranked.total
        return set(searcher.ids(ranked))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_run_killed_at_any_moment_leaves_one_whole_state(tmp_path: Path, rebuild: bool) -> None:
    folder, place = tmp_path / "articles", tmp_path / "library"
    folder.mkdir()
    (folder / "first.txt").write_text("The first article\n\nIt is always there.")
    library = Library.create(place)
    library.update([folder])
    dice = random.Random(int(rebuild))
    before = _words(library)
    for turn in range(KILLS):
        added = folder / f"{turn}.txt"
        added.write_text(f"Article {turn}\n\nSome words about {dice.random()}.")
        arguments = ["-L", str(place), "index", *(["--rebuild"] if rebuild else [])]
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "tui", *arguments],
            env=process_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                process.wait(dice.uniform(0.2, 0.9))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        library = Library.open(place)
        there = _words(library)
        assert there in (before, {f"articles/{path.name}" for path in folder.iterdir()})
        assert library.check() == ()
        before = there
    library.update()
    assert _words(library) == {f"articles/{path.name}" for path in folder.iterdir()}


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of 21,578 wire stories, or of the seed articles where there are none."""
    library = Library.create(tmp_path_factory.mktemp("wire") / "library")
    library.update([REUTERS if REUTERS.exists() else SEEDS])
    return library


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_no_query_raises_or_takes_long(wire: Library, seed: int) -> None:
    words = [
        "coalition",
        "coaltion",
        "opec",
        "wheat",
        "the",
        "said",
        "pct",
        "mln",
        "japanese",
        "u.s.",
        "20.04",
    ]
    with Searcher(wire) as searcher:
        for warm in (
            "opec",
            "coaltion",
            "*x*",
            "title:x*",
            "path:x",
            "id:x",
            "source:x",
            "author:x",
            "date:1987",
        ):
            searcher.search(warm)
        for turn, query in enumerate(hostile(seed, QUERIES // 4, words)):
            taken = [_taken(searcher, query, turn)]
            while min(taken) > MOST_SECONDS and len(taken) < 5:  # another process may have been in the way
                taken.append(_taken(searcher, query, turn))
            assert min(taken) <= MOST_SECONDS, query


def _taken(searcher: Searcher, query: str, turn: int) -> float:
    """Ask a query; return the processor's time that it took, in seconds."""
    began = time.process_time()
    results = searcher.search(query, limit=2, typos=turn % 2 == 0)
    taken = time.process_time() - began
    assert results.total >= len(results.hits)
    return taken
