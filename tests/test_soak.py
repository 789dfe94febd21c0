"""The long runs, by `make soak`: processes killed at any moment, and very many queries."""

from __future__ import annotations

import random
import signal
import string
import subprocess
import sys
from pathlib import Path

import pytest

from index.library import Library
from search.searcher import Searcher
from tests.conftest import CHECKOUT, process_environment

pytestmark = pytest.mark.soak

KILLS = 120
QUERIES = 100_000
SEEDS = CHECKOUT / "seeds"
PIECES = ["AND", "OR", "NOT", "(", ")", '"', "-", "+", "title:", "text:", "=", "*", "“", "\x1b[31m", "\u202e"]


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


@pytest.mark.timeout(1800)
def test_no_query_raises(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "library")
    library.update([SEEDS])
    dice = random.Random(1)
    with Searcher(library) as searcher:
        known = list(searcher.rank("the").plan.marker.stems) + [
            "coalition",
            "enduring",
            "defeat",
            "U.S.",
            "20.04",
        ]
        letters = string.printable + "éß日'’"
        for turn in range(QUERIES):
            parts = dice.choices([*PIECES, *known], k=dice.randrange(1, 9))
            if turn % 2:
                parts.append("".join(dice.choices(letters, k=dice.randrange(1, 12))))
            query = dice.choice(["", " "]).join(parts)
            results = searcher.search(query, limit=2, typos=turn % 7 == 0)
            assert results.total >= len(results.hits)
