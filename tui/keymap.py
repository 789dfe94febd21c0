"""Keys of the reader's own: the table `[keys]` of the settings, checked before it is used."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from tui import keys

_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_NAMES = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values()) | {"space"}


def checked(given: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the keys that can be used, by binding id, and a line for each mistake in the rest."""
    known = {binding.id: place for place in keys.GROUPS for binding in keys.GROUPS[place]}
    good: dict[str, str] = {}
    mistakes: list[str] = []
    for name, value in given.items():
        if name not in known:
            close = get_close_matches(name, [one for one in known if one], n=1)
            hint = f"did you mean {close[0]}?" if close else "the help and docs/keys.md list them"
            mistakes.append(f"keys: no action {name!r}: {hint}")
        elif not isinstance(value, str) or not value.strip():
            mistakes.append(f'keys: {name}: write keys in quotes, such as "ctrl+s" or "s,f3"')
        else:
            pressed = [_long(part.strip()) for part in value.split(",")]
            wrong = next((part for part in pressed if problem(part, known[name])), None)
            if wrong is None:
                good[name] = ",".join(pressed)
            else:
                mistakes.append(f"keys: {name}: {problem(wrong, known[name])}")
    mistakes += _clashes(good)
    return good, tuple(mistakes)


def problem(key: str, place: str) -> str:
    """Return what is wrong with `key` (in Textual's long form) at `place`; "" if nothing is."""
    *modifiers, last = key.split("+") if key != "+" else [key]
    if any(one not in _MODIFIERS for one in modifiers) or not _is_key(last):
        close = get_close_matches(key, _NAMES, n=1)
        return f"no key {key!r}" + (f": did you mean {close[0]}?" if close else "")
    if place == "query" and not modifiers and keys.types(last):
        return f"{key!r} types in the query line: use it with ctrl or alt, or a function key"
    return ""


def _clashes(good: dict[str, str]) -> list[str]:
    """Return a line for each key that would then do two things in one place; the later one is dropped."""
    mistakes = []
    for place, bindings in keys.GROUPS.items():
        used: dict[str, Binding] = {}
        for binding in bindings:
            for key in good.get(binding.id or "", binding.key).split(","):
                other = used.setdefault(key, binding)
                if other is binding or other.id in keys.TOGETHER or binding.id in keys.TOGETHER:
                    continue
                own, first = binding.id or "", other.id or ""
                late = own if own in good else first
                if late in good:
                    mistakes.append(
                        f"keys: {place}: {key} is both {first} and {own}: {late} keeps its usual key"
                    )
                    del good[late]
    return mistakes


def _long(key: str) -> str:
    """Return a key as Textual names it: `question_mark` for `?`."""
    *modifiers, last = key.split("+") if key != "+" else [key]
    if len(last) == 1 and not last.isalnum():
        last = unicodedata.name(last, last).lower().replace("-", "_").replace(" ", "_")
        last = KEY_NAME_REPLACEMENTS.get(last, last)
    return "+".join([*modifiers, last])


def _is_key(name: str) -> bool:
    """Tell whether a key without modifiers is called so: `a`, `f3`, `pageup`, `question_mark`."""
    if len(name) == 1 or name in _NAMES:
        return True
    try:
        return bool(unicodedata.lookup(name.replace("_", " ").upper()))
    except KeyError:
        return False
