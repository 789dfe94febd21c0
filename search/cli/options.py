"""Options that several commands take, as decorators, so that they are spelt and explained alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

library_option = click.option(
    "-L", "--library", metavar="NAME|PATH", help="The library (default: BYLINE_LIBRARY, else 'default')."
)
color_option = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Styled marks."
)
typos_option = click.option(
    "--typos", type=click.Choice(["auto", "off"]), default="auto", help="Correct unknown words."
)


def format_options(*styles: str) -> Callable[[Command], Command]:
    """Return the options `--format` and `--json`, which give the parameter `style`; the first is the default.

    `styles` are the formats that the command knows; `json` is among them.
    """
    long = click.option(
        "--format", "style", type=click.Choice(styles), default=styles[0], help="What to print."
    )
    short = click.option("--json", "style", flag_value="json", help="Short for --format json.")

    def add(command: Command) -> Command:
        return long(short(command))

    return add
