"""`byline search` and `byline show`: options, streams, exit codes, and hostile articles.

What depends on a process (pipes, signals, terminals, bytes) is tried on processes; the many combinations
of options on the same entrance inside this one, with the same check of streams and exit code.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.library import Library
from tests.conftest import Run, process_environment
from tests.index.shelf import put
from tui.cli import main

STYLE = re.compile(rb"\x1b\[[0-9;]*m")

FILES = {
    "pact": "Ministers sign a pact\n\nUpdated: 2022-05-11\n\nThe coalition signed a trade pact in Rabat.\n",
    "talks": "Talks stall\n\nUpdated: 2021-03-02\n\nTrade talks stalled. The coalition blamed nobody.\n",
    "harbour": "Harbour reopens\n\nUpdated: 2019-07-30\n\nThe harbour reopened; trade may follow.\n",
    "quiet": "A quiet day\n\nUpdated: 2020-01-01\n\nNothing happened.\n",
}
#: What must never reach a terminal from an article.
HOSTILE = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202eright to left\u2066 \x00\x08 \u2028 coalition \x1b[31mred"
RECORD = {"id": "k 1\x1b[7m", "title": HOSTILE, "text": HOSTILE, "source": HOSTILE, "author": HOSTILE}

#: Exit code, standard output and standard error.
Ran = tuple[int, bytes, bytes]
Call = Callable[..., Ran]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of four articles; the library lies beside it."""
    folder = tmp_path_factory.mktemp("cli")
    for name, text in FILES.items():
        put(folder / "news" / f"{name}.txt", text)
    Library.create(folder / "library").update([folder / "news"])
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for articles and files that would take over a terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    put(folder / "news" / "wire.jsonl", json.dumps(RECORD) + "\n")
    put(folder / "news" / "a\nb\x1b[31m\u202e.txt", "Title \x9b2J\n\nThe \x1b[2J coalition \u202e met.\n")
    odd = Path(os.fsdecode(os.fsencode(folder / "news") + b"/caf\xe9 \xff.txt"))
    put(odd, "Odd name\n\nThe coalition met.\n")
    assert Library.create(folder / "library").update([folder / "news"]).added == 3
    return folder


