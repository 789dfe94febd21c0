"""Copies of a story: folded in the list, listed, and compared."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from index.library import Library
from search.difference import Change
from search.results import Fold
from search.searcher import Searcher
from tests.tui.fakes import article
from tests.tui.helpers import main_of, press, running, said, screen, screen_text, settle
from tui import versions
from tui.app import create_app
from tui.facts import fold_text
from tui.screens.copies import CopiesScreen, VersionsScreen

SIZES = [(60, 20), (120, 40)]
QUERY = "suez OR oil OR puffins"


@pytest.mark.parametrize("size", SIZES)
async def test_copies_are_one_hit_until_they_are_unfolded(seeds: Library, size: tuple[int, int]) -> None:
    with Searcher(seeds) as searcher:
        folded, apart = (searcher.search(QUERY, None, fold=fold) for fold in (True, False))
    assert folded.stories is not None
    assert folded.stories < apart.total
    async with running(create_app(seeds, seeds.path, QUERY), size) as pilot:
        main = main_of(pilot)
        assert main.results.total == folded.stories
        assert f"{apart.total} articles, {folded.stories} stories" in said(main)
        top, fold = next((hit, hit.fold) for hit in folded.hits if hit.fold is not None)
        assert any(fold_text(fold) in line for line in screen_text(pilot))
        await press(pilot, "escape", *["j"] * (top.rank - 1), "a")
        assert main.results.total == apart.total
        assert [main.results.hits[n].article.id for n in range(5)] == [h.article.id for h in apart.hits[:5]]
        assert "copies apart" in said(main)
        assert main.results.hit is not None
        assert main.results.hit.article.id == top.article.id  # the place is kept
        await press(pilot, "a")
        assert main.results.total == folded.stories


@pytest.mark.parametrize("size", SIZES)
async def test_two_versions_are_chosen_and_compared(seeds: Library, size: tuple[int, int]) -> None:
    async with running(create_app(seeds, seeds.path, QUERY), size) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "v")
        listed = screen(pilot)
        assert isinstance(listed, CopiesScreen)
        assert main.results.hit is not None
        with Searcher(seeds) as searcher:
            found = searcher.copies(main.results.hit.article.id)
        assert found is not None
        assert [one.value for one in listed.choices[1:]] == [
            one for one in found if one.id != main.results.hit.article.id
        ]
        await press(pilot, "enter")
        compared = screen(pilot)
        assert isinstance(compared, VersionsScreen)
        shown = screen_text(pilot)
        assert any("versions · " in line and "same" in line for line in shown)
        every = compared.text.virtual_size.height
        await press(pilot, "n")
        assert compared.text.scroll_offset.y > 0 or every <= compared.text.content_height
        await press(pilot, "s")
        assert compared.text.virtual_size.height < every
        await press(pilot, "c")
        command = shlex.split(pilot.app.clipboard)
        assert command[:4] == ["byline", "-L", str(seeds.path), "diff"]
        old, new = (next(one for one in found if one.id == ident) for ident in command[4:])
        assert (old.date, found.index(old)) < (new.date, found.index(new))
        await press(pilot, "escape")
        assert screen(pilot) is listed
        await press(pilot, "escape")
        assert screen(pilot) is main


async def test_an_article_without_copies_says_so_and_marked_ones_are_compared(seeds: Library) -> None:
    async with running(create_app(seeds, seeds.path, "moon")) as pilot:
        main = main_of(pilot)
        await press(pilot, "escape", "v")
        assert screen(pilot) is main
        assert "no copies" in next(iter(reversed(list(pilot.app._notifications)))).message
        await press(pilot, "m", "m", "v")
        assert isinstance(screen(pilot), VersionsScreen)
        await press(pilot, "q")
        assert screen(pilot) is main


async def test_what_was_laid_out_for_one_width_is_laid_out_for_another(seeds: Library) -> None:
    async with running(create_app(seeds, seeds.path, QUERY), (120, 40)) as pilot:
        await press(pilot, "escape", "v")
        await press(pilot, "enter")
        compared = screen(pilot)
        assert isinstance(compared, VersionsScreen)
        assert compared.text.beside
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert any(line.strip("│ ").startswith("- ") for line in screen_text(pilot))
        assert all(len(line.rstrip()) <= 60 for line in screen_text(pilot))


def test_what_stands_under_a_hit() -> None:
    day = datetime(2022, 5, 11)
    assert fold_text(Fold(1)) == "+1 copy"
    assert fold_text(Fold(4, day, day)) == "+4 copies"
    assert fold_text(Fold(4, day, day.replace(hour=9))) == "+4 copies, last 09:00"
    times = Fold(4, day.replace(hour=10, minute=32), day.replace(hour=14, minute=5))
    assert fold_text(times) == "+4 copies, first 10:32, last 14:05"
    assert fold_text(Fold(1200, day, datetime(2022, 5, 13))) == (
        "+1,200 copies, first 2022-05-11, last 2022-05-13"
    )


SENTENCES = st.lists(st.text("ab漢\u0301 .\n\x1b", max_size=30), max_size=6).map(". ".join)


@given(SENTENCES, SENTENCES, st.integers(12, 60), st.booleans())
def test_no_line_is_too_wide_and_no_word_is_lost(old: str, new: str, width: int, beside: bool) -> None:
    found = versions.compare(replace(article(0), text=old or "x"), replace(article(1), text=new or "x"))
    assert found is not None
    lines = list(versions.rows(found, width, beside=beside, same=True))
    room = versions.column(width, beside=beside)
    for row in lines:
        for words in (row.left, row.right):
            text = " ".join(word for word, _ in words)
            assert cell_len(text) <= max(room, 2)
            assert "\x1b" not in text
    if beside:
        shown = "".join(word for row in lines for word, _ in row.right)
        wanted = "".join(one.new for one in found.found)
        assert shown.endswith("".join(wanted.replace("\x1b", "␛").split()))


def test_very_long_versions_are_not_compared() -> None:
    long = replace(article(0), text="word " * versions.LONGEST)
    assert versions.compare(long, article(1)) is None


def test_the_same_text_is_the_same() -> None:
    found = versions.compare(article(0), article(0))
    assert found is not None
    assert {one.change for one in found.found} == {Change.SAME}
    assert list(versions.rows(found, 60, beside=False, same=False))[-1].left == ()
