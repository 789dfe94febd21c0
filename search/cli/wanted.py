"""What of an answer is printed, and how: for every command that prints hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from index.errors import UsageProblem
from index.value import Value, field
from search.cli.listing import chosen_fields, fields_option, nul_option
from search.cli.options import Command, color_option, format_options
from search.cli.streams import use_color
from search.fields import NAMES, need_passages

#: Hits shown without -n, by format; None is all.
DEFAULT_LIMIT: dict[str, int | None] = {
    "text": 10,
    "json": 10,
    "jsonl": None,
    "csv": None,
    "tsv": None,
    "markdown": 10,
    "trec": 1000,
    "paths": None,
}

fold_option = click.option(
    "--no-fold", "fold", is_flag=True, default=True, flag_value=False, help="Copies of a story apart."
)


class Wanted(Value):
    """What one run of a command was asked for.

    `reach` are the keyword arguments of `Searcher.diagnose` and `understand`.
    """

    style: str
    limit: int | None
    offset: int = 0
    sort: str = "relevance"
    reach: dict[str, Any] = field(default_factory=dict)
    count: bool = False
    quiet: bool = False
    nul: bool = False
    color: bool = False
    fields: tuple[str, ...] | None = None
    rank: str = "full"
    explain: bool = False
    fold: bool = True

    @property
    def how(self) -> dict[str, Any]:
        """The keyword arguments of `Searcher.rank`."""
        return {**self.reach, "sort": self.sort, "rank": self.rank, "fold": self.fold}

    @property
    def stop(self) -> int | None:
        """The place after the last hit that is wanted; None is all."""
        return None if self.limit is None else self.offset + self.limit

    @property
    def passages(self) -> bool:
        """Whether passages are shown."""
        if never_folded(self.style):
            return False
        return self.fields is None or need_passages(self.fields)


def hit_options() -> Callable[[Command], Command]:
    """Return the options that say how hits are printed, for `wanted_of`."""
    options = (
        format_options(*DEFAULT_LIMIT),
        click.option("-l", "style", flag_value="paths", help="Short for --format paths."),
        fields_option,
        nul_option,
        color_option,
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def never_folded(style: str) -> bool:
    """Return whether a format is one in which no hit stands for its copies."""
    return style in ("trec", "paths")


def style_of(options: Mapping[str, Any]) -> str:
    """Return the format asked for, which -0 makes paths; raises `UsageProblem` where it cannot."""
    nul, style = options["nul"], str(options["style"])
    if nul and style not in ("text", "paths"):
        raise UsageProblem("-0 goes with --format paths only", "leave one of them out")
    return "paths" if nul else style


def wanted_of(options: Mapping[str, Any], limit: int | None, **more: Any) -> Wanted:
    """Return what the options of `hit_options` say; `more` are further fields of `Wanted`."""
    style = style_of(options)
    return Wanted(
        style,
        limit,
        nul=options["nul"],
        color=use_color(options["color"]),
        fields=chosen_fields(options["fields"], style, NAMES, extras=True),
        **more,
    )