def run(folder: Path, *arguments: str | bytes, stdin: bytes = b"", **environment: str) -> Ran:
    """Run the command over the library in `folder` as a process."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        env=process_environment(**{"BYLINE_LIBRARY": str(folder / "library"), **environment}),
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def call(news: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs the command over the four articles inside this process."""
    monkeypatch.setenv("BYLINE_LIBRARY", str(news / "library"))

    def call(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(list(arguments))
        out, err = capfdbinary.readouterr()
        return code, out, err

    return call


@pytest.fixture
def names(call: Call) -> Callable[..., list[str]]:
    """Return a function that gives the names of the articles that a search finds, in order."""

    def names(*arguments: str) -> list[str]:
        _, out, _ = call("search", "--format", "jsonl", *arguments)
        ids = [json.loads(line)["id"] for line in out.splitlines()]
        return [ident.removeprefix("news/").removesuffix(".txt") for ident in ids]

    return names


# --- what is printed where ---------------------------------------------------------------------------


def test_text_for_reading(news: Path) -> None:
    code, out, err = run(news, "search", "coaltion trade")
    assert code == 0
    lines = out.decode().splitlines()
    assert lines[0].startswith("  1 ")
    assert "    news/pact.txt" in lines
    assert "    The ~coalition~ signed a *trade* pact in Rabat." in lines
    assert "    coaltion → coalition (1 typo)" in lines
    assert err.decode().splitlines() == ["byline: searched for coaltion → coalition", "2 of 2"]
    assert b"\x1b" not in out + err


def test_nothing_found_is_exit_code_1(news: Path, call: Call) -> None:
    told = b"byline: no article has zyzzyva\n"
    assert run(news, "search", "zyzzyva") == (1, b"", told + b"byline: nothing found\n")
    for style in ("jsonl", "paths", "trec"):
        assert call("search", "zyzzyva", "--format", style) == (1, b"", told)
    code, out, err = call("search", "zyzzyva", "--json")
    assert (code, json.loads(out)["total"], err) == (1, 0, b"")


def test_json_has_everything(news: Path, call: Call) -> None:
    code, out, err = run(news, "search", "coaltion trade", "--json")
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


def test_paths_for_programs(news: Path, call: Call) -> None:
    paths = {str(news / "news" / f"{name}.txt") for name in ("pact", "talks", "harbour")}
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


def test_counting_and_asking(news: Path, call: Call) -> None:
    code, out, err = run(news, "search", "-c", "coaltion")
    assert (code, out, err.decode()) == (0, b"2\n", "byline: searched for coaltion → coalition\n")
    assert call("search", "-c", "zyzzyva")[:2] == (1, b"0\n")
    assert call("search", "-q", "coaltion") == (0, b"", b"")
    assert call("search", "-q", "-c", "zyzzyva") == (1, b"", b"")
    assert call("search", "-c", "-n", "1", "trade")[1] == b"3\n"


# --- options -----------------------------------------------------------------------------------------

Names = Callable[..., list[str]]


def test_pages_and_order(call: Call, names: Names) -> None:
    query = "trade OR day"
    assert names(query, "--sort", "newest") == ["pact", "talks", "quiet", "harbour"]
    assert names(query, "--sort", "oldest") == ["harbour", "quiet", "talks", "pact"]
    assert names(query, "--sort", "oldest", "-n", "2", "--offset", "1") == ["quiet", "talks"]
    assert names(query, "-n", "0", "--sort", "oldest", "--offset", "3") == ["pact"]
    assert call("search", "trade", "-n", "1", "--offset", "1")[2] == b"2 to 2 of 3\n"
    assert call("search", "trade", "-n", "1", "--offset", "9")[:2] == (0, b"")


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


def test_where_the_query_comes_from(news: Path, call: Call, names: Names) -> None:
    assert names('"trade pact"') == ["pact"]
    assert names("trade", "pact") == ["pact"]
    assert call("search", "trade", "-l", "pact")[1] == call("search", "-l", "trade pact")[1]
    assert names("--", "trade", "-pact", "-harbour") == ["talks"]
    assert names("--", "-trade") == ["quiet"]
    code, out, _ = run(news, "search", "-l", "-", stdin=b"trade\n-pact -harbour \xff\n")
    assert (code, out) == (0, f"{news / 'news' / 'talks.txt'}\n".encode())
    assert call("search", "-")[:2] == (1, b"")


def test_many_queries(news: Path, call: Call, tmp_path: Path) -> None:
    batch = tmp_path / "queries.tsv"
    batch.write_bytes(b"q1\ttrade pact\n\n  \nzyzzyva\nq 3\tharbour \xff\n")
    code, out, err = call("search", "--batch", str(batch), "--format", "trec")
    rows = [line.split() for line in out.decode().splitlines()]
    assert code == 0
    assert [row[0] for row in rows] == ["q1", "q1", "q1", "q%203"]
    assert b"byline: 4: no article has zyzzyva\n" in err
    code, out, _ = run(news, "search", "--batch", "-", "-c", stdin=batch.read_bytes())
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
    assert call("search", "--batch", "-")[:2] == (1, b"")


def test_the_library_is_named_before_or_after_the_command(news: Path, tmp_path: Path, byline: Run) -> None:
    where = str(news / "library")
    assert byline("-L", where, "search", "-c", "trade").out == "3\n"
    assert byline("-L", "/nowhere/1", "search", "-c", f"--library={where}", "trade").out == "3\n"
    assert byline("search", "-c", "trade", cwd=tmp_path, BYLINE_LIBRARY=where).out == "3\n"


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


def test_a_word_with_a_minus_is_refused_with_a_hint(news: Path) -> None:
    told = b"byline: -coalition is no option of byline search: put the query in quotes, or after --\n"
    assert run(news, "search", "-coalition") == (2, b"", told)


def test_a_quoted_query_may_begin_with_a_minus(news: Path) -> None:
    code, out, err = run(news, "search", "-coalition trade", "-c")
    assert (code, err) == (0, b"")
    assert int(out) > 0
    assert run(news, "search", "-c", "--", "-coalition trade") == (code, out, err)


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


# --- show --------------------------------------------------------------------------------------------


def test_show_prints_the_article_with_its_marks(news: Path, call: Call) -> None:
    code, out, err = run(news, "show", "news/pact.txt", "--query", "coaltion ministers")
    assert (code, err) == (0, b"")
    text = out.decode()
    assert text.startswith("*Ministers* sign a pact\n2022-05-11\n")
    assert "The ~coalition~ signed a trade pact in Rabat." in text
    code, out, _ = call("show", "news/pact.txt")
    assert b"*" not in out
    assert b"The coalition signed" in out
    code, out, _ = call("show", "news/pact.txt", "--query", "coaltion", "--typos", "off")
    assert b"~" not in out


def test_show_as_json(call: Call) -> None:
    for option in (["--json"], ["--format", "json"]):
        code, out, err = call("show", "news/talks.txt", "--query", "talks", *option)
        assert (code, err) == (0, b"")
        assert out.isascii()
        record = json.loads(out)
        assert {record["text"][start:end].lower() for start, end, _ in record["spans"]} == {"talks"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["news/nothing.txt"], 1, "byline: no article news/nothing.txt: byline search finds ids\n"),
        (["a\x1b[31m\nb"], 1, "no article a␛[31m b"),
        ([], 2, "Missing argument 'ID'"),
        (["one", "two"], 2, "unexpected extra argument"),
        (["-x"], 2, "-x is no option of byline show"),
    ],
)
def test_what_show_cannot_show(call: Call, arguments: Sequence[str], code: int, told: str) -> None:
    found, out, err = call("show", *arguments)
    assert (found, out) == (code, b"")
    assert told in err.decode()
    assert err.count(b"\n") == 1


