"""How a command prints what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from index.names import escape


def print_answer(answer: dict[str, object] | Iterable[str]) -> None:
    """Print a record as one line of JSON, or lines as they are but for what a terminal must not see."""
    if isinstance(answer, dict):
        click.echo(json.dumps(answer))
        return
    for line in answer:
        click.echo(escape(line))
