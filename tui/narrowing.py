"""What narrows or widens a question beside its words, as the chips show it: one chip each."""

from __future__ import annotations

from dataclasses import replace

from tui.contracts import Mode, Question

MODE_NAMES: dict[Mode, str] = {"any": "any of the words", "all": "all of the words"}


def chips(question: Question) -> tuple[str, ...]:
    """Return what stands on the chips; what articles are to be like stands alone."""
    if question.like:
        return (f"like: {question.like_title}",)
    return tuple(label for label, _ in _departures(question))


def without_chip(question: Question, number: int) -> Question:
    """Return the question without what the chip `number` stands for; -1 is the last one."""
    parts = _departures(question)
    return parts[number][1] if -len(parts) <= number < len(parts) else question


def without_chips(question: Question) -> Question:
    """Return the question with nothing beside its words."""
    return replace(question, mode="auto", file_dates=False, filters=())


def _departures(question: Question) -> list[tuple[str, Question]]:
    """Return what is not as usual, each with the question without it."""
    found = []
    if question.mode in MODE_NAMES:
        found.append((MODE_NAMES[question.mode], replace(question, mode="auto")))
    if question.file_dates:
        found.append(("dates of files too", replace(question, file_dates=False)))
    for at, one in enumerate(question.filters):
        others = question.filters[:at] + question.filters[at + 1 :]
        found.append((one.label, replace(question, filters=others)))
    return found