# --- colour, pipes, signals --------------------------------------------------------------------------


def on_terminal(folder: Path, *arguments: str, **environment: str) -> bytes:
    """Run the command with a terminal for its stdout; return what it drew there."""
    mine, its = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=subprocess.DEVNULL,
        env=process_environment(
            **{"BYLINE_LIBRARY": str(folder / "library"), "TERM": "xterm", **environment}
        ),
    )
    os.close(its)
    drawn = b""
    try:
        while chunk := os.read(mine, 65536):
            drawn += chunk
    except OSError:  # the other side is closed
        pass
    finally:
        os.close(mine)
    assert done.wait(60) == 0
    return drawn


@pytest.mark.parametrize(
    ("option", "environment", "colored"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
    ],
)
def test_when_a_terminal_gets_colour(
    news: Path, option: str, environment: dict[str, str], colored: bool
) -> None:
    drawn = on_terminal(news, "search", "trade", "--color", option, **environment)
    assert bool(STYLE.search(drawn)) is colored
    assert (b"*trade*" in drawn) is not colored


def test_a_pipe_gets_colour_only_if_asked(call: Call) -> None:
    for command in (["search", "trade"], ["show", "news/talks.txt", "--query", "trade"]):
        plain, styled = call(*command)[1], call(*command, "--color", "always")[1]
        assert b"\x1b" not in plain
        assert STYLE.search(styled)
        assert STYLE.sub(b"", styled).lower() == plain.replace(b"*", b"").lower()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library whose answers are larger than a pipe holds."""
    folder = tmp_path_factory.mktemp("large")
    lines = (json.dumps({"id": str(at), "text": f"The coalition met. {'x ' * 500}"}) for at in range(400))
    put(folder / "news" / "wire.jsonl", "\n".join(lines))
    Library.create(folder / "library").update([folder / "news"])
    return folder


@pytest.mark.parametrize("style", ["text", "jsonl", "trec"])
def test_a_reader_that_goes_away_is_no_error(large: Path, style: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", "search", "--no-fold", "-n", "0", "--format", style, "coalition"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(BYLINE_LIBRARY=str(large / "library")),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (0, b"")


def test_ctrl_c_is_exit_code_130(news: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    os.mkfifo(queries)
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", "search", "--batch", str(queries)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=process_environment(BYLINE_LIBRARY=str(news / "library")),
    )
    with queries.open("w"):  # returns when the command has opened its end and waits for us
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"byline: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("style", ["text", "paths"])
def test_a_full_disk_is_one_line_and_exit_code_2(news: Path, style: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui", "search", "--format", style, "trade"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=process_environment(BYLINE_LIBRARY=str(news / "library")),
            check=False,
        )
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def test_streams_that_are_closed_are_no_error(news: Path) -> None:
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        command = f'"$0" -P -m tui search -c trade {closed}'
        done = subprocess.run(
            ["sh", "-c", command, sys.executable],
            capture_output=True,
            env=process_environment(BYLINE_LIBRARY=str(news / "library")),
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b""), closed


# --- hostile articles --------------------------------------------------------------------------------


def is_harmless(output: bytes, *, raw: bool = False) -> bool:
    """True if nothing in it acts on a terminal, our own styles left out."""
    text = STYLE.sub(b"", output).decode()
    if raw:
        text = text.replace("\0", "")
    return not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text
    )


@pytest.mark.parametrize("style", ["text", "json", "jsonl", "csv", "tsv", "markdown", "paths", "trec"])
def test_nothing_hostile_comes_out_of_a_search(hostile: Path, style: str) -> None:
    query = f"coalition {HOSTILE[:5]}"
    code, out, err = run(hostile, "search", query, "--format", style, "--color", "always", "--any")
    assert code == 0
    assert is_harmless(out)
    assert is_harmless(err)
    assert b"\x1b[2J" not in out + err
    assert b"\x1b[31m" not in out + err
    if style != "text":
        assert b"\x1b" not in out
        lines = {"csv": 4, "tsv": 4}.get(style, 3)
        assert len(out.splitlines()) == lines or style in ("json", "markdown", "csv")


def test_nothing_hostile_comes_out_of_show(hostile: Path, call: Call) -> None:
    library = ("-L", str(hostile / "library"))
    _, out, _ = call("search", "--format", "jsonl", "coalition", *library)
    found = [json.loads(line)["id"] for line in out.splitlines()]
    assert len(found) == 3
    for ident in found:
        assert ident.isprintable()
        for color in ("always", "never"):
            code, out, err = call("show", ident, "--query", "coalition", "--color", color, *library)
            assert (code, err) == (0, b"")
            assert is_harmless(out)
            assert b"\x1b[2J" not in out
            assert b"\x1b[31m" not in out
        assert call("show", ident, "--json", *library)[1].isascii()
    assert is_harmless(run(hostile, "show", found[0], "--query", HOSTILE.replace("\0", ""))[1])


def test_paths_as_they_are_only_with_a_nul(hostile: Path) -> None:
    _, out, _ = run(hostile, "search", "-0", "coalition")
    real = {os.fsencode(path) for path in (hostile / "news").iterdir()}
    assert set(out.split(b"\0")) == real | {b""}


@pytest.mark.parametrize("query", [b"\xff\xfe coalition", b"\x1b[2J\xc2\x9b coalition \xe2\x80\xae"])
def test_any_bytes_may_be_a_query(hostile: Path, query: bytes) -> None:
    code, out, err = run(hostile, "search", "--any", query)
    assert code == 0
    assert is_harmless(out)
    assert is_harmless(err)


def test_a_terminal_without_unicode_gets_escapes(news: Path) -> None:
    code, _, err = run(news, "search", "coaltion", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert code == 0
    assert b"coaltion \\u2192 coalition" in err


def test_a_folder_with_a_file_named_like_a_package_does_no_harm(
    news: Path, tmp_path: Path, byline: Run
) -> None:
    (tmp_path / "search.py").write_text("raise SystemExit('a file of the user was imported')")
    assert byline("search", "-c", "trade", cwd=tmp_path, BYLINE_LIBRARY=str(news / "library")).out == "3\n"


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
