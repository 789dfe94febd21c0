"""The reader: its keys, its matches, its width."""

from __future__ import annotations

from tests.tui.fakes import FakeSearch, Shelf, article
from tests.tui.helpers import press, screen_text, searching, settle
from tui import keys
from tui.typeset import MEASURE
from tui.widgets.reader import Reader

LONG = "\n\n".join(f"Paragraph {n} says little. " + "Filler words follow here. " * 12 for n in range(200))
MATCHES = (40, 90, 150)


def long_search() -> FakeSearch:
    text = LONG
    for n in MATCHES:
        text = text.replace(f"Paragraph {n} says little", f"Paragraph {n} says needle")
    return FakeSearch(Shelf(0, [article(0, text), article(1, text)]))


#: keys pressed from the top, and the line at the top then.
MOVES = [
    ("j", "1"),
    ("down", "1"),
    ("j j k", "1"),
    ("j j up", "1"),
    ("k", "0"),
    ("space", "page - 1"),
    ("pagedown", "page - 1"),
    ("space space b", "page - 1"),
    ("space space pageup", "page - 1"),
    ("d", "page // 2"),
    ("d d u", "page // 2"),
    ("G", "lines - page"),
    ("end", "lines - page"),
    ("G g", "0"),
    ("end home", "0"),
]


async def test_the_keys_move_the_text() -> None:
    async with searching("filler", search=long_search()) as (pilot, main):
        await press(pilot, "enter")
        reader = main.reader
        assert main.focused is reader
        assert reader.sheet is not None
        names = {"page": reader.content_height, "lines": len(reader.sheet.lines)}
        for pressed, top in MOVES:
            reader.jump(0)
            await press(pilot, *pressed.split())
            assert reader.scroll_offset.y == eval(top, names), pressed


def test_every_key_of_the_reader_is_tried() -> None:
    bound = {key for binding in keys.READER for key in binding.key.split(",")}
    assert bound == {key for pressed, _ in MOVES for key in pressed.split()}


def current_line(reader: Reader) -> str:
    assert reader.sheet is not None
    line = reader.sheet.lines[reader.sheet.line_of(reader.sheet.spans[reader.current].start)]
    return reader.sheet.text[line.start : line.end]


async def test_it_opens_at_the_first_match_and_steps_through_all() -> None:
    async with searching("needle", search=long_search()) as (pilot, main):
        await press(pilot, "enter")
        seen = [current_line(main.reader)]
        for key in ("n", "n", "n", "N"):
            assert any("▸ " in line and "needle" in line for line in screen_text(pilot))
            await press(pilot, key)
            seen.append(current_line(main.reader))
        first, second, third = (f"Paragraph {n} says needle" for n in MATCHES)
        wanted = [first, second, third, first, third]
        assert all(line.startswith(start) for line, start in zip(seen, wanted, strict=True))
        assert "match 3 of 3" in str(main.reader.border_title)


async def test_matches_are_stepped_through_from_the_list() -> None:
    async with searching("needle", search=long_search()) as (pilot, main):
        await press(pilot, "escape", "n")
        assert main.focused is main.results
        assert current_line(main.reader).startswith(f"Paragraph {MATCHES[1]} ")


async def test_a_match_in_the_title_does_not_keep_the_reader_from_the_body() -> None:
    search = FakeSearch(Shelf(0, [article(0, LONG + " needle", title="A needle")]))
    async with searching("needle", search=search) as (pilot, main):
        assert current_line(main.reader).endswith("needle")
        await press(pilot, "escape", "n")
        assert current_line(main.reader) == "A needle"


async def test_without_matches_a_step_does_nothing() -> None:
    async with searching() as (pilot, main):
        await press(pilot, "escape", "n", "N")
        assert main.reader.current == -1


async def test_another_width_keeps_the_place() -> None:
    async with searching("needle", (160, 40), search=long_search()) as (pilot, main):
        await press(pilot, "enter", "n")
        reader = main.reader
        assert reader.sheet is not None
        assert reader.sheet.width == MEASURE
        before = reader.sheet.lines[reader.scroll_offset.y].start
        await pilot.resize_terminal(104, 40)
        await settle(pilot)
        assert reader.sheet.width == reader.measure < MEASURE
        line = reader.sheet.lines[reader.scroll_offset.y]
        assert line.start <= before <= line.end
        assert reader.current == 1


async def test_the_text_is_all_there() -> None:
    async with searching("filler", search=long_search()) as (pilot, main):
        await press(pilot, "enter", "G")
        text = "\n".join(screen_text(pilot))
        assert "Paragraph 199 says little." in text
        await press(pilot, "g")
        text = "\n".join(screen_text(pilot))
        assert "Report 0 from the valley" in text
        assert "2019-01-01 (from its first lines) · " in text
        assert main.reader.sheet is not None
