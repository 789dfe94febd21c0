"""`byline diff`: what one article says otherwise than another."""

from __future__ import annotations

import click

from index.library import Library
from search.cli.listing import columns_of, listing_options, print_listing
from search.cli.options import color_option, library_option
from search.cli.remarks import end_without
from search.cli.streams import use_color
from search.cli.strict import StrictCommand
from search.difference import Change, Difference, changed_words, differences
from search.listing import Listing
from search.searcher import Searcher
from search.terminal import one_line

_SIGNS = {Change.SAME: " ", Change.ADDED: "+", Change.DROPPED: "-", Change.CHANGED: "~"}
_RED, _GREEN, _DIM, _RESET = "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"


@click.command("diff", cls=StrictCommand, short_help="Show what an article says otherwise than another.")
@click.argument("old", metavar="ID")
@click.argument("new", metavar="ID")
@click.option("--same", is_flag=True, help="Also print the sentences that are the same.")
@listing_options()
@color_option
@library_option
@click.pass_context
def command(
    ctx: click.Context, old: str, new: str, same: bool, style: str, fields: str | None, color: str,
    library: str | None,
) -> None:  # fmt: skip
    """Show what the second article says otherwise than the first, sentence by sentence.

    Lines begin with + for a sentence that was added, - for one that was dropped, ~ for one that was changed
    (-word- is gone, +word+ has come). Exit code: 0 they differ, 1 they say the same (or one is not there),
    2 error.

    Example: byline diff news/rabat-1.txt news/rabat-2.txt
    """
    columns = columns_of(style, fields, ("change", "old", "new"))
    with Searcher(Library.open(library)) as searcher:
        before, after = searcher.article(old), searcher.article(new)
    if before is None or after is None:
        gone = [ident for ident, article in ((old, before), (new, after)) if article is None]
        end_without(ctx, *gone)
    every = differences(before.text, after.text)
    changed = any(one.change is not Change.SAME for one in every)
    if columns is not None:
        rows = ({"change": one.change.value, "old": one.old, "new": one.new} for one in every)
        head = {"old": old, "new": new}
        print_listing(Listing("sentences", columns, rows, head), style)
        ctx.exit(0 if changed else 1)
    styled = use_color(color)
    for one in every:
        if same or one.change is not Change.SAME:
            click.echo(f"{_SIGNS[one.change]} {_shown(one, styled)}", color=styled)
    counts = [(change, sum(one.change is change for one in every)) for change in Change]
    click.echo(", ".join(f"{count:,} {change}" for change, count in counts), err=True)
    ctx.exit(0 if changed else 1)


def _shown(one: Difference, styled: bool) -> str:
    if one.change is Change.SAME:
        return f"{_DIM}{one_line(one.new)}{_RESET}" if styled else one_line(one.new)
    if one.change is not Change.CHANGED:
        code = _GREEN if one.change is Change.ADDED else _RED
        text = one_line(one.new or one.old)
        return f"{code}{text}{_RESET}" if styled else text
    before, after = changed_words(one)
    pieces: list[str] = []
    lost = iter(before)
    for word, come in after:
        if not come:
            for gone, left in lost:
                if not left:
                    break
                pieces.append(_word(gone, "-", _RED, styled))
        pieces.append(_word(word, "+", _GREEN, styled) if come else one_line(word))
    pieces += [_word(gone, "-", _RED, styled) for gone, left in lost if left]
    return " ".join(pieces)


def _word(word: str, sign: str, code: str, styled: bool) -> str:
    return f"{code}{sign}{one_line(word)}{sign}{_RESET}" if styled else f"{sign}{one_line(word)}{sign}"
