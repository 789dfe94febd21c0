"""Options that several commands take, as decorators, so that they are spelt and explained alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

library_option = click.option("-L", "--library", metavar="NAME|PATH", help="The library to use.")


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
