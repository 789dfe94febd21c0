"""Both ways of the innermost loops for tests: by numpy, and compiled where there is a C compiler."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from index import kernel
from index.kernel.__main__ import build, compiler

WAYS = ("numpy", "compiled")


@cache
def compiled(folder: Path) -> kernel.Kernel:
    """Return the loops compiled into `folder`; skips the test where there is no compiler."""
    command = compiler()
    if command is None:
        pytest.skip("there is no C compiler")
    target = folder / f"loops_{os.getpid()}.so"
    build(target, command)
    return kernel.Kernel(target)


def using(way: str, folder: Path) -> Iterator[None]:
    """Let the loops be of this way until resumed."""
    before = kernel.current()
    kernel.use(compiled(folder) if way == "compiled" else None)
    yield
    kernel.use(before)
