"""Copying, writing, exporting, opening in other programs, and the screen as a command line."""

from __future__ import annotations

import csv
import io
import json
import shlex
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.article import Article
from index.errors import ReadProblem, UsageProblem
from index.library import Library
from tests.conftest import Run
from tests.tui.fakes import FakeSearch, Shelf, article
from tests.tui.helpers import main_of, press, running, screen, searching, settle, write
from tui import acting, outside
from tui.app import create_app
from tui.contracts import Question
from tui.filters import Filter
from tui.screens.menu import Menu, Prompt


def told(pilot: Pilot[int]) -> str:
    """Return the newest message."""
    return next((one.message for one in reversed(list(pilot.app._notifications))), "")


@pytest.fixture(autouse=True)
def no_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("p", "/nowhere/00000.txt"),
        ("c", '"Report 0 from the valley", 2019-01-01, news/00000.txt'),
        ("t", "Report 0 from the valley\n2019-01-01 · news/00000.txt\n\nReport number0."),
        ("m", "“valley until the harvest"),
    ],
)
async def test_copying(key: str, copied: str) -> None:
    async with searching("valley") as (pilot, _):
        await press(pilot, "escape", "y")
        assert isinstance(screen(pilot), Menu)
        await press(pilot, key)
        assert pilot.app.clipboard.startswith(copied)
        assert "sent to the terminal's clipboard" in told(pilot)


async def test_copying_can_be_left_off() -> None:
    async with searching("valley") as (pilot, main):
        for key in ("escape", "q", "x"):
            await press(pilot, "escape", "y", key)
            assert screen(pilot) is main
            assert pilot.app.is_running
            assert pilot.app.clipboard == ""


async def test_what_is_marked_is_copied_together_as_plain_text() -> None:
    evil = replace(article(1), path="/nowhere/\x1b[31m.txt", title="a\x1b]0;b\nc")
    async with searching("valley", search=FakeSearch(Shelf(3, [article(0), evil]))) as (pilot, _):
        await press(pilot, "escape", "m", "m", "y", "p")
        assert pilot.app.clipboard == "/nowhere/00000.txt\n/nowhere/␛[31m.txt"
        await press(pilot, "y", "c")
        assert len(pilot.app.clipboard.splitlines()) == 2
        assert "\x1b" not in pilot.app.clipboard


async def test_in_tmux_its_buffer_is_filled_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tmux"
    program.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/args\ncat >{tmp_path}/copied\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("TMUX", "somewhere")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    async with searching("valley") as (pilot, _):
        await press(pilot, "escape", "y", "p")
        assert (tmp_path / "args").read_text() == "load-buffer -w -\n"
        assert (tmp_path / "copied").read_text() == "/nowhere/00000.txt"
        assert "is in tmux's buffer" in told(pilot)
        program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        await press(pilot, "y", "p")
        assert "tmux did not take it" in told(pilot)


async def test_too_much_is_not_sent_to_a_clipboard() -> None:
    long = article(0, "valley " * 20_000)
    async with searching("valley", search=FakeSearch(Shelf(0, [long]))) as (pilot, _):
        await press(pilot, "escape", "y", "t")
        assert pilot.app.clipboard == ""
        assert "too long" in told(pilot)


async def test_writing_asks_before_it_replaces_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with searching("valley") as (pilot, _):
        for wanted in ("Report 0", "Report 1"):
            await press(pilot, "escape", "Y")
            prompt = screen(pilot)
            assert isinstance(prompt, Prompt)
            prompt.field.value = "out.txt"
            await press(pilot, "enter")
            if wanted == "Report 1":
                assert isinstance(screen(pilot), Menu)  # it is there already
                await press(pilot, "escape")
                assert (tmp_path / "out.txt").read_text().startswith("Report 0")
                await press(pilot, "Y")
                prompt = screen(pilot)
                assert isinstance(prompt, Prompt)
                prompt.field.value = "out.txt"
                await press(pilot, "enter")
                await press(pilot, "y")
            assert (tmp_path / "out.txt").read_text().startswith(wanted)
            assert "written: " in told(pilot)
            await press(pilot, "escape", "j")
        assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


@pytest.mark.parametrize("where", ["", "missing/out.txt", "x" * 300])
async def test_a_file_that_cannot_be_written_is_a_message(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with searching("valley") as (pilot, main):
        await press(pilot, "escape", "Y")
        prompt = screen(pilot)
        assert isinstance(prompt, Prompt)
        prompt.field.value = where or str(tmp_path)
        await press(pilot, "enter")
        assert screen(pilot) is main
        assert ("is a folder" if not where else "nothing was written") in told(pilot)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("key", "ending"), [("j", "json"), ("c", "csv"), ("m", "md")])
