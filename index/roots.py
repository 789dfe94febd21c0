"""The roots of a library: the folders whose articles it holds, and what of them a run looks at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import RootProblem, UsageProblem
from index.names import label_of
from index.walk import why

#: The path of a source without a folder.
NO_FOLDER = Path("-")


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that the library remembers.

    `label` begins the ids of its articles and never changes; `number` is its key in the catalog. `parts`
    are the relative paths that belong to the library: ("",) for the whole folder, else single files.
    `stream` says that there is no folder: a source whose articles came through standard input, with the one
    place "" in the catalog; its path is `NO_FOLDER`.
    """

    label: str
    path: Path
    number: int
    parts: tuple[str, ...] = ("",)
    stream: bool = False

    def place(self, relpath: str) -> str:
        """Return the path of a file below the folder, as text: asked for each of a million files."""
        if os.sep != "/":
            return str(self.path / relpath)
        folder = str(self.path)
        return f"{folder}/{relpath}" if folder[-1:] != "/" else folder + relpath

    @property
    def whole(self) -> bool:
        """True if everything below the folder belongs to the library."""
        return self.parts == ("",)


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a root that a run looks at: "" for all of the folder, else a relative path.

    `asked` says that the part was named by the user, so that it must be there.
    """

    root: Root
    part: str
    asked: bool = False

    @property
    def path(self) -> Path:
        """The file or folder itself."""
        return self.root.path / self.part

    def covers(self, root: int, relpath: str) -> bool:
        """Tell whether the file `relpath` of root number `root` lies in this part."""
        inside = not self.part or relpath == self.part or relpath.startswith(f"{self.part}/")
        return root == self.root.number and inside


def check_paths(paths: Iterable[Path]) -> None:
    """Raise `RootProblem` for the first path that cannot be looked into."""
    for path in paths:
        try:
            if path.is_dir():
                os.scandir(path).close()
            else:
                path.stat()
        except OSError as error:
            raise RootProblem(path, _trouble(error), "nothing was changed") from error
        except ValueError as error:
            raise UsageProblem(f"not a path: {str(path)!r}") from error


def all_scopes(roots: Iterable[Root]) -> list[Scope]:
    """Return the scopes of a run over all folders that the library remembers.

    Raises `RootProblem` if the folder of one is missing or cannot be listed.
    """
    scopes = []
    for root in roots:
        if root.stream:
            continue
        try:
            os.scandir(root.path).close()
        except OSError as error:
            hint = "nothing was changed; byline forget drops it, byline index PATH leaves it alone"
            raise RootProblem(root.path, _trouble(error), hint) from error
        scopes += [Scope(root, part) for part in root.parts]
    return scopes


def resolve(paths: Sequence[Path], roots: Sequence[Root]) -> tuple[tuple[Root, ...], list[Scope]]:
    """Return the roots as they are once `paths` belong to the library, and the scopes of these paths.

    A path inside a known root is a part of it; else a folder becomes a root of its own, and a file joins
    the root of its folder. Raises `RootProblem` for a path that is not there, that is hidden inside its
    root, or that holds a known root.
    """
    check_paths(paths)
    table = {root.number: root for root in roots}
    places = dict.fromkeys(_place(path, table) for path in paths)
    return tuple(table.values()), [Scope(table[number], part, asked=True) for number, part in places]


def _place(given: Path, table: dict[int, Root]) -> tuple[int, str]:
    """Return root number and part of one path, after adding to `table` what it needs."""
    path = _canonical(given, table.values())
    for root in table.values():
        part = _part(root, path)
        if part is not None and (root.whole or part.partition("/")[0] in root.parts):
            if root.whole and any(name.startswith(".") for name in part.split("/")):
                raise RootProblem(given, f"hidden files are left out of {root.path}")
            return root.number, part
    if not path.is_dir():
        root = _root_at(path.parent, table)
        table[root.number] = replace(root, parts=(*root.parts, path.name))
        return root.number, path.name
    inner = next((root for root in table.values() if root.path != path and _part_of(path, root.path)), None)
    if inner is not None:
        hint = f"byline forget {inner.path} first, or index only other folders"
        raise RootProblem(given, f"holds {inner.path}, which the library has already", hint)
    root = _root_at(path, table)
    table[root.number] = replace(root, parts=("",))
    return root.number, ""


def find_root(given: Path, roots: Iterable[Root]) -> tuple[Root, str]:
    """Return the root that `given` names by path or label, and the part to drop ("" for all of it).

    The path need not exist. Raises `RootProblem` if the library does not know it, or knows it only as a
    part of a whole folder.
    """
    known = list(roots)
    path = _canonical(given, known)
    for root in known:
        part = _part(root, path)
        if part == "" or part in root.parts:
            return root, part
    for root in known:
        if root.label == str(given):
            return root, ""
    for root in known:
        if root.whole and _part(root, path):
            raise RootProblem(given, f"is a part of {root.path}", "only whole folders can be forgotten")
    hint = f"it has {', '.join(map(_name, known))}" if known else "it has no folders"
    raise RootProblem(given, "the library does not know it", hint)


def stream_root(name: str, roots: Iterable[Root]) -> Root:
    """Return the source without a folder of this name, a new one if the library has none.

    Raises `UsageProblem` for a name that is none, or is the label of a folder.
    """
    if not name or name != label_of(name) or name.startswith((".", "-")):
        hint = "take letters, digits and hyphens"
        raise UsageProblem(f"not a name of a source: {name!r}", hint)
    known = list(roots)
    for root in known:
        if root.label == name:
            if root.stream:
                return root
            raise UsageProblem(f"{name} is the label of {root.path}", "take another name for the source")
    return Root(name, NO_FOLDER, max((root.number for root in known), default=0) + 1, stream=True)


def _name(root: Root) -> str:
    return f"the source {root.label}" if root.stream else str(root.path)


def _root_at(folder: Path, table: dict[int, Root]) -> Root:
    """Return the root of exactly this folder, or a new one without parts."""
    for root in table.values():
        if root.path == folder:
            return root
    name = label_of(folder.name)
    labels = {root.label for root in table.values()}
    endings = (f"-{number}" for number in range(2, len(labels) + 3))
    label = name if name not in labels else next(name + end for end in endings if name + end not in labels)
    return Root(label, folder, max(table, default=0) + 1, ())


def _canonical(given: Path, roots: Iterable[Root]) -> Path:
    """Return `given` absolute; free of links unless it lies, as written, inside a known root."""
    written = Path(os.path.abspath(given.expanduser()))  # noqa: PTH100 (keeps links)
    if any(_part(root, written) is not None for root in roots):
        return written
    return Path(os.path.realpath(written))


def _part(root: Root, path: Path) -> str | None:
    """Return `path` relative to the root, with "/" between its parts; None if it lies elsewhere."""
    text, folder = str(path), str(root.path)  # as text: asked of each of many paths for each root
    if text == folder:
        return ""
    prefix = folder if folder.endswith(os.sep) else folder + os.sep
    return text.removeprefix(prefix).replace(os.sep, "/") if text.startswith(prefix) else None


def _part_of(folder: Path, path: Path) -> bool:
    return path.is_relative_to(folder)


def _trouble(error: OSError) -> str:
    return "not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({why(error)})"
