"""The command `byline`: its subcommands, loaded when they are called, and its one exit.

Everything that goes wrong on purpose ends here, as one line on stderr and an exit code: 0 found or done, 1
nothing found, 2 any error, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from index import __version__
from index.errors import BylineError, LibraryMissing
from tui.start import end_loading

ERROR, INTERRUPTED = 2, 130
#: Set by the shell that wants a line completed (see `tui/completion.py`).
_COMPLETE = "_BYLINE_COMPLETE"

#: The module of each subcommand, in the order of the help. Its last name is the command's, and it holds the
#: click command as `command`; it is imported when the command is called, or when the help lists it.
_MODULES = (
    "index.cli.index",
    "search.cli.search",
    "search.cli.show",
    "tui.pick",
    "tui.serve",
    "search.cli.similar",
    "search.cli.copies",
    "search.cli.diff",
    "search.cli.timeline",
    "search.cli.facets",
    "search.cli.terms",
    "search.cli.kwic",
    "search.cli.words",
    "search.cli.saved",
    "search.cli.eval",
    "index.cli.status",
    "index.cli.check",
    "index.cli.forget",
    "tui.completion",
    "tui.man",
)
COMMANDS = {module.rpartition(".")[2]: module for module in _MODULES}


class _Interrupted(Exception):
    """Ctrl-c. click turns a KeyboardInterrupt that it sees into its own message."""


class _PipeClosed(Exception):
    """The reader of our output went away. click turns the BrokenPipeError that it sees into exit 1."""


class _Root(click.Group):
    """A group whose commands are imported when they are called (or when help lists them)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        end_loading()
        if _COMPLETE in os.environ:
            from tui.completion import prepare

            prepare(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise click.UsageError(f"no command {name!r}: {_suggestion(name)}", ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        with _own_ends():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        with _own_ends():
            return super().invoke(ctx)


@contextmanager
def _own_ends() -> Iterator[None]:
    """Turn what click would end the process for into errors that it lets pass."""
    try:
        yield
    except KeyboardInterrupt:
        raise _Interrupted from None
    except BrokenPipeError:
        raise _PipeClosed from None


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    return f"did you mean {close[0]}?" if close else "to search for it, run byline search"


@click.group(
    cls=_Root,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 found or done, 1 nothing found, 2 error, 130 interrupted.",
)
@click.option("-L", "--library", metavar="NAME|PATH", help="The library to use, also after a command.")
@click.version_option(__version__, prog_name="byline", message="%(prog)s %(version)s")
@click.pass_context
def byline(ctx: click.Context, library: str | None) -> None:
    """Search collections of articles from the terminal.

    Without a command the app opens. A library is a name, or a path if it holds a / or begins with . or ~;
    without -L it is what BYLINE_LIBRARY says, else "default".
    """
    # A subcommand declares -L itself; what stood before its name becomes its default.
    ctx.default_map = {name: {"library": library} for name in COMMANDS}
    if ctx.invoked_subcommand is None:
        if not _on_terminal():
            click.echo(ctx.get_help(), err=True)
            ctx.exit(ERROR)
        ctx.exit(_open_app(library))


def _on_terminal() -> bool:
    """Tell whether the app can run: Textual reads stdin and draws on stderr."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _open_app(where: str | None) -> int:
    """Run the app until it is left; return its exit code."""
    from index.library import Library
    from index.places import library_path
    from tui.app import create_app

    end_loading()
    path = library_path(where)
    try:
        library = Library.open(path)
    except LibraryMissing:
        library = None
    app = create_app(library, path)
    app.run()
    return app.return_code or 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (those of the process by default); return the exit code.

    A command says its exit code by `ctx.exit` or by returning it.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _run(arguments)
        _flush()
    except _PipeClosed:
        return _drop_output(0)
    except OSError as error:
        return _drop_output(_fail(_os_message(error)))
    return code


def _run(arguments: Sequence[str] | None) -> int:
    if _COMPLETE in os.environ:
        from tui.completion import prepare

        prepare(byline)
    try:
        code = byline.main(arguments, prog_name="byline", standalone_mode=False)
    except (_Interrupted, click.Abort, KeyboardInterrupt):
        return _fail("interrupted", INTERRUPTED)
    except click.UsageError as error:
        return _fail(_usage_message(error))
    except click.ClickException as error:
        return _fail(error.format_message())
    except BylineError as error:
        return _fail(str(error))
    return code if isinstance(code, int) else 0


def _fail(message: str, code: int = ERROR) -> int:
    from search.terminal import one_line

    click.echo(f"byline: {one_line(message)}", err=True)
    return code


def _usage_message(error: click.UsageError) -> str:
    message = error.format_message().rstrip(".")
    return f"{message} (see {error.ctx.command_path} --help)" if error.ctx else message


def _os_message(error: OSError) -> str:
    """Return path and trouble of an error that nobody foresaw, such as a full disk."""
    what = error.strerror or type(error).__name__
    return f"{os.fspath(error.filename)!s}: {what}" if error.filename is not None else what


def _flush() -> None:
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BrokenPipeError:
        raise _PipeClosed from None


def _drop_output(code: int) -> int:
    """Let the interpreter's last flush go nowhere, so that it cannot fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    return code
