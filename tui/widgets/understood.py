"""The line below the query: what was understood and found, or what went wrong."""

from __future__ import annotations

from textual.widgets import Static

from index.errors import BylineError
from tui.marking import plain


class Understood(Static):
    """One line of text; errors are set off by their class and begin with a sign."""

    def say(self, text: str, *, noted: bool = False) -> None:
        """Show `text`, which may come from anywhere; with `noted` it may take two lines."""
        content = plain(text)
        noted &= content.cell_length > self.content_size.width
        # A line that stays a line needs no new layout, which would draw the whole screen.
        one_line = not noted and not self.classes & {"-error", "-noted"}
        if not one_line:
            self.remove_class("-error")
            self.set_class(noted, "-noted")
        self.update(content, layout=self.size.height != 1 or not one_line)

    def fail(self, error: Exception) -> None:
        """Show what went wrong and what to do about it."""
        self.add_class("-error")
        self.update(plain(f"! {in_words(error)}"))


def in_words(error: Exception) -> str:
    """Return `error` as a sentence for the reader."""
    if isinstance(error, BylineError):
        here = " (or ctrl+p Rebuild)" if "--rebuild" in error.hint else ""
        return f"{error.message}: {error.hint}{here}" if error.hint else error.message
    return f"{type(error).__name__}: {error}"
