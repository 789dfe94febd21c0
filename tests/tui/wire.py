"""A small collection of articles in files, and a library of it."""

from __future__ import annotations

import json
from pathlib import Path

from index.library import Library

TOPICS = ("harvest", "harbour", "election", "vaccine", "coalition", "tariff", "drought", "railway")
BODY = (
    "The {topic} was the talk of the town on day {day}. Officials who govern the {topic} gave figures; "
    "others doubted them.\n\nNothing else happened that week, said the mayor, apart from the {topic}."
)
HOSTILE = {
    "id": "hostile",
    "title": "Lamp \x1b]0;owned\x07\x1b[31m red",
    "text": "The lamplighter \x1b[2J\x9b31m wrote [b]bold[/b] \u202egnp.",
    "source": "\x1b[5mblink",
}


def own_words(number: int) -> str:
    """Return a paragraph that no other article has, so that they are no copies of each other."""
    return "\n\nTable: " + " ".join(f"{number}k{place}" for place in range(30)) + "."


def write_wire(folder: Path, articles: int = 400) -> Path:
    """Write `articles` articles and a hostile one as JSONL, and one as text; return `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "wire.jsonl").open("w", encoding="utf-8") as out:
        for number in range(articles):
            topic = TOPICS[number % len(TOPICS)]
            year, day = 2019 + number % 8, number % 28 + 1
            record = {
                "id": f"w{number}",
                "title": f"{topic.title()} report {number}",
                "text": BODY.format(topic=topic, day=number) + own_words(number),
                "date": f"{year}-03-{day:02}",
                "source": "Coast Wire",
            }
            out.write(json.dumps(record) + "\n")
        out.write(json.dumps(HOSTILE) + "\n")
    (folder / "quiet.txt").write_text("A quiet piece\n\nThe lighthouse keeper counts ships.\n")
    return folder


def wire_library(folder: Path, articles: int = 400) -> Library:
    """Return a library of that collection, both below `folder`."""
    library = Library.create(folder / "library")
    library.update([write_wire(folder / "articles", articles)])
    return library
