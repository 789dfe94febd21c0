"""The list of results: its keys, its pages, its selection."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.fakes import FakeSearch, Shelf, article
from tests.tui.helpers import NEVER, focused, press, screen_text, searching, send, settle
from tui import keys
from tui.session import PAGE
from tui.widgets.results_list import ResultsList
from tui.window import KEPT, ahead, distant, wanted

MANY = 20_000

#: keys pressed from the first hit, and the place that is selected then; `page` is what fits at once.
MOVES = [
    ("j", "1"),
    ("down", "1"),
    ("j j k", "1"),
    ("j j up", "1"),
    ("k", "0"),
    ("space", "page"),
    ("pagedown", "page"),
    ("space space b", "page"),
    ("space space pageup", "page"),
    ("b", "0"),
    ("d", "page // 2"),
    ("d d u", "page // 2"),
    ("G", "total - 1"),
    ("end", "total - 1"),
    ("G j", "total - 1"),
    ("G g", "0"),
    ("end home", "0"),
    ("G k", "total - 2"),
]


async def test_the_keys_move_the_selection() -> None:
    async with searching("all", search=FakeSearch(Shelf(MANY))) as (pilot, main):
        await press(pilot, "escape")
        results = main.results
        page = (results.content_height + 1) // results.row_height
        for pressed, place in MOVES:
            results.select(0)
            await press(pilot, *pressed.split())
            assert results.cursor == eval(place, {"page": page, "total": MANY}), pressed
            assert results.hit is not None
            assert results.hit.article.id == article(results.cursor).id
            top = results.cursor * results.row_height - results.scroll_offset.y
            assert 0 <= top <= results.content_height - results.row_height + 1
            assert main.reader.sheet is not None
            assert main.reader.sheet.article.id == results.hit.article.id


async def test_rows_fit_a_room_that_has_changed_a_moment_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    async with searching("valley", (60, 20)) as (pilot, main):
        await settle(pilot)
        monkeypatch.setattr(type(main.results), "passage_lines", 2)
        assert [main.results.line(n, 58).cell_length for n in range(10)] == [58] * 10


def test_every_key_of_the_list_is_tried() -> None:
    bound = {key for binding in keys.LIST for key in binding.key.split(",")}
    assert bound == {key for pressed, _ in MOVES for key in pressed.split()}


async def test_only_what_is_in_sight_is_asked_for_and_little_is_kept() -> None:
    search = FakeSearch(Shelf(MANY))
    async with searching("all", search=search) as (pilot, main):
        await press(pilot, "escape")
        for _ in range(8):
            await press(pilot, *["space"] * 5)
        await press(pilot, "G")
        assert main.results.total == MANY
        assert len(main.results.hits) <= KEPT
        assert all(limit is not None and limit <= 2 * PAGE for _, _, limit, _, _ in search.asked)
        assert max(offset for _, offset, _, _, _ in search.asked) >= MANY - PAGE


async def test_the_wheel_scrolls_and_the_selection_stays() -> None:
    async with searching("all", search=FakeSearch(Shelf(MANY))) as (pilot, main):
        main.results.scroll_to(y=5000 * main.results.row_height, animate=False)
        await settle(pilot)
        assert main.results.cursor == 0
        shown = "\n".join(screen_text(pilot))
        assert "Report 5001 from the valley" in shown
        await press(pilot, "escape", "j")
        assert main.results.cursor == 1
        assert main.results.first_visible <= 1


async def test_the_typed_line_moves_the_selection() -> None:
    async with searching("all", search=FakeSearch(Shelf(MANY))) as (pilot, main):
        page = (main.results.content_height + 1) // main.results.row_height
        await press(pilot, "down", "down", "up")
        assert main.results.cursor == 1
        await press(pilot, "pagedown", "pagedown", "pageup")
        assert main.results.cursor == 1 + page
        assert main.focused is main.query_line


async def test_a_click_selects_and_a_double_click_reads() -> None:
    async with searching("all") as (pilot, main):
        y = main.results.row_height * 2 + 1
        await pilot.click(main.results, offset=(10, y))
        await settle(pilot)
        assert main.results.cursor == 2
        assert focused(pilot) is main.results
        await pilot.click(main.results, offset=(10, 2), times=2)
        await settle(pilot)
        assert main.results.cursor == 0
        assert focused(pilot) is main.reader


async def test_the_selection_stays_on_its_article_when_the_order_changes() -> None:
    async with searching("valley", search=FakeSearch(Shelf(12))) as (pilot, main):
        await press(pilot, "escape", "j", "j", "j")
        chosen = main.results.hit
        assert chosen is not None
        await press(pilot, "s", "s")
        assert main.question.sort == "oldest"
        assert main.results.cursor == 8
        assert main.results.hit is not None
        assert main.results.hit.article.id == chosen.article.id


async def test_a_chosen_article_stays_selected_as_the_query_grows() -> None:
    special = [article(n, f"alpha {'beta' if n >= 3 else ''} text") for n in range(8)]
    async with searching("alpha", search=FakeSearch(Shelf(0, special))) as (pilot, main):
        await press(pilot, *["down"] * 5)
        await press(pilot, *" beta")
        assert main.results.total == 5
        assert main.results.cursor == 2
        assert main.results.hit is not None
        assert main.results.hit.article.id == special[5].id


async def test_without_a_choice_the_first_hit_is_selected() -> None:
    special = [article(n, f"alpha {'beta' if n >= 3 else ''} text") for n in range(8)]
    async with searching("alpha", search=FakeSearch(Shelf(0, special))) as (pilot, main):
        await press(pilot, *" beta")
        assert main.results.cursor == 0
        assert main.results.hit is not None
        assert main.results.hit.article.id == special[3].id


async def test_a_row_shows_title_date_source_and_passage() -> None:
    async with searching("valley", search=FakeSearch(Shelf(20))) as (pilot, main):
        shown = screen_text(pilot)
        assert any("Report 9 from the valley" in line for line in shown) is (main.results.rows_visible > 9)
        await press(pilot, "escape", "G")
        text = "\n".join(screen_text(pilot))
        assert "Report 19 from the valley" in text
        assert "~2019-01-20 · Valley Wire" in text
        assert "valley until the harvest was in" in text
        assert "20 of 20" in text


async def test_rows_drawn_in_another_size_are_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with searching("valley", (120, 20)) as (pilot, main):
        results = main.results
        short = results.row_height
        # A list is drawn in its new size before it is told of it.
        monkeypatch.setattr(ResultsList, "on_resize", lambda self: None)
        await pilot.resize_terminal(120, 40)
        await settle(pilot)
        assert results.row_height > short
        for number in range(2 * results.row_height):
            assert results.line(number, results.content_width).cell_length == results.content_width


@pytest.mark.parametrize("key", ["j", "space", "G", "k", "b"])
async def test_a_key_that_is_held_down_shows_rows_and_no_gaps(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.results_list.PATIENCE", NEVER)
    async with searching("all", search=FakeSearch(Shelf(MANY))) as (pilot, main):
        results = main.results
        await press(pilot, "escape", *(["G", "G"] if key in "kb" else []))
        seen, lines = [], results.render_lines

        def drawn(crop: Region) -> list[Strip]:
            rows = range(results.first_visible, min(results.total, results.first_visible + results.page))
            seen.append(all(at in results.hits for at in rows))
            return lines(crop)

        monkeypatch.setattr(results, "render_lines", drawn)
        for _ in range(40):
            send(pilot.app, key)
            await pilot.pause(0)
        await settle(pilot)
        assert seen
        assert all(seen)
        steps = 40 * (results.page if key in ("space", "b") else 1)
        places = {"j": steps, "space": steps, "G": MANY - 1, "k": MANY - 1 - steps, "b": MANY - 1 - steps}
        assert results.cursor == places[key]


async def test_a_step_waits_for_its_rows_but_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    search = FakeSearch(Shelf(MANY))
    async with searching("all", search=search) as (pilot, main):
        results = main.results
        await press(pilot, "escape", "j")
        search.gate = threading.Event()
        monkeypatch.setattr("tui.widgets.results_list.PATIENCE", NEVER)
        send(pilot.app, "G")
        for _ in range(20):
            await pilot.pause(0)
        assert results.cursor == MANY - 1
        assert results.first_visible == 0  # what can be read stays until there is something else to read
        monkeypatch.setattr("tui.widgets.results_list.PATIENCE", 0.001)
        results.on_resize()
        send(pilot.app, "k")
        while results.first_visible == 0:
            await pilot.pause(0)
        assert results.cursor not in results.hits  # gone on all the same
        search.gate.set()
        await settle(pilot)
        assert results.hit is not None
        assert results.hit.article.id == article(MANY - 2).id


held = st.sets(st.integers(0, 60))


@given(held, st.integers(0, 60), st.integers(1, 12), st.integers(1, 60), st.booleans())
def test_what_is_asked_for_is_missing_and_near(
    held: set[int], first: int, room: int, total: int, down: bool
) -> None:
    missing = [at for at in range(first, min(total, first + room)) if at not in held]
    if missing:
        asked = wanted(missing, room, total, down=down)
        assert {*missing} <= {*asked} <= {*range(total)}
        assert len(asked) <= room
    further = ahead(held, first, room, total, down=down)
    screen = range(first + room, first + 2 * room) if down else range(first - room, first)
    gaps = [at for at in screen if 0 <= at < total and at not in held]
    assert bool(further) == bool(gaps)
    if gaps:
        assert (further[0] if down else further[-1]) == (gaps[0] if down else gaps[-1])
        assert {*further} <= {*range(total)}
        assert len(further) <= room


@given(st.sets(st.integers(0, 2000), max_size=400), st.integers(0, 2000), st.integers(0, 2000))
def test_what_is_let_go_of_is_farther_than_what_is_kept(held: set[int], cursor: int, first: int) -> None:
    def away(at: int) -> int:
        return min(abs(at - cursor), abs(at - first))

    gone = {*distant(held, cursor, first)}
    assert bool(gone) == (len(held) > KEPT)
    kept = held - gone
    assert len(kept) <= KEPT
    if gone:
        assert max(map(away, kept)) <= min(map(away, gone))