@pytest.mark.parametrize("marked", [0, 2])
async def test_exporting(
    key: str, ending: str, marked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with searching("valley", search=FakeSearch(Shelf(20))) as (pilot, _):
        await press(pilot, "escape", *["m"] * marked, "x", key, "enter")
        text = (tmp_path / f"valley.{ending}").read_text(encoding="utf-8")
        count = marked or 20
        if key == "j":
            answer = json.loads(text)
            assert answer["total"] == count
            assert [one["rank"] for one in answer["hits"]] == list(range(1, count + 1))
        elif key == "c":
            rows = list(csv.DictReader(io.StringIO(text)))
            assert [row["id"] for row in rows] == [f"news/{n:05}.txt" for n in range(count)]
        else:
            assert text.count(". Report ") == count


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    def pieces() -> list[str]:
        raise OSError(28, "No space left on device")

    def failing() -> object:
        yield "some"
        pieces()

    with pytest.raises(UsageProblem, match="No space left"):
        outside.write_file(str(tmp_path / "out"), failing(), replace=False)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_no_text_is_markup_or_obeyed_in_an_export() -> None:
    title = "a\x1b[2J\u202eb, *x*"
    search = FakeSearch(Shelf(0, [replace(article(0), title=title, source="[b](c)", text="a valley")]))
    told, hits = search.answer(Question("valley"), 0, 0), list(search.every(Question("valley")))
    made = {form: "".join(acting.exported(told, hits, form)) for _, form in acting.FORMATS}
    assert not any("\x1b" in text or "\u202e" in text for text in made.values())
    assert json.loads(made["json"])["hits"][0]["title"] == title
    assert "\\*x\\*" in made["markdown"]
    assert "\\[b\\](c)" in made["markdown"]
    assert next(csv.DictReader(io.StringIO(made["csv"])))["source"] == "[b](c)"


@pytest.mark.parametrize(("key", "form"), [("j", "json"), ("c", "csv"), ("m", "markdown")])
async def test_an_export_is_what_the_command_line_prints(
    key: str, form: str, seeds: Library, byline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with running(create_app(seeds, seeds.path, "oil OR sea")) as pilot:
        main = main_of(pilot)
        main.toggle(Filter("date", "2021..2022"))
        await settle(pilot)
        await press(pilot, "escape", "s", "c", "x", key)
        prompt = screen(pilot)
        assert isinstance(prompt, Prompt)
        prompt.field.value = "out"
        await press(pilot, "enter")
        written = (tmp_path / "out").read_text(encoding="utf-8")
        ran = byline(*shlex.split(pilot.app.clipboard)[1:], "-n", "0", "--format", form)
        if form != "json":
            assert written == ran.out
            return
        ours, printed = json.loads(written), json.loads(ran.out)
        assert len(ours["hits"]) == main.results.total
        for one in (ours, printed):
            del one["seconds"], one["query"]  # the filters stand in the query of the command line
        assert ours == printed


async def test_the_screen_as_a_command_line() -> None:
    async with searching("it's coaltion", search=FakeSearch(Shelf(20))) as (pilot, main):
        await press(pilot, "escape", "s", "t", "c")
        wanted = ["byline", "-L", str(main.session.library.path), "search"]
        wanted += ["--sort", "newest", "--typos", "off", "it's coaltion"]
        assert shlex.split(pilot.app.clipboard) == wanted
        assert pilot.app.clipboard in told(pilot)


#: queries, what is pressed in the list, and filters: each screen has a command line.
SCREENS: list[tuple[str, str, list[Filter]]] = [
    ("oil OR sea", "", []),
    ("coaltion trade", "", []),
    ("oil OR sea", "s", []),
    ("oil OR sea", "s s a", []),
    ("opec", "a", []),
    ("coalition", "t", []),
    ("-oil", "", [Filter("date", "2022")]),
    ("oil OR sea", "", [Filter("date", "2021-03..2022-11-05")]),
    ("oil OR sea", "s", [Filter("date", "2021"), Filter("date", "2022-10")]),
    ("oil OR sea OR moon", "", [Filter("folder", "seeds/wire"), Filter("date", "2022")]),
    ("sea", "", [Filter("folder", "seeds/local"), Filter("folder", "seeds/science")]),
    ('"of the" (sea OR moon', "", [Filter("date", "2022")]),
    ("sea", "L", []),
    ("sea", "L j L", []),
    ("sea OR moon", "", [Filter("source", "Evening Briefs"), Filter("source", "The Meridian Review")]),
]


@pytest.mark.parametrize(("query", "pressed", "filters"), SCREENS)
async def test_the_command_line_finds_what_the_screen_lists(
    query: str, pressed: str, filters: list[Filter], seeds: Library, byline: Run
) -> None:
    async with running(create_app(seeds, seeds.path, query), (100, 200)) as pilot:
        main = main_of(pilot)
        for filter in filters:
            main.toggle(filter)
        await settle(pilot)
        await press(pilot, "escape", *pressed.split())
        await press(pilot, "c")
        line = shlex.split(pilot.app.clipboard)[1:]
        ran = byline(*line, "--json", "-n", "0")
        wanted = [one["id"] for one in json.loads(ran.out)["hits"]]
        assert list(main.session.search().ids(main.question)) == wanted
        assert main.results.total == len(wanted) > 0
        for place, hit in main.results.hits.items():
            assert hit.article.id == wanted[place]


async def test_the_command_line_of_any_of_the_words(seeds: Library, byline: Run) -> None:
    async with running(create_app(seeds, seeds.path, "moon opec +zzzz")) as pilot:
        main = main_of(pilot)
        main.answers.change(replace(main.question, query="moon opec", mode="any"))
        await settle(pilot)
        await press(pilot, "escape", "c")
        ran = byline(*shlex.split(pilot.app.clipboard)[1:], "-c")
        assert main.asking.results is not None
        assert int(ran.out) == main.asking.results.total > 0


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have pager and editor write down how they were called; return where."""
    script = tmp_path / "less"
    told = tmp_path / "called"
    script.write_text(
        f'#!/bin/sh\necho "$@" >{told}\nfor last; do :; done\ncat "$last" >>{told}\n', encoding="utf-8"
    )
    script.chmod(0o700)
    monkeypatch.setenv("PAGER", f"{script} -X")
    monkeypatch.setenv("VISUAL", str(script))
    return told


@pytest.fixture
def suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app leave a terminal that is not there."""

    def suspend(_app: object) -> AbstractContextManager[None]:
        return nullcontext()

    monkeypatch.setattr("textual.app.App.suspend", suspend)


def on_disk(folder: Path) -> Article:
    path = folder / "valley.txt"
    path.write_text("A title\n\nFirst line.\nThe valley is here.\n", encoding="utf-8")
    return replace(article(0, "First line.\nThe valley is here.", title="A title"), path=str(path))


@pytest.mark.usefixtures("suspended")
async def test_pager_and_editor_open_at_the_match(tmp_path: Path, programs: Path) -> None:
    search = FakeSearch(Shelf(0, [on_disk(tmp_path)]))
    async with searching("valley", search=search) as (pilot, main):
        await press(pilot, "escape", "o")
        first, _, rest = programs.read_text().partition("\n")
        assert first.startswith("-X +5 ")
        assert rest.startswith("A title\n2019-01-01 · news/00000.txt\n\nFirst line.\nThe valley")
        await press(pilot, "e")
        assert programs.read_text().startswith(f"+4 {tmp_path / 'valley.txt'}\n")
        (tmp_path / "valley.txt").unlink()
        await press(pilot, "e")
        assert "No such file" in told(pilot)
        assert screen(pilot) is main


async def test_without_a_terminal_no_program_is_opened(programs: Path) -> None:
    async with searching("valley") as (pilot, _):
        await press(pilot, "escape", "o")
        assert "no other program can be opened here" in told(pilot)
        assert not programs.exists()


@pytest.mark.usefixtures("suspended")
async def test_a_program_that_is_missing_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "no-such-pager-anywhere")
    async with searching("valley") as (pilot, _):
        await press(pilot, "escape", "o")
        assert "no-such-pager-anywhere: No such file" in told(pilot)
        monkeypatch.setenv("PAGER", "'unbalanced")
        await press(pilot, "o")
        assert "PAGER cannot be read" in told(pilot)


def test_the_line_of_a_record_and_of_a_file_that_changed(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    rows = [json.dumps({"id": f"k{n}", "title": f"T{n}", "text": "words"}) for n in range(5)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    one = replace(article(0), path=str(path), key="k3")
    assert outside.line_in_file(one, 0) == 4
    with pytest.raises(ReadProblem, match="no longer in it"):
        outside.line_in_file(replace(one, key="gone"), 0)
    plain = on_disk(tmp_path)
    Path(plain.path).write_text("all new\n", encoding="utf-8")
    assert outside.line_in_file(plain, 12) == 1


def test_editors_are_told_the_line_in_their_own_way() -> None:
    path = Path("/a b/c.txt")
    assert outside.at_line(["vim"], path, 3) == ["vim", "+3", "/a b/c.txt"]
    assert outside.at_line(["code", "-w"], path, 3) == ["code", "-w", "--goto", "/a b/c.txt:3"]


def test_names_of_files_are_modest() -> None:
    assert acting.file_name("Oil: UP 3%!", "txt") == "oil-up-3.txt"
    assert acting.file_name("../../\x1b", "md") == "byline.md"
    assert len(acting.file_name("long " * 100, "txt")) < 70


def test_the_command_of_a_filtered_screen() -> None:
    question = Question("-x", filters=(Filter("date", "1987"),))
    assert acting.command_line(Path("/l"), question) == "byline -L /l search 'date:1987 -x'"
    anyhow = Question("a b", mode="any")
    assert acting.command_line(Path("/l"), anyhow) == "byline -L /l search --any 'a b'"
    assert acting.command_line(Path("/l"), Question("-x")) == "byline -L /l search -- -x"


async def test_menu_and_prompt_take_clicks_and_typing() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "escape", "y")
        await pilot.click("MenuLine", offset=(8, 0))
        await settle(pilot)
        assert pilot.app.clipboard == "/nowhere/00000.txt"
        await press(pilot, "Y", "ctrl+u")
        await write(pilot, "q:?/")
        prompt = screen(pilot)
        assert isinstance(prompt, Prompt)
        assert prompt.field.value == "q:?/"
        await press(pilot, "escape")
        assert screen(pilot) is main
