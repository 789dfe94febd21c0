"""Articles, titles, names and fields that mean harm, in the real program: what reaches the terminal, byte by
byte, and whether the screen stays whole."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.library import Library
from tests.tui.terminal import Terminal, terminal

ESC, ENTER, CTRL_Q, F4, F7 = "\x1b", "\r", "\x11", "\x1bOS", "\x1b[18~"
#: All that the app itself has to say to a terminal: modes, colours, the place of the cursor, requests.
_OWN = re.compile(
    rb"\x1b(?:\[[0-9;]*[Hm]|\[\?[0-9;]+[hl]|\[\?20(?:26|48)\$p|\[[<>=?][0-9;]*u|\[>[0-9;]*[mq]|\[c"
    rb"|\]22;(?:default|pointer|text)\x07)"
)
ATTACKS = {
    "title": "\x1b]0;owned\x07\x1b[?1049l",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "report": "\x1b[6n\x1b[21t\x1bP+q544e\x1b\\",
    "eight bits": "\x9b6n\x9d0;owned\x9c\x90\x9c",
    "clear": "\x1bc\x1b[2J\x1b[1;1H\x1b#8",
    "markup": "[b]bold[/b] [@click=app.quit]quit[/] [/] [red",
    "direction": "\u202egnorw\u202c \u2066a\u2069 \u200f",
    "hidden": "ze\u200bro\u2060 wi\ufeffdth\u00ad",
    "controls": "\r\b\b\x00\x0e\x0f\x7f\v\f",
    "tags": "\U000e0041\U000e0042 \ufff9x\ufffb",
    "right to left": "שלום עולם مرحبا بالعالم",
    "marks": "Z" + "\u0335\u0341\u036f" * 40 + "algo",
    "wide": "漢字の見出し" * 9,
}


def write_hostile(folder: Path) -> None:
    """Write an article for each attack, which has it in its title, text, fields and, where it can, name."""
    folder.mkdir()
    with (folder / "fields.jsonl").open("w", encoding="utf-8") as out:
        for name, attack in ATTACKS.items():
            record = {
                "id": f"{name}{attack}",
                "title": f"{name} {attack} headline",
                "text": f"The lamplighter {attack} wrote.\n\n{attack}\nAnother line, said the lamplighter.",
                "source": f"Wire {attack}",
                "author": f"{attack} Writer",
                "date": "2021-05-04",
                attack: attack,
            }
            out.write(json.dumps(record) + "\n")
    for name in ("clear", "markup", "direction", "clipboard"):
        place = folder / f"{name} {ATTACKS[name].replace('/', '_')}.txt"
        text = f"The lamplighter counts {name}, then {name} again."  # not the same, or they are folded
        place.write_text(f"File {name}\n\n{text}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile(folder / "articles")
    library = Library.create(folder / "library")
    assert library.update([folder / "articles"]).articles == len(ATTACKS) + 4
    return library.path


def is_own(raw: bytes) -> bool:
    """Tell whether `raw` holds no control sequence but those of the app, and no sign that is obeyed."""
    left = _OWN.sub(b"", raw).decode()
    return not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", left)


def is_whole(it: Terminal) -> bool:
    """Tell whether query, two panes side by side and the line of keys stand where they belong."""
    first, *_, last = lines = it.lines()
    gaps = [
        at for at, sign in enumerate(lines[2]) if sign == " " and lines[2][at + 1 : at + 3] in ("──", "━━")
    ]
    return first.startswith(" ❯") and "Help" in last and bool(gaps)


def test_nothing_hostile_is_obeyed_anywhere(library: Path, tmp_path: Path) -> None:
    with terminal("-L", library, cwd=tmp_path, size=(120, 40)) as it:
        it.see(f"{len(ATTACKS) + 4} articles")
        it.press("lamplighter")
        it.see(f"1 of {len(ATTACKS) + 4}", "match 1 of ")
        it.press(ENTER)
        it.see("n Match")  # the reader has the keys
        for number in range(2, len(ATTACKS) + 5):
            it.press("J")
            it.see(f"{number} of {len(ATTACKS) + 4}")
            assert is_whole(it), it.text()
        it.press(F4)
        it.see("filters", "Wire ␛]52;c;b3duZWQ=␇")
        it.press(ESC)
        it.wait(lambda: "─ filters ─" not in it.text(), "the filters are closed")
        it.press(F7)
        it.see("articles")
        it.press(CTRL_Q)
        assert it.end() == 0
        assert is_own(it.raw), _OWN.sub(b"", it.raw)
        assert b"[@click=app.quit]quit[/]" in it.raw
        assert it.is_clean()


@pytest.mark.parametrize(
    "size", [100_000, pytest.param(1_000_000, marks=pytest.mark.soak)], ids=["large", "huge"]
)
def test_a_huge_line_and_a_million_words_are_read(tmp_path: Path, size: int) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    line = "lamplighter " + "x" * 5 * size + " \x1b[6n " + "漢" * (8 * size // 5) + " endofline"
    (folder / "line.txt").write_text(line, encoding="utf-8")
    words = " ".join(f"lan{number % 5000} of" for number in range(size // 2))
    (folder / "words.txt").write_text(f"Many words\n\n{words} lamplighter endofwords", encoding="utf-8")
    library = Library.create(tmp_path / "library")
    assert library.update([folder]).articles == 2
    with terminal("-L", library.path, cwd=tmp_path, size=(120, 40)) as it:
        it.see("2 articles")
        it.press("lamplighter")
        it.see("1 of 2", "match 1 of ")
        assert is_whole(it), it.text()
        it.press(ENTER)
        it.see("n Match")
        it.press("J")
        it.see("2 of 2")
        it.press("G")
        it.see("endof")
        it.press("KG")
        it.see("1 of 2", "endof")
        assert is_whole(it), it.text()
        it.press(CTRL_Q)
        assert it.end() == 0
        assert is_own(it.raw)
        assert it.is_clean()
