"""What an update did, in lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from index.amounts import count, size
from index.report import Report, Skipped

_SHOWN_SKIPS = 10
_SHOWN_REASONS = 8


def report_lines(report: Report) -> Iterator[str]:
    """Yield what was added and removed, what was left out and why, and how fast the reading went."""
    yield (
        f"added {report.added:,}, changed {report.changed:,}, removed {report.removed:,}, "
        f"unchanged {report.unchanged:,}: {count(report.articles, 'article')} in the library"
    )
    if report.skipped:
        yield from _skip_lines(report.skipped)
    if report.bytes:
        rate = report.bytes / max(report.seconds, 1e-3)
        yield f"read {size(report.bytes)} in {report.seconds:.1f} s ({size(rate)}/s)"


def _skip_lines(skipped: tuple[Skipped, ...]) -> Iterator[str]:
    """Yield the number of places left out by reason, then the first few of them, hidden ones apart."""
    reasons = Counter(skip.reason for skip in skipped)
    named = [f"{number:,} {reason}" for reason, number in reasons.most_common(_SHOWN_REASONS)]
    rest = len(reasons) - len(named)
    yield f"left out {len(skipped):,}: {', '.join(named)}{f', {rest} other reasons' if rest else ''}"
    worth = [skip for skip in skipped if skip.reason != "hidden"]
    for skip in worth[:_SHOWN_SKIPS]:
        line = f":{skip.line}" if skip.line else ""
        yield f"  {skip.path}{line}: {skip.reason}"
    if len(worth) > _SHOWN_SKIPS:
        yield f"  and {len(worth) - _SHOWN_SKIPS:,} more (--json lists all)"
