"""Days as people write them on a command line."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from index.errors import UsageProblem

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def parse_day(text: str, last: bool = False) -> date:
    """Return the day that `2022`, `2022-05` or `2022-05-11` names: its first, or its `last`.

    Raises `UsageProblem` for anything else.
    """
    match = _DAY.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError("not a date")
        year, month, day = (int(part) if part else 0 for part in match.groups())
        month = month if match[2] else (12 if last else 1)
        if match[3] is None:
            day = monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except (ValueError, IndexError):
        raise UsageProblem(f"{text!r} is no date", "write 2022, 2022-05 or 2022-05-11") from None
