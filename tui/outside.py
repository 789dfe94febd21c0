"""What lies outside the app: the clipboard, the pager, the editor, files. Free of widgets."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from index.article import Article
from index.errors import BylineError, ReadProblem, UsageProblem
from tui import reach

LONGEST_COPY = 100_000
"""Characters that terminals are likely to take in one go."""
_PATIENCE = 2.0
_BY_LINE = {
    "code": "--goto {path}:{line}",
    "subl": "{path}:{line}",
    "hx": "{path}:{line}",
    "kate": "-l {line} {path}",
}


def in_tmux(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether tmux stands between the app and the terminal."""
    return bool(environment.get("TMUX")) and not reach.shows_only()


def copy_in_tmux(text: str) -> bool:
    """Put `text` into tmux's own buffer, and by `-w` into the terminal's clipboard; False if that failed.

    tmux lets no clipboard sequence of a program through unless it is told to.
    """
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode("utf-8", "surrogatepass"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def pager(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command of the pager: PAGER, else less, else more. Raises `UsageProblem` without any."""
    return _program(environment, ("PAGER",), ("less", "more"))


def editor(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command of the editor: VISUAL, EDITOR, else vi or nano. Raises `UsageProblem` if none."""
    return _program(environment, ("VISUAL", "EDITOR"), ("vi", "nano"))


def _program(environment: Mapping[str, str], names: tuple[str, ...], usual: tuple[str, ...]) -> list[str]:
    for name in names:
        try:
            command = shlex.split(environment.get(name, ""))
        except ValueError:
            raise UsageProblem(f"{name} cannot be read as a command", "set it anew") from None
        if command:
            return command
    found = next((one for one in usual if shutil.which(one)), None)
    if found is None:
        raise UsageProblem("no program to open it", f"set {names[-1]}")
    return [found]


def at_line(command: list[str], path: Path, line: int) -> list[str]:
    """Return `command` with `path`, opened at `line` in the way that most programs know: `+LINE`."""
    own = _BY_LINE.get(Path(command[0]).name)
    if own is not None:
        return [*command, *(part.format(path=path, line=line) for part in own.split(" "))]
    return [*command, f"+{line}", str(path)]


def run(command: list[str]) -> None:
    """Run a program on the terminal and wait for it; raises `UsageProblem` if it cannot be started."""
    reach.check("opening programs")
    try:
        subprocess.run(command, check=False)
    except OSError as error:
        raise UsageProblem(f"{command[0]}: {error.strerror}", "see PAGER and EDITOR") from None


def line_in_file(article: Article, offset: int) -> int:
    """Return the line, from 1, of the article's file that holds what stands at `offset` of its text.

    In a file of many articles it is the line of the article's record. Raises `ReadProblem` if the file is
    gone or cannot be read.
    """
    path = Path(article.path)
    if not article.path:
        raise ReadProblem(article.id, "it is in no file: it came through standard input")
    if article.key:
        from index.readers import Skip, read  # not at the top: few open articles so

        for draft in read(path):
            if not isinstance(draft, Skip) and draft.key == article.key:
                return max(1, draft.line)
        raise ReadProblem(path, "the article is no longer in it")
    start = article.text.rfind("\n", 0, offset) + 1
    wanted = article.text[start : start + 200].partition("\n")[0].strip()[:60]
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                if wanted and wanted in line:
                    return number
    except OSError as error:
        raise ReadProblem(path, error.strerror or "cannot be read") from error
    return 1


def is_plain(article: Article) -> bool:
    """Tell whether the article's file, as it is, can be read in an editor."""
    return not article.path.lower().endswith(".gz")


def with_copy(text: str, name: str, use: Callable[[Path], None]) -> None:
    """Call `use` with a file that holds `text`, for as long as the call lasts."""
    with tempfile.TemporaryDirectory(prefix="byline-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        path.chmod(0o400)
        use(path)


def write_file(where: str, pieces: Iterable[str], *, replace: bool) -> tuple[Path, int]:
    """Write a file of `pieces`, whole or not at all; return its path and the number of characters.

    Raises `FileIsThere` if there is one and `replace` is false, `UsageProblem` if it cannot be written.
    """
    reach.check("writing files")
    try:
        path = Path(where).expanduser().absolute()
        if path.is_dir():
            raise UsageProblem(f"{path} is a folder", "give the name of a file")
        if path.exists() and not replace:
            raise FileIsThere(path)
        made = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with made.open("w", encoding="utf-8", errors="backslashreplace") as out:
                length = sum(map(out.write, pieces))
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)
    except (OSError, RuntimeError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise UsageProblem(f"{where}: {what}", "nothing was written") from None
    return path, length


class FileIsThere(BylineError):
    """A file stands where one is to be written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already", "say y to replace it")
        self.path = path
