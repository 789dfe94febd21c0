"""The looks of byline: dark, light, and high contrast, beside those that Textual brings along.

One accent marks what has the focus and what was found; no kind of match is told by colour alone.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="byline-dark",
    primary="#7aa2d8",
    secondary="#9aa7b8",
    accent="#e6b450",
    warning="#cf7d62",
    error="#ff7b85",
    success="#9ac87a",
    foreground="#d8dbe0",
    background="#14171c",
    surface="#1b1f26",
    panel="#232830",
    dark=True,
)
LIGHT = Theme(
    name="byline-light",
    primary="#2b5f9e",
    secondary="#5b6675",
    accent="#9a5b00",
    warning="#b3400f",
    error="#b3202c",
    success="#2f6f2a",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e7e4dc",
    dark=False,
)
CONTRAST = Theme(
    name="byline-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    accent="#ffff00",
    warning="#ff9d5c",
    error="#ff8080",
    success="#7dff7d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={"text-muted": "#ffffff", "text-disabled": "#e0e0e0"},
)
THEMES = (DARK, LIGHT, CONTRAST)
USUAL = DARK.name
