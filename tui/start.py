"""How the command `byline` starts and ends: quickly, since a search takes less time than what it loads.

Three things that a short process pays for and does not need are left out. Python looks for garbage while
modules are loaded, though hardly anything of a module is ever garbage; it looks once more when it ends; and
the linear algebra behind numpy starts a thread for each processor, and the matrices of a ranking are too
small to gain by them.
"""

from __future__ import annotations

import gc
import os

FRAMES = "240"
"""Frames a second that the app draws at most. With Textual's 60, an answer that comes right behind a letter
waits for the next sixtieth of a second, which is longer than most searches take; so does a page of a list."""


def start() -> int:
    """Run the command with the arguments of the process; return its exit code."""
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from tui.cli import main

    code = main()
    gc.freeze()  # what is frozen is not looked at when the interpreter ends
    return code


def end_loading() -> None:
    """Let garbage be collected from now on, but for what has been loaded by now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
