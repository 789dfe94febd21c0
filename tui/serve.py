"""`byline serve`: the app in a browser on this machine."""

from __future__ import annotations

import click

from index.errors import UsageProblem
from index.library import Library


@click.command("serve", short_help="Show the app in a browser on this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port to listen on; one that is free if not given.",
)
@click.option("-L", "--library", metavar="NAME|PATH", help="The library to use.")
def command(port: int, library: str | None) -> None:
    """Show the app in a browser on this machine, until ctrl-c; the address is printed.

    Only this machine can reach it, and only who knows the address, which is another each time. Opening
    programs, writing files, indexing and other libraries are off there. Needs: pip install 'byline[serve]'.

    Example: byline serve --port 8137
    """
    opened = Library.open(library)
    try:
        from tui.serving import serve
    except ImportError:
        hint = "install it with pip install 'byline[serve]'"
        raise UsageProblem("serve needs the package textual-serve", hint) from None

    def tell(address: str) -> None:
        click.echo(address)
        click.echo("byline: open this address in a browser; ctrl-c ends it", err=True)

    serve(opened.path.absolute(), port, tell)
