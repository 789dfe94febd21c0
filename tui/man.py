"""`byline man`: the manual page, made from what `--help` is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from index import __version__

_CODES = (
    ("0", "Found, shown or done."),
    ("1", "Nothing found; no such article; nothing chosen."),
    ("2", "An error: one line on standard error says what is wrong and what to do."),
    ("130", "Interrupted."),
)
_VARIABLES = (
    ("BYLINE_LIBRARY", "The library to use where -L names none."),
    ("NO_COLOR", "If not empty, nothing is styled unless --color always is given."),
    ("PAGER, EDITOR", "What the app opens articles and files in."),
)


@click.command("man", short_help="Print the manual page.")
@click.option("-L", "--library", metavar="NAME|PATH", help="Without effect: the page is the same for all.")
@click.pass_context
def command(ctx: click.Context, library: str | None) -> None:
    """Print the manual page of all commands, as man takes it.

    Example: byline man | man -l -
    """
    root = ctx.find_root()
    assert isinstance(root.command, click.Group)
    click.echo("\n".join(page(root.command, root)))


def page(root: click.Group, ctx: click.Context) -> Iterator[str]:
    """Yield the lines of the page in the language of man."""
    yield f'.TH BYLINE 1 "" "byline {__version__}" "User Commands"'
    yield ".SH NAME"
    yield "byline \\- full-text search for collections of articles"
    yield ".SH SYNOPSIS"
    yield ".B byline"
    yield _text("[-L LIBRARY] [COMMAND [OPTIONS] [ARGUMENTS]]")
    yield ".SH DESCRIPTION"
    yield from _description(root)
    yield ".SH OPTIONS"
    yield from _options(root, ctx)
    yield ".SH COMMANDS"
    for name in root.list_commands(ctx):
        inner = root.get_command(ctx, name)
        if inner is None:
            continue
        below = click.Context(inner, info_name=name, parent=ctx)
        usage = " ".join(inner.collect_usage_pieces(below))
        yield f".SS {_text(f'byline {name} {usage}')}"
        yield from _description(inner)
        yield from _options(inner, below)
    yield ".SH EXIT STATUS"
    yield from _list(_CODES)
    yield ".SH ENVIRONMENT"
    yield from _list(_VARIABLES)


def _description(command: click.Command) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", command.help or "")):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        kept = bool(lines) and lines[0] == "\b"
        if number:
            yield ".PP"
        if kept:
            yield from (".nf", *map(_text, lines[1:]), ".fi")
        else:
            yield from map(_text, lines)


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    records = (param.get_help_record(ctx) for param in command.get_params(ctx))
    yield from _list(record for record in records if record is not None)


def _list(items: Iterator[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    for term, what in items:
        yield ".TP"
        yield f".B {_text(term)}"
        yield _text(what)


def _text(text: str) -> str:
    """Return one line so that nothing in it is a request or an escape."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ")
    safe = "".join(sign if sign.isascii() else f"\\[u{ord(sign):04X}]" for sign in safe)
    return f"\\&{safe}" if safe.startswith((".", "'")) else safe
