"""Every key of the app, by the place where it works: the one table behind bindings, footer and help.

Each binding has an id (`place.what`), by which it can be given another key. Keys that print something
are bound outside text fields only: in a field they type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding
from textual.keys import key_to_character


def _key(keys: str, action: str, what: str, name: str, *, show: str = "", first: bool = False) -> Binding:
    """Return a binding named `name`; `show` is its label in the footer, "" keeps it out of there.

    `first` has it obeyed before the next key is looked at: what moves the focus needs that, or letters
    typed right after it would go where the focus was.
    """
    return Binding(keys, action, show or what, show=bool(show), id=name, tooltip=what, priority=first)


MANY = 1_000_000
"""More periods than any timeline has."""

APP = (_key("question_mark,f1", "help", "this help", "app.help", show="Help"),)

MAIN = (
    _key("enter", "read", "read the article that is selected", "main.read", show="Read", first=True),
    _key(
        "enter",
        "pick",
        "in byline pick: choose what is marked or selected",
        "main.pick",
        show="Choose",
        first=True,
    ),
    _key("slash", "find", "in the reader: find in the text", "main.find", show="Find", first=True),
    _key("slash,i", "query", "to the query, where letters type", "main.query", show="Query", first=True),
    _key("escape", "back", "back to the list; never leaves the app", "main.back", show="List", first=True),
    _key("escape", "clear", "in the list: marks off, then what narrows it", "main.clear", show="Clear"),
    _key("tab", "pane(1)", "next part of the screen", "main.next", first=True),
    _key("shift+tab", "pane(-1)", "part of the screen before", "main.previous", first=True),
    _key("n", "match(1)", "next match in the article", "main.match", show="Match"),
    _key("N", "match(-1)", "match before", "main.match-before"),
    _key("J,right_square_bracket", "article(1)", "next article", "main.article", show="Next"),
    _key("K,left_square_bracket", "article(-1)", "article before", "main.article-before"),
    _key("r,f5", "remedy", "nothing found: try what finds something", "main.remedy", show="Try it"),
    _key("r,f5", "as_typed", "take a correction back: the word as typed", "main.as-typed", show="As typed"),
    _key("f,f4", "filter", "filters: date, source, author, folder", "main.filter", show="Filter"),
    _key("T", "timeline", "timeline: when the articles appeared; narrow to a range", "main.timeline"),
    _key("backspace", "unfilter", "take the last filter off", "main.unfilter"),
    _key("s,f3", "sort", "sort: best first, newest, oldest", "main.sort", show="Sort"),
    _key("a", "fold", "copies of a story apart, or folded again", "main.fold"),
    _key("v", "copies", "versions of the story, and what they say otherwise", "main.copies"),
    _key("C", "concordance", "concordance: every match with the words around it", "main.concordance"),
    _key("L", "like", "more like this article", "main.like"),
    _key("S", "saved", "saved searches: run, keep and forget them", "main.saved"),
    _key("m", "mark", "mark the article, or take its mark off", "main.mark", show="Mark"),
    _key("M", "unmark", "all marks off", "main.unmark"),
    _key("y", "act('copy')", "copy: path, citation, text or passage", "main.copy", show="Copy"),
    _key("Y", "act('write')", "write the article to a file", "main.write"),
    _key("x", "act('export')", "export marked articles, or all found", "main.export", show="Export"),
    _key("o", "act('pager')", "open in the pager", "main.pager", show="Open"),
    _key("e", "act('editor')", "open the file in the editor, at the line", "main.editor"),
    _key("c", "act('command')", "show and copy this screen as a command line", "main.command"),
    _key("t,f2", "typos", "typo tolerance on or off", "main.typos", show="Typos"),
    _key("z,f8", "zoom", "one part of the screen alone, or both", "main.zoom"),
    _key("f6", "app.libraries", "another library", "main.libraries"),
    _key("f7", "app.health", "what this library holds, and what it left out", "main.health"),
    _key("f9", "app.index", "index a folder, or look for changes", "main.index"),
    _key("ctrl+l", "app.redraw", "draw the screen anew", "main.redraw"),
    _key("colon", "app.command_palette", "all commands (ctrl+p anywhere)", "main.palette"),
    _key("q", "app.quit", "quit (ctrl+q anywhere)", "main.quit"),
)

QUERY = (
    _key("up", "list('up')", "result above, while typing", "query.up"),
    _key("down", "list('down')", "result below", "query.down"),
    _key("pageup", "list('page_up')", "a page of results up", "query.page-up"),
    _key("pagedown", "list('page_down')", "a page of results down", "query.page-down"),
    _key("alt+p", "history(-1)", "query before, from the history", "query.before"),
    _key("alt+n", "history(1)", "query after", "query.after"),
    _key("ctrl+r", "search_history", "search the history", "query.history"),
    _key("ctrl+b,left", "cursor_left", "a character left", "query.left"),
    _key(
        "ctrl+f,right", "cursor_right", "a character right; at the end, take the word offered", "query.right"
    ),
    _key("alt+b,ctrl+left", "word_left", "a word left", "query.word-left"),
    _key("alt+f,ctrl+right", "word_right", "a word right", "query.word-right"),
    _key("ctrl+a,home", "home", "start of the line", "query.home"),
    _key("ctrl+e,end", "end", "end of the line; there, take the word offered", "query.end"),
    _key("ctrl+h,backspace", "delete_left", "delete the character before", "query.delete-left"),
    _key("ctrl+d,delete", "delete_right", "delete the character under the cursor", "query.delete-right"),
    _key(
        "ctrl+w,alt+backspace,ctrl+backspace", "kill_word_left", "cut the word before", "query.cut-word-left"
    ),
    _key("alt+d", "kill_word_right", "cut the word after", "query.cut-word-right"),
    _key("ctrl+u", "kill_left", "cut to the start", "query.cut-left"),
    _key("ctrl+k", "kill_right", "cut to the end", "query.cut-right"),
    _key("ctrl+y", "yank", "put back what was cut", "query.yank"),
    _key("ctrl+t", "transpose", "swap two characters", "query.swap"),
)


def _pager(place: str, thing: str) -> tuple[Binding, ...]:
    """Return the keys of `less` and `vim` that move through a list of `thing`s."""
    return (
        _key("j,down", "down", f"{thing} down", f"{place}.down"),
        _key("k,up", "up", f"{thing} up", f"{place}.up"),
        _key("space,pagedown", "page_down", "page down", f"{place}.page-down"),
        _key("b,pageup", "page_up", "page up", f"{place}.page-up"),
        _key("d", "half_down", "half a page down", f"{place}.half-down"),
        _key("u", "half_up", "half a page up", f"{place}.half-up"),
        _key("g,home", "first", "to the top", f"{place}.top"),
        _key("G,end", "last", "to the end", f"{place}.end"),
    )


LIST = _pager("list", "a result")
READER = _pager("reader", "a line")
FIND = (
    _key("enter", "submit", "keep what is found: n and N go through it", "find.keep", show="Keep"),
    _key("escape", "cancel", "leave off", "find.cancel", show="Leave off"),
)

HELP = (
    _key("escape,q,question_mark,f1", "dismiss", "close", "help.close", show="Close"),
    *_pager("help", "a line"),
)

TIMELINE = (
    _key("enter", "narrow", "narrow the answer to the range", "timeline.narrow", show="Narrow"),
    _key("escape", "leave", "close the timeline", "timeline.close", show="Close"),
    _key("left,h", "move(-1)", "range earlier", "timeline.earlier"),
    _key("right,l", "move(1)", "range later", "timeline.later", show="Move"),
    _key("shift+right,L", "grow(1)", "range longer", "timeline.longer", show="Longer"),
    _key("shift+left,H", "grow(-1)", "range shorter", "timeline.shorter"),
    _key("plus,equals_sign,down,j", "finer", "zoom in: years, months, days", "timeline.in", show="Zoom"),
    _key("minus,up,k", "longer", "zoom out", "timeline.out"),
    _key("space,pagedown", "turn(1)", "on by the length of the range", "timeline.page-later"),
    _key("b,pageup", "turn(-1)", "back by the length of the range", "timeline.page-earlier"),
    _key("g,home", f"move({-MANY})", "to the first period", "timeline.first"),
    _key("G,end", f"move({MANY})", "to the last period", "timeline.last"),
)

CONCORDANCE = (
    _key("enter", "choose", "read the article at the match", "concordance.read", show="Read"),
    *_pager("concordance", "a line"),
)
CONCORDANCE_SCREEN = (
    _key("escape,q", "leave", "close", "concordance.close", show="Back"),
    _key("s", "sort(1)", "sort: best articles, before, after, date", "concordance.sort", show="Sort"),
    _key("S", "sort(-1)", "the order before", "concordance.sort-back"),
    _key("c", "command", "show and copy this as a command line", "concordance.command", show="Command"),
)

VERSIONS = (
    _key("escape,q", "dismiss", "close", "versions.close", show="Back"),
    _key("n", "step(1)", "next difference", "versions.next", show="Next"),
    _key("N", "step(-1)", "difference before", "versions.previous"),
    _key("s", "same", "what is the same too, or only what differs", "versions.same", show="Same or not"),
    _key("c", "command", "show and copy this as a command line", "versions.command", show="Command"),
    *_pager("versions", "a line"),
)

HEALTH = (_key("c", "check", "read every byte and say what is damaged", "health.check", show="Check"),)

FOLDER = (_key("enter", "submit", "index the folder", "folder.index", show="Index"),)
FIRST = (
    _key("escape", "stop", "stop indexing", "first.stop", show="Stop"),
    _key("escape", "leave", "go back", "first.back", show="Back"),
)
CHOOSER = (
    _key("enter", "choose", "choose", "chooser.choose", show="Choose"),
    _key("escape", "leave", "close", "chooser.close", show="Close"),
)
SAVED = (
    _key("escape", "leave", "close", "saved.close", show="Close"),
    _key("ctrl+s", "save", "save the search of the moment", "saved.save", show="Save this", first=True),
    _key("ctrl+x", "forget", "forget the search that is selected", "saved.forget", show="Forget", first=True),
)
PROMPT = (
    _key("enter", "submit", "go ahead", "prompt.go", show="Go ahead"),
    _key("escape", "screen.leave", "leave off", "prompt.close", show="Leave off"),
)

GROUPS: dict[str, tuple[Binding, ...]] = {
    "app": APP,
    "main": MAIN,
    "query": QUERY,
    "list": LIST,
    "reader": READER,
    "find": FIND,
    "help": HELP,
    "timeline": TIMELINE,
    "concordance": (*CONCORDANCE, *CONCORDANCE_SCREEN),
    "versions": VERSIONS,
    "health": HEALTH,
    "folder": FOLDER,
    "first": FIRST,
    "chooser": CHOOSER,
    "saved": SAVED,
    "prompt": PROMPT,
}
"""All bindings that have an id, by the first part of it."""

TOGETHER = frozenset(
    {
        "main.read",
        "main.pick",
        "main.back",
        "main.clear",
        "main.query",
        "main.find",
        "main.remedy",
        "main.as-typed",
        "first.stop",
        "first.back",
    }
)
"""Bindings that share a key: of them only one works at any moment."""


def types(name: str) -> bool:
    """Tell whether a key without modifiers types in a field, by Textual's name for it."""
    # "slash" is no name from which Textual finds the character.
    character = key_to_character(name)
    return name == "slash" or (character is not None and character.isprintable())


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the app with its keys, as the help shows it."""

    title: str
    bindings: tuple[Binding, ...]


PLACES = (
    Place(
        "Everywhere",
        (*APP, Binding("ctrl+p", "", "", tooltip="all commands"), Binding("ctrl+q", "", "", tooltip="quit")),
    ),
    Place("Search", MAIN),
    Place("Results, reader and help", _pager("list", "a result or a line")),
    Place("Find in the text", FIND),
    Place("Query", QUERY),
    Place("Lists to choose from", CHOOSER),
    Place("Saved searches", SAVED),
    Place("Timeline", TIMELINE),
    Place("Concordance", (CONCORDANCE[0], *CONCORDANCE_SCREEN)),
    Place("Versions of a story", VERSIONS[:5]),
    Place("What a library holds", HEALTH),
)

_SIGNS = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
    "left": "←",
    "right": "→",
}


def key_name(key: str) -> str:
    """Return `key` as a reader would write it."""
    return _SIGNS.get(key, key.upper() if key[0] == "f" and key[1:].isdigit() else key)


def key_names(binding: Binding, keymap: Mapping[str, str] | None = None) -> str:
    """Return the keys of `binding` as a reader would write them, separated by spaces."""
    pressed = (keymap or {}).get(binding.id or "", binding.key)
    return " ".join(map(key_name, pressed.split(",")))
