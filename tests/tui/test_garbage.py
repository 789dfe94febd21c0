"""When garbage is collected: at rest, and as often as Python would have."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest

from tests.tui.helpers import press, searching
from tui.garbage import Garbage


class Clock:
    """An app with a timer that goes off when a test says so."""

    def __init__(self) -> None:
        self.collect: Callable[[], None] = lambda: None
        self.turns: list[str] = []

    def set_interval(self, _seconds: float, callback: Callable[[], None]) -> Clock:
        self.collect = callback
        return self

    def pause(self) -> None:
        self.turns.append("pause")

    def reset(self) -> None:
        self.turns.append("reset")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(gc, "freeze", lambda: clock.turns.append("freeze"))
    monkeypatch.setattr(gc, "collect", lambda generation: clock.turns.append(f"collect {generation}"))
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    return clock


@pytest.mark.parametrize(
    ("counts", "done"),
    [
        ((100, 0, 0), []),
        ((5_000, 0, 0), ["collect 0"]),
        ((5_000, 11, 0), ["collect 1"]),
        ((5_000, 11, 11), ["collect 2"]),
    ],
)
def test_at_rest_as_much_is_collected_as_is_due(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, counts: tuple[int, int, int], done: list[str]
) -> None:
    app: Any = clock
    garbage = Garbage(app)
    garbage.begin()
    clock.collect()
    assert clock.turns == ["pause", "freeze"]
    clock.turns.clear()
    monkeypatch.setattr(gc, "get_count", lambda: counts)
    garbage.stir()
    clock.collect()
    assert clock.turns == ["reset", "pause", *done]


async def test_a_key_puts_it_off_and_the_end_puts_all_back(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, stirred = gc.get_threshold(), []
    monkeypatch.setattr(gc, "freeze", lambda: None)
    monkeypatch.setattr(Garbage, "stir", lambda _self: stirred.append(1))
    async with searching("valley") as (pilot, _):
        assert gc.get_threshold()[0] > usual[0]
        stirred.clear()
        await press(pilot, "escape", "j")
        assert stirred
    assert gc.get_threshold() == usual
