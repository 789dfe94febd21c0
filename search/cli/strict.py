"""A command line on which a query cannot be misread as an option."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import click

from index.errors import UsageProblem
from search.terminal import one_line


class StrictCommand(click.Command):
    """A command whose options are taken in their exact spelling only, so that `-word` cannot be misread."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options out in their exact spelling, all else as arguments; then parse as click does.

        A token of several words that starts with `-` is a quoted query. One of a single word that is no
        option is refused: only after `--` is it sure to be meant as a query.
        """
        if ctx.resilient_parsing:  # a line that is being completed
            return super().parse_args(ctx, args)
        options, arguments = self._sorted(ctx, args)
        return super().parse_args(ctx, [*options, "--", *arguments])

    def _sorted(self, ctx: click.Context, args: list[str]) -> tuple[list[str], list[str]]:
        takes_value = {
            name: 0 if option.is_flag else option.nargs
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in (*option.opts, *option.secondary_opts)
        }
        options: list[str] = []
        arguments: list[str] = []
        rest = iter(args)
        for token in rest:
            name, equals, _ = token.partition("=")
            if token == "--":
                arguments += rest
            elif not token.startswith("-") or token == "-" or " " in name.strip():
                arguments.append(token)
            elif name in takes_value and (not equals or (takes_value[name] == 1 and name.startswith("--"))):
                options.append(token)
                wanted = 0 if equals else takes_value[name]
                values = list(islice(rest, wanted))
                if len(values) < wanted:
                    needs = "a value" if wanted == 1 else f"{wanted} values"
                    raise UsageProblem(f"{name} needs {needs}", f"see byline {self.name} --help")
                options += values
            else:
                raise self._no_option(token, name, takes_value)
        return options, arguments

    def _no_option(self, token: str, name: str, known: Iterable[str]) -> UsageProblem:
        from difflib import get_close_matches

        close = get_close_matches(name, [*known, "--help"], n=1, cutoff=0.7) if name.startswith("--") else []
        meant = f"did you mean {close[0]}? Else " if close else ""
        message = f"{one_line(token)} is no option of byline {self.name}"
        return UsageProblem(message, f"{meant}put the query in quotes, or after --")
