"""Options that several commands take, as decorators, so that they are spelt and explained alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

#: The greatest number that an option hands on: more than any library has of anything.
EVERY = 10**15


class Whole(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A whole number from 0 on; one greater than `EVERY` is taken for that."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that a text or a default is; fails for any other text."""
        try:
            number = int(value)
        except ValueError:
            number = -1
        if number < 0:
            self.fail(f"{value!r} is no whole number from 0 on", param, ctx)
        return min(number, EVERY)


def number_option(what: str, default: int | None, told: str = "") -> Callable[[Command], Command]:
    """Return the option `-n`, which gives the parameter `limit`: so many of `what`, where 0 is all.

    `told` is what the help says of the default, if not the number.
    """
    text = f"{what}; 0 is all (default: {told or default})."
    return click.option("-n", "limit", type=Whole(), default=default, metavar="N", help=text)


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
