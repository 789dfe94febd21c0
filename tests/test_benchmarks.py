"""The benchmarks run, measure byline beside an engine that every Python has, and fill their page."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import made_up, write
from tests.conftest import process_environment

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "benchmarks", *arguments],
        env=process_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rows(text: str) -> list[list[str]]:
    """Return the cells of all rows of all tables."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_a_quick_run_measures_the_same_answers_on_both_sides(tmp_path: Path) -> None:
    source = tmp_path / "articles.jsonl"  # of the seeds everywhere: elsewhere FTS5's stems differ more
    write(made_up(ROOT / "seeds", 300), source)
    ran = bench("--quick", "--engines", "byline,fts5", "--corpus", str(source), "queries", "build")
    assert ran.returncode == 0, ran.stderr
    found = {row[0]: row for row in rows(ran.stdout.partition("What they found")[2])}
    counts = {kind: [float(cell) for cell in row[1:3]] for kind, row in found.items() if " of " in kind}
    for kind in ("OR of 2", "OR of 4", "AND of 2"):
        assert counts[kind][0] > 0
        assert counts[kind][0] == pytest.approx(counts[kind][1], rel=0.1)
    as_written, by_stems = counts["phrase of 2"]
    assert 0 < as_written <= by_stems * 1.1
    built = [row for row in rows(ran.stdout) if row[0].startswith(("byline", "FTS5")) and row[1] in "12"]
    assert len(built) == 8
    assert all(float(row[3].replace(",", "")) > 0 for row in built)


def test_a_run_is_judged_as_trec_eval_does(tmp_path: Path) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures comes with the environment of the benchmarks only")
    qrels, run = tmp_path / "qrels.txt", tmp_path / "run.txt"
    qrels.write_text("1 0 a 2\n1 0 b 0\n1 0 c 1\n2 0 a 1\n")
    run.write_text("1 Q0 b 1 3.0 byline\n1 Q0 a 2 2.0 byline\n")
    command = [sys.executable, "-P", "-m", "benchmarks.judge", str(qrels), str(run)]
    ran = subprocess.run(command, env=process_environment(), capture_output=True, text=True, check=True)
    found = dict(line.split("\t") for line in ran.stdout.splitlines())
    gain = (2 / math.log2(3)) / (2 + 1 / math.log2(3)) / 2  # query 2 has no line and counts as 0
    assert found == {"nDCG@10": f"{gain:.4f}", "AP": "0.1250", "R@1000": "0.2500"}


def test_collections_that_are_not_there_are_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "benchmarks.quality", "--corpora", str(tmp_path)]
    ran = subprocess.run(command, env=process_environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1), ran.stderr


def test_bad_arguments_are_one_line() -> None:
    for arguments in (("sideways",), ("--engines", "byline,abacus")):
        ran = bench(*arguments)
        assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1), ran.stderr


def test_every_part_has_its_place_in_the_page() -> None:
    listed = re.search(r"no such part: x; there are (.+)", bench("x").stderr)
    assert listed is not None
    *parts, asked_for = listed[1].split(", ")
    assert asked_for == "profiles"
    marks = re.findall(r"<!-- (\w+): (begin|end) -->", PAGE.read_text(encoding="utf-8"))
    assert sorted(marks) == sorted((part, mark) for part in parts for mark in ("begin", "end"))
