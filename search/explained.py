"""Explanations of scores as text and as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from search.explanation import Explanation, NeighbourPart, WordPart
from search.terminal import one_line

#: Of neighbours and feedback, so many are named; the rest is counted.
_NAMED = 3


def explanation_lines(explained: Explanation) -> Iterator[str]:
    """Yield the score and what each stage made of it, a line each, safe for a terminal."""
    yield f"score {_number(explained.score)}"
    words = [_word(part) for part in explained.words]
    if abs(explained.other) >= 0.0005:
        words.append(f"phrases, patterns and the like {_number(explained.other)}")
    yield f"words {_number(explained.by_words)}: {', '.join(words) or 'none'}"
    if explained.together is not None:
        pairs = [
            f"{one_line(part.words)} {_number(part.score)} ({part.ordered} in order, {part.near} near)"
            for part in explained.pairs
        ]
        told = ", ".join(["0.85 of that", *pairs])
        yield f"together {_number(explained.together)}: {told}"
    if explained.smoothed is not None:
        heard = _heard(explained.neighbours)
        yield f"alike {_number(explained.smoothed)}: {_number(explained.own)} of its own{heard}"
    if explained.feedback is not None:
        best = sorted((part for part in explained.feedback if part.score), key=lambda part: -part.score)
        yield f"behind the first 100, by words of the best: {_some([_word(part) for part in best])}"
    if explained.behind:
        yield "behind the articles that have the words as typed"


def _heard(neighbours: Sequence[NeighbourPart]) -> str:
    parts = [f"{one_line(one.id)} {_number(one.given)} (alike {one.likeness:.2f})" for one in neighbours]
    return f", {_some(parts)}" if parts else ""


def _some(parts: Sequence[str]) -> str:
    more = [f"and {len(parts) - _NAMED} more"] if len(parts) > _NAMED else []
    return ", ".join([*parts[:_NAMED], *more]) or "none"


def _word(part: WordPart) -> str:
    return f"{one_line(part.word)} {_number(part.score)}"


def _number(value: float) -> str:
    return f"{value:.3f}"


def explanation_record(explained: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON values; stages that did not take part are null."""
    return {
        "score": _rounded(explained.score),
        "words": _word_records(explained.words),
        "other": _rounded(explained.other),
        "by_words": _rounded(explained.by_words),
        "pairs": [
            {
                "words": part.words,
                "ordered": part.ordered,
                "near": part.near,
                "score": _rounded(part.score),
            }
            for part in explained.pairs
        ],
        "together": _optional(explained.together),
        "neighbours": [
            {
                "id": part.id,
                "likeness": _rounded(part.likeness),
                "score": _rounded(part.score),
                "given": _rounded(part.given),
            }
            for part in explained.neighbours
        ],
        "own": _rounded(explained.own),
        "smoothed": _optional(explained.smoothed),
        "feedback": None if explained.feedback is None else _word_records(explained.feedback),
        "behind": explained.behind,
    }


def _word_records(parts: Iterable[WordPart]) -> list[dict[str, Any]]:
    return [{"word": part.word, "score": _rounded(part.score)} for part in parts]


def _optional(value: float | None) -> float | None:
    return None if value is None else _rounded(value)


def _rounded(value: float) -> float:
    return round(value, 6) + 0.0  # no negative zero
