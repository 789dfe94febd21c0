"""What the app remembers of a library between two runs: the queries asked, and where the reader was.

Two small files in a folder of the library's own, below the platform's folder for state. Nothing here may
stop the app: what cannot be read is empty, what cannot be written is told by `trouble`.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.places import state_folder
from tui.contracts import MODES, SORTS, Question
from tui.filters import FIELDS, Filter

MOST_QUERIES = 1000
LONGEST_QUERY = 1000


_NOTHING = Question("")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader was: the question asked, and the id of the article selected."""

    question: Question = _NOTHING
    article: str = ""


class State:
    """What is kept in `folder`, which is made when there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trouble = ""

    def queries(self) -> list[str]:
        """Return the queries that were asked, newest last."""
        return _read(self.folder / "history").splitlines()[-MOST_QUERIES:]

    def remember(self, query: str) -> None:
        """Keep `query` as the newest; other apps over the same library may have added theirs meanwhile."""
        query = " ".join(query.split())
        if not query or len(query) > LONGEST_QUERY:
            return
        kept = [one for one in self.queries() if one != query]
        self._write("history", "\n".join([*kept, query][-MOST_QUERIES:]) + "\n")

    def place(self) -> Place:
        """Return where the reader was; an empty place if that is not known."""
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            return _place(json.loads(_read(self.folder / "place.json")))
        return Place()

    def keep(self, place: Place) -> None:
        """Keep where the reader is."""
        self._write("place.json", json.dumps(asdict(place)))

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        made = path.with_name(f"{name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            made.write_text(text, encoding="utf-8", errors="surrogatepass")
            made.replace(path)
            self.trouble = ""
        except OSError as error:
            self.trouble = f"{path}: {error.strerror}"
            with suppress(OSError):
                made.unlink()


def state_of(library: Path) -> State:
    """Return the state of the library at `library`."""
    return State(state_folder(library))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _place(kept: dict[str, Any]) -> Place:
    asked = kept["question"]
    filters = (Filter(str(one["field"]), str(one["value"])) for one in asked["filters"])
    question = Question(
        query=str(asked["query"]),
        sort=asked["sort"] if asked["sort"] in SORTS else "relevance",
        typos=bool(asked["typos"]),
        filters=tuple(one for one in filters if one.field in FIELDS),
        mode=asked["mode"] if asked.get("mode") in MODES else "auto",
        file_dates=asked.get("file_dates") is True,
        fold=asked.get("fold") is not False,
    )
    return Place(question, str(kept["article"]))
