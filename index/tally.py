"""The count of what a run added, changed, removed and left as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Articles, by what became of them; `notes` are told with the numbers."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)

    def compare(self, old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
        """Count what a file gave, as key and hash of each article; return the keys of `old` that it does not
        give any more, or otherwise."""
        if old == new:
            self.unchanged += len(new)
            return []
        gone = [key for key, digest in old.items() if new.get(key) != digest]
        same = len(old) - len(gone)
        changed = sum(key in new for key in gone)
        self.unchanged += same
        self.changed += changed
        self.removed += len(gone) - changed
        self.added += len(new) - same - changed
        return gone
