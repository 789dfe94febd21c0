"""`byline eval`: the measures of the run that a batch prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.judge import read_grades, read_run
from benchmarks.quality_typos import CORPORA
from index.errors import UsageProblem
from index.library import Library
from search import judging
from tests.conftest import Ran, Run
from tests.index.shelf import put
from tests.search.cli.test_formats import check
from tui.cli import main

ROWS = {
    "a b": "Trade ships for the coalition.",
    "c": "The coalition trades.",
    "d": "Ships sail, ships moor.",
    "e": "Nothing.",
}
#: Query 3 is judged and not asked, query 4 asked and not judged.
QUERIES = "1\ttrade coalition\n2\tships\n4\tnothing\n"
QRELS = "1 0 c 2\n1 0 d 1\n1 0 e 0\n\n2 0 a%20b 1\n3 0 e 1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a library, queries and judgements."""
    rows = (json.dumps({"id": key, "text": text}) + "\n" for key, text in ROWS.items())
    put(tmp_path / "news" / "wire.jsonl", "".join(rows))
    put(tmp_path / "queries.tsv", QUERIES)
    put(tmp_path / "qrels.txt", QRELS)
    Library.create(tmp_path / "library").update([tmp_path / "news"])
    monkeypatch.setenv("BYLINE_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run(*arguments: str | Path) -> Ran:
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return run


@pytest.mark.usefixtures("folder")
def test_every_judged_query_counts(call: Run) -> None:
    pytest.importorskip("ir_measures", reason="ir-measures is not installed")
    ran = call("eval", "queries.tsv", "qrels.txt", "--json")
    assert ran.code == 0
    assert ran.err == "3 judged queries, 1 of them not among the queries, which count 0\n"
    found = check("evaluation", ran.out)
    second = {"query_id": "2", "ndcg@10": found["judged"][1]["ndcg@10"], "map": 0.5, "recall@1000": 1.0}
    assert found["judged"][1:] == [second, {"query_id": "3", "ndcg@10": 0.0, "map": 0.0, "recall@1000": 0.0}]
    assert found["map"] == pytest.approx(sum(one["map"] for one in found["judged"]) / 3)
    shown = call("eval", "queries.tsv", "qrels.txt")
    assert shown.out == f"nDCG@10 {found['ndcg@10']:.4f}\nMAP     {found['map']:.4f}\nR@1000  0.5000\n"
    table = call("eval", "queries.tsv", "qrels.txt", "--format", "csv", "--fields", "query_id,map")
    assert table.out.splitlines()[0] == "query_id,map"


@pytest.mark.parametrize(
    ("judgements", "told"),
    [
        ("1 0 a", "line 1: not a judgement"),
        ("1 0 a 1\n2 0 b good\n", "line 2: not a judgement"),
        ("", "no judgements"),
        ("9 0 a 1", "no query is judged"),
        (None, "No such file"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_no_judgement_is_one_line(
    call: Run, monkeypatch: pytest.MonkeyPatch, judgements: str | None, told: str
) -> None:
    monkeypatch.setattr("search.cli.eval.check_measures", lambda: None)
    if judgements is None:
        Path("qrels.txt").unlink()
    else:
        Path("qrels.txt").write_text(judgements)
    ran = call("eval", "queries.tsv", "qrels.txt")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert told in ran.err


@pytest.mark.usefixtures("folder")
def test_without_its_package_it_says_what_to_install(call: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    ran = call("eval", "queries.tsv", "qrels.txt")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "pip install 'byline[eval]'" in ran.err
    with pytest.raises(UsageProblem):
        judging.judged({}, {})


@pytest.mark.skipif(not (CORPORA / "time").is_dir(), reason="no judged collections beside the checkout")
def test_it_judges_the_run_that_a_batch_prints(
    call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = pytest.importorskip("ir_measures", reason="ir-measures is not installed")
    asked = CORPORA / "time"
    Library.create(tmp_path / "library").update([asked / "corpus.jsonl.gz"])
    monkeypatch.setenv("BYLINE_LIBRARY", str(tmp_path / "library"))
    ran = call("eval", asked / "queries.tsv", asked / "qrels.txt", "--rank", "fast", "--json")
    found = json.loads(ran.out)
    printed = call(
        "search", "--batch", asked / "queries.tsv", "--format", "trec", "-n", "1000", "--rank", "fast"
    )
    run, grades = read_run(printed.out.splitlines()), read_grades(asked / "qrels.txt")
    wanted = tool.calc_aggregate([tool.nDCG @ 10, tool.AP, tool.R @ 1000], grades, run)
    assert [found["ndcg@10"], found["map"], found["recall@1000"]] == pytest.approx(
        [wanted[tool.nDCG @ 10], wanted[tool.AP], wanted[tool.R @ 1000]]
    )
    assert found["queries"] == len(grades)
    assert found["ndcg@10"] > 0.7
