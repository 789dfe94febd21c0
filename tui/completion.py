"""`byline completion`: what teaches a shell to complete this command, and what there is to complete."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from itertools import islice

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from index.errors import BylineError

#: The variable by which a shell asks; its script sets it.
VARIABLE = "_BYLINE_COMPLETE"
#: With more than so many possibilities none is offered, and at most so many ids are looked at.
_MOST = 200
_MOST_IDS = 200_000
#: Only what a shell takes as it stands is offered: names of files are not to be trusted.
_PLAIN = re.compile(r"[\w./#@%+=:,][\w./#@%+=:,~-]*")


class _Bash(BashComplete):
    """No blank after what goes on: a field of a query, a part of an id."""

    source_template = BashComplete.source_template.replace(
        "    return 0\n", "    [[ ${COMPREPLY[0]} == *[:/#] ]] && compopt -o nospace\n\n    return 0\n", 1
    )


class _Zsh(ZshComplete):
    """The same for zsh."""

    source_template = ZshComplete.source_template.replace(
        "        compadd -U -V unsorted -a completions\n",
        "        local -a whole begun\n"
        "        whole=(${completions:#*[:/#]}) begun=(${(M)completions:#*[:/#]})\n"
        "        (( $#whole )) && compadd -U -V unsorted -a whole\n"
        "        (( $#begun )) && compadd -U -V unsorted -S '' -a begun\n",
        1,
    )


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": FishComplete}


@click.command("completion", short_help="Print what teaches a shell to complete byline.")
@click.argument("shell", type=click.Choice([*_SHELLS]))
@click.option("-L", "--library", metavar="NAME|PATH", help="Without effect: the library is that of the line.")
def command(shell: str, library: str | None) -> None:
    """Print what teaches a shell to complete commands, options, libraries, ids and the fields of queries.

    \b
    bash: eval "$(byline completion bash)"       in ~/.bashrc
    zsh:  eval "$(byline completion zsh)"        in ~/.zshrc, after compinit
    fish: byline completion fish | source        in ~/.config/fish/config.fish

    Example: eval "$(byline completion bash)"
    """
    made = _SHELLS[shell](click.Group("byline"), {}, "byline", VARIABLE)
    # Not `source()`, which starts a shell to ask for its version.
    click.echo(made.source_template % made.source_vars())


class _Completed(click.types.StringParamType):
    """Text that is completed by what `offered` says there is."""

    def __init__(self, offered: Callable[[click.Context, str], Iterable[str]]) -> None:
        self._offered = offered

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            found = list(islice(dict.fromkeys(self._offered(ctx, incomplete)), _MOST + 1))
        except (BylineError, OSError):
            return []
        fit = [text for text in found if text.startswith(incomplete) and _PLAIN.fullmatch(text)]
        return [CompletionItem(text) for text in fit] if len(found) <= _MOST else []


def prepare(wanted: click.Command) -> click.Command:
    """Have the parameters of a command completed by what they stand for, and return the command."""
    for param in wanted.params:
        if param.name == "library":
            param.type = _Completed(_libraries)
        elif param.metavar == "ID":
            param.type = _Completed(_ids)
        elif param.name == "query":
            param.type = _Completed(_fields)
        elif param.name == "name" and wanted.name == "saved":
            param.type = _Completed(_saved)
    return wanted


def _libraries(ctx: click.Context, begun: str) -> Iterable[str]:
    """Yield the libraries that have a name, or the folders that a path may go on with."""
    from tui.contracts import known_libraries

    if "/" not in begun:
        return [path.name for path in known_libraries()]
    folder = begun.rpartition("/")[0] + "/"
    with os.scandir(os.path.expanduser(folder)) as entries:  # noqa: PTH111
        return sorted(f"{folder}{entry.name}/" for entry in entries if entry.is_dir())


def _library(ctx: click.Context) -> str | None:
    """Return the library that the line names, before the command or behind it."""
    place: click.Context | None = ctx
    while place is not None:
        if place.params.get("library"):
            return str(place.params["library"])
        place = place.parent
    return None


def _ids(ctx: click.Context, begun: str) -> Iterable[str]:
    """Yield the ids that begin so, each up to where its next part begins."""
    from index.library import Library

    with Library.open(_library(ctx), check=False).reader() as reader:
        for ident in islice(reader.terms("id", begun), _MOST_IDS):
            if not ident.startswith(begun):
                break
            end = re.compile("[/#]").search(ident, len(begun))
            yield ident[: end.end()] if end else ident


def _fields(ctx: click.Context, begun: str) -> Iterable[str]:
    from search.nodes import FIELDS

    return (f"{field}:" for field in FIELDS)


def _saved(ctx: click.Context, begun: str) -> Iterable[str]:
    from index.places import library_path
    from search.saved import SavedSearches

    return (saved.name for saved in SavedSearches(library_path(_library(ctx))).all())
