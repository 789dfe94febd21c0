"""Keys that come faster than screens open and close, and answers that come after them."""

from __future__ import annotations

from textual.command import CommandList
from textual.screen import ModalScreen
from textual.widgets.option_list import Option

from tests.tui.fakes import FakeSearch, Shelf
from tests.tui.helpers import press, screen, screen_text, searching, send, settle, write
from tui.latest import Latest
from tui.screens.chooser import Choice, Chooser
from tui.screens.concordance import ConcordanceScreen
from tui.screens.main import MainScreen
from tui.screens.palette import Palette


class TakesAlong(ModalScreen[None]):
    """A screen that is closed before it has called back whom it was asked to."""

    async def _invoke_and_clear_callbacks(self) -> None:
        self._callbacks.clear()


async def test_the_reader_does_not_wait_for_the_screen_above() -> None:
    async with searching("valley") as (pilot, main):
        pilot.app.push_screen(TakesAlong())
        await settle(pilot)
        main.results.select(7)
        await settle(pilot)
        await pilot.app.pop_screen()
        await settle(pilot)
        hit, sheet = main.results.hit, main.reader.sheet
        assert hit is not None
        assert sheet is not None
        assert sheet.article.id == hit.article.id


async def test_an_answer_for_a_screen_that_was_left_is_dropped() -> None:
    search = FakeSearch(Shelf(8))
    async with searching("valley", search=search) as (pilot, main):
        screen_left = ConcordanceScreen(main.session, main.question, lambda order, most: None)
        delivered: list[int] = []
        late: Latest[int, int] = Latest(
            screen_left, lambda asked: asked, lambda asked, _: delivered.append(asked), _raise
        )
        pilot.app.push_screen(screen_left)
        await settle(pilot)
        late.ask(1)
        while late.busy:
            await pilot.pause(0)
        screen_left.dismiss(None)
        await settle(pilot)
        late._settle(1, lambda: delivered.append(2))
        assert delivered == [1]


async def test_enter_pressed_again_and_again_runs_a_command_once() -> None:
    async with searching("valley", search=FakeSearch(Shelf(8))) as (pilot, _):
        await press(pilot, "ctrl+p")
        await write(pilot, "concordance")
        send(pilot.app, *["enter"] * 6)
        await settle(pilot)
        assert [type(one) for one in pilot.app.screen_stack[1:]] == [MainScreen, ConcordanceScreen]


async def test_a_palette_that_is_left_at_once_looks_for_no_commands() -> None:
    async with searching("valley") as (pilot, main):
        for _ in range(5):
            pilot.app.action_command_palette()
            palette = pilot.app.screen
            assert isinstance(palette, Palette)
            palette.dismiss(None)
            assert palette._gather_commands("") is None
            await settle(pilot)
        assert screen(pilot) is main


async def test_a_palette_without_room_has_no_page_to_turn() -> None:
    async with searching("valley") as (pilot, main):
        await press(pilot, "ctrl+p")
        commands = screen(pilot).query_one(CommandList)
        commands.styles.display = "none"
        await settle(pilot)
        commands.clear_options().add_option(Option("the first that comes")).highlighted = 0
        await press(pilot, "pagedown", "pageup", "escape")
        assert screen(pilot) is main


async def test_choices_may_come_before_their_list_and_after_it() -> None:
    async with searching("valley") as (pilot, main):
        chooser: Chooser[int] = Chooser("numbers", [Choice(1, "one")])
        pilot.app.push_screen(chooser)
        chooser.show([Choice(1, "one"), Choice(2, "two")])
        await settle(pilot)
        assert "two" in "\n".join(screen_text(pilot))
        chooser.dismiss(None)
        await settle(pilot)
        chooser.show([])
        assert screen(pilot) is main


def _raise(_asked: object, error: Exception) -> None:
    raise error
