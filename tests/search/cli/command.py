"""The command as a process, over a library of few articles, and what it must never print."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import process_environment

STYLE = re.compile(rb"\x1b\[[0-9;]*m")

FILES = {
    "pact": "Ministers sign a pact\n\nUpdated: 2022-05-11\n\nThe coalition signed a trade pact in Rabat.\n",
    "talks": "Talks stall\n\nUpdated: 2021-03-02\n\nTrade talks stalled. The coalition blamed nobody.\n",
    "harbour": "Harbour reopens\n\nUpdated: 2019-07-30\n\nThe harbour reopened; trade may follow.\n",
    "quiet": "A quiet day\n\nUpdated: 2020-01-01\n\nNothing happened.\n",
}
#: What must never reach a terminal from an article.
HOSTILE = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202eright to left\u2066 \x00\x08 \u2028 coalition \x1b[31mred"
RECORD = {"id": "k 1\x1b[7m", "title": HOSTILE, "text": HOSTILE, "source": HOSTILE, "author": HOSTILE}

#: Exit code, standard output and standard error.
Ended = tuple[int, bytes, bytes]
Call = Callable[..., Ended]
Names = Callable[..., list[str]]


def run(folder: Path, *arguments: str | bytes, stdin: bytes = b"", **environment: str) -> Ended:
    """Run the command over the library in `folder` as a process."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tui", *arguments],
        input=stdin,
        capture_output=True,
        env=process_environment(**{"BYLINE_LIBRARY": str(folder / "library"), **environment}),
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr


def started(folder: Path, *arguments: str, **streams: Any) -> subprocess.Popen[bytes]:
    """Start the command over the library in `folder`; `streams` are those that `Popen` takes, else pipes."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", *arguments],
        env=process_environment(BYLINE_LIBRARY=str(folder / "library")),
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def on_terminal(folder: Path, *arguments: str, **environment: str) -> bytes:
    """Run the command with a terminal for its stdout; return what it drew there."""
    mine, its = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=subprocess.DEVNULL,
        env=process_environment(
            **{"BYLINE_LIBRARY": str(folder / "library"), "TERM": "xterm", **environment}
        ),
    )
    os.close(its)
    drawn = b""
    try:
        while chunk := os.read(mine, 65536):
            drawn += chunk
    except OSError:  # the other side is closed
        pass
    finally:
        os.close(mine)
    assert done.wait(60) == 0
    return drawn


def is_harmless(output: bytes, *, raw: bool = False) -> bool:
    """True if nothing in it acts on a terminal, our own styles left out."""
    text = STYLE.sub(b"", output).decode()
    if raw:
        text = text.replace("\0", "")
    return not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text
    )
