"""The query line: every key of it, and that keys are obeyed in the order in which they came."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult

from tests.tui.helpers import press, searching, send
from tui import keys
from tui.widgets.history import History
from tui.widgets.query_line import QueryLine


class LineApp(App[None]):
    """Nothing but a query line."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value

    def compose(self) -> ComposeResult:
        yield QueryLine(self.value, id="query")


#: keys pressed on `text` with the cursor at `|`, and what stands there afterwards.
EDITING = [
    ("ctrl+b", "one tw|o", "one t|wo"),
    ("ctrl+f", "one t|wo", "one tw|o"),
    ("left", "one tw|o", "one t|wo"),
    ("right", "one t|wo", "one tw|o"),
    ("alt+b", "one two|", "one |two"),
    ("ctrl+left", "one |two", "|one two"),
    ("alt+f", "|one two", "one| two"),
    ("ctrl+right", "one| two", "one two|"),
    ("alt+f", 'say "one|"', 'say "one"|'),
    ("ctrl+a", "one| two", "|one two"),
    ("home", "one| two", "|one two"),
    ("ctrl+e", "one| two", "one two|"),
    ("end", "one| two", "one two|"),
    ("ctrl+h", "one|", "on|"),
    ("backspace", "one| two", "on| two"),
    ("ctrl+d", "o|ne", "o|e"),
    ("delete", "o|ne", "o|e"),
    ("ctrl+d", "|", "|"),
    ("ctrl+w", "one two|", "one |"),
    ("alt+backspace", "one two|", "one |"),
    ("ctrl+backspace", "one tw|o", "one |o"),
    ("alt+d", "|one two", "| two"),
    ("ctrl+u", "one| two", "| two"),
    ("ctrl+k", "one| two", "one|"),
    ("ctrl+t", "ab|c", "acb|"),
    ("ctrl+t", "abc|", "acb|"),
    ("ctrl+t", "a|", "a|"),
    ("ctrl+w ctrl+y", "one two|", "one two|"),
    ("ctrl+k ctrl+a ctrl+y", "one| two", " two|one"),
    ("ctrl+y", "one|", "one|"),
    ("alt+x", "one|", "one|"),
    ("ctrl+u a b", "one|", "ab|"),
    ("a b ctrl+u", "one|", "|"),
    ("question_mark colon q slash i n t", "|", "?:q/int|"),
]
#: Keys that do nothing to the text; their effect is tested on the main screen.
ELSEWHERE = {"up", "down", "pageup", "pagedown", "alt+p", "alt+n", "ctrl+r"}


async def test_the_keys_edit_the_line() -> None:
    for pressed, before, after in EDITING:
        app = LineApp(before.replace("|", ""))
        async with app.run_test() as pilot:
            line = app.query_one(QueryLine)
            line.cursor_position = before.index("|")
            send(app, *pressed.split())  # all at once: none may overtake another
            await pilot.pause(0)
            await pilot.pause(0)
            at = line.cursor_position
            assert f"{line.value[:at]}|{line.value[at:]}" == after, (pressed, before)


def test_every_key_of_the_line_is_tried() -> None:
    bound = {key for binding in keys.QUERY for key in binding.key.split(",")}
    tried = {key for pressed, _, _ in EDITING for key in pressed.split()}
    assert bound == (tried | ELSEWHERE) & bound
    assert bound >= ELSEWHERE


async def test_a_selection_is_cut_and_put_back() -> None:
    app = LineApp("one two")
    async with app.run_test() as pilot:
        line = app.query_one(QueryLine)
        line.cursor_position = 3
        send(app, "shift+home", "ctrl+k", "end", "ctrl+y")
        await pilot.pause(0)
        await pilot.pause(0)
        assert line.value == " twoone"


async def test_pasted_text_becomes_one_harmless_line() -> None:
    app = LineApp("a ")
    async with app.run_test() as pilot:
        app.post_message(events.Paste("red\x1b[31m\nsecond\tline\u202e\n"))
        await pilot.pause()
        await pilot.pause()
        value = app.query_one(QueryLine).value
        assert value.startswith("a red")
        assert value.count("second line") == 1
        assert value.isprintable()


async def test_a_given_query_is_harmless_and_the_cursor_stands_behind_it() -> None:
    app = LineApp("two\x1b]0;owned\x07 lines\nhere")
    async with app.run_test():
        line = app.query_one(QueryLine)
        assert line.value.isprintable()
        assert line.cursor_position == len(line.value)


def test_history_walks_back_and_forth_and_keeps_the_draft() -> None:
    history = History()
    for query in ("one", "two", " ", "one"):
        history.add(query)
    assert history.step(-1, "draft") == "one"
    assert history.step(-1, "one") == "two"
    assert history.step(-1, "two") == "two"
    assert history.step(1, "two") == "one"
    assert history.step(1, "one") == "draft"
    assert history.step(1, "draft") == "draft"


async def test_the_line_recalls_what_was_asked() -> None:
    async with searching() as (pilot, main):
        for query in ("valley", "harvest"):
            await press(pilot, "ctrl+u", *query, "escape", "slash")
        await press(pilot, "ctrl+u", "x", "alt+p", "alt+p")
        assert main.query_line.value == "valley"
        assert main.question.query == "valley"
        await press(pilot, "alt+n", "alt+n")
        assert main.query_line.value == "x"
