"""Options that several commands take, as decorators, so that they are spelt and explained alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

library_option = click.option("-L", "--library", metavar="NAME|PATH", help="The library to use.")


class GivenPath(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A path as it was given, there or not; an empty one, as of a variable that is not set, is refused."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path that a text is; fails for the empty one."""
        if not str(value):
            self.fail("an empty path: . is this folder", param, ctx)
        return Path(value)


def format_options(command: Command) -> Command:
    """Add `--format` and `--json`, which give the parameter `form`."""
    long = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        help="How to print the report.",
    )
    short = click.option("--json", "form", flag_value="json", help="Short for --format json.")
    return long(short(command))
