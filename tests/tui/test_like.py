"""More like this: a list of its own, and the way back."""

from __future__ import annotations

import shlex

import pytest

from index.library import Library
from search.searcher import Searcher
from tests.tui.helpers import focused, main_of, press, running, said, screen_text, settle, write
from tui.app import create_app
from tui.contracts import Question
from tui.filters import Filter

SIZES = [(60, 20), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_like_articles_are_listed_and_left_step_by_step(
    seeds: Library, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    async with running(create_app(seeds, seeds.path, "sea OR moon OR oil"), size) as pilot:
        main = main_of(pilot)
        main.toggle(Filter("date", "2022"))
        await settle(pilot)
        await press(pilot, "escape", "s", "j", "j", "j")
        before = main.question, main.results.cursor
        first = main.results.hit
        assert first is not None
        await press(pilot, "enter", "L")  # from the reader too
        assert focused(pilot) is main.results
        with Searcher(seeds) as searcher:
            ranked = searcher.similar(first.article.id, None, fold=True)
            assert ranked is not None
            wanted = searcher.ids(ranked)
        assert main.results.total == len(wanted)
        assert [main.results.hits[n].article.id for n in range(3)] == wanted[:3]
        assert "like this one" in said(main)
        assert any("like: " in line and "✕" in line for line in screen_text(pilot))
        assert main.reader.sheet is not None
        assert main.reader.sheet.spans  # what they share is marked
        assert main.place.question == before[0]  # what is come back to at the next start
        await press(pilot, "c")
        command = ["byline", "-L", str(seeds.path), "similar", "-n", "0", first.article.id]
        assert shlex.split(pilot.app.clipboard) == command
        await press(pilot, "s", "t", "f", "T", "a", "C")  # nothing of that is for such a list
        assert main.question == Question(main.question.query, like=first.article.id)
        await press(pilot, "j", "L")
        assert main.question.like == wanted[1]
        await press(pilot, "escape")
        assert main.question.like == first.article.id
        assert main.results.cursor == 1
        await press(pilot, "backspace")
        assert (main.question, main.results.cursor) == before
        assert main.results.hit is not None
        assert main.results.hit.article.id == first.article.id


async def test_typing_leaves_it(seeds: Library) -> None:
    async with running(create_app(seeds, seeds.path, "oil")) as pilot:
        main = main_of(pilot)
        main.toggle(Filter("date", "2022"))
        await settle(pilot)
        await press(pilot, "escape", "L", "slash")
        await write(pilot, " vienna")
        assert main.question == Question("oil vienna", filters=(Filter("date", "2022"),))
        assert not any("like: " in line for line in screen_text(pilot))
        await press(pilot, "escape", "escape")
        assert main.question == Question("oil vienna")


async def test_nothing_like_it_is_said(seeds: Library) -> None:
    async with running(create_app(seeds, seeds.path, "oil")) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "L")
        main.answers.change(Question("oil", like="seeds/gone.txt"))
        await settle(pilot)
        assert "no longer in the library: esc goes back" in said(main)
        await press(pilot, "escape")
        assert main.question == Question("oil")
