"""What the app may do beyond showing articles: a page in a browser may do none of it.

Off there are other programs, writing files, indexing, and other libraries: whoever has come by the page
reads one library, and no more. `tui/served.py` switches them off, once and for its whole process.
"""

from __future__ import annotations

from index.errors import UsageProblem

_shows_only = False


def show_only() -> None:
    """Switch off, for this process, all that `check` is asked about."""
    global _shows_only
    _shows_only = True


def shows_only() -> bool:
    """Tell whether the app only shows."""
    return _shows_only


def check(what: str) -> None:
    """Raise `UsageProblem` if the app only shows; `what` names what was to be done, as a noun."""
    if _shows_only:
        raise UsageProblem(f"{what} is off in the browser", "run byline in a terminal for it")
