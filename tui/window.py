"""Which hits of a long list to have at hand: those in sight, and those that will be; free of any widget."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

KEPT = 240
"""Hits held around the selected one; each holds the text of its article."""


def wanted(missing: Sequence[int], room: int, total: int, *, down: bool) -> range:
    """Return the places to ask for when some that are in sight are `missing` (ascending, not none).

    All of them are in it, and with them come those that are next in sight, `room` in all, if the reader goes
    on `down`, or up.
    """
    first, last = missing[0], missing[-1] + 1
    if down:
        return range(first, max(last, min(total, first + room)))
    return range(min(first, max(0, last - room)), last)


def ahead(held: Collection[int], first: int, room: int, total: int, *, down: bool) -> range:
    """Return the places to ask for when all that is in sight is held, `room` places from `first` on.

    They begin with the nearest that is missing on the screen that comes next; none if all of that is held.
    """
    near: Iterable[int] = (
        range(first + room, first + 2 * room) if down else range(first - 1, first - room - 1, -1)
    )
    away = next((at for at in near if 0 <= at < total and at not in held), None)
    if away is None:
        return range(0)
    return range(away, min(total, away + room)) if down else range(max(0, away + 1 - room), away + 1)


def distant(held: Collection[int], *places: int) -> list[int]:
    """Return the places to let go of: if many are held, those far from all of `places`."""
    if len(held) <= KEPT:
        return []
    return sorted(held, key=lambda at: min(abs(at - one) for one in places))[KEPT * 3 // 4 :]
