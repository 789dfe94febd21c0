"""`byline search`: options, formats and exit codes.

What depends on a process is tried on processes; the many combinations of options on the same entrance inside
this one, with the same check of streams and exit code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import Run
from tests.search.cli.command import Call, Names, run


def test_text_for_reading(folder: Path) -> None:
    code, out, err = run(folder, "search", "coaltion trade")
    assert code == 0
    lines = out.decode().splitlines()
    assert lines[0].startswith("  1 ")
    assert "    news/pact.txt" in lines
    assert "    The ~coalition~ signed a *trade* pact in Rabat." in lines
    assert "    coaltion → coalition (1 typo)" in lines
    assert err.decode().splitlines() == ["byline: searched for coaltion → coalition", "2 of 2"]
    assert b"\x1b" not in out + err


def test_nothing_found_is_exit_code_1(folder: Path, call: Call) -> None:
    told = b"byline: no article has zyzzyva\n"
    assert run(folder, "search", "zyzzyva") == (1, b"", told + b"byline: nothing found\n")
    for style in ("jsonl", "paths", "trec"):
        assert call("search", "zyzzyva", "--format", style) == (1, b"", told)
    code, out, err = call("search", "zyzzyva", "--json")
    assert (code, json.loads(out)["total"], err) == (1, 0, b"")


def test_json_has_everything(folder: Path, call: Call) -> None:
    code, out, err = run(folder, "search", "coaltion trade", "--json")
    assert (code, err) == (0, b"")
    record = json.loads(out)
    assert (record["total"], record["query"]) == (2, "coaltion trade")
    assert record["understood"] == "coalition AND trade"
    assert record["corrections"][0]["meant"] == ["coalition"]
    assert record["hits"][0]["date"].startswith("202")
    for passage in record["hits"][0]["passages"]:
        marked = {passage["text"][start:end] for start, end, _ in passage["spans"]}
        assert {word.lower() for word in marked} <= {"coalition", "trade"}
    again = json.loads(call("search", "coaltion trade", "--format", "json")[1])
    assert again | {"seconds": 0} == record | {"seconds": 0}
    lines = call("search", "coaltion trade", "--format", "jsonl")[1].splitlines()
    assert [json.loads(line) for line in lines] == record["hits"]


def test_paths_for_programs(folder: Path, call: Call) -> None:
    paths = {str(folder / "news" / f"{name}.txt") for name in ("pact", "talks", "harbour")}
    for option in (["-l"], ["--format", "paths"], ["--format=paths"]):
        code, out, err = call("search", "trade", *option)
        assert (code, err) == (0, b"")
        assert set(out.decode().splitlines()) == paths
    assert set(call("search", "trade", "-0")[1].decode().split("\0")) == {*paths, ""}
    assert call("search", "trade", "-l", "--json")[1].startswith(b"{"), "the last one counts"


def test_trec_runs_find_any_word(call: Call) -> None:
    _, out, _ = call("search", "--format", "trec", "trade harbour")
    rows = [line.split() for line in out.decode().splitlines()]
    assert [row[:2] + row[5:] for row in rows] == [["1", "Q0", "byline"]] * 3
    assert [row[3] for row in rows] == ["1", "2", "3"]
    assert rows[0][2] == "news/harbour.txt"
    scores = [float(row[4]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    _, out, _ = call("search", "--format", "trec", "--all", "trade harbour")
    assert len(out.splitlines()) == 1


def test_a_trec_run_names_the_key_where_there_is_one(tmp_path: Path) -> None:
    wire = tmp_path / "wire"
    wire.mkdir()
    lines = [{"id": "a 1", "text": "one tide"}, {"text": "two"}]
    (wire / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (wire / "one#.txt").write_text("Tide\n\nFour tide.", encoding="utf-8")
    run(tmp_path, "index", str(wire))
    _, out, _ = run(tmp_path, "search", "--format", "trec", "tide")
    assert {line.split()[2] for line in out.decode().splitlines()} == {"a%201", "wire/one\\#.txt"}


def test_both_rankings_find_the_same(call: Call) -> None:
    full, fast = (call("search", "trade", "--json", "--rank", rank) for rank in ("full", "fast"))
    one, other = json.loads(full[1]), json.loads(fast[1])
    assert one["total"] == other["total"] == 3
    assert {hit["id"] for hit in one["hits"]} == {hit["id"] for hit in other["hits"]}


def test_a_score_is_explained(call: Call) -> None:
    code, out, _ = call("search", "--explain", "--any", "trade \x1b[2J talks", "-n", "1")
    text = " ".join(out.decode().split())  # the lines are wrapped
    assert code == 0
    assert re.search(r" score \d\.\d{3} words \d\.\d{3}: trade \d\.\d{3}, ␛\[2J 0\.000, talks \d\.", text)
    assert re.search(r" together \d\.\d{3}: 0\.85 of that, .* alike \d\.\d{3}: \d\.\d{3} of its own, ", text)
    code, out, _ = call("search", "--explain", "trade", "--json", "--rank", "fast")
    for hit in json.loads(out)["hits"]:
        assert hit["explanation"]["score"] == hit["score"] == hit["explanation"]["by_words"]
        assert (hit["explanation"]["together"], hit["explanation"]["feedback"]) == (None, None)
    for wrong in (
        ["--format", "trec"],
        ["--format", "csv"],
        ["--sort", "newest"],
        ["--json", "--fields", "id"],
    ):
        code, out, err = call("search", "trade", "--explain", *wrong)
        assert (code, out) == (2, b"")
        assert b"--explain goes with" in err


def test_counting_and_asking(folder: Path, call: Call) -> None:
    code, out, err = run(folder, "search", "-c", "coaltion")
    assert (code, out, err.decode()) == (0, b"2\n", "byline: searched for coaltion → coalition\n")
    assert call("search", "-c", "zyzzyva")[:2] == (1, b"0\n")
    assert call("search", "-q", "coaltion") == (0, b"", b"")
    assert call("search", "-q", "-c", "zyzzyva") == (1, b"", b"")
    assert call("search", "-c", "-n", "1", "trade")[1] == b"3\n"


def test_pages_and_order(call: Call, names: Names) -> None:
    query = "trade OR day"
    assert names(query, "--sort", "newest") == ["pact", "talks", "quiet", "harbour"]
    assert names(query, "--sort", "oldest") == ["harbour", "quiet", "talks", "pact"]
    assert names(query, "--sort", "oldest", "-n", "2", "--offset", "1") == ["quiet", "talks"]
    assert names(query, "-n", "0", "--sort", "oldest", "--offset", "3") == ["pact"]
    assert call("search", "trade", "-n", "1", "--offset", "1")[2] == b"2 to 2 of 3\n"
    assert call("search", "trade", "-n", "1", "--offset", "9") == (0, b"", b"none of 3 after the first 9\n")


def test_days_words_and_typos(names: Names) -> None:
    window = ["--since", "2020", "--until", "2021-03"]
    assert names("trade OR day", *window, "--sort", "oldest") == ["quiet", "talks"]
    assert names("trade", "--since", "2022-05-11") == ["pact"]
    assert names("trade", "--until", "9999-12-31", "--since", "2022-05-12") == []
    assert set(names("pact harbour", "--any")) == {"pact", "harbour"}
    assert names("pact harbour", "--all") == []
    assert set(names("pact harbour")) == {"pact", "harbour"}
    assert names("coaltion", "--typos", "off") == []
    assert set(names("coaltion", "--typos=auto")) == {"pact", "talks"}


def test_where_the_query_comes_from(folder: Path, call: Call, names: Names) -> None:
    assert names('"trade pact"') == ["pact"]
    assert names("trade", "pact") == ["pact"]
    assert call("search", "trade", "-l", "pact")[1] == call("search", "-l", "trade pact")[1]
    assert names("--", "trade", "-pact", "-harbour") == ["talks"]
    assert names("--", "-trade") == ["quiet"]
    code, out, _ = run(folder, "search", "-l", "-", stdin=b"trade\n-pact -harbour \xff\n")
    assert (code, out) == (0, f"{folder / 'news' / 'talks.txt'}\n".encode())
    assert call("search", "-")[:2] == (1, b"")


def test_many_queries(folder: Path, call: Call, tmp_path: Path) -> None:
    batch = tmp_path / "queries.tsv"
    batch.write_bytes(b"q1\ttrade pact\n\n  \nzyzzyva\nq 3\tharbour \xff\n")
    code, out, err = call("search", "--batch", str(batch), "--format", "trec")
    rows = [line.split() for line in out.decode().splitlines()]
    assert code == 0
    assert [row[0] for row in rows] == ["q1", "q1", "q1", "q%203"]
    assert b"byline: 4: no article has zyzzyva\n" in err
    code, out, _ = run(folder, "search", "--batch", "-", "-c", stdin=batch.read_bytes())
    assert (code, out) == (0, b"q1\t1\n4\t0\nq 3\t1\n")
    code, out, _ = call("search", "--batch", str(batch), "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [(record["id"], record["total"]) for record in records] == [("q1", 1), ("4", 0), ("q 3", 1)]
    _, out, _ = call("search", "--batch", str(batch), "--format", "jsonl")
    assert [json.loads(line)["query_id"] for line in out.splitlines()] == ["q1", "q 3"]
    _, out, _ = call("search", "--batch", str(batch))
    heads = [line for line in out.decode().splitlines() if line.startswith("#")]
    assert heads == ["# q1\ttrade pact", "# 4\tzyzzyva", "# q 3\tharbour \ufffd"]
    assert call("search", "--batch", "-", stdin=b"zyzzyva\nqwxyz\n")[0] == 1
    assert call("search", "--batch", "-") == (1, b"", b"byline: no queries in -\n")
    assert call("search", "--batch", "-", "-c", stdin=b"\n\ttrade\n")[1] == b"2\t3\n", (
        "no id: the line's number"
    )
    told = b"byline: 1: no article has fog\n"
    assert call("search", "--batch", "-", "-c", stdin=b"fog OR fog OR trade\n") == (0, b"1\t3\n", told)


def test_the_library_is_named_before_or_after_the_command(folder: Path, tmp_path: Path, inside: Run) -> None:
    where = str(folder / "library")
    assert inside("-L", where, "search", "-c", "trade").out == "3\n"
    assert inside("-L", "/nowhere/1", "search", "-c", f"--library={where}", "trade").out == "3\n"
    assert inside("search", "-c", "trade", cwd=tmp_path, BYLINE_LIBRARY=where).out == "3\n"


WRONG: dict[tuple[str, ...], str] = {
    ("trade", "-pact"): "-pact is no option of byline search: put the query in quotes, or after --",
    ("trade", "--formt", "json"): "--formt is no option",
    ("trade", "--form=json"): "--form=json is no option",
    ("trade", "-n5"): "-n5 is no option",
    ("trade", "-cq"): "-cq is no option",
    ("trade", "-n=5"): "-n=5 is no option",
    ("trade", "-c=1"): "-c=1 is no option",
    ("trade", "-\x1b[31m\n"): "-␛[31m  is no option",
    (): "no query given: byline search 'WORDS', or --batch FILE",
    ("trade", "--batch", "-"): "cannot be given together",
    ("--batch", "/nowhere/queries"): "/nowhere/queries: No such file or directory: give a file",
    ("--batch", "/"): "/: Is a directory",
    ("trade", "--format", "xml"): "'xml' is not one of",
    ("trade", "--sort", "size"): "'size' is not one of",
    ("trade", "-n", "-1"): "'-1' is no whole number from 0 on",
    ("trade", "-n", "many"): "'many' is no whole number",
    ("trade", "--offset", "-3"): "no whole number from 0 on",
    ("trade", "-n"): "-n needs a value",
    (
        "trade",
        "--since",
        "someday",
    ): "'someday' is no date: write 2022, 2022-05, 2022-05-11, or 7d, 2w, 3m, 1y back",
    ("trade", "--until", "2022-13"): "'2022-13' is no date",
    ("trade", "-0", "--format", "json"): "-0 goes with --format paths only",
    ("trade", "-L", "./nowhere"): "no library at",
}


def test_a_word_with_a_minus_is_refused_with_a_hint(folder: Path) -> None:
    told = b"byline: -coalition is no option of byline search: put the query in quotes, or after --\n"
    assert run(folder, "search", "-coalition") == (2, b"", told)


def test_a_quoted_query_may_begin_with_a_minus(folder: Path) -> None:
    code, out, err = run(folder, "search", "-coalition trade", "-c")
    assert (code, err) == (0, b"")
    assert int(out) > 0
    assert run(folder, "search", "-c", "--", "-coalition trade") == (code, out, err)


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_wrong_command_line_is_one_line_and_exit_code_2(call: Call, arguments: Sequence[str]) -> None:
    code, out, err = call("search", *arguments)
    assert (code, out) == (2, b"")
    assert err.startswith(b"byline: ")
    assert err.count(b"\n") == 1
    assert WRONG[tuple(arguments)] in err.decode()


@pytest.mark.parametrize("command", ["search", "show"])
def test_a_library_that_is_missing_or_damaged_is_exit_code_2(
    call: Call, tmp_path: Path, command: str
) -> None:
    told = f"byline: no library at {tmp_path / 'nothing'}: run byline index FOLDER\n"
    assert call(command, "x", "-L", str(tmp_path / "nothing")) == (2, b"", told.encode())
    library = Library.create(tmp_path / "damaged")
    for path in library.path.glob("*.toc"):
        path.write_bytes(path.read_bytes()[:100])
    code, out, err = call(command, "x", "-L", str(library.path))
    assert (code, out, err.count(b"\n")) == (2, b"", 1)
    assert b"run byline index --rebuild" in err


def test_parse_prints_what_was_understood_and_does_not_search(call: Call) -> None:
    code, out, err = call("search", "--parse", "coaltion (trade OR talks) date:2022-05 date:soon")
    lines = out.decode().splitlines()
    assert (code, err) == (0, b"")
    assert lines[0] == "coalition AND (trade OR talks) AND date:2022-05"
    assert "    coalition  (word)   from coaltion" in lines
    assert lines[-1].startswith("note: 'soon' is no date")
    code, out, err = call("search", "--parse", "...")
    assert (code, out.splitlines()[0], err) == (1, b"nothing to search for", b"")
    assert call("search", "--parse", "-q", "trade") == (0, b"", b"")


def test_parse_as_json_is_what_a_search_says_too(call: Call) -> None:
    query = "coaltion -trade"
    parsed = json.loads(call("search", "--parse", "--json", query)[1])
    found = json.loads(call("search", "--json", query)[1])
    assert parsed == {name: found[name] for name in parsed}
    assert [part["kind"] for part in parsed["parsed"]["parts"]] == ["word", "not"]


def test_what_is_parsed_never_reaches_the_terminal_as_it_is(call: Call) -> None:
    code, out, _ = call("search", "--parse", "trade \x1b[31m foo\u202e:bar source:\x1b]0;x\x07")
    assert code == 0
    assert [sign for sign in ("\x1b", "\x07", "\u202e") if sign.encode() in out] == []
