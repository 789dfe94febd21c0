"""The settings in `config.toml`: a theme, and keys. What is wrong there is named, and the rest is used.

```toml
theme = "byline-light"

[keys]
"main.sort" = "s,ctrl+s"
```
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.keymap import checked

CONFIG_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the reader wants: `theme` ("" for the last one used), `keys` by the ids of bindings.

    `mistakes` are lines that each name something that was not understood, and left out.
    """

    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()


def settings_path() -> Path:
    """Return the path of the settings, which need not exist."""
    from platformdirs import user_config_path

    return user_config_path("byline", appauthor=False) / CONFIG_FILE


def load_settings(path: Path, themes: frozenset[str]) -> Settings:
    """Return the settings at `path`; without a file, all as usual."""
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        return Settings(mistakes=(error.strerror or "cannot be read",))
    import tomllib  # not at the top: most readers have no settings

    try:
        given = tomllib.loads(written.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Settings(mistakes=(f"this is not TOML: {error}",))
    return understood(given, themes)


def understood(given: Mapping[str, Any], themes: frozenset[str]) -> Settings:
    """Return what the table `given` says."""
    mistakes = [
        f"{name}: no such setting{meant(name, ('theme', 'keys'))}"
        for name in given
        if name not in ("theme", "keys")
    ]
    theme = given.get("theme", "")
    if theme and (not isinstance(theme, str) or theme not in themes):
        mistakes.append(f"theme: no theme {theme!r}{meant(str(theme), tuple(sorted(themes)))}")
        theme = ""
    keys = given.get("keys", {})
    if not isinstance(keys, dict):
        mistakes.append("keys: this is a table, under a line [keys]")
        keys = {}
    good, wrong = checked(keys)
    return Settings(theme, good, (*mistakes, *wrong))


def meant(given: str, known: tuple[str, ...]) -> str:
    """Return `: did you mean …?` for the nearest of `known`, "" if none is near."""
    from difflib import get_close_matches

    close = get_close_matches(given, known, n=1)
    return f": did you mean {close[0]}?" if close else ""


def kept_theme(folder: Path) -> str:
    """Return the theme that was used last; "" if that is not known."""
    try:
        return (folder / "theme").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def keep_theme(folder: Path, theme: str) -> None:
    """Keep `theme` for the next run, if that is possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"theme.{os.getpid()}"
        made.write_text(theme + "\n", encoding="utf-8")
        made.replace(folder / "theme")
    except OSError:
        return
