"""What narrows or widens a question beside its words, as the chips show it: one chip each."""

from __future__ import annotations

from dataclasses import replace

from tui.contracts import Mode, Question

MODE_NAMES: dict[Mode, str] = {"any": "any of the words", "all": "all of the words"}


def chips(question: Question) -> tuple[str, ...]:
    """Return what stands on the chips: how many of the words are wanted, if not as usual, then filters."""
    mode = MODE_NAMES.get(question.mode)
    return (*([mode] if mode else ()), *(one.label for one in question.filters))


def without_chip(question: Question, number: int) -> Question:
    """Return the question without what the chip `number` stands for; -1 is the last one."""
    count = len(chips(question))
    if not -count <= number < count:
        return question
    filters = list(question.filters)
    place = number % count - (count - len(filters))
    if place < 0:
        return replace(question, mode="auto")
    del filters[place]
    return replace(question, filters=tuple(filters))


def without_chips(question: Question) -> Question:
    """Return the question with nothing beside its words."""
    return replace(question, mode="auto", filters=())
